// What the page does in the browser: clicks become steps of the server, and what is new comes into
// view. The conversation, the history and the dossier are kept here and nowhere else.
"use strict";

window.toolkit = (() => {
  const HISTORY = "toolkit-history";
  const DOSSIER = "toolkit-dossier";
  const LANGUAGE = "toolkit-language";
  const CONVERSATION = "toolkit-conversation"; // of this tab: what a reload brings back
  const MOST_REMEMBERED = 50;
  const ways = {}; // the way to the server of each component
  let send = () => {}; // sends a step to the server; known once the conversation is there
  let opener = null; // what a source was opened from, which "Back" leads to
  let pressed = ""; // the button pressed in the panel, which keeps the focus when a page is turned
  let zoom = 0;
  let isLeaving = false;
  let whenSpoken = () => {}; // what waits for the words of the reader's language
  let whenRestored = () => {}; // what waits for the conversation before a reload

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);

  function stored(key, storage = () => localStorage) {
    try {
      const values = JSON.parse(storage().getItem(key) ?? "[]");
      return Array.isArray(values) ? values : [];
    } catch {
      return []; // a browser that stores nothing, or something else under this name
    }
  }
  function store(key, values) {
    try {
      localStorage.setItem(key, JSON.stringify(values));
    } catch {
      // Nothing can be kept in this browser; the page works without.
    }
  }
  function keepConversation(turns) {
    try {
      if (turns.length) sessionStorage.setItem(CONVERSATION, JSON.stringify(turns));
      else sessionStorage.removeItem(CONVERSATION);
    } catch {
      // a reload begins anew
    }
  }
  function word(name) {
    return one("#words")?.dataset[name] ?? "";
  }
  // A fault is longer to read than that something was done.
  function say(message, { isFault = false } = {}) {
    const status = one("#spoken");
    if (!status || !message) return;
    status.textContent = message;
    status.classList.add("shown");
    status.classList.toggle("fault", isFault);
    clearTimeout(say.timer);
    say.timer = setTimeout(() => status.classList.remove("shown"), isFault ? 15000 : 4000);
  }

  // What a step is about: the data of its button, the place and the turn it stands in.
  function told(button) {
    const data = { ...button.dataset };
    data.place ??= button.closest("[data-place]")?.dataset.place;
    data.turn ??= button.closest("[data-turn]")?.dataset.turn;
    if (data.act === "check") data.text = one("#quotation").value;
    if (data.act === "tell") data.with_question = one("input", button.closest(".tell")).checked;
    return data;
  }

  // Steps that need no server.
  const done = {
    view: ({ view }) => show(view),
    card({ target }) {
      const card = document.getElementById(target);
      card?.scrollIntoView({ block: "start" });
      one("button", card)?.focus({ preventScroll: true });
    },
    close() {
      if (history.state?.isSource) history.back(); // which leads on to `closeSource`
      else closeSource();
    },
    zoom({ by }) {
      zoom = Math.min(4, Math.max(0, zoom + Number(by)));
      enlarge();
    },
    copy: (data, button) => copy(citationText(button.closest(".card"))),
    link(data, button) {
      const kept = encodeURIComponent(button.closest("[data-kept]").dataset.kept);
      copy(`${location.origin}${location.pathname}#answer=${kept}`);
    },
    print: () => window.print(),
    keep({ place }) {
      const kept = stored(DOSSIER);
      const is_kept = kept.includes(place);
      store(DOSSIER, is_kept ? kept.filter((other) => other !== place) : [...kept, place]);
      showKept();
    },
    unkeep({ place }) {
      store(DOSSIER, stored(DOSSIER).filter((other) => other !== place));
      openDossier();
    },
    clear_dossier() {
      store(DOSSIER, []);
      openDossier();
    },
    dossier: openDossier,
    export: ({ turn, format }) => send("export", { turn, format }),
    export_dossier: ({ format }) => send("export", { places: places(), format }),
    forget() {
      store(HISTORY, []);
      keepConversation([]);
      showHistory();
    },
    exit() {
      try {
        keepConversation([]);
        for (const key of [HISTORY, DOSSIER]) localStorage.removeItem(key);
      } finally { // whatever the browser keeps or does not
        isLeaving = true;
        if (history.state?.isSource) history.back(); // no entry of the page stays behind
        else location.replace("about:blank");
      }
    },
  };

  function closeSource() {
    send("close", {});
    const again = opener?.isConnected ? opener : one(opener?.way ?? "#question textarea");
    again?.focus({ preventScroll: true });
    again?.scrollIntoView({ block: "nearest" });
  }
  // The browser's own way back closes what lies over the answer, rather than leaving the page.
  function onWayBack() {
    if (isLeaving) location.replace("about:blank");
    else if (!history.state?.isSource && one("#side .source")) closeSource();
  }

  function places() {
    return `[${stored(DOSSIER).join(",")}]`;
  }
  function openDossier() {
    send("dossier", { places: places() });
    showKept();
  }
  function showKept() {
    const kept = stored(DOSSIER);
    for (const count of all("[data-count]")) count.textContent = kept.length;
    for (const button of all('[data-do="keep"]')) {
      const is_kept = kept.includes(button.closest("[data-place]").dataset.place);
      button.setAttribute("aria-pressed", is_kept);
      button.firstChild.textContent = word(is_kept ? "kept" : "keep");
    }
  }

  function remember(turn) {
    const question = JSON.parse(turn.dataset.kept).question;
    const before = stored(HISTORY).filter((other) => other !== question);
    store(HISTORY, [question, ...before].slice(0, MOST_REMEMBERED));
  }
  function showHistory() {
    const box = one(".history");
    if (!box) return;
    const questions = stored(HISTORY);
    box.hidden = questions.length === 0;
    one("ul", box).replaceChildren(...questions.map((question) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dir = "auto";
      button.textContent = question;
      Object.assign(button.dataset, { act: "ask", question });
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
  }

  // The quote as it stands, then where it stands, each fact on a line.
  function citationText(card) {
    const facts = [one(".title", card), ...all(".place", card)].map((fact) => fact.textContent);
    const links = all(".links a", card).slice(0, 1).map((link) => link.href);
    // What opens the quote here again, in the snapshot it is from.
    const { permalink } = card.dataset;
    if (permalink) links.push(`${location.origin}${location.pathname}#quote=${permalink}`);
    return [one("blockquote", card).textContent, "", ...facts, ...links].join("\n");
  }
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard on a page without encryption
      const box = document.createElement("textarea");
      box.value = text;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    say(word("copied"));
  }

  function show(view) {
    document.body.dataset.view = view;
    for (const tab of all(".tab[data-view]")) {
      if (tab.dataset.view === view) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    if (view === "check") one("#quotation")?.focus();
  }
  function enlarge() {
    const sheet = one(".sheet");
    if (sheet) sheet.style.setProperty("--zoom", `${100 + 50 * zoom}%`);
  }

  // What is new comes into view, by the component that it came to.
  const arrived = {
    // The newest question at the top of the window, with the focus (Tab leads to what follows),
    // unless the next question is being typed already.
    conversation(element) {
      const newest = all(".question", element).at(-1);
      showHistory();
      showKept();
      if (!newest) return;
      const turn = newest.closest(".turn");
      if (turn.dataset.kept) remember(turn);
      const isWaiting = Boolean(one(".waiting", element));
      if (!isWaiting) {
        keepConversation(all(".turn[data-kept]", element).map(({ dataset }) => dataset.kept));
      }
      show("ask");
      // The box may still hold the question just asked when its answer comes.
      const typed = document.activeElement?.value?.trim();
      const isTyping = Boolean(typed) && typed !== newest.textContent;
      if (!isWaiting && !isTyping) newest.focus({ preventScroll: true });
      newest.scrollIntoView({ block: "start" });
      if (isWaiting) return;
      whenRestored();
      whenRestored = () => {};
    },
    // The answering sentence into view inside the panel, the focus to the source's title.
    side(element) {
      const source = one(".source", element);
      showKept();
      if (!source) return;
      if (!history.state?.isSource) history.pushState({ isSource: true }, "");
      enlarge();
      const scrolled = one(".pages, .text", source);
      const mark = one(".box.answer, .box, mark.quote, .quote, [data-here]", scrolled);
      if (mark) {
        const above = mark.getBoundingClientRect().top - scrolled.getBoundingClientRect().top;
        scrolled.scrollTop += above - scrolled.clientHeight / 4;
      }
      const same = all(".turn-page button", source).find((b) => b.textContent === pressed);
      (same ?? one("h2", source)).focus({ preventScroll: true });
      pressed = "";
    },
    file: (element) => one("a", element)?.click(),
    message: (element) =>
      say(element.textContent.trim(), { isFault: Boolean(one(".fault", element)) }),
    checker: (element) => one(".verdicts li, .verdicts .advice", element)
      && one(".verdicts", element).focus(),
    masthead(element) {
      document.documentElement.lang = one("#words")?.lang || "en";
      show(document.body.dataset.view || "ask");
      showKept();
      whenSpoken();
      whenSpoken = () => {};
    },
  };

  // The words of the reader's language, the conversation before a reload, and what a link leads to.
  function begin() {
    let language = null;
    try {
      language = localStorage.getItem(LANGUAGE);
    } catch {
      // nothing is kept in this browser
    }
    const known = all('[data-change="language"] option').map((option) => option.value);
    const wished = language ?? navigator.language.slice(0, 2);
    if (known.includes(wished) && wished !== one("#words").lang) {
      whenSpoken = () => follow({ isFirst: true }); // a link is opened in the reader's language, not beside its arrival
      send("language", { value: wished });
      return;
    }
    send("arrive", {}); // another snapshot may be live than when the page was made
    follow({ isFirst: true });
  }
  function follow({ isFirst = false } = {}) {
    const [name, value] = location.hash.split(/=(.*)/s);
    try {
      const kept = isFirst ? stored(CONVERSATION, () => sessionStorage) : [];
      const toQuote = () => name === "#quote" && send("quote", { permalink: value });
      // A link that is opened anew begins a conversation; after a reload its answer is in there.
      const isNew = name === "#answer" && !isAgain();
      if (kept.length && !isNew) {
        whenRestored = toQuote;
        send("conversation", { kept: JSON.stringify(kept) });
        return;
      }
      toQuote();
      if (name === "#answer") send("permalink", { kept: decodeURIComponent(value) });
    } catch {
      // a link that was cut off
    }
  }

  function isAgain() {
    return performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  }

  function onClick(event) {
    const button = event.target.closest("button[data-act], button[data-do]");
    if (!button) return;
    const data = told(button);
    for (const menu of all("details.menu[open]")) if (menu.contains(button)) menu.open = false;
    if (data.do) {
      done[data.do](data, button);
      return;
    }
    if (data.act === "clear") keepConversation([]);
    if (data.act === "ask_this") {
      show("ask");
      one("#question textarea")?.focus();
    }
    if (button.closest(".turn-page")) pressed = button.textContent;
    if (!button.closest("#side")) {
      opener = button;
      opener.way = data.number && `.card [data-turn="${data.turn}"][data-number="${data.number}"]`;
    }
    send(data.act, data);
  }
  function onChange({ target }) {
    const { change, key } = target.dataset;
    if (!change) return;
    if (change === "language") {
      try {
        localStorage.setItem(LANGUAGE, target.value);
      } catch {
        // the choice holds for this visit
      }
    }
    send(change, { key, value: target.value });
  }

  return {
    // For the scripts of other views: what arrives, what is done here, and the way to the server.
    arrived,
    done,
    one,
    all,
    show,
    say,
    send: (step, data) => send(step, data),
    ways,
    wire(element, watch, act) {
      const name = Object.keys(arrived).find((known) => element.closest(`#${known}`));
      ways[name] = (step, data) => act({ step, data });
      element.addEventListener("click", onClick);
      element.addEventListener("change", onChange);
      watch("value", () => requestAnimationFrame(() => arrived[name]?.(element)));
      if (name !== "conversation") {
        requestAnimationFrame(() => arrived[name]?.(element));
        return;
      }
      send = (step, data) => act({ step, data });
      showHistory();
      requestAnimationFrame(begin);
      window.addEventListener("hashchange", () => follow());
      window.addEventListener("popstate", onWayBack);
      // Another tab has kept or forgotten something.
      window.addEventListener("storage", () => {
        showKept();
        showHistory();
      });
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && one("#side .source")) done.close();
      });
    },
  };
})();
