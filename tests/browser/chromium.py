"""Debian's Chromium under Playwright, for the tests of the page and for its screenshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Yield a browser without a window; it is closed afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page open in the browser, and everything it did that a reader would not see."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def tab_to(self, wanted: Locator, *, back: bool = False) -> None:
        """Press Tab until an element has the focus; fails where it cannot be reached."""
        for _ in range(80):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{wanted} cannot be reached by Tab")

    def ask(self, question: str) -> Locator:
        """Return the turn of a question once it is answered."""
        turns = self.page.locator(".turn")
        before = turns.count()
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_label("Your question").press("Enter")
        expect(turns).to_have_count(before + 1)
        expect(self.page.locator(".waiting")).to_have_count(0)
        return turns.last


def violations(page: Page) -> set[str]:
    """Return what axe finds on the page as it is, each rule with the element it is broken by."""
    # The framework's own sign of loading is gone when the page can be used.
    page.wait_for_function("!document.querySelector('.loading')")
    found = Axe().run(page).response["violations"]
    return {f"{rule['id']} {node['target']}" for rule in found for node in rule["nodes"]}
