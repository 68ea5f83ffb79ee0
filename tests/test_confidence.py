from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from assistant.confidence import COEFFICIENTS, Calibration, confidence, load_calibration, outcome
from corpus.documents import Passage, Span, sha256_of
from index.embedding import Encoding
from index.search import Hit, Results, Signals

CALIBRATION = Calibration(
    intercept=-1.0, late_interaction=2.0, cosine=3.0, related_from=0.25, answered_from=0.5
)
LIKENESS = st.floats(-1, 1, width=32)


def results(*candidates: tuple[float, float], hits: int | None = None) -> Results:
    """Return a search that found candidates of late interaction and cosine, the best first."""
    late, cosine = np.array(candidates, dtype=np.float32).reshape(-1, 2).T
    passage = Passage("d:x", "d", Span(0, 1), "x", (), None, None, sha256_of("x"))
    found = tuple(
        Hit(row, passage, float(cosine[row]), 0, 0, late_interaction=float(one), fused=0)
        for row, one in enumerate(late)
    )
    nothing = np.zeros(len(late), dtype=np.float32)
    query = Encoding(nothing, nothing.reshape(-1, 1), nothing.astype(np.int32))
    signals = Signals(np.arange(len(late)), cosine, nothing, nothing, late)
    return Results(query, signals, found[:hits])


def test_it_is_the_logistic_of_the_best_late_interaction_and_the_highest_cosine() -> None:
    # -1 + 2 * 0.5 + 3 * 0.25 = 0.75, and 1 / (1 + e ** -0.75) = 0.6792. The second candidate has
    # the nearest vector; the third would win by late interaction but was not ranked first.
    found = results((0.5, 0.125), (0.1, 0.25), (0.9, 0.0))
    assert confidence(found, CALIBRATION) == pytest.approx(0.6792, abs=5e-5)


def test_the_highest_cosine_may_be_of_a_candidate_that_is_not_shown() -> None:
    found = results((0.5, 0.125), (0.1, 0.25), hits=1)
    assert confidence(found, CALIBRATION) == pytest.approx(0.6792, abs=5e-5)


def test_nothing_found_is_no_confidence_at_all() -> None:
    assert confidence(results(), CALIBRATION) == 0.0


@examples(max_examples=50)
@given(LIKENESS, LIKENESS, st.floats(0.0625, 1, width=32))
def test_it_rises_with_both_signals_and_stays_a_chance(
    late: float, cosine: float, more: float
) -> None:
    calibration = load_calibration()
    chance = confidence(results((late, cosine)), calibration)
    assert 0 < chance < 1
    assert confidence(results((late + more, cosine)), calibration) > chance
    assert confidence(results((late, cosine + more)), calibration) > chance


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


def test_a_calibration_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "confidence.toml"
    path.write_text(
        "[calibration]\nintercept = -1.0\nlate_interaction = 2.0\ncosine = 3.0\n"
        "related_from = 0.25\nanswered_from = 0.5\n"
    )
    assert load_calibration(path) == CALIBRATION


def test_the_coefficients_say_where_they_come_from() -> None:
    assert COEFFICIENTS.read_text("utf-8").startswith("# Written by tests/benchmarks/calibrate.py")
