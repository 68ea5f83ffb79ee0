"""What changed as a reader sees it: between snapshots, between editions, from a citation's mark."""

import json
import re
from typing import Any

import pytest
from fakes import WordEmbedder, document_of
from page_fixtures import NASTY, shown

from assistant.changes import find_changes, release_before
from assistant.changes_desk import ChangesDesk
from assistant.config import Settings
from assistant.live import LiveAssistant
from assistant.pages import changes as page
from assistant.places import Place
from assistant.session import Session
from corpus.documents import Document, Span
from corpus.errors import SettingsError, SnapshotMissingError
from index.build import build_snapshot
from index.snapshot import Snapshot, SnapshotStore

GATE = "Guards stand at the gate and greet everybody who comes."
REWORDED = "Guards stand at the gate and greet every visitor who comes."
RIVER = "Nobody may cross the river except the people of the village."


def sheet(*sections: tuple[str, str], source_id: str = "a", **fields: str) -> Document:
    written = "\n".join(f"# {heading}\n{text}" for heading, text in sections)
    return document_of(written, source_id=source_id, title="Sheet", **fields)


def publish(store: SnapshotStore, *documents: Document) -> Snapshot:
    snapshot, _ = build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)
    store.promote(snapshot.id)
    return snapshot


def desk_of(store: SnapshotStore) -> ChangesDesk:
    live = LiveAssistant(store, WordEmbedder())
    return ChangesDesk(live, Settings(data_dir=store.folder.parent))


def view(desk: ChangesDesk, **data: Any) -> str:
    [step] = desk.act(Session(), "changes", data)
    return step.changes or ""


def test_with_one_snapshot_there_is_nothing_to_compare(store: SnapshotStore) -> None:
    publish(store, sheet(("Gate", GATE)))
    html = view(desk_of(store))
    assert shown(html, "advice") == [
        "There is only one snapshot of the library so far, so there is nothing to compare."
    ]
    assert "<select" not in html


def test_the_words_that_differ_are_marked_and_said(store: SnapshotStore) -> None:
    publish(store, sheet(("Gate", GATE), ("River", RIVER)))
    publish(store, sheet(("Gate", REWORDED), ("Water", RIVER), ("Rest", "Sleep well.")))
    html = view(desk_of(store))
    assert shown(html, "del") == ["[went: everybody]"]
    assert shown(html, "ins") == ["[came: every visitor]"]
    assert shown(html, "cue") == [
        "Reworded", "Moved, word for word the same · before under: River", "Added",
    ]  # fmt: skip
    assert shown(html, "h4") == ["Gate", "Water", "Rest"]
    assert shown(html, "tally") == ["0 the same1 moved1 reworded1 added0 removed"]


def test_two_snapshots_are_chosen_and_an_unknown_one_is_refused(store: SnapshotStore) -> None:
    first = publish(store, sheet(("Gate", GATE)))
    publish(store, sheet(("Gate", REWORDED)))
    third = publish(store, sheet(("Gate", GATE)))
    desk = desk_of(store)
    assert shown(view(desk, old=first.id, new=third.id), "advice") == [
        "No passage and no entry of a document differs."
    ]
    assert len(shown(view(desk, old=third.id, new=first.id), "option")) == 6
    with pytest.raises(SnapshotMissingError):
        view(desk, old="../x", new=third.id)
    with pytest.raises(SettingsError, match="cannot be used"):
        view(desk, editions="one")


def test_a_citation_leads_to_its_passage_in_the_release_that_changed_it(
    store: SnapshotStore,
) -> None:
    publish(store, sheet(("Gate", GATE)), sheet(("River", RIVER), source_id="b"))
    live = publish(
        store,
        sheet(("Gate", REWORDED)),
        sheet(("River", RIVER), ("Rest", "Sleep well."), source_id="b"),
    )
    passage = live.passages[0]
    place = Place(live.id, "a", passage.span).to_json()
    html = view(desk_of(store), place=place, passage=passage.id)
    assert shown(html, "h4") == ["Gate"]  # that document alone
    assert 'class="change reworded"' in html.split("data-here")[0].rsplit("<article", 1)[1]
    assert shown(html, "button")[1] == "Show all documents"


def test_two_editions_of_the_live_snapshot_are_compared(store: SnapshotStore) -> None:
    old = sheet(("Gate", GATE), source_id="g1", work="g", edition="first", status="superseded")
    new = sheet(("Gate", REWORDED), source_id="g2", work="g", edition="<second>")
    publish(store, old, new)
    desk = desk_of(store)
    assert shown(view(desk), "option") == ["Sheet: first → <second>"]
    html = view(desk, editions="g1\ng2")
    assert "first → <second>" in shown(html, "small")
    assert shown(html, "ins") == ["[came: every visitor]"]


def test_beside_two_editions_the_last_release_stays_chosen(store: SnapshotStore) -> None:
    old = sheet(("Gate", GATE), source_id="g1", work="g", status="superseded")
    first = publish(store, old, sheet(("Gate", GATE), source_id="g2", work="g"))
    live = publish(store, old, sheet(("Gate", REWORDED), source_id="g2", work="g"))
    refused, _ = build_snapshot([old], embedder=WordEmbedder(), model="words", store=store)
    html = view(desk_of(store), editions="g1\ng2")
    chosen = re.findall(r'value="([^"]+)" selected', html)
    assert chosen[:2] == [first.id, live.id]
    assert refused.id in html


def test_the_release_before_is_the_last_with_other_passages(store: SnapshotStore) -> None:
    first = publish(store, sheet(("Gate", GATE)))
    second = publish(store, sheet(("Gate", REWORDED)))
    again = publish(store, sheet(("Gate", REWORDED)))
    assert release_before(store, again.id) == first.id
    assert release_before(store, second.id) == first.id
    assert release_before(store, first.id) is None


def test_text_of_documents_is_escaped(store: SnapshotStore) -> None:
    publish(store, sheet(("Gate", GATE)))
    nasty = NASTY.replace("\n", " ")
    old = publish(store, sheet((nasty, f"{GATE} {nasty}"), source_id="x"))
    new = publish(store, sheet((nasty, f"{REWORDED} {nasty}!"), source_id="x"))
    html = view(desk_of(store), old=old.id, new=new.id)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 2
    assert "alert(1)" in "".join(shown(html, "blockquote"))


def test_beyond_the_most_a_document_waits_behind_a_button(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = publish(store, sheet(("Gate", GATE)), sheet(("River", RIVER), source_id="b"))
    new = publish(
        store, sheet(("Gate", REWORDED)), sheet(("River", f"{RIVER} Never."), source_id="b")
    )
    monkeypatch.setattr(page, "MOST_SHOWN", 1)
    desk = desk_of(store)
    html = view(desk, old=old.id, new=new.id)
    assert shown(html, "blockquote") == [
        "Guards stand at the gate and greet [went: everybody] [came: every visitor] who comes."
    ]
    assert shown(html, "button")[-1] == "Show its changes (1)"
    one = view(desk, old=old.id, new=new.id, document="b")
    assert "Never." in shown(one, "ins")[0]
    assert json.dumps(find_changes(old, new).documents[1].after) == '"b"'


def test_a_place_in_a_change_opens_its_source(store: SnapshotStore) -> None:
    old = publish(store, sheet(("Gate", GATE), ("River", RIVER)))
    publish(store, sheet(("Gate", GATE)))
    html = view(desk_of(store))
    sent = html.split('data-place="')[1].split('"')[0].replace("&quot;", '"')
    place = Place.from_json(sent)
    assert place.snapshot_id == old.id
    assert Span(place.span.start, place.span.end).of(old.documents["a"].text) == RIVER
