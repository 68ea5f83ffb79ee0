from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, document_of

from corpus.documents import Document
from index import build, vectors
from index.build import IndexReport, build_snapshot
from index.search import Searcher
from index.snapshot import Snapshot, SnapshotStore

OLD_A = document_of("# One\nFirst text.\n# Two\nSecond text.", source_id="a", title="A")
NEW_A = document_of("# One\nFirst text.\n# Two\nAnother text.", source_id="a", title="A")
B = document_of("# B\nText of the other one.", source_id="b", title="B")
C = document_of("# C\nA third one.\n# D\nAnd more.", source_id="c", title="C")
QUESTIONS = ["first text", "another", "the third one", "of", "and more text"]


def built(
    store: SnapshotStore,
    *documents: Document,
    previous: Snapshot | None = None,
    embedder: WordEmbedder | None = None,
) -> tuple[Snapshot, IndexReport, WordEmbedder]:
    embedder = embedder or WordEmbedder()
    snapshot, report = build_snapshot(
        documents, embedder=embedder, model="words", store=store, previous=previous
    )
    return snapshot, report, embedder


def found(snapshot: Snapshot, embedder: WordEmbedder) -> list[list[tuple[str, float]]]:
    """Return ids and fused values of all hits for each of the questions."""
    searcher = Searcher(snapshot, embedder)
    return [
        [(hit.passage.id, hit.fused) for hit in searcher.search(question, k=10).hits]
        for question in QUESTIONS
    ]


def counts(report: IndexReport) -> tuple[int, int, int, int, int]:
    return (report.passages, report.added, report.changed, report.removed, report.reused_vectors)


def test_a_first_build_embeds_title_heading_path_and_text_of_every_passage(
    store: SnapshotStore,
) -> None:
    _, report, embedder = built(store, OLD_A, B)
    assert embedder.embedded == [
        "A › One\nFirst text.",
        "A › Two\nSecond text.",
        "B\nText of the other one.",
    ]
    assert counts(report) == (3, 3, 0, 0, 0)
    assert list(report.seconds) == ["split", "embed", "index", "save"]
    assert min(report.seconds.values()) >= 0


def test_only_what_changed_is_embedded(store: SnapshotStore) -> None:
    first, _, _ = built(store, OLD_A, B)
    _, report, embedder = built(store, NEW_A, B, previous=first)
    assert embedder.embedded == ["A › Two\nAnother text."]
    assert report.reused_vectors == 2


def test_nothing_is_embedded_when_nothing_changed(store: SnapshotStore) -> None:
    first, _, _ = built(store, OLD_A, B)
    _, report, embedder = built(store, OLD_A, B, previous=first)
    assert embedder.embedded == []
    assert counts(report) == (3, 0, 0, 0, 3)


def test_a_change_of_title_or_heading_is_embedded_anew(store: SnapshotStore) -> None:
    first, _, _ = built(store, OLD_A)
    renamed = replace(OLD_A, source=replace(OLD_A.source, title="AA"))
    _, report, embedder = built(store, renamed, previous=first)
    assert embedder.embedded == ["AA › One\nFirst text.", "AA › Two\nSecond text."]
    assert counts(report) == (2, 0, 0, 0, 0)


def test_passages_are_counted_by_what_became_of_them(store: SnapshotStore) -> None:
    first, _, _ = built(store, OLD_A, B)
    # One of the two passages of A has another text, B is gone, C has come.
    _, report, _ = built(store, NEW_A, C, previous=first)
    assert (report.passages, report.added, report.changed) == (4, 2, 1)
    assert report.removed == 2  # the old text of A and the one of B
    assert report.reused_vectors == 1


def test_a_rebuild_is_the_same_as_a_build_from_nothing(
    store: SnapshotStore, tmp_path: Path
) -> None:
    first, _, _ = built(store, C, OLD_A, B)
    again, _, embedder = built(store, NEW_A, B, C, previous=first)
    fresh, _, _ = built(SnapshotStore(tmp_path / "other"), NEW_A, B, C)
    assert again.passages == fresh.passages
    assert again.keys == fresh.keys
    assert again.manifest.files == fresh.manifest.files
    rows = np.arange(len(fresh.passages))
    assert np.array_equal(again.dense.vectors(rows), fresh.dense.vectors(rows))
    assert found(again, embedder) == found(fresh, embedder)
    assert any(found(fresh, embedder))


@pytest.mark.parametrize(
    "other", [WordEmbedder(name="others"), WordEmbedder(dimension=8), WordEmbedder(max_tokens=32)]
)
def test_vectors_of_another_embedder_are_never_taken_over(
    store: SnapshotStore, other: WordEmbedder
) -> None:
    first, _, _ = built(store, OLD_A)
    again, report, _ = built(store, OLD_A, previous=first, embedder=other)
    assert len(other.embedded) == 2
    assert counts(report) == (2, 0, 0, 0, 0)
    (expected,) = WordEmbedder.encode_passages(other, ["A › One\nFirst text."])
    assert np.array_equal(again.dense.vectors(np.array([0]))[0], expected.vector)
    other.embedded.clear()


def test_vectors_of_another_splitter_are_never_taken_over(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, _ = built(store, OLD_A)
    monkeypatch.setattr(build, "SPLITTER_VERSION", "another")
    again, report, embedder = built(store, OLD_A, previous=first)
    assert report.reused_vectors == 0
    assert len(embedder.embedded) == 2
    assert again.manifest.splitter == "another"


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_rows_are_in_the_order_of_the_passages(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(vectors, "_BATCH", batch)
    first, _, _ = built(store, C)
    snapshot, _, embedder = built(store, OLD_A, C, B, previous=first)
    texts = [
        "A › One\nFirst text.",
        "A › Two\nSecond text.",
        "C\nA third one.",
        "C › D\nAnd more.",
        "B\nText of the other one.",
    ]
    assert embedder.embedded == [texts[0], texts[1], texts[4]]
    for row, (text, passage) in enumerate(zip(texts, snapshot.passages, strict=True)):
        assert text.endswith(passage.text)
        expected = embedder.encode_query(text)
        assert np.array_equal(snapshot.dense.vectors(np.array([row]))[0], expected.vector)
        tokens, token_ids = snapshot.late.stored(row)
        assert token_ids.tolist() == expected.token_ids.tolist()
        assert np.array_equal(tokens, np.round(expected.token_vectors * 127))
        assert int(snapshot.lexical.bm25(passage.text).argmax()) == row


def test_the_same_passage_in_two_documents_is_taken_over_for_both(store: SnapshotStore) -> None:
    first, _, _ = built(store, B)
    twin = document_of("# B\nText of the other one.", source_id="twin", title="B")
    snapshot, report, embedder = built(store, B, twin, previous=first)
    assert embedder.embedded == []
    assert counts(report) == (2, 1, 0, 0, 2)
    both = snapshot.dense.vectors(np.array([0, 1]))
    assert np.array_equal(both[0], both[1])


def test_progress_ends_with_all_passages(store: SnapshotStore) -> None:
    calls: list[tuple[str, int, int]] = []
    build_snapshot(
        [OLD_A, B],
        embedder=WordEmbedder(),
        model="words",
        store=store,
        progress=lambda *call: calls.append(call),
    )
    assert calls == [
        ("split", 0, 2), ("split", 1, 2), ("split", 2, 2), ("embed", 0, 3), ("embed", 3, 3),
        ("index", 0, 1), ("index", 1, 1),
    ]  # fmt: skip


def test_documents_with_one_id_are_a_programmers_mistake(store: SnapshotStore) -> None:
    twin = document_of("Another text.", source_id="a")
    with pytest.raises(ValueError, match="'a'"):
        built(store, OLD_A, twin)


def test_every_text_fits_the_embedder(store: SnapshotStore) -> None:
    words = " ".join(f"word{n}." for n in range(300))
    document = document_of(f"# {words}\n{words}\n• {words}\n• {words}", title=words)
    embedder = WordEmbedder(max_tokens=12)
    built(store, document, embedder=embedder)
    lengths = [embedder.count_tokens(text) for text in embedder.embedded]
    assert max(lengths) <= 12
    assert sum(lengths) >= 900
