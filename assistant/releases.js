// The views of what changed and of the editor; page.js is read before.
"use strict";

(() => {
  const { arrived, done, one, all, show, send } = toolkit;

  // The view of what changed is filled when it is opened, and again in another language.
  const showView = done.view;
  done.view = (data) => {
    showView(data);
    if (data.view === "changes" && !one("#changes .changes")) send("changes", {});
  };
  const greet = arrived.masthead;
  arrived.masthead = (element) => {
    greet(element);
    const lang = document.documentElement.lang;
    const shown = one("#changes .changes");
    if (shown && shown.lang !== lang) send("changes", chosen("snapshots"));
  };

  function chosen(kind) {
    const boxes = all(`#changes [data-compare="${kind}"] select`);
    return Object.fromEntries(boxes.map((box) => [box.name, box.value]));
  }
  done.compare = (data, button) => {
    send("changes", chosen(button.closest("[data-compare]").dataset.compare));
  };
  arrived.changes = (element) => {
    if (!one(".changes", element)) return;
    const here = one("[data-here]", element);
    if (here || document.body.dataset.view !== "changes") show("changes");
    const target = here ?? one("h2", element);
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: here ? "center" : "nearest" });
  };
})();
