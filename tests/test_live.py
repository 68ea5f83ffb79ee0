import logging
from pathlib import Path

import pytest
from fakes import WordEmbedder, document_of

from assistant.live import LiveAssistant
from corpus.errors import SnapshotMissingError
from index.build import build_snapshot
from index.snapshot import SnapshotStore


def promoted(store: SnapshotStore, written: str) -> str:
    """Return the id of a new live snapshot of one document."""
    embedder = WordEmbedder()
    documents = [document_of(written)]
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    store.promote(snapshot.id)
    return snapshot.id


def quotes(live: LiveAssistant) -> list[str]:
    return [citation.quote for citation in live.ask("guards stand at the gate").citations]


@pytest.fixture
def live(store: SnapshotStore) -> LiveAssistant:
    promoted(store, "Guards stand at the gate.")
    return LiveAssistant(store, WordEmbedder())


def test_the_next_question_is_asked_of_the_snapshot_that_was_promoted(
    live: LiveAssistant, store: SnapshotStore
) -> None:
    assert quotes(live) == ["Guards stand at the gate."]
    new = promoted(store, "Guards stand at the gate and greet.")
    assert quotes(live) == ["Guards stand at the gate and greet."]
    assert live.snapshot.id == new


def test_a_snapshot_that_cannot_serve_leaves_the_one_before(
    live: LiveAssistant, store: SnapshotStore, caplog: pytest.LogCaptureFixture
) -> None:
    broken = promoted(store, "Guards stand at the gate and greet.")
    (store.folder / broken / "passages.jsonl").write_bytes(b"")
    with caplog.at_level(logging.WARNING):
        assert quotes(live) == quotes(live) == ["Guards stand at the gate."]
    assert len([one for one in caplog.records if "passages.jsonl" in one.message]) == 1


def test_a_damaged_pointer_leaves_the_snapshot_before(
    live: LiveAssistant, store: SnapshotStore
) -> None:
    (store.folder / "current").write_bytes(b"\xff")
    assert quotes(live) == ["Guards stand at the gate."]


def test_who_asks_while_a_snapshot_is_opened_is_served_by_the_one_before(
    live: LiveAssistant, store: SnapshotStore
) -> None:
    promoted(store, "Guards stand at the gate and greet.")
    with live._opening:
        assert quotes(live) == ["Guards stand at the gate."]
    assert quotes(live) == ["Guards stand at the gate and greet."]


def test_the_source_of_an_answer_is_shown_from_its_own_snapshot(
    live: LiveAssistant, store: SnapshotStore
) -> None:
    old = live.snapshot.id
    promoted(store, "Guards stand at the gate and greet.")
    assert live.document(old, "notes").text == "Guards stand at the gate."
    assert live.document(live.snapshot.id, "notes").text == "Guards stand at the gate and greet."


def test_a_snapshot_that_is_gone_is_told(live: LiveAssistant) -> None:
    with pytest.raises(SnapshotMissingError):
        live.document("20200101T000000000000Z-00000000", "notes")


def test_without_a_snapshot_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissingError):
        LiveAssistant(SnapshotStore(tmp_path), WordEmbedder())


def test_an_earlier_snapshot_answers_as_it_did(live: LiveAssistant, store: SnapshotStore) -> None:
    before = live.snapshot.id
    new = promoted(store, "Guards stand at the gate and greet.")
    question = "guards stand at the gate"
    (old,) = live.assistant_of(before).ask(question).citations
    assert old.quote == "Guards stand at the gate."
    assert live.assistant_of(before) is live.assistant_of(before)  # opening takes a while
    assert live.assistant_of(new).snapshot.id == new
    with pytest.raises(SnapshotMissingError):
        live.assistant_of("nothing")
