"""What editors say that passages help in: read, attached, searched, and never shown."""

from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, document_of

from assistant.engine import Assistant
from corpus.errors import CatalogueError
from corpus.passages import split_passages
from corpus.situations import Situations, attach, load_situations
from index.build import IndexReport, build_snapshot
from index.late import StoredVectors
from index.mixture import SITUATIONS_WEIGHT, Signals
from index.search import Searcher
from index.situations import Nearest, SituationIndex, write_situations
from index.snapshot import Snapshot, SnapshotStore

ENTRY = (
    '[[passage]]\nwork = "notes"\nquote = "Stop the harm."\nsituations = ["a guard hit a boy"]\n'
)
NOTES = document_of("# Harm\nStop the\n# Fences\nBuild it of wood.\n# Gates\nKeep them shut.")
OTHER = document_of("# Harm\nBuild it of stone.", source_id="other")
WOOD = Situations(work="notes", quote="Build  it of", situations=("goats come in", "goats leave"))
GATE = Situations(work="notes", quote="Keep them shut", situations=("lorries queue outside",))
LOST = Situations(work="notes", quote="no such words", situations=("nothing",))


def test_situations_are_read_beside_the_documents_or_among_them(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    assert load_situations(documents) == ()
    (tmp_path / "situations.toml").write_text(ENTRY, "utf-8")
    beside = load_situations(documents)
    assert beside == (
        Situations(work="notes", quote="Stop the harm.", situations=("a guard hit a boy",)),
    )
    (documents / "situations.toml").write_text("", "utf-8")
    assert load_situations(documents) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[passage]\n", "cannot be read"),
        ("[[passages]]\n", "'passages' is unknown"),
        ("passage = 3\n", "passage, entry"),
        (ENTRY + ENTRY.replace("quote", "quotes"), "passage 2, quote: "),
        (ENTRY.replace('"Stop the harm."', '" "'), "passage 1, quote: "),
        (ENTRY.replace('"a guard hit a boy"', "7"), "passage 1, situations.0: "),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_entry(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "situations.toml").write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match=rf"situations\.toml.*{said}"):
        load_situations(tmp_path)


def test_a_quote_attaches_to_passages_of_its_work_whatever_their_line_breaks() -> None:
    count = WordEmbedder().count_tokens
    passages = [
        (document.source.work, passage)
        for document in (OTHER, NOTES)
        for passage in split_passages(document, count_tokens=count, max_tokens=64)
    ]
    pairs, unused = attach([LOST, GATE, WOOD], passages)
    row = {text: number for number, (_, one) in enumerate(passages) for text in [one.text]}
    wood, gate = row["Build it of wood."], row["Keep them shut."]
    assert pairs == [(wood, "goats come in"), (wood, "goats leave"), (gate, GATE.situations[0])]
    assert unused == [LOST]


def built(
    store: SnapshotStore, *situations: Situations, previous: Snapshot | None = None
) -> tuple[Snapshot, IndexReport, WordEmbedder]:
    embedder = WordEmbedder()
    snapshot, report = build_snapshot(
        [OTHER, NOTES],
        embedder=embedder,
        model="words",
        store=store,
        situations=situations,
        previous=previous,
    )
    return snapshot, report, embedder


def test_a_build_keeps_them_and_names_those_that_no_passage_has(store: SnapshotStore) -> None:
    snapshot, report, _ = built(store, WOOD, LOST)
    assert (report.situations, report.unused_situations) == (2, (LOST,))
    assert snapshot.situations is not None
    assert snapshot.situations.texts == WOOD.situations
    assert {snapshot.passages[row].text for row in snapshot.situations.rows} == {
        "Build it of wood."
    }


def test_a_build_without_them_has_none(store: SnapshotStore) -> None:
    snapshot, report, _ = built(store, LOST)
    assert (report.situations, snapshot.situations) == (0, None)


def test_vectors_of_situations_are_taken_over(store: SnapshotStore) -> None:
    before, _, _ = built(store, WOOD)
    after, report, embedder = built(store, WOOD, GATE, previous=before)
    assert embedder.embedded == ["lorries queue outside"]
    assert report.reused_vectors == report.passages  # situations are not counted among them
    assert after.situations is not None
    assert before.situations is not None
    rows = np.arange(2)
    assert (after.situations.dense.vectors(rows) == before.situations.dense.vectors(rows)).all()


def test_a_question_in_words_of_a_situation_finds_its_passage(store: SnapshotStore) -> None:
    snapshot, _, embedder = built(store, WOOD, GATE)
    results = Searcher(snapshot, embedder).search("why do lorries queue", k=5)
    assert results.hits[0].passage.text == "Keep them shut."
    assert results.situation == pytest.approx(2 / 3, abs=0.2)  # of "lorries queue outside"
    assert results.signals.weights["situations"] > 0
    without, _, _ = built(store)
    assert Searcher(without, embedder).search("why do lorries queue", k=5).situation is None


def test_filters_hold_for_situations_too(store: SnapshotStore) -> None:
    snapshot, _, embedder = built(store, WOOD, GATE)
    searcher = Searcher(snapshot, embedder)
    results = searcher.search("lorries queue outside", k=5, filters={"work": ("other",)})
    assert {hit.passage.document_id for hit in results.hits} == {"other"}
    assert results.situation == 0.0


def test_a_situation_is_never_shown(store: SnapshotStore) -> None:
    snapshot, _, embedder = built(store, WOOD, GATE)
    assistant = Assistant(snapshot, embedder)
    found = assistant.search("goats come in")
    assert found[0].quote == "Build it of wood."
    shown = repr((found, assistant.ask("goats come in", limit=3).citations))
    assert not any(word in shown for word in ("goat", "lorr"))


@pytest.mark.parametrize(("nearest", "weight"), [(0.5, 1.0), (0.55, 0.5), (0.6, 0.0), (0.9, 0.0)])
def test_they_count_where_no_text_is_near(nearest: float, weight: float) -> None:
    values = np.array([0.2, nearest], np.float32)
    signals = Signals(np.arange(2), values, values, values, values, situations=values)
    assert signals.weights["situations"] == pytest.approx(weight * SITUATIONS_WEIGHT, abs=1e-5)


def test_a_passage_is_as_near_as_its_nearest_situations(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    pairs = [(2, "goats come in"), (2, "goats leave"), (5, "lorries queue")]
    _write(tmp_path, pairs, embedder)
    index = SituationIndex(tmp_path)
    found = Nearest(np.array([2, 2, 5]), np.array([0.3, 0.7, 0.4], np.float32), covered=0.0)
    otherwise = np.array([0.9, 0.8, 0.6, 0.5], np.float32)
    likeness = index.likeness(np.array([0, 2, 5, 7]), found, otherwise)
    # One missing of row 2 and two of row 5 count as the farthest, 0.3.
    row_2 = (0.7 + 0.5 * 0.3 + 0.25 * 0.3) / 1.75
    row_5 = (0.4 + 0.5 * 0.3 + 0.25 * 0.3) / 1.75
    assert likeness.tolist() == pytest.approx([0.9, row_2, row_5, 0.5])
    one = found._replace(rows=found.rows[2:], likeness=found.likeness[2:])
    assert index.likeness(np.array([2, 5]), one, otherwise[:2]).tolist() == pytest.approx([0.4] * 2)


def test_a_situation_that_the_query_says_as_a_whole_is_covered(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    _write(tmp_path, [(0, "goats come in"), (1, "lorries queue outside")], embedder)
    index = SituationIndex(tmp_path)
    said = index.nearest(embedder.encode_query("at night goats come in again"))
    half = index.nearest(embedder.encode_query("goats"))
    assert said.covered == pytest.approx(1, abs=0.02)
    assert half.covered < said.covered


def _write(folder: Path, pairs: list[tuple[int, str]], embedder: WordEmbedder) -> None:
    write_situations(
        folder,
        pairs,
        lambda texts: [StoredVectors.of(one) for one in embedder.encode_passages(texts)],
        dimension=embedder.dimension,
        progress=lambda done: None,
    )
