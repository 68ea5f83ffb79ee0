import pytest
from fakes import WordEmbedder, document_of

from assistant.neighbours import neighbours, next_in_section
from corpus.errors import SettingsError
from index.build import build_snapshot
from index.snapshot import Snapshot, SnapshotStore

WRITTEN = "# Gate\nGuards stand at the gate.\n# River\nThe river is far.\n# Lamp\nA lamp burns."


@pytest.fixture
def snapshot(store: SnapshotStore) -> Snapshot:
    documents = (
        document_of(WRITTEN, source_id="a"),
        document_of(" ".join(f"Number {n} stands here." for n in range(40)), source_id="b"),
    )
    return build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)[0]


def test_the_passages_before_and_after_are_cited(snapshot: Snapshot) -> None:
    found = neighbours(snapshot, snapshot.passages[1].id)
    assert found.before is not None
    assert found.after is not None
    assert (found.before.quote, found.after.quote) == ("Guards stand at the gate.", "A lamp burns.")
    assert found.after.permalink.startswith(f"{snapshot.id}/a/")


def test_a_document_begins_and_ends(snapshot: Snapshot) -> None:
    assert neighbours(snapshot, snapshot.passages[0].id).before is None
    assert neighbours(snapshot, snapshot.passages[2].id).after is None
    assert neighbours(snapshot, snapshot.passages[-1].id).after is None


def test_only_the_next_passage_of_the_same_section_goes_on(snapshot: Snapshot) -> None:
    assert next_in_section(snapshot, 0) is None
    assert next_in_section(snapshot, 3) == snapshot.passages[4]
    assert next_in_section(snapshot, len(snapshot.passages) - 1) is None


def test_an_unknown_passage_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(SettingsError, match="no passage 'x'"):
        neighbours(snapshot, "x")
