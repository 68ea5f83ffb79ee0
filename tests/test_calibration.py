import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, document_of

from assistant.calibration import (
    Asked,
    Bin,
    Point,
    ask_all,
    asked,
    balanced,
    calibration_error,
    confidences,
    coverage_at,
    fit,
    left_out_confidences,
    recalibrate,
    refit,
    reliability,
    risk_coverage,
)
from assistant.confidence import Calibration, calibration_for
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion
from assistant.evidence import Evidence
from assistant.plots import write_report
from corpus.errors import EvaluationError
from index.build import build_snapshot
from index.snapshot import SnapshotStore

# A confidence of 1 / (1 + e ** -x) for a late interaction of x.
PLAIN = Calibration(0.0, 1.0, 0.0, related_from=0.0, answered_from=0.5)


def row(chance: float, *, right: bool, weight: float = 1.0) -> Asked:
    """Return a question to which `PLAIN` gives a confidence."""
    logit = math.log(chance / (1 - chance))
    return Asked(Evidence(logit, 0.0, 0.0, 0.0), right, right, weight)


def many(chance: float, *, right: int, of: int) -> list[Asked]:
    return [row(chance, right=number < right) for number in range(of)]


def test_a_question_is_right_if_something_relevant_is_shown() -> None:
    evidence = Evidence(0.5, 0.5, 1.0, 0.0)
    found = [asked(evidence, {"a", "b"}, grades) for grades in ({"b": 1}, {"c": 2}, {"a": 0}, {})]
    assert [(one.right, one.answerable) for one in found] == [
        (True, True),
        (False, True),
        (False, False),
        (False, False),
    ]


def test_populations_get_the_share_they_are_given() -> None:
    first, second = many(0.5, right=1, of=4), many(0.5, right=1, of=2)
    found = balanced((0.75, first), (0.25, second), (0.5, []))
    assert [one.weight for one in found] == pytest.approx([0.1875] * 4 + [0.125] * 2)


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Half of the weight at 0.9 of which half is right, half at 0.25 of which nothing is right:
    # 0.5 * 0.4 + 0.5 * 0.25 = 0.325.
    rows = [*many(0.9, right=2, of=4), *many(0.25, right=0, of=4)]
    bins = reliability(confidences(PLAIN, rows), rows)
    assert bins == (Bin(pytest.approx(0.25), 0.0, 0.5), Bin(pytest.approx(0.9), 0.5, 0.5))  # type: ignore[arg-type]
    assert calibration_error(bins) == pytest.approx(0.325)


def test_weights_count_in_a_bin() -> None:
    rows = [row(0.9, right=True, weight=3.0), row(0.9, right=False, weight=1.0)]
    (only,) = reliability(confidences(PLAIN, rows), rows)
    assert only.right == 0.75


def test_risk_and_coverage_go_from_the_surest_question_to_all() -> None:
    rows = [row(0.6, right=False), row(0.9, right=True), row(0.3, right=True)]
    points = risk_coverage(confidences(PLAIN, rows), rows)
    assert [one.coverage for one in points] == pytest.approx([1 / 3, 2 / 3, 1])
    assert [one.precision for one in points] == pytest.approx([1, 1 / 2, 2 / 3])
    found = coverage_at(0.95, points)
    assert found is not None
    assert (found.coverage, found.confidence) == pytest.approx((1 / 3, 0.9))
    assert coverage_at(0.95, points[1:]) is None
    assert coverage_at(0.95, [*points, Point(0.1, 1.0, 0.95)]) == Point(0.1, 1.0, 0.95)


def test_what_is_fitted_gives_the_shares_that_were_right() -> None:
    low, high = Evidence(0.0, 0.0, 1.0, 0.0), Evidence(1.0, 0.0, 1.0, 0.0)
    rows = [Asked(low, n < 10, n < 10) for n in range(100)]
    rows += [Asked(high, n < 80, n < 80) for n in range(100)]
    chances = confidences(fit(rows), [Asked(low, False, False), Asked(high, False, False)])
    assert chances == pytest.approx([0.1, 0.8], abs=0.02)


def test_a_refit_makes_too_sure_a_calibration_honest() -> None:
    rows = [*many(0.99, right=60, of=100), *many(0.2, right=20, of=100)]
    found = refit(PLAIN, rows)
    chances = confidences(found, [rows[0], rows[-1]])
    assert chances == pytest.approx([0.6, 0.2], abs=0.05)
    assert 0 < found.related_from < found.answered_from
    left_out = left_out_confidences(PLAIN, rows)
    assert calibration_error(reliability(left_out, rows)) < 0.05
    assert calibration_error(reliability(confidences(PLAIN, rows), rows)) > 0.15


@pytest.mark.parametrize(("right", "of"), [(10, 20), (36, 40), (3, 40)])
def test_too_few_questions_are_refused(right: int, of: int) -> None:
    with pytest.raises(EvaluationError, match="are too few"):
        refit(PLAIN, many(0.5, right=right, of=of))


def assistant_over(store: SnapshotStore) -> Assistant:
    documents = [
        document_of("# Gate\nGuards stand at the gate."),
        document_of("A lamp.", source_id="b"),
    ]
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    return Assistant(snapshot, embedder)


def test_questions_are_asked_and_judged_by_what_is_shown(store: SnapshotStore) -> None:
    questions = [
        JudgedQuestion("1", "guards at the gate", (), {"notes": 2}),
        JudgedQuestion("2", "guards at the gate", (), {}),
        JudgedQuestion("3", "", (), {"notes": 2}),
    ]
    rows = ask_all(assistant_over(store), questions, record_of=lambda one: one.document_id)
    assert [(one.right, one.answerable) for one in rows] == [(True, True), (False, False)]


def test_a_library_s_own_calibration_is_written_and_used(store: SnapshotStore) -> None:
    snapshot = assistant_over(store).snapshot
    usual = calibration_for(snapshot)
    made = recalibrate([*many(0.99, right=60, of=100), *many(0.2, right=20, of=100)], snapshot)
    assert Path(made.path).parent == store.folder
    assert calibration_for(snapshot) != usual
    assert (made.questions, made.right) == (200, 80)
    assert made.error_after < made.error_before


def test_the_report_draws_what_was_measured(tmp_path: Path) -> None:
    rows = [*many(0.9, right=2, of=4), *many(0.25, right=0, of=4)]
    chances = confidences(PLAIN, rows)
    paths = write_report(tmp_path / "plots", chances, rows, replace(PLAIN, answered_from=0.5))
    reliability_svg, risk_svg, report = (path.read_text("utf-8") for path in paths)
    assert "confidence 0.90, right 0.50, 50% of all" in reliability_svg
    assert risk_svg.count("L") == len(rows) - 1
    assert "<td>0.325</td>" in report
    assert "<td>50%</td>" in report
    assert reliability_svg.strip() in report
    assert "http" not in report.replace("http://www.w3.org/2000/svg", "")


def test_no_question_right_is_drawn_too(tmp_path: Path) -> None:
    rows = many(0.4, right=0, of=2)
    *_, report = write_report(tmp_path, np.array([0.4, 0.4]), rows, PLAIN)
    assert "<td>nothing</td>" in report.read_text("utf-8")
