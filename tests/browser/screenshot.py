"""Takes pictures of every state of the page over the starter documents, to be looked at.

    PYTHONPATH=.:tests:tests/browser python tests/browser/screenshot.py [FOLDER]

All states at both widths, light and dark, go to FOLDER; without one only docs/page.png, the
picture in the README, is taken anew.
"""

import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from chromium import Visit, open_browser
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import app
from assistant.config import load_settings
from assistant.desk import Desk
from assistant.opening import open_assistant
from assistant.shelf import Shelf

PICTURE = Path(__file__).parents[2] / "docs" / "page.png"
QUESTION = "What should we do first after soldiers or guards are accused of abuse?"
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(visit: Visit, question: str, outcome: str) -> None:
    turn = visit.ask(question)
    expect(turn.locator(f".headline.{outcome}")).to_be_visible()


def answered(visit: Visit) -> None:
    asked(visit, QUESTION, "answered")


def related(visit: Visit) -> None:
    asked(visit, "What is the price of a guard dog?", "related")


def not_covered(visit: Visit) -> None:
    asked(visit, "best pasta recipe", "not_covered")


def ambiguous(visit: Visit) -> None:
    turn = visit.ask("How should they be vetted and trained?")
    expect(turn.get_by_role("button", name="Working with Public Security Forces")).to_be_visible()


def fault(visit: Visit) -> None:
    answered(visit)
    visit.page.evaluate("location.hash = '#quote=cut-off'")
    expect(visit.page.locator("#spoken.fault")).to_contain_text("leads to no quote")


def source_page(visit: Visit) -> None:
    visit.ask(QUESTION).locator(".card:has(.page) h3 button").first.click()
    visit.page.locator(".box.answer").first.wait_for()
    visit.page.wait_for_timeout(500)  # until it has come into view
    visit.page.locator(".question").last.evaluate("question => question.scrollIntoView()")


def source_text(visit: Visit) -> None:
    source_page(visit)
    visit.page.get_by_role("button", name="As text").click()
    visit.page.locator(".source .text").wait_for()


def source_html(visit: Visit) -> None:
    answered(visit)
    visit.page.locator(".turn").last.locator(".card:not(:has(.page)) h3 button").first.click()
    expect(visit.page.locator(".source .text mark").first).to_be_in_viewport()
    visit.page.locator(".question").last.evaluate("question => question.scrollIntoView()")


def document(visit: Visit) -> None:
    library(visit)
    visit.page.locator(".library li button").first.click()
    visit.page.locator(".about").wait_for()


def library(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Library", exact=True).click()


def dossier(visit: Visit) -> None:
    turn = visit.ask(QUESTION)
    for number in (0, 1):
        turn.get_by_role("button", name="Keep in dossier").nth(number).click()
    visit.page.locator("[data-do=dossier]").click()
    visit.page.locator(".dossier blockquote").first.wait_for()


def checked(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Check a quotation").click()
    visit.page.locator("#quotation").fill(
        "They write “Get medical help for everyone who is hurt, whatever they are thought to have "
        "said.” and “Do these in order, and do not wait for certainty.”"
    )
    visit.page.get_by_role("button", name="Check", exact=True).click()
    visit.page.locator(".verdict").first.wait_for()


def french(visit: Visit) -> None:
    visit.page.locator("[data-change=language]").select_option("fr")
    visit.page.get_by_text("Que voulez-vous savoir").wait_for()


STATES: dict[str, Callable[[Visit], None]] = {
    "welcome": lambda visit: None,
    **{
        state.__name__: state
        for state in (
            answered, related, not_covered, ambiguous, fault, source_page, source_text,
            source_html, library, document, dossier, checked, french,
        )
    },
}  # fmt: skip


def pictures(browser: Browser, address: str, state: str, width: str) -> Iterator[tuple[str, Page]]:
    """Yield the page in a state, once in light and once in dark colours, with their name."""
    w, h = WIDTHS[width]
    page = browser.new_page(viewport={"width": w, "height": h}, locale="en-GB")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.locator(".welcome").wait_for()
    STATES[state](Visit(page))
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # until what is new has come into view
    for scheme in SCHEMES:
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
        page.wait_for_timeout(300)  # until the colours have changed
        yield scheme, page
    page.close()
    assert errors == []


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(data_dir=data)
        toolkit = open_assistant(settings)
        shelf = Shelf(toolkit, settings.documents)
        blocks = app.build_page(Desk(toolkit, settings, shelf), settings.page)
        with open_browser() as browser:
            address = app.serve(blocks, shelf, host="127.0.0.1", port=free_port())
            if len(sys.argv) > 1:
                take_all(browser, address, Path(sys.argv[1]))
            else:
                _, page = next(pictures(browser, address, "source_page", "desktop"))
                page.screenshot(path=PICTURE)
                # A third of the size, and no difference to be seen with so few colours.
                Image.open(PICTURE).convert("RGB").quantize(128).save(PICTURE, optimize=True)
        blocks.close(verbose=False)


def take_all(browser: Browser, address: str, folder: Path) -> None:
    """Write a picture of every state at each width, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    for state in STATES:
        for width in WIDTHS:
            for scheme, page in pictures(browser, address, state, width):
                page.screenshot(path=folder / f"{state}-{width}-{scheme}.png")


if __name__ == "__main__":
    main()
