"""Debian's Chromium under Playwright, for the tests of the page and for its screenshot."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
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


def contrast(shown: Locator) -> float:
    """Return the contrast of the darkest and the lightest grey of what is shown, as WCAG has it."""
    picture = Image.open(io.BytesIO(shown.screenshot())).convert("L")
    greys = [grey for grey, number in enumerate(picture.histogram()) if number]
    darkest, lightest = (((grey / 255 + 0.055) / 1.055) ** 2.4 for grey in (greys[0], greys[-1]))
    return float((lightest + 0.05) / (darkest + 0.05))


def assert_seen_ticked_or_not(page: Page, box: Locator) -> None:
    """Check that a tick box stands out from its ground in light and in dark, and so does its tick.

    3 is what WCAG 2.2 (1.4.11) asks of the parts of a control.
    """
    for dark in ("false", "true"):
        page.evaluate(f"document.body.classList.toggle('dark', {dark})")
        box.uncheck()
        page.mouse.move(0, 0)
        empty = box.screenshot()
        assert contrast(box) >= 3, f"not ticked, dark: {dark}"
        box.check()
        page.mouse.move(0, 0)
        assert contrast(box) >= 3, f"ticked, dark: {dark}"
        assert box.screenshot() != empty
