"""Measures what a reader waits for on the page, over the starter documents, in a real browser.

    PYTHONPATH=tests/browser python tests/benchmarks/page_speed.py [--questions 30]

Prints the seconds until the process serves, over an index that is there, and until the first page
can be used; and the median milliseconds from pressing Enter until the answer is drawn, and from a
click on a citation until its source is drawn.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from urllib.error import URLError

from chromium import open_browser
from playwright.sync_api import Page
from screenshot import free_port

import app
from assistant.config import load_settings
from assistant.desk import Desk
from assistant.opening import open_assistant
from assistant.rebuild import STARTER
from assistant.shelf import Shelf

# From the key or click until the page has drawn what was waited for, on the browser's own clock.
_STARTED = """selector => {
  const wanted = () => document.querySelectorAll(selector).length;
  const before = wanted();
  window.taken = new Promise((resolve) => {
    const started = performance.now();
    new MutationObserver((_, watcher) => {
      if (wanted() <= before) return;
      watcher.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - started));
    }).observe(document.body, { childList: true, subtree: true });
  });
}"""


def main() -> None:
    """Serve, open, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=30)
    arguments = parser.parse_args()
    lines = (STARTER / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [one["text"] for one in map(json.loads, lines) if one["relevant"]]
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(data_dir=data)
        toolkit = open_assistant(settings)
        print(f"start: {seconds_to_start(data):.1f} s")
        shelf = Shelf(toolkit, settings.documents)
        blocks = app.build_page(Desk(toolkit, settings, shelf), settings.page)
        address = app.serve(blocks, shelf, host="127.0.0.1", port=free_port())
        with open_browser() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
            started = time.perf_counter()
            page.goto(address)
            page.locator(".welcome").wait_for()
            print(f"first page: {time.perf_counter() - started:.2f} s")
            measure(page, questions[: arguments.questions])
            asked = [toolkit.ask(one).seconds for one in questions[: arguments.questions]]
            print(f"of it looked up in the snapshot: {1000 * statistics.median(asked):.0f} ms")
        blocks.close(verbose=False)


def seconds_to_start(data: str) -> float:
    """Return how long a process takes until it serves the page over a data folder."""
    port = str(free_port())
    started = time.perf_counter()
    command = [sys.executable, app.__file__, "--data-dir", data, "--port", port]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        while server.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}").close()
                break
            except URLError:
                time.sleep(0.05)
        taken = time.perf_counter() - started
        server.terminate()
    return taken


def measure(page: Page, questions: list[str]) -> None:
    """Print the median waits for answers and sources."""
    answers, sources = [], []
    for question in questions:
        page.get_by_label("Your question").fill(question)
        page.evaluate(_STARTED, ".turn[data-turn]")
        page.get_by_label("Your question").press("Enter")
        answers.append(page.evaluate("window.taken"))
        citation = page.locator(".turn").last.locator(".card h3 button")
        if citation.count():
            page.evaluate(_STARTED, ".source")
            citation.first.click()
            sources.append(page.evaluate("window.taken"))
            page.keyboard.press("Escape")
            page.locator(".source").wait_for(state="detached")
        page.get_by_role("button", name="New conversation").click()
        page.locator(".welcome").wait_for()
    for name, taken in (("answer", answers), ("source", sources)):
        print(f"{name}: {statistics.median(taken):.0f} ms (median of {len(taken)}), "
              f"{max(taken):.0f} ms at most")  # fmt: skip


if __name__ == "__main__":
    main()
