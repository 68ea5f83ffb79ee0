import pytest
from fakes import WordEmbedder, document_of

from assistant.changes import DocumentChange, find_changes
from corpus.documents import Document
from index.build import build_snapshot
from index.snapshot import Snapshot, SnapshotStore

GATE = "Guards stand at the gate and greet everybody who comes."
RIVER = "Nobody may cross the river except the people of the village."
LAMP = "A lamp burns through the whole night beside the door."


def snapshot_of(store: SnapshotStore, *documents: Document) -> Snapshot:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    return snapshot


def sheet(*sections: str, source_id: str = "a", **fields: str) -> Document:
    """Return a document with a section for each (heading: text)."""
    written = "\n".join(f"# {one.split(': ')[0]}\n{one.split(': ')[1]}" for one in sections)
    return document_of(written, source_id=source_id, **fields)


def kinds(document: DocumentChange) -> list[tuple[str, tuple[str, ...]]]:
    return [(change.kind, change.headings) for change in document.changes]


def test_without_a_change_nothing_is_told(store: SnapshotStore) -> None:
    one, other = (snapshot_of(store, sheet(f"Gate: {GATE}")) for _ in range(2))
    changes = find_changes(one, other)
    assert (changes.old_id, changes.new_id) == (one.id, other.id)
    assert changes.counts == {"same": 1, "moved": 0, "reworded": 0, "added": 0, "removed": 0}
    assert changes.documents == ()


def test_passages_are_moved_reworded_added_and_removed(store: SnapshotStore) -> None:
    old = snapshot_of(store, sheet(f"Gate: {GATE}", f"River: {RIVER}", f"Lamp: {LAMP}"))
    reworded = GATE.replace("everybody", "every visitor")
    new = snapshot_of(store, sheet(f"Gate: {reworded}", f"Water: {RIVER}", "Rest: Sleep well."))
    changes = find_changes(old, new)
    (document,) = changes.documents
    assert kinds(document) == [
        ("reworded", ("Gate",)), ("moved", ("Water",)),
        ("added", ("Rest",)), ("removed", ("Lamp",)),
    ]  # fmt: skip
    gate, river, rest, lamp = document.changes
    assert (gate.before, gate.after) == (GATE, reworded)
    assert gate.words == (("everybody", "every visitor"),)
    assert (river.before, river.after) == (RIVER, RIVER)
    assert (rest.before, rest.after) == (None, "Sleep well.")
    assert (lamp.before, lamp.after) == (LAMP, None)
    assert changes.counts == {"same": 0, "moved": 1, "reworded": 1, "added": 1, "removed": 1}


def test_a_text_that_stands_once_more_is_added(store: SnapshotStore) -> None:
    old = snapshot_of(store, sheet(f"Gate: {GATE}"))
    new = snapshot_of(store, sheet(f"Gate: {GATE}", f"Door: {GATE}"))
    changes = find_changes(old, new)
    assert changes.counts["same"] == 1
    assert changes.counts["added"] == 1


def test_documents_are_added_and_removed(store: SnapshotStore) -> None:
    old = snapshot_of(store, sheet(f"Gate: {GATE}", source_id="gate"))
    new = snapshot_of(store, sheet(f"River: {RIVER}", source_id="river"))
    added, removed = find_changes(old, new).documents
    assert (added.before, added.after, kinds(added)) == (None, "river", [("added", ("River",))])
    assert (removed.before, removed.after) == ("gate", None)
    assert kinds(removed) == [("removed", ("Gate",))]


@pytest.mark.parametrize(("language", "pairs"), [("en", 1), ("fr", 2)])
def test_an_edition_is_compared_with_the_one_whose_place_it_took(
    store: SnapshotStore, language: str, pairs: int
) -> None:
    first = sheet(f"G: {GATE}", source_id="g1", work="g", edition="first", language="en")
    second = sheet(f"G: {GATE}", source_id="g2", work="g", edition="second", language=language)
    documents = find_changes(snapshot_of(store, first), snapshot_of(store, second)).documents
    assert len(documents) == pairs
    if pairs == 1:
        assert (documents[0].edition_before, documents[0].edition_after) == ("first", "second")
        assert (documents[0].same, documents[0].changes) == (1, ())


def test_a_document_that_is_no_longer_current_is_told(store: SnapshotStore) -> None:
    old = snapshot_of(store, sheet(f"Gate: {GATE}"))
    new = snapshot_of(store, sheet(f"Gate: {GATE}", status="superseded"))
    (document,) = find_changes(old, new).documents
    assert (document.status_before, document.status_after) == ("current", "superseded")
    assert document.changes == ()


def test_the_likest_passages_are_paired(store: SnapshotStore) -> None:
    old = snapshot_of(store, sheet(f"Gate: {GATE}"))
    near = GATE.replace("everybody", "anybody")
    new = snapshot_of(
        store, sheet("Door: Guards stand at the door and greet them.", f"Gate: {near}")
    )
    (document,) = find_changes(old, new).documents
    assert kinds(document) == [("added", ("Door",)), ("reworded", ("Gate",))]
