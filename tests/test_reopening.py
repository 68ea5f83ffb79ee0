import shutil

import pytest
from fakes import WordEmbedder, document_of

from assistant.matching import Difference
from assistant.reopening import reopen
from assistant.verification import cite_span
from corpus.documents import Document, Span
from corpus.errors import SettingsError, SnapshotMissingError
from index.build import build_snapshot
from index.snapshot import Snapshot, SnapshotStore

GATE = "The gate is shut at night and nobody may cross it without a lamp."


def saved(store: SnapshotStore, *documents: Document) -> Snapshot:
    snapshot, _ = build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)
    store.promote(snapshot.id)
    return snapshot


def link_to(snapshot: Snapshot, quote: str, document_id: str = "notes") -> str:
    document = snapshot.documents[document_id]
    start = document.text.index(quote)
    return cite_span(document, Span(start, start + len(quote)), snapshot).permalink


def test_a_quote_of_the_live_snapshot_is_opened(store: SnapshotStore) -> None:
    live = saved(store, document_of(GATE))
    found = reopen(link_to(live, "nobody may cross it"), store)
    assert (found.citation.quote, found.state) == ("nobody may cross it", "unchanged")
    assert (found.snapshot_id, found.live_snapshot_id) == (live.id, live.id)
    assert found.own_is_kept


def test_the_words_of_the_old_snapshot_are_shown_with_those_of_today(store: SnapshotStore) -> None:
    old = saved(store, document_of(GATE))
    new = saved(store, document_of(f"Be careful.\n{GATE.replace('nobody', 'anybody')}"))
    found = reopen(link_to(old, GATE), store)
    assert (found.snapshot_id, found.live_snapshot_id) == (old.id, new.id)
    assert (found.citation.quote, found.state) == (GATE, "reworded")
    assert found.differences == (Difference("nobody", "anybody"),)
    assert found.current is not None
    assert found.current.quote == GATE.replace("nobody", "anybody")


def test_words_that_moved_are_unchanged(store: SnapshotStore) -> None:
    old = saved(store, document_of(GATE))
    saved(store, document_of(f"Be careful.\n{GATE}"))
    found = reopen(link_to(old, GATE), store)
    assert (found.state, found.differences) == ("unchanged", ())
    assert found.current is not None
    assert (found.citation.start, found.current.start) == (0, len("Be careful.\n\n"))


def test_the_edition_that_took_its_place_is_read_today(store: SnapshotStore) -> None:
    old = saved(store, document_of(GATE, source_id="first", work="gates"))
    saved(store, document_of(GATE, source_id="second", work="gates"))
    found = reopen(link_to(old, GATE, "first"), store)
    assert found.current is not None
    assert (found.state, found.current.document_id) == ("unchanged", "second")


@pytest.mark.parametrize("source_id", ["notes", "other"])
def test_what_is_not_there_any_more_is_gone(store: SnapshotStore, source_id: str) -> None:
    old = saved(store, document_of(GATE))
    saved(store, document_of("Pasta needs salt.", source_id=source_id))
    found = reopen(link_to(old, GATE), store)
    assert (found.state, found.current) == ("gone", None)


def test_without_its_snapshot_the_same_words_are_found_in_another(store: SnapshotStore) -> None:
    old = saved(store, document_of(GATE))
    new = saved(store, document_of(GATE))
    link = link_to(old, GATE)
    shutil.rmtree(old.folder)
    found = reopen(link, store)
    assert (found.own_is_kept, found.snapshot_id, found.citation.quote) == (False, new.id, GATE)


def test_without_any_snapshot_that_has_them_it_is_said(store: SnapshotStore) -> None:
    old = saved(store, document_of(GATE))
    saved(store, document_of(f"Be careful.\n{GATE}"))
    link = link_to(old, GATE)
    shutil.rmtree(old.folder)
    with pytest.raises(SnapshotMissingError, match=r"is not kept any more.*toolkit-assistant"):
        reopen(link, store)


@pytest.mark.parametrize(("old", "new"), [("/notes/", "/other/"), ("/0-", "/1-")])
def test_a_permalink_that_was_changed_opens_nothing(
    store: SnapshotStore, old: str, new: str
) -> None:
    link = link_to(saved(store, document_of(GATE)), GATE)
    with pytest.raises(SettingsError, match="damaged"):
        reopen(link.replace(old, new), store)
