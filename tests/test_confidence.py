from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, document_of
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from assistant.confidence import (
    COEFFICIENTS,
    FOLLOW_UP,
    OWN_CALIBRATION,
    WITH_SITUATIONS,
    WITHOUT_SITUATIONS,
    Calibration,
    as_toml,
    calibration_for,
    confidence,
    load_calibration,
    log_odds,
    of_follow_up,
    outcome,
)
from assistant.evidence import Evidence, evidence_of
from assistant.queries import to_query
from corpus.errors import SettingsError
from corpus.situations import Situations, Unanswered
from index.build import build_snapshot
from index.embedding import SentenceTransformerEmbedder
from index.search import Searcher
from index.snapshot import Snapshot, SnapshotStore

CALIBRATION = Calibration(
    intercept=-1.0,
    late_interaction=2.0,
    cosine=3.0,
    related_from=0.25,
    answered_from=0.5,
    words=0.5,
    mismatch=-1.0,
)
LIKENESS = st.floats(-1, 1, width=32)


def test_it_is_the_logistic_of_the_weighted_evidence() -> None:
    # -1 + 2 * 0.5 + 3 * 0.25 + 0.5 * 2 - 1 * 1 = 0.75, and 1 / (1 + e ** -0.75) = 0.6792.
    evidence = Evidence(late_interaction=0.5, cosine=0.25, words=2.0, mismatch=1.0)
    assert confidence(evidence, CALIBRATION) == pytest.approx(0.6792, abs=5e-5)


def test_nothing_found_is_no_confidence_at_all() -> None:
    assert confidence(None, CALIBRATION) == 0.0


def test_the_odds_of_a_follow_up_are_those_of_both_ways_to_ask_it() -> None:
    # Even odds both ways leave the intercept; e to 1 alone adds its share.
    assert log_odds(of_follow_up(0.5, 0.5)) == pytest.approx(FOLLOW_UP.intercept)
    even_but_alone = log_odds(of_follow_up(0.5, 1 / (1 + np.exp(-1))))
    assert even_but_alone == pytest.approx(FOLLOW_UP.intercept + FOLLOW_UP.alone)


def test_what_answers_the_question_before_does_not_answer_what_goes_on_from_it() -> None:
    calibration = load_calibration(situations=True)
    assert outcome(0.99, calibration) == "answered"
    assert outcome(of_follow_up(0.99, 0.005), calibration) != "answered"
    assert outcome(of_follow_up(0.99, 0.3), calibration) == "answered"


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_follow_up_has_a_chance_whatever_it_is_made_of(together: float, alone: float) -> None:
    assert 0 < of_follow_up(together, alone) < 1


@examples(max_examples=50)
@given(LIKENESS, LIKENESS, st.floats(0, 4, width=32), st.floats(0.0625, 1, width=32))
def test_it_rises_with_both_signals_falls_with_a_mismatch_and_stays_a_chance(
    late: float, cosine: float, length: float, more: float
) -> None:
    calibration = load_calibration()
    evidence = Evidence(late, cosine, length, 0.0)
    chance = confidence(evidence, calibration)
    assert 0 < chance < 1
    assert confidence(evidence._replace(late_interaction=late + more), calibration) > chance
    assert confidence(evidence._replace(cosine=cosine + more), calibration) > chance
    assert confidence(evidence._replace(mismatch=1.0), calibration) < chance


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (0.0, "not_covered"),
        (0.2499, "not_covered"),
        (0.25, "related"),
        (0.4999, "related"),
        (0.5, "answered"),
        (1.0, "answered"),
    ],
)
def test_a_threshold_belongs_to_the_outcome_above_it(chance: float, expected: str) -> None:
    assert outcome(chance, CALIBRATION) == expected


def test_the_calibration_in_use_tells_three_outcomes_apart() -> None:
    calibration = load_calibration()
    assert 0 < calibration.related_from < calibration.answered_from < 1


def test_a_calibration_is_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "confidence.toml"
    path.write_text(
        as_toml({WITHOUT_SITUATIONS: CALIBRATION}, notes="first line\nsecond", embedder="abc"),
        "utf-8",
    )
    assert path.read_text("utf-8").startswith('# first line\n# second\n\nembedder = "abc"\n')
    assert load_calibration(path) == CALIBRATION


@pytest.mark.parametrize("text", ["", "nonsense", "[calibration]\nintercept = 1.0\n"])
def test_a_file_that_holds_no_calibration_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "confidence.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"confidence.toml is no calibration.*calibrate"):
        load_calibration(path)


def test_the_coefficients_say_where_they_come_from() -> None:
    assert COEFFICIENTS.read_text("utf-8").startswith("# Written by tests/benchmarks/calibrate.py")


WRITTEN = "# Gate\nGuards stand at the gate in May 2020.\n# River\nNobody may cross the river."


@pytest.fixture
def snapshot(store: SnapshotStore) -> Snapshot:
    documents = [document_of(WRITTEN)]
    return build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)[0]


@pytest.fixture
def with_situations(store: SnapshotStore) -> Snapshot:
    situations = [Situations(work="notes", quote="Guards stand", situations=("who keeps watch",))]
    return build_snapshot(
        [document_of(WRITTEN)],
        embedder=WordEmbedder(),
        model="words",
        store=store,
        situations=situations,
    )[0]


@pytest.mark.parametrize("made_with_this_model", [True, False])
def test_a_library_s_own_calibration_is_used_if_it_was_made_with_its_model(
    snapshot: Snapshot, made_with_this_model: bool
) -> None:
    embedder = snapshot.manifest.embedder if made_with_this_model else "another"
    path = snapshot.folder.parent / OWN_CALIBRATION
    path.write_text(
        as_toml({WITHOUT_SITUATIONS: CALIBRATION}, notes="own", embedder=embedder), "utf-8"
    )
    expected = CALIBRATION if made_with_this_model else load_calibration()
    assert calibration_for(snapshot) == expected


def test_an_own_calibration_of_another_version_is_not_used(snapshot: Snapshot) -> None:
    path = snapshot.folder.parent / OWN_CALIBRATION
    written = as_toml(
        {WITHOUT_SITUATIONS: CALIBRATION}, notes="own", embedder=snapshot.manifest.embedder
    )
    path.write_text(written.replace("words =", "length ="), "utf-8")
    assert calibration_for(snapshot) == load_calibration()


@pytest.mark.parametrize("table", [WITH_SITUATIONS, WITHOUT_SITUATIONS])
def test_a_library_with_situations_has_a_calibration_of_that_kind(
    with_situations: Snapshot, table: str
) -> None:
    snapshot = with_situations
    usual = load_calibration(situations=True)
    assert usual != load_calibration()
    assert calibration_for(snapshot) == usual
    path = snapshot.folder.parent / OWN_CALIBRATION
    written = as_toml({table: CALIBRATION}, notes="", embedder=snapshot.manifest.embedder)
    path.write_text(written, "utf-8")
    assert calibration_for(snapshot) == (CALIBRATION if table == WITH_SITUATIONS else usual)


def evidence_for(question: str, snapshot: Snapshot) -> Evidence:
    searcher = Searcher(snapshot, WordEmbedder())
    query = to_query(question)
    evidence = evidence_of(query, searcher.search(query.text, k=5), searcher)
    assert evidence is not None
    return evidence


def test_the_evidence_is_of_the_best_hit_the_nearest_candidate_and_the_query(
    snapshot: Snapshot,
) -> None:
    found = evidence_for("guards stand at the gate, guards", snapshot)
    assert found.late_interaction == pytest.approx(1, abs=0.01)
    assert found.words == pytest.approx(np.log(14))  # as of every short one
    assert found.mismatch == 0


def test_the_length_counts_different_words_of_a_long_question(snapshot: Snapshot) -> None:
    words = " ".join(f"word{number}" for number in range(19))
    assert evidence_for(f"guards {words} guards", snapshot).words == pytest.approx(np.log(20))


def test_strange_words_are_those_that_the_model_has_only_pieces_of(
    default_embedder: SentenceTransformerEmbedder, store: SnapshotStore
) -> None:
    snapshot, _ = build_snapshot(
        [document_of(WRITTEN)], embedder=default_embedder, model="real", store=store
    )
    searcher = Searcher(snapshot, default_embedder)

    def strange(question: str) -> float:
        evidence = evidence_of(to_query(question), searcher.search(question, k=5), searcher)
        assert evidence is not None
        return evidence.strange

    assert strange("Who stands at the gate?") == 0
    # All but "de", of four words and the eight known ones that are added.
    assert strange("Quelle recette de mousse ?") == 3 / (4 + 8)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When do guards stand at the gate?", 0),
        ("When did guards stand at the gate in 2020?", 0),
        ("When did guards stand at the gate in 2021?", 1),
        ("Who stood at the gate of Paris?", 1),
        ("Who does not stand at the gate?", 1),
        ("Guards shot at the gate of Paris in 2021.", 0),
    ],
)
def test_a_mismatch_is_a_name_figure_or_denial_of_a_question_for_a_fact(
    snapshot: Snapshot, question: str, expected: int
) -> None:
    assert evidence_for(question, snapshot).mismatch == expected


def test_nothing_found_is_no_evidence(store: SnapshotStore) -> None:
    empty, _ = build_snapshot([], embedder=WordEmbedder(), model="words", store=store)
    searcher = Searcher(empty, WordEmbedder())
    assert evidence_of(to_query("who?"), searcher.search("who?", k=5), searcher) is None


def test_near_misses_count_against_what_has_situations_alone(store: SnapshotStore) -> None:
    told = Situations(work="notes", quote="Guards stand", situations=("who keeps watch",))
    snapshot, _ = build_snapshot(
        [document_of(WRITTEN)],
        embedder=WordEmbedder(),
        model="words",
        store=store,
        situations=[told, Unanswered(("guards of what age", "how deep is the river"))],
    )
    watch = evidence_for("who keeps watch", snapshot)
    age = evidence_for("guards of what age", snapshot)
    assert watch.help > 0.8 > 0.5 > abs(age.help)
    assert age.unanswered > 0.4 > 0.2 > watch.unanswered
    river = evidence_for("how deep is the river", snapshot)  # for which no situation is told
    assert river.unanswered == 0


def test_a_question_says_a_situation_or_a_passage(with_situations: Snapshot) -> None:
    told = evidence_for("who keeps watch", with_situations)
    assert [told.situation, told.shared] == pytest.approx([1, 1], abs=0.01)
    cited = evidence_for("Guards stand at the gate", with_situations)
    assert [cited.situation, cited.shared] == pytest.approx([1, 1], abs=0.01)
    neither = evidence_for("the price of bread", with_situations)
    assert max(neither.situation, neither.shared) < 0.5
