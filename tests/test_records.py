"""A snapshot's records, read one document at a time, are those that it holds."""

from fakes import WordEmbedder, document_of

from index.build import build_snapshot
from index.records import DocumentsByFile, Records
from index.snapshot import SnapshotStore

GATE = document_of("# Gate\nGuards stand.\n# Night\nA lamp burns.", source_id="gate")
RIVER = document_of("# River\nThe river is far.", source_id="river", file="x/river.md")


def test_records_are_those_of_the_snapshot(store: SnapshotStore) -> None:
    snapshot, _ = build_snapshot([GATE, RIVER], embedder=WordEmbedder(), model="words", store=store)
    records = Records(snapshot)
    assert [records.document(one) for one in ("river", "gate")] == [RIVER, GATE]
    assert records.passages("gate") == tuple(snapshot.passages[:2])
    assert records.passages("river") == tuple(snapshot.passages[2:])
    assert records.passage_ids == {one.id for one in snapshot.passages}
    assert ("gate" in records, "other" in records) == (True, False)
    by_file = DocumentsByFile(records)
    assert list(by_file) == ["gate.md", "x/river.md"]
    assert by_file["x/river.md"] == RIVER
    assert by_file.get("other.md") is None
    assert len(by_file) == 2
