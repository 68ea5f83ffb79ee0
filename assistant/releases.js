// The views of what changed and of the editor; page.js is read before.
"use strict";

(() => {
  const { arrived, done, one, all, show, say, send, ways } = toolkit;

  // The view of what changed is filled when it is opened, and again in another language.
  const showView = done.view;
  done.view = (data) => {
    showView(data);
    if (data.view === "changes" && !one("#changes .changes")) send("changes", {});
    if (data.view !== "editor") return;
    if (one("#editor .editor")) one("#editor-password")?.focus();
    else edit("editor");
  };
  const greet = arrived.masthead;
  arrived.masthead = (element) => {
    greet(element);
    const lang = document.documentElement.lang;
    const shown = one("#changes .changes");
    if (shown && shown.lang !== lang) send("changes", chosen("snapshots"));
    const edited = one("#editor .editor");
    if (edited && edited.lang !== lang) edit("editor");
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

  // The editor's tab. The token that its password gave is kept here alone, until the page is left.
  let token = null;
  let pressed = null; // what the focus returns to when the tab comes anew
  let isBuilding = false;
  const typed = new Map(); // by the ids of boxes

  function edit(step, data = {}) {
    ways.editor(step, { ...data, token });
  }
  done.edit = (data, button) => {
    pressed = keyOf(button);
    edit(data.step, data);
  };
  function keyOf(element) {
    const named = ["step", "item", "snapshot", "feedback"].filter((key) => element.dataset[key]);
    const key = named.map((name) => `[data-${name}="${element.dataset[name]}"]`).join("");
    return { key, part: element.closest(".part")?.dataset.part };
  }
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-step]");
    if (!form) return;
    event.preventDefault();
    pressed = keyOf(form);
    const values = JSON.stringify(Object.fromEntries(new FormData(form)));
    for (const box of all("input", form)) typed.delete(box.id);
    const step = event.submitter?.dataset.step || form.dataset.step;
    edit(step, { ...form.dataset, values });
  });
  document.addEventListener("input", ({ target }) => {
    const isKept = target.id && target.closest("#editor") && !["password", "file"].includes(target.type);
    if (isKept) typed.set(target.id, target.value);
  });
  document.addEventListener("change", async ({ target }) => {
    if (!target.matches("#editor [data-upload]")) return;
    pressed = { key: "", part: "editor-add" };
    const files = [...target.files];
    target.value = "";
    for (const file of files) await upload(file);
  });
  async function upload(file) {
    const headers = { "X-Editor-Token": token, "X-File-Name": encodeURIComponent(file.name) };
    try {
      const reply = await fetch("editor/upload", { method: "POST", headers, body: file });
      const { item, fault } = await reply.json();
      if (item) edit("editor_consider", { item });
      else { // told in the tab, where it stays
        say(fault, { isFault: true });
        edit("editor");
      }
    } catch (error) {
      say(`${file.name}: ${error.message}`, { isFault: true });
    }
  }

  // Gradio puts new HTML over the old: without this a box would show what was typed into another.
  function restore(tab) {
    for (const box of all("input, textarea", tab)) {
      if (box.type === "checkbox") box.checked = box.defaultChecked;
      else box.value = typed.get(box.id) ?? box.defaultValue;
    }
    for (const box of all("select", tab)) {
      const first = all("option", box).find((option) => option.defaultSelected);
      box.value = typed.get(box.id) ?? first?.value;
    }
  }
  arrived.editor = (element) => {
    const tab = one(".editor", element);
    if (!tab) return;
    token = tab.dataset.token ?? null;
    restore(tab);
    say(all(".said", tab).map((told) => told.textContent).join(" "));
    const isElsewhere = isBuilding || document.activeElement?.closest("#building");
    if (document.body.dataset.view !== "editor" || isElsewhere) return;
    const same = pressed?.key ? one(pressed.key, tab) : null;
    const again = same?.matches("form") ? one("input, textarea, button", same) : same;
    const part = pressed?.part ? document.getElementById(pressed.part) : null;
    (again || part || one("#editor-password", tab) || one("h2", tab)).focus();
  };
  // What an editor has made live is in the library at once.
  arrived.foot = () => token && send("arrive", {});
  arrived.building = (element) => {
    const wasBuilding = isBuilding;
    isBuilding = Boolean(one("[data-running]", element));
    if (isBuilding) setTimeout(() => edit("editor_status"), 1000);
    const isNew = isBuilding !== wasBuilding || pressed?.key.includes("editor_report");
    if (isNew && one("h2", element) && document.body.dataset.view === "editor") {
      pressed = null;
      one("h2", element).focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest" });
    }
    if (wasBuilding || one("h2", element)) return;
    if (document.activeElement === document.body) one("#editor h2")?.focus();
  };
})();
