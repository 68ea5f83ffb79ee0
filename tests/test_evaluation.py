import math
from collections.abc import Sequence

import numpy as np
import pytest
from fakes import WordEmbedder, document_of

from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, Run, figures, interval, run_questions
from corpus.documents import Document
from index.build import build_snapshot
from index.snapshot import SnapshotStore

SIGNALS = ("shown", "bm25", "dense", "hybrid", "late_interaction")


def run(
    found: str, grades: dict[str, int], *, confidence: float = 0.5, question_id: str = "q"
) -> Run:
    """Return what a question found: records of one letter, the best first, by every signal."""
    ranking = {record: float(len(found) - place) for place, record in enumerate(found)}
    question = JudgedQuestion(question_id, "?", (), grades)
    return Run(question, dict.fromkeys(SIGNALS, ranking), confidence, milliseconds=10.0)


def test_the_measures_of_three_records_are_those_worked_out_by_hand() -> None:
    # Grades 3, 2 and 0 found in the order 2, 3, 0: nDCG is (2 + 3 / log2 3) / (3 + 2 / log2 3).
    measured = figures([run("bac", {"a": 3, "b": 2, "c": 0})])
    assert measured["ndcg@10"] == 0.9134
    assert measured["recall@5"] == measured["recall@100"] == 1.0
    assert measured["success@5"] == 1.0
    assert measured["rr@10"] == 1.0


def test_records_that_are_not_found_lower_the_measures() -> None:
    # b is third, a is not found: DCG 2 / log2 4 = 1, ideal 3 + 2 / log2 3 = 4.2619.
    measured = figures([run("xyb", {"a": 3, "b": 2})])
    assert measured["ndcg@10"] == 0.2346
    assert measured["recall@5"] == 0.5
    assert measured["rr@10"] == 0.3333


def test_each_measure_looks_as_deep_as_it_says() -> None:
    grades = {"z": 1}
    sixth = figures([run("abcdez", grades)])
    assert (sixth["recall@5"], sixth["success@5"], sixth["recall@100"]) == (0.0, 0.0, 1.0)
    assert sixth["rr@10"] == 0.1667
    assert sixth["ndcg@10"] == round(1 / math.log2(7), 4)
    eleventh = figures([run("abcdefghijz", grades)])
    assert (eleventh["rr@10"], eleventh["ndcg@10"], eleventh["recall@100"]) == (0.0, 0.0, 1.0)


def test_a_question_that_finds_nothing_counts_as_zero() -> None:
    measured = figures([run("a", {"a": 1}), run("", {"a": 1}, question_id="nothing")])
    assert measured["queries"] == 2
    assert [measured[name] for name in ("ndcg@10", "recall@5", "success@5", "rr@10")] == [0.5] * 4
    assert measured["signals"]["bm25"]["ndcg@10"] == 0.5


def test_questions_without_judgement_count_for_the_auroc_alone() -> None:
    # Of the four pairs of one with and one without an answer, 0.9 > 0.5, 0.9 > 0.1 and 0.4 > 0.1.
    runs = [
        run("a", {"a": 1}, confidence=0.9, question_id="1"),
        run("a", {"a": 1}, confidence=0.4, question_id="2"),
        run("a", {}, confidence=0.5, question_id="3"),
        run("a", {}, confidence=0.1, question_id="4"),
    ]
    measured = figures(runs)
    assert measured["answerable_auroc"] == 0.75
    assert measured["ndcg@10"] == 1.0
    assert measured["queries"] == 4


def test_equal_confidences_tell_nothing() -> None:
    runs = [run("a", {"a": 1}, question_id="1"), run("a", {}, question_id="2")]
    assert figures(runs)["answerable_auroc"] == 0.5


def test_without_both_kinds_of_question_there_is_no_auroc() -> None:
    assert figures([run("a", {"a": 1})])["answerable_auroc"] is None


def test_without_a_judged_question_there_are_no_measures() -> None:
    measured = figures([run("a", {})])
    assert measured["queries"] == 1
    assert measured["ndcg@10"] is None
    assert measured["confidence_intervals"]["ndcg@10"] == []
    assert figures([])["queries"] == 0


def test_a_question_whose_records_are_all_judged_useless_has_no_answer() -> None:
    runs = [run("a", {"a": 1}, question_id="1"), run("a", {"a": 0}, question_id="2")]
    assert figures(runs)["ndcg@10"] == 1.0


def test_every_signal_is_measured_by_its_own_ranking() -> None:
    good, bad = {"a": 2.0, "b": 1.0}, {"b": 2.0, "a": 1.0}
    rankings = {"shown": good, "bm25": bad, "dense": good, "hybrid": {}, "late_interaction": good}
    question = JudgedQuestion("q", "?", (), {"a": 1})
    measured = figures([Run(question, rankings, 0.5, 10.0)])
    assert measured["rr@10"] == 1.0
    found = {signal: values["rr@10"] for signal, values in measured["signals"].items()}
    assert found == {"bm25": 0.5, "dense": 1.0, "hybrid": 0.0, "late_interaction": 1.0}
    assert measured["confidence_intervals"]["ndcg@10 - hybrid"] == [1.0, 1.0]
    assert measured["confidence_intervals"]["ndcg@10 - dense"] == [0.0, 0.0]


def test_the_figures_have_the_published_keys() -> None:
    measured = figures([run("a", {"a": 1})])
    names = {"ndcg@10", "recall@5", "success@5", "rr@10", "recall@100"}
    assert set(measured) == names | {
        "queries", "answerable_auroc", "confidence_intervals", "signals", "query_ms",
        "stage_ms",
    }  # fmt: skip
    assert set(measured["signals"]) == {"bm25", "dense", "hybrid", "late_interaction"}
    assert all(set(values) == names for values in measured["signals"].values())
    assert names <= set(measured["confidence_intervals"])


def test_the_times_are_percentiles_of_all_questions() -> None:
    question = JudgedQuestion("q", "?", (), {})
    rankings: dict[str, dict[str, float]] = {signal: {} for signal in SIGNALS}
    times = [float(milliseconds) for milliseconds in range(1, 102)]
    measured = figures([Run(question, rankings, 0.5, milliseconds) for milliseconds in times])
    assert measured["query_ms"] == {"p50": 51.0, "p95": 96.0}


def test_an_interval_is_the_same_every_time_and_holds_the_mean() -> None:
    values = np.random.default_rng(3).random(200)
    low, high = interval(values)
    assert low < values.mean() < high
    assert interval(values.copy()) == [low, high]
    # The mean's standard error is 0.29 / sqrt(200) = 0.0205, and 1.96 of it on either side.
    assert high - low == pytest.approx(4 * 0.0201, abs=0.012)
    assert interval(np.full(5, 0.25)) == [0.25, 0.25]
    assert interval(np.empty(0)) == []


DOCUMENTS = (
    document_of("# A\nGuards stand.\n# B\nGuards stand at the gate.", source_id="guards"),
    document_of("The river is far.", source_id="river"),
    document_of("Guards sleep.", source_id="old", status="superseded"),
)


def runs_of(store: SnapshotStore, *questions: JudgedQuestion) -> list[Run]:
    return runs_over(store, DOCUMENTS, *questions)


def runs_over(
    store: SnapshotStore, documents: Sequence[Document], *questions: JudgedQuestion
) -> list[Run]:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    return run_questions(
        Assistant(snapshot, embedder), questions, record_of=lambda passage: passage.document_id
    )


def test_passages_are_folded_into_records_by_their_best(store: SnapshotStore) -> None:
    (found,) = runs_of(store, JudgedQuestion("q", "guards stand at the gate", (), {"guards": 1}))
    assert found.rankings["shown"] == {"guards": 2.0, "river": 1.0}
    assert found.rankings["dense"] == {"guards": 2.0, "river": 1.0}
    assert found.rankings["late_interaction"] == {"guards": 2.0, "river": 1.0}
    assert found.milliseconds > 0


def test_bm25_ranks_only_what_it_matches(store: SnapshotStore) -> None:
    (found,) = runs_of(store, JudgedQuestion("q", "guards stand", (), {}))
    assert found.rankings["bm25"] == {"guards": 1.0}


def test_hybrid_is_reciprocal_rank_fusion_of_bm25_and_dense(store: SnapshotStore) -> None:
    chosen = np.random.default_rng(1)
    words = ["guard", "gate", "river", "lamp", "rice", "mine"]
    documents = [
        document_of(" ".join(chosen.choice(words, size=3 + n)), source_id=f"d{n}")
        for n in range(12)
    ]
    question = JudgedQuestion("q", "a lamp at the mine by the gate", (), {})
    (found,) = runs_over(store, documents, question)
    places = [
        {record: place for place, record in enumerate(found.rankings[signal], start=1)}
        for signal in ("bm25", "dense")
    ]
    fused = {
        record: sum(1 / (60 + ranks[record]) for ranks in places if record in ranks)
        for record in places[1]
    }
    assert places[0] != places[1]
    assert list(found.rankings["hybrid"]) == sorted(fused, key=lambda one: (-fused[one], one))


def test_a_question_is_asked_with_what_came_before_it(store: SnapshotStore) -> None:
    history = (("user", "Where is the far river?"),)
    alone, after = runs_of(
        store,
        JudgedQuestion("1", "And that?", (), {}),
        JudgedQuestion("2", "And that?", history, {}),
    )
    assert alone.rankings["bm25"] == {}
    assert "river" in after.rankings["bm25"]


def test_an_empty_question_finds_nothing(store: SnapshotStore) -> None:
    (found,) = runs_of(store, JudgedQuestion("q", "", (), {"guards": 1}))
    assert all(ranking == {} for ranking in found.rankings.values())
    assert found.confidence == 0.0
    assert figures([found])["ndcg@10"] == 0.0


def test_progress_is_told_to_the_end(store: SnapshotStore) -> None:
    told: list[tuple[str, int, int]] = []
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot([], embedder=embedder, model="words", store=store)
    run_questions(
        Assistant(snapshot, embedder),
        [JudgedQuestion("q", "?", (), {})],
        record_of=lambda passage: passage.id,
        progress=lambda *step: told.append(step),
    )
    assert told == [("ask", 0, 1), ("ask", 1, 1)]


def test_the_median_of_each_stage_is_told() -> None:
    question = JudgedQuestion("q", "text", (), {"a": 1})
    rankings = {signal: {"a": 1.0} for signal in SIGNALS}
    runs = [
        Run(question, rankings, 0.5, 10.0, {"embed": embed, "mix": 1.0})
        for embed in (2.0, 9.0, 4.0)
    ]
    assert figures(runs)["stage_ms"] == {"embed": 4.0, "mix": 1.0}
