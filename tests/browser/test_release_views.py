"""What changed, and the editor's tab, in a real browser over a small library of two releases."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import CHROMIUM, Visit, open_browser
from playwright.sync_api import Browser, expect
from screenshot import free_port
from test_page import violations

import app
from assistant.changes_desk import ChangesDesk
from assistant.config import Settings, load_settings
from assistant.desk import Desk
from assistant.live import LiveAssistant
from assistant.rebuild import rebuild
from assistant.shelf import Shelf

pytestmark = [
    pytest.mark.browser,
    # Gradio 6.31 sums up its waiting times in ways that pandas 3 gives up.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]

GATES = """# Guards at the gate

## Checks

Guards check the papers of every driver before they open the gate.

## Complaints

A driver who is refused entry can complain to the site manager within three days.
"""
NASTY = "<script>alert(1)</script> {{7*7}} $x$ &lt;b&gt;"
ABOUT_PAPERS = "Who checks the papers of drivers at the gate?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a data folder with two releases, the second one live."""
    settings = load_settings(data_dir=tmp_path_factory.mktemp("releases"))
    settings.documents.mkdir()
    gates = settings.documents / "gates.md"
    gates.write_text(GATES, "utf-8")
    rebuild(settings)
    gates.write_text(GATES.replace("every driver", f"every visitor {NASTY}"), "utf-8")
    (settings.documents / "wells.md").write_text("# Wells\n\nTest the water twice a year.", "utf-8")
    rebuild(settings)
    return settings


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    toolkit = LiveAssistant.open(settings)
    shelf = Shelf(toolkit, settings.documents)

    async def served() -> tuple[str, Any]:
        desk = Desk(toolkit, settings, shelf)
        blocks = app.build_page(desk, settings.page, [ChangesDesk(toolkit, settings)])
        return app.serve(blocks, shelf, host="127.0.0.1", port=free_port()), blocks

    # Without a running event loop Gradio makes some of its own and never closes them.
    address, blocks = asyncio.run(served())
    yield address
    blocks.close(verbose=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(params=[(1280, 900)], ids=["desktop"])
def visit(request: pytest.FixtureRequest, address: str, browser: Browser) -> Iterator[Visit]:
    width, height = request.param
    visit = Visit(browser.new_page(viewport={"width": width, "height": height}, locale="en-GB"))
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.page.on("dialog", lambda dialog: visit.dialogs.append(dialog.message))
    visit.page.goto(address)
    expect(visit.page.locator(".welcome")).to_be_visible()
    yield visit
    visit.page.close()
    assert (visit.errors, visit.dialogs) == ([], [])


def open_changes(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Changes", exact=True).click()
    expect(visit.page.locator(".changes h2")).to_be_focused()


def test_the_last_release_is_compared_with_the_one_before(visit: Visit) -> None:
    open_changes(visit)
    changes = visit.page.locator(".changes")
    expect(changes.locator(".document-change h3")).to_have_text(["Guards at the gate", "Wells"])
    expect(changes.locator("del")).to_contain_text("driver")
    expect(changes.locator("ins")).to_contain_text("<script>alert(1)</script> {{7*7}} $x$ <b>")
    assert changes.locator("script, img").count() == 0
    changes.locator(".change").first.get_by_role("button", name="Show source").click()
    expect(visit.page.locator(".source .text .quote").first).to_contain_text("every visitor")


def test_the_mark_of_a_citation_leads_to_what_changed_and_back_by_keyboard(visit: Visit) -> None:
    turn = visit.ask(ABOUT_PAPERS)
    expect(turn.locator(".card").first).to_contain_text("Reworded in the last release")
    visit.tab_to(turn.get_by_role("button", name="See what changed").first)
    visit.page.keyboard.press("Enter")
    here = visit.page.locator(".change[data-here]")
    expect(here).to_be_focused()
    expect(here).to_be_in_viewport()
    expect(here.locator("del")).to_contain_text("driver")
    visit.tab_to(visit.page.get_by_role("button", name="Ask", exact=True).first, back=True)
    visit.page.keyboard.press("Enter")
    expect(turn.locator(".card").first).to_be_visible()


def test_changes_are_told_in_the_language_of_the_page(visit: Visit) -> None:
    open_changes(visit)
    visit.page.locator("[data-change=language]").select_option("fr")
    expect(visit.page.locator(".changes h2")).to_have_text("Ce qui a changé")
    expect(visit.page.locator(".change.reworded .cue")).to_have_text("Reformulé")


@pytest.mark.parametrize("visit", [(390, 844)], indirect=True, ids=["phone"])
def test_changes_fit_a_phone(visit: Visit) -> None:
    open_changes(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_in_what_changed(visit: Visit, scheme: Any) -> None:
    visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    visit.page.evaluate(f"document.body.classList.toggle('dark', {str(scheme == 'dark').lower()})")
    open_changes(visit)
    assert violations(visit.page) == set()
