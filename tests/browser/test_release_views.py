"""What changed, and the editor's tab, in a real browser over a small library of two releases."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from chromium import CHROMIUM, Visit, assert_seen_ticked_or_not, open_browser, violations
from page_fixtures import told_helpful
from playwright.sync_api import Browser, FilePayload, Locator, expect
from serving import serving

import app
from assistant.changes_desk import ChangesDesk
from assistant.config import Settings, load_settings
from assistant.desk import Desk
from assistant.editing_desk import EditingDesk
from assistant.live import LiveAssistant
from assistant.rebuild import rebuild
from assistant.shelf import Shelf
from corpus.situations import load_situations
from index.snapshot import SnapshotStore

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
DOGS = "# Dogs\n\nSecond edition (2026)\n\nGuard dogs are kept on a lead and fed twice a day.\n"
NASTY = "<script>alert(1)</script> {{7*7}} $x$ &lt;b&gt;"
PASSWORD = "correct horse battery"
ABOUT_PAPERS = "Who checks the papers of drivers at the gate?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a data folder with two releases, the second one live."""
    settings = load_settings(data_dir=tmp_path_factory.mktemp("releases"), editor_password=PASSWORD)
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
    desk = Desk(toolkit, settings, shelf)
    editing = EditingDesk(toolkit, settings, settings.documents)
    others = [ChangesDesk(toolkit, settings)]
    made = partial(app.build_page, desk, settings.page, others, editing)
    with serving(shelf, made, editing=editing) as address:
        yield address


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


def sheet(name: str, text: str = DOGS) -> FilePayload:
    return {"name": name, "mimeType": "text/markdown", "buffer": text.encode()}


def open_editor(visit: Visit) -> Locator:
    """Return the editor's tab, opened by keyboard with its password."""
    visit.tab_to(visit.page.get_by_role("button", name="Editor", exact=True), back=True)
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_label("Password")).to_be_focused()
    visit.page.keyboard.type(PASSWORD)
    visit.page.keyboard.press("Enter")
    tab = visit.page.locator("#editor .editor")
    expect(tab.get_by_role("heading", name="Snapshots")).to_be_visible()
    return tab


def test_a_file_is_added_and_built_while_readers_are_answered(
    visit: Visit, settings: Settings, browser: Browser, address: str
) -> None:
    tab = open_editor(visit)
    file, other = sheet("dogs.md"), sheet("cats.md", DOGS.replace("Dogs", "Cats"))
    tab.get_by_label("Files from this device").set_input_files([file, other])
    forms = tab.locator(".considered")
    expect(forms).to_have_count(2)
    expect(forms.get_by_label("Edition or date").first).to_have_value("Second edition (2026)")
    dogs = forms.filter(has_text="dogs.md")  # whichever of the two was read first
    assert_seen_ticked_or_not(visit.page, dogs.get_by_label("Replace a file"))
    dogs.get_by_label("Replace a file").uncheck()
    dogs.get_by_label("Title").fill("Dogs <at> the gate")
    dogs.get_by_role("button", name="Add to the documents").click()
    expect(forms).to_have_count(1)
    expect(forms.get_by_label("Title")).to_have_value("Cats")  # not what was typed before
    forms.get_by_role("button", name="Discard").click()
    expect(forms).to_have_count(0)
    expect(tab).to_contain_text("dogs.md")
    tab.get_by_role("button", name="Rebuild and check").click()
    progress = visit.page.locator("#building progress")
    expect(progress).to_be_visible()
    reader = Visit(browser.new_page(locale="en-GB"))
    reader.page.goto(address)
    expect(reader.ask(ABOUT_PAPERS).locator(".card").first).to_be_visible()
    reader.page.close()
    ended = visit.page.locator("#building [data-ended]")
    expect(ended).to_contain_text("The new snapshot is live.", timeout=120_000)
    expect(ended.locator("h2")).to_be_focused()
    expect(tab).to_contain_text("Nothing: the live snapshot has every file as it is.")
    store = SnapshotStore(settings.snapshots)
    assert "Dogs <at> the gate" in {one.source.title for one in store.open().documents.values()}
    foot = visit.page.locator("#foot")
    expect(foot).to_contain_text(store.current_id() or "")
    expect(visit.page.locator(".library")).to_contain_text("Dogs <at> the gate")
    tab.get_by_role("button", name="Go back to what was live before").click()
    expect(tab.locator(".said")).to_contain_text("is live again")
    expect(foot).to_contain_text(store.current_id() or "")
    expect(visit.page.locator(".library")).not_to_contain_text("Dogs <at> the gate")
    store.promote(store.ids()[-1])
    later = browser.new_page(locale="en-GB")
    later.goto(address)
    expect(later.locator("#foot")).to_contain_text(store.ids()[-1])
    later.close()
    store.roll_back()
    (settings.documents / "dogs.md").unlink()


def test_what_a_reader_said_becomes_a_judged_question_by_one_click(
    visit: Visit, settings: Settings
) -> None:
    told_helpful(settings, "Who checks papers?")
    tab = open_editor(visit)
    button = tab.get_by_role("button", name="Make a judged question").first
    visit.tab_to(button)
    visit.page.keyboard.press("Enter")
    expect(tab.locator(".said")).to_have_text("Added to the judged questions.")
    expect(tab).to_contain_text("This is a judged question already.")
    assert "Who checks papers?" in (settings.data_dir / "questions.jsonl").read_text("utf-8")


def test_a_question_given_for_what_a_reader_said_becomes_a_situation(
    visit: Visit, settings: Settings
) -> None:
    told_helpful(settings, None)
    tab = open_editor(visit)
    tab.get_by_label("Question that the passage answers").first.fill("the sentry is asleep")
    tab.get_by_role("button", name="Make a situation").first.click()
    expect(tab.locator(".said")).to_have_text(
        "Added to the situations; the next build takes it in."
    )
    situations = load_situations(settings.documents)
    assert situations[-1].situations == ("the sentry is asleep",)


def tops(found: Locator) -> set[float]:
    return {
        round(box["y"] + box["height"] / 2) for one in found.all() if (box := one.bounding_box())
    }


def test_the_masthead_of_a_small_laptop_is_one_row(visit: Visit) -> None:
    visit.ask(ABOUT_PAPERS)  # which brings "New conversation"
    assert len(tops(visit.page.locator(".masthead button, .masthead select"))) == 1


@pytest.mark.parametrize("visit", [(390, 844)], indirect=True, ids=["phone"])
def test_no_view_stands_alone_on_a_phone(visit: Visit) -> None:
    visit.ask(ABOUT_PAPERS)
    assert len(tops(visit.page.locator(".masthead .tab"))) == 1
    assert len(tops(visit.page.locator(".tools button, .tools select"))) == 1


@pytest.mark.parametrize("visit", [(390, 844)], indirect=True, ids=["phone"])
def test_the_editor_fits_a_phone(visit: Visit) -> None:
    open_editor(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_in_the_editor(visit: Visit, scheme: Any) -> None:
    visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    visit.page.evaluate(f"document.body.classList.toggle('dark', {str(scheme == 'dark').lower()})")
    visit.page.get_by_role("button", name="Editor", exact=True).click()
    expect(visit.page.get_by_label("Password")).to_be_visible()
    found = violations(visit.page)
    tab = open_editor(visit)
    file = sheet("dogs.md")
    tab.get_by_label("Files from this device").set_input_files([file])
    expect(tab.locator(".considered").first).to_be_visible()
    tab.get_by_role("button", name="Show").first.click()
    expect(visit.page.locator("#building .gates")).to_be_visible()
    found |= violations(visit.page)
    tab.locator(".considered").first.get_by_role("button", name="Discard").click()
    expect(tab.locator(".considered")).to_have_count(0)
    assert found == set()


def test_no_endpoint_does_anything_for_the_editor_without_the_password(
    address: str, settings: Settings
) -> None:
    before = sorted(settings.data_dir.rglob("*"))
    page = httpx.get(f"{address}config").json()
    events = [one for one in page["dependencies"] if one["targets"]]
    assert len(events) > 5
    steps = [
        "editor", "editor_consider", "editor_add", "editor_build", "editor_status",
        "editor_publish", "editor_roll_back", "editor_report", "editor_judge",
        "editor_situate",
    ]  # fmt: skip
    snapshot = SnapshotStore(settings.snapshots).open().id
    told = ""
    for number, event in enumerate(events):
        for step in steps if "act" in str(event["targets"]) else ["editor"]:
            data = {"snapshot": snapshot, "token": "x", "values": "{}", "item": "x"}
            told += answered(address, event, {"step": step, "data": data}, f"visit{number}{step}")
    assert told.count("editor-password") >= len(steps)  # the one endpoint that knows the steps
    assert "data-token" not in told
    assert "editor-snapshots" not in told
    assert snapshot not in told
    assert sorted(settings.data_dir.rglob("*")) == before
    for headers in ({}, {"X-Editor-Token": "x"}, {"X-Editor-Token": PASSWORD}):
        sent = httpx.post(f"{address}editor/upload", headers=headers, content=b"x")
        assert (sent.status_code, list(sent.json())) == (403, ["fault"])
    assert sorted(settings.data_dir.rglob("*")) == before
    assert PASSWORD not in httpx.get(address).text + json.dumps(page)


def answered(address: str, event: dict[str, Any], data: dict[str, Any], visit: str) -> str:
    """Return all that an endpoint says to a program that calls it past the page."""
    call = {
        "data": [None] * len(event["inputs"]), "event_data": data, "fn_index": event["id"],
        "trigger_id": event["targets"][0][0], "session_hash": visit,
    }  # fmt: skip
    joined = httpx.post(f"{address}gradio_api/queue/join", json=call, timeout=30)
    if joined.status_code != httpx.codes.OK:
        return joined.text
    with httpx.stream(
        "GET", f"{address}gradio_api/queue/data", params={"session_hash": visit}, timeout=30
    ) as told:
        return "".join(told.iter_text())
