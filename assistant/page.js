// What the page does in the browser: clicks become events, and what is new comes into view.
"use strict";

window.toolkit = {
  // A click on an example question or a citation is sent on. When the answer has come, its question
  // stands at the top of the window and has the keyboard's focus (Tab leads to the first citation),
  // unless the next question is being typed already.
  conversation(element, watch, { ask, cite }) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { question, turn, number } = button.dataset;
      if (question) ask({ question });
      else cite({ turn: Number(turn), number: Number(number) });
    });
    watch("value", () => requestAnimationFrame(() => {
      const newest = [...element.querySelectorAll(".question")].at(-1);
      if (!newest) return;
      // The box may still hold the question just asked when its answer comes.
      const typed = document.activeElement?.value?.trim();
      const isTyping = Boolean(typed) && typed !== newest.textContent;
      if (!element.querySelector(".waiting") && !isTyping) newest.focus({ preventScroll: true });
      newest.scrollIntoView({ block: "start" });
    }));
  },

  // "Back to the answer" leads to the citation from which the source was opened.
  source(element, close) {
    element.addEventListener("click", (event) => {
      if (!event.target.closest("button.close")) return;
      const { turn, number } = element.querySelector(".source").dataset;
      const opener = `.card [data-turn="${turn}"][data-number="${number}"]`;
      const button = document.querySelector(opener);
      button?.focus({ preventScroll: true });
      button?.scrollIntoView({ block: "nearest" });
      close();
    });
  },

  // The answering sentence into view inside the panel, the panel into view where it stands below
  // the chat, the focus to the source's title.
  showSource() {
    requestAnimationFrame(() => {
      const source = document.querySelector("#source .source");
      if (!source) return;
      const text = source.querySelector(".text");
      const quote = text.querySelector("mark.quote") ?? text.querySelector(".quote");
      const above = quote.getBoundingClientRect().top - text.getBoundingClientRect().top;
      text.scrollTop += above - text.clientHeight / 4;
      source.querySelector("h2").focus({ preventScroll: true });
      const isBelow = source.getBoundingClientRect().top > window.innerHeight / 2;
      if (isBelow) source.scrollIntoView({ block: "start" });
    });
  },
};
