"""Asked questions in, a calibration and its figures out.

A question is right if something relevant is among the passages shown for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.confidence import (
    OWN_CALIBRATION,
    Calibration,
    as_toml,
    confidence,
    load_calibration,
    table_for,
)
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion
from assistant.evidence import Evidence
from assistant.queries import to_query
from assistant.questions import read_questions
from corpus.documents import Passage
from corpus.errors import EvaluationError
from corpus.progress import Progress, untold
from index.snapshot import Snapshot

Floats = NDArray[np.float64]

SHOWN = 5
# The share of questions with a right passage shown that may be called not covered: hiding help
# from someone with an incident is worse than showing a related passage to someone without.
MOST_HIDDEN = 0.01
# From which confidence it is answered: twice as likely right as wrong. At 1/2, of the starter
# questions 12 % of those without an answer are called answered, 8 % here; of the others 90, 81 %.
ANSWERED_FROM = 2 / 3
# The precision of what is answered for which the coverage is told.
PRECISION = 0.95
# Fewer questions than this, or fewer of each kind, say too little about a library.
FEWEST_QUESTIONS, FEWEST_OF_A_KIND = 30, 8
BINS = 10
FOLDS = 5
# The figures of evidence that say how near something is.
LIKENESS = frozenset({"late_interaction", "cosine", "situation"})
# A library on which more evidence does not mean more right ones keeps a little of the order.
LEAST_SLOPE = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question gave, and whether it was right; `weight` is how much it counts."""

    evidence: Evidence
    right: bool
    answerable: bool
    weight: float = 1.0


def ask_all(
    assistant: Assistant,
    questions: Sequence[JudgedQuestion],
    *,
    record_of: Callable[[Passage], str],
    progress: Progress = untold,
) -> list[Asked]:
    """Return what the questions gave, those left out that found nothing at all."""
    rows = []
    for number, question in enumerate(questions):
        progress("ask", number, len(questions))
        found = assistant.find(to_query(question.text, history=question.history), limit=SHOWN)
        if found.evidence:
            shown = {record_of(one.hit.passage) for one in found.ranked}
            rows.append(asked(found.evidence, shown, question.grades))
    return rows


def ask_files(
    assistant: Assistant,
    paths: Sequence[Path],
    *,
    progress: Progress = untold,
) -> list[Asked]:
    """Return what the questions of files gave, judged by passage; see `assistant.questions`."""
    files = (read_questions(path, assistant.snapshot)[0] for path in paths)
    questions = list(chain.from_iterable(files))
    return ask_all(assistant, questions, record_of=lambda passage: passage.id, progress=progress)


def asked(evidence: Evidence, shown: set[str], grades: Mapping[str, int]) -> Asked:
    """Return what a question gave that showed these records."""
    relevant = {one for one, grade in grades.items() if grade}
    return Asked(evidence, not shown.isdisjoint(relevant), bool(relevant))


def fit(rows: Sequence[Asked]) -> Calibration:
    """Return the regression of being right on the evidence, with its thresholds.

    What tells of likeness never counts against an answer: where it would, it is left out.
    """
    names = list(Evidence._fields)
    while True:
        intercept, slopes = _regression(rows, names)
        least = min(LIKENESS & slopes.keys(), key=slopes.__getitem__, default=None)
        if least is None or slopes[least] >= 0:
            break
        names.remove(least)
    named = {**dict.fromkeys(Evidence._fields, 0.0), **slopes}
    return with_thresholds(Calibration(intercept, related_from=0, answered_from=0, **named), rows)


def _regression(rows: Sequence[Asked], names: Sequence[str]) -> tuple[float, dict[str, float]]:
    """Return the intercept and the coefficient of each of some figures of evidence."""
    values = np.array(
        [[getattr(row.evidence, name) for name in names] for row in rows], dtype=np.float64
    )
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation[deviation == 0] = 1
    weights = _weights(rows)
    model = LogisticRegression(max_iter=1000)
    model.fit((values - mean) / deviation, [row.right for row in rows], weights / weights.mean())
    slopes = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - slopes @ mean)
    return intercept, dict(zip(names, map(float, slopes), strict=True))


def refit(calibration: Calibration, rows: Sequence[Asked]) -> Calibration:
    """Return a calibration stretched and shifted to what the questions of a library gave.

    Platt's method, which takes few questions and leaves their order as it is (Platt,
    "Probabilistic Outputs for Support Vector Machines", 1999). Raises `EvaluationError` if there
    are too few, or too few of those that were right or of those that were not.
    """
    right = sum(row.right for row in rows)
    if len(rows) < FEWEST_QUESTIONS or min(right, len(rows) - right) < FEWEST_OF_A_KIND:
        message = (
            f"{len(rows)} questions, {right} of them with a right passage shown, are too few. At "
            f"least {FEWEST_QUESTIONS} are needed, {FEWEST_OF_A_KIND} of each kind: also questions "
            "that the documents do not answer."
        )
        raise EvaluationError(message)
    return with_thresholds(_stretched(calibration, rows), rows)


def left_out_confidences(calibration: Calibration, rows: Sequence[Asked]) -> Floats:
    """Return the confidence of each question, fitted as by `refit` to four fifths without it.

    It shows what a refitted calibration is worth on questions that it has not seen.
    """
    chances = np.zeros(len(rows))
    for fold in range(FOLDS):
        others = [row for number, row in enumerate(rows) if number % FOLDS != fold]
        chances[fold::FOLDS] = confidences(_stretched(calibration, others), rows[fold::FOLDS])
    return chances


def _stretched(calibration: Calibration, rows: Sequence[Asked]) -> Calibration:
    logits = np.array([[_logit(row, calibration)] for row in rows])
    model = LogisticRegression(max_iter=1000).fit(logits, [row.right for row in rows])
    slope, shift = max(float(model.coef_[0][0]), LEAST_SLOPE), float(model.intercept_[0])
    stretched = {name: slope * getattr(calibration, name) for name in Evidence._fields}
    return replace(calibration, intercept=slope * calibration.intercept + shift, **stretched)


def _logit(row: Asked, calibration: Calibration) -> float:
    terms = (getattr(calibration, name) * value for name, value in row.evidence._asdict().items())
    return float(calibration.intercept + sum(terms))


def with_thresholds(calibration: Calibration, rows: Sequence[Asked]) -> Calibration:
    """Return a calibration that hides `MOST_HIDDEN` of what is right, and answers above a half."""
    right = [row for row in rows if row.right]
    chances, weights = confidences(calibration, right), _weights(right)
    order = np.argsort(chances)
    shares = np.cumsum(weights[order]) / weights.sum()
    related_from = float(chances[order][np.searchsorted(shares, MOST_HIDDEN)])
    return replace(
        calibration,
        related_from=min(related_from, ANSWERED_FROM / 2),
        answered_from=ANSWERED_FROM,
    )


def confidences(calibration: Calibration, rows: Sequence[Asked]) -> Floats:
    """Return the confidence of each question."""
    return np.array([confidence(row.evidence, calibration) for row in rows], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of about the same confidence: its mean, the share right, and their share of all."""

    confidence: float
    right: float
    share: float


def reliability(chances: Floats, rows: Sequence[Asked]) -> tuple[Bin, ...]:
    """Return the bins of equal width in which there are questions."""
    right, weights = _right(rows), _weights(rows)
    numbers = np.minimum((chances * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            confidence=float(np.average(chances[numbers == one], weights=weights[numbers == one])),
            right=float(np.average(right[numbers == one], weights=weights[numbers == one])),
            share=float(weights[numbers == one].sum() / weights.sum()),
        )
        for one in np.unique(numbers)
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean gap of the bins, by their shares."""
    return sum(abs(one.right - one.confidence) * one.share for one in bins)


@dataclass(frozen=True, slots=True)
class Point:
    """What answering from a confidence on gives: the share answered, the share right of it."""

    confidence: float
    coverage: float
    precision: float


def risk_coverage(chances: Floats, rows: Sequence[Asked]) -> tuple[Point, ...]:
    """Return the points from the surest question alone to all of them."""
    order = np.argsort(-chances, kind="stable")
    weights = _weights(rows)[order]
    sums = np.cumsum(weights)
    precision = np.cumsum(weights * _right(rows)[order]) / sums
    coverage = sums / sums[-1]
    return tuple(map(Point, chances[order].tolist(), coverage.tolist(), precision.tolist()))


def coverage_at(precision: float, points: Sequence[Point]) -> Point | None:
    """Return the point of most coverage that still has the precision; None if there is none."""
    return next((one for one in reversed(points) if one.precision >= precision), None)


def _right(rows: Sequence[Asked]) -> Floats:
    return np.array([row.right for row in rows], dtype=np.float64)


def _weights(rows: Sequence[Asked]) -> Floats:
    return np.array([row.weight for row in rows], dtype=np.float64)


def balanced(*populations: tuple[float, Sequence[Asked]]) -> list[Asked]:
    """Return the questions of several populations, weighted so that each has the given share."""
    return list(
        chain.from_iterable(
            [replace(row, weight=share / len(rows)) for row in rows] for share, rows in populations
        )
    )


@dataclass(frozen=True, slots=True)
class Recalibration:
    """The file that holds a library's own calibration, and what it is worth.

    The errors are expected calibration errors, that after it with each question left out of what
    it was fitted on.
    """

    path: str
    questions: int
    right: int
    error_before: float
    error_after: float


def recalibrate(rows: Sequence[Asked], snapshot: Snapshot) -> Recalibration:
    """Write the library's own calibration, made of the usual one; raises as `refit` does."""
    situations = snapshot.situations is not None
    usual = load_calibration(situations=situations)
    own = refit(usual, rows)
    before = calibration_error(reliability(confidences(usual, rows), rows))
    after = calibration_error(reliability(left_out_confidences(usual, rows), rows))
    path = snapshot.folder.parent / OWN_CALIBRATION
    notes = (
        f"Made by toolkit-assistant calibrate on {date.today()} from {len(rows)} questions.\n"
        f"Expected calibration error {before:.3f} before, {after:.3f} now, by questions left out."
    )
    beside = path.with_name(f".{path.name}")  # one that is cut off must not pass for whole
    tables = {table_for(situations=situations): own}
    beside.write_text(as_toml(tables, notes=notes, embedder=snapshot.manifest.embedder), "utf-8")
    beside.replace(path)
    right = sum(row.right for row in rows)
    return Recalibration(str(path), len(rows), right, round(before, 4), round(after, 4))
