from collections.abc import Sequence

import numpy as np
import pytest
from fakes import WordEmbedder, document_of
from numpy.typing import NDArray

from corpus.documents import Document, Source
from corpus.errors import SettingsError, SnapshotError
from index import search
from index.build import build_snapshot
from index.embedding import Encoding
from index.mixture import (
    BM25_WEIGHT,
    COSINE_WEIGHT,
    LATE_INTERACTION_WEIGHT,
    PHRASES_WEIGHT,
    Signals,
)
from index.search import FILTER_KEYS, Searcher, passes
from index.snapshot import SnapshotStore

WORDS = ["guard", "gate", "mine", "river", "permit", "soldier", "police", "water", "village"]


def random_documents(number: int) -> list[Document]:
    chosen = np.random.default_rng(5)
    return [
        document_of(" ".join(chosen.choice(WORDS, size=3 + n % 9)), source_id=f"d{n}")
        for n in range(number)
    ]


def searcher_of(
    store: SnapshotStore, documents: Sequence[Document], embedder: WordEmbedder | None = None
) -> Searcher:
    embedder = embedder or WordEmbedder()
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    return Searcher(snapshot, embedder)


def ids(searcher: Searcher, text: str, **filters: str) -> list[str]:
    """Return the ids of the documents found, best first."""
    wanted = {key: (value,) for key, value in filters.items()}
    return [hit.passage.document_id for hit in searcher.search(text, k=10, filters=wanted).hits]


def standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((values - values.mean()) / values.std())


def test_hits_are_in_the_order_of_the_documented_mixture(store: SnapshotStore) -> None:
    documents = random_documents(40)  # fewer than the candidates of each signal
    searcher = searcher_of(store, documents)
    embedder = WordEmbedder()
    question = "soldier at the village gate"
    query = embedder.encode_query(question)
    encodings = embedder.encode_passages([f"Notes\n{document.text}" for document in documents])
    cosine = np.array([one.vector @ query.vector for one in encodings], dtype=np.float64)
    frequencies = [
        sum(token_id in one.token_ids for one in encodings) for token_id in query.token_ids
    ]
    weights = np.array([np.sqrt(np.log(1 + (40 - n + 0.5) / (n + 0.5))) for n in frequencies])
    stored = [np.round(one.token_vectors * 127) / 127 for one in encodings]
    best = np.array([(query.token_vectors @ tokens.T).max(axis=1) for tokens in stored])
    late = best @ weights / weights.sum()
    bm25 = searcher.snapshot.lexical.bm25(question).astype(np.float64)
    phrases = searcher.snapshot.lexical.phrases(question).astype(np.float64)
    fused = (
        LATE_INTERACTION_WEIGHT * standardised(late)
        + BM25_WEIGHT * standardised(bm25)
        + PHRASES_WEIGHT * standardised(phrases)
        + COSINE_WEIGHT * standardised(cosine)
    )
    hits = searcher.search(question, k=40).hits
    assert len(hits) == 40
    for hit in hits:
        assert hit.passage == searcher.snapshot.passages[hit.row]
        assert hit.cosine == pytest.approx(cosine[hit.row], abs=1e-5)
        assert hit.bm25 == pytest.approx(bm25[hit.row], abs=1e-5)
        assert hit.phrases == pytest.approx(phrases[hit.row], abs=1e-5)
        assert hit.late_interaction == pytest.approx(late[hit.row], abs=1e-5)
        assert hit.fused == pytest.approx(fused[hit.row], abs=1e-4)
    assert np.diff([fused[hit.row] for hit in hits]).max() < 1e-4
    assert hits == searcher.search(question, k=40).hits
    assert searcher.search(question, k=3).hits == hits[:3]


def test_signals_are_those_of_all_candidates(store: SnapshotStore) -> None:
    results = searcher_of(store, random_documents(20)).search("river guard", k=2)
    assert results.signals.rows.tolist() == list(range(20))
    by_row = {hit.row: hit for hit in results.hits}
    assert len(by_row) == 2
    for row, hit in by_row.items():
        assert results.signals.cosine[row] == pytest.approx(hit.cosine)
        assert results.signals.bm25[row] == pytest.approx(hit.bm25)
        assert results.signals.late_interaction[row] == pytest.approx(hit.late_interaction)
        assert results.signals.fused[row] == pytest.approx(hit.fused)


class OneAnswer(WordEmbedder):
    """An embedder to which every query is the word "river"."""

    def encode_query(self, text: str) -> Encoding:
        return super().encode_query("river" if text.startswith("?") else text)


def test_candidates_come_from_both_signals(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 1)
    documents = [
        document_of("guard", source_id="exact", title=""),
        document_of("river", source_id="near", title=""),
        *(document_of(f"other {word}", source_id=word, title="") for word in WORDS[4:]),
    ]
    results = searcher_of(store, documents, OneAnswer()).search("? guard", k=10)
    found = {hit.passage.document_id: hit for hit in results.hits}
    assert set(found) == {"exact", "near"}
    assert found["exact"].bm25 > 0 == found["near"].bm25
    assert found["near"].cosine == pytest.approx(1)


def test_bm25_brings_no_passage_that_shares_no_term(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 3)
    results = searcher_of(store, random_documents(30)).search("unheard", k=30)
    assert len(results.hits) == 3  # those of cosine


FIELDS = [
    {"source_id": "a", "kind": "guide", "area": "security", "language": "en", "edition": "1st"},
    {"source_id": "b", "kind": "Fact sheet", "language": "fr", "status": "superseded"},
    {"source_id": "c", "kind": "fact sheet", "topic": "guards", "work": "the-work"},
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "FACT SHEET"}, {"b", "c"}),
        ({"kind": "fact sheet", "language": "fr"}, {"b"}),
        ({"area": "security"}, {"a"}),
        ({"topic": "guards"}, {"c"}),
        ({"work": "the-work"}, {"c"}),
        ({"edition": "1st"}, {"a"}),
        ({"status": "current"}, {"a", "c"}),
        ({"document_id": "B"}, {"b"}),
        ({"file": "a.md"}, {"a"}),
        ({"kind": "none"}, set()),
        ({}, {"a", "b", "c"}),
    ],
)
def test_only_documents_that_pass_the_filters_are_found(
    store: SnapshotStore, filters: dict[str, str], expected: set[str]
) -> None:
    documents = [document_of("The guard at the gate.", **fields) for fields in FIELDS]
    found = ids(searcher_of(store, documents), "guard", **filters)
    assert set(found) == expected
    assert len(found) == len(expected)


def test_filters_come_before_the_search(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    better = [document_of("guard at the gate", source_id=f"better{n}") for n in range(30)]
    worse = document_of("rivers and trees and a guard", source_id="worse", area="wanted")
    worst = document_of("no word shared", source_id="worst", area="wanted")
    searcher = searcher_of(store, [*better, worse, worst])
    assert ids(searcher, "guard at the gate", area="wanted") == ["worse", "worst"]


def test_one_of_several_values_is_enough() -> None:
    source = Source("x", "sub/Guide.pdf", "w", "T", area="Security")
    assert passes(source, {"area": ("security", "other")})
    assert not passes(source, {"area": ("other",)})
    assert not passes(source, {"area": ("security",), "work": ("v",)})
    assert passes(source, {})


def test_what_is_not_known_of_a_source_passes_no_filter() -> None:
    assert not passes(Source("x", "x.md", "w", "T"), {"topic": ("", "none")})


def test_a_file_passes_by_its_path_and_by_its_name() -> None:
    source = Source("x", "sub/Guide.pdf", "w", "T")
    for wanted in ("sub/guide.pdf", "GUIDE.pdf"):
        assert passes(source, {"file": (wanted,)})
    for other in ("sub", "uide.pdf", "other/guide.pdf", "guide"):
        assert not passes(source, {"file": (other,)})


def test_an_unknown_filter_is_named_with_the_known_ones(store: SnapshotStore) -> None:
    searcher = searcher_of(store, [document_of("guard")])
    with pytest.raises(SettingsError, match="Cannot filter by 'colour'") as caught:
        searcher.search("guard", k=1, filters={"colour": ("red",)})
    assert all(key in str(caught.value) for key in FILTER_KEYS)


def test_an_unknown_filter_is_named_whatever_stands_before_it() -> None:
    with pytest.raises(SettingsError, match="'colour'"):
        passes(Source("x", "x.md", "w", "T"), {"work": ("v",), "colour": ("red",)})


def test_equal_hits_are_in_the_order_of_their_id(store: SnapshotStore) -> None:
    names = ["m", "z", "a", "k"]
    documents = [document_of("guard at the gate", source_id=name) for name in names]
    other = document_of("tree and river", source_id="b")
    searcher = searcher_of(store, [*documents, other])
    assert ids(searcher, "guard at the gate") == ["a", "k", "m", "z", "b"]


@pytest.mark.parametrize("query", ["", " ", "?!", "\n\t"])
def test_a_query_without_words_finds_nothing(store: SnapshotStore, query: str) -> None:
    results = searcher_of(store, random_documents(3)).search(query, k=5)
    assert results.hits == ()
    assert results.signals.rows.shape == results.signals.fused.shape == (0,)


def test_a_snapshot_without_passages_finds_nothing(store: SnapshotStore) -> None:
    assert ids(searcher_of(store, [document_of("# Only a heading")]), "heading") == []


def test_a_single_candidate_is_found(store: SnapshotStore) -> None:
    (hit,) = searcher_of(store, [document_of("guard")]).search("guard", k=5).hits
    assert hit.fused == 0  # nothing to compare it with
    assert hit.late_interaction == pytest.approx(1, abs=0.01)


class Illiterate(WordEmbedder):
    """An embedder that knows no letter of the query's script."""

    def encode_query(self, text: str) -> Encoding:
        return super().encode_query("" if text == "ሰላም" else text)


def test_bm25_finds_what_the_model_cannot_read(store: SnapshotStore) -> None:
    documents = [document_of("ሰላም ለሁሉም", source_id="a"), document_of("guard", source_id="b")]
    assert "a" in ids(searcher_of(store, documents, Illiterate()), "ሰላም")


def test_a_snapshot_of_another_model_is_refused(store: SnapshotStore) -> None:
    snapshot = searcher_of(store, [document_of("guard")]).snapshot
    with pytest.raises(
        SnapshotError, match=r"built with the model words.* toolkit-assistant build"
    ):
        Searcher(snapshot, WordEmbedder(name="another"))


def test_the_parts_of_a_hit_are_told_apart(store: SnapshotStore) -> None:
    parts = ["Trees grow by the river.", "A guard stands at the gate.", "Nothing else."]
    searcher = searcher_of(store, [document_of(f"# Head\n{' '.join(parts)}", title="Title")])
    results = searcher.search("guard at the gate", k=1)
    found = searcher.part_interactions(results.query, results.hits[0], parts)
    assert found.shape == (3,)
    assert int(found.argmax()) == 1
    assert found[1] == pytest.approx(1, abs=0.01)


def test_every_stage_of_a_search_is_timed(store: SnapshotStore) -> None:
    results = searcher_of(store, random_documents(5)).search("river guard", k=2)
    assert list(results.milliseconds) == [
        "embed", "situations", "candidates", "late_interaction", "mix",
    ]  # fmt: skip
    assert all(took >= 0 for took in results.milliseconds.values())


def test_words_searched_beside_the_query_add_and_displace_nothing(store: SnapshotStore) -> None:
    documents = [
        document_of("cops at the gate", source_id="own", title=""),
        document_of("constable at the river", source_id="added", title=""),
        *(document_of(f"other {word}", source_id=word, title="") for word in WORDS[4:]),
    ]
    searcher = searcher_of(store, documents)
    without = searcher.search("cops at the gate", k=10)
    added = searcher.search("cops at the gate", k=10, added=("constable",))
    assert [hit.passage.document_id for hit in added.hits[:2]] == ["own", "added"]
    assert without.signals.added is None
    assert added.signals.added is not None
    by_row = dict(zip(added.signals.rows.tolist(), added.signals.added.tolist(), strict=True))
    assert [hit.row for hit in added.hits if by_row[hit.row] > 0] == [1]
    assert added.hits[0].bm25 == without.hits[0].bm25  # the question's own signal is as it was


@pytest.mark.parametrize(
    ("nearest", "bm25", "added"), [(0.3, 0.0, 0.2), (0.45, 0.15, 0.15), (0.6, 0.3, 0.1)]
)
def test_shared_words_weigh_less_where_nothing_is_near_the_question(
    nearest: float, bm25: float, added: float
) -> None:
    values = np.array([0.2, nearest], np.float32)
    signals = Signals(np.arange(2), values, values, values, values, added=values)
    assert signals.weights == pytest.approx(
        {
            "late_interaction": 1.0, "bm25": bm25, "phrases": bm25 / 3, "cosine": 0.3,
            "added": added,
        }
    )  # fmt: skip
