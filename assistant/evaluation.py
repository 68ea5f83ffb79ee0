"""Judged questions in, figures out: recall, nDCG, RR, AUROC, each with its interval.

The measures are those of ir-measures: R@k is the share of the relevant found, Success@k whether
any was found, nDCG@10 has linear gain and a log2 discount (Järvelin and Kekäläinen, 2002), and a
question that finds nothing counts as 0.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ir_measures
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from assistant.answer import History
from assistant.engine import Assistant, Found
from assistant.queries import to_query
from corpus.documents import Passage
from corpus.progress import Progress, untold

MEASURES = {
    "ndcg@10": ir_measures.nDCG @ 10,
    "recall@5": ir_measures.R @ 5,
    "success@5": ir_measures.Success @ 5,
    "rr@10": ir_measures.RR @ 10,
    "recall@100": ir_measures.R @ 100,
}

# Deep enough for recall@100 when several passages of a record are found.
_DEPTH = 400
_RESAMPLES = 1000
# Reciprocal rank fusion, k as in Cormack, Clarke and Büttcher (2009); ranks from 1.
_RRF_K = 60

Ranking = Mapping[str, float]  # record id -> a number that falls with its rank


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question, and the ids of what was judged for it with their grades; 0 is of no use."""

    id: str
    text: str
    history: History
    grades: Mapping[str, int]

    @property
    def answerable(self) -> bool:
        """Tell whether anything answers it."""
        return any(self.grades.values())


@dataclass(frozen=True, slots=True)
class Run:
    """What one question found: a ranking for each signal, the confidence, what each stage took."""

    question: JudgedQuestion
    rankings: Mapping[str, Ranking]
    confidence: float
    milliseconds: float
    stages: Mapping[str, float] = field(default_factory=dict)


def run_questions(
    assistant: Assistant,
    questions: Sequence[JudgedQuestion],
    *,
    record_of: Callable[[Passage], str],
    progress: Progress = untold,
) -> list[Run]:
    """Return what each question finds, passages folded into records by their best one."""
    runs: list[Run] = []
    for number, question in enumerate(questions):
        progress("ask", number, len(questions))
        started = time.perf_counter()
        found = assistant.find(to_query(question.text, history=question.history), limit=_DEPTH)
        milliseconds = 1000 * (time.perf_counter() - started)
        passages = assistant.snapshot.passages
        records = [record_of(passages[row]) for row in found.results.signals.rows]
        shown = [record_of(hit.passage) for one in found.ranked for hit in (one.hit, *one.twins)]
        rankings = {"shown": _by_rank(shown), **_signal_rankings(found, records)}
        stages = dict(found.results.milliseconds)
        stages["rest"] = milliseconds - sum(stages.values())
        runs.append(Run(question, rankings, found.confidence, milliseconds, stages))
    progress("ask", len(questions), len(questions))
    return runs


def _signal_rankings(found: Found, records: Sequence[str]) -> dict[str, Ranking]:
    """Return what each signal alone makes of the candidates; BM25 only ranks what it matches."""
    signals = found.results.signals
    bm25 = _ranked(signals.bm25, records, least=1e-9)
    dense = _ranked(signals.cosine, records)
    return {
        "bm25": _by_rank(bm25),
        "dense": _by_rank(dense),
        "hybrid": _fused_by_rank(bm25, dense),
        "late_interaction": _by_rank(_ranked(signals.late_interaction, records)),
    }


def _ranked(
    values: NDArray[np.float32], records: Sequence[str], *, least: float = -np.inf
) -> list[str]:
    """Return the records from the best of their values down, equal ones by id."""
    best: dict[str, float] = {}
    for value, record in zip(values, records, strict=True):
        if value >= least:
            best[record] = max(best.get(record, -np.inf), float(value))
    return sorted(best, key=lambda record: (-best[record], record))


def _by_rank(records: Iterable[str]) -> Ranking:
    """Return a number for each record that falls with its rank; the first place of each counts."""
    unique = list(dict.fromkeys(records))
    return {record: float(len(unique) - place) for place, record in enumerate(unique)}


def _fused_by_rank(*rankings: Sequence[str]) -> Ranking:
    fused: dict[str, float] = {}
    for ranking in rankings:
        for rank, record in enumerate(ranking, start=1):
            fused[record] = fused.get(record, 0.0) + 1 / (_RRF_K + rank)
    return _by_rank(sorted(fused, key=lambda record: (-fused[record], record)))


def figures(runs: Sequence[Run]) -> dict[str, Any]:
    """Return the measures over the judged questions, with 95 % intervals, and the AUROC.

    `answerable_auroc` is the chance that a question with an answer gets a higher confidence than
    one without; None if the set has only one kind.
    """
    judged = [run for run in runs if run.question.answerable]
    by_signal = {
        signal: measure(judged, signal)
        for signal in ("shown", "bm25", "dense", "hybrid", "late_interaction")
    }
    shown = by_signal.pop("shown")
    times = [run.milliseconds for run in runs] or [0.0]
    return {
        "queries": len(runs),
        **{name: _mean(values) for name, values in shown.items()},
        "answerable_auroc": auroc(runs),
        "confidence_intervals": _intervals(shown, by_signal),
        "signals": {
            signal: {name: _mean(values) for name, values in measured.items()}
            for signal, measured in by_signal.items()
        },
        "query_ms": {
            "p50": round(float(np.percentile(times, 50)), 1),
            "p95": round(float(np.percentile(times, 95)), 1),
        },
        "stage_ms": _stage_medians(runs),
    }


def _stage_medians(runs: Sequence[Run]) -> dict[str, float]:
    """Return the median of what each stage takes; all but "embed" is what ranking adds."""
    stages = dict.fromkeys(stage for run in runs for stage in run.stages)
    return {
        stage: round(float(np.median([run.stages.get(stage, 0.0) for run in runs])), 2)
        for stage in stages
    }


def measure(runs: Sequence[Run], signal: str) -> dict[str, NDArray[np.float64]]:
    """Return each measure's value for each run, in their order."""
    judgements = {run.question.id: dict(run.question.grades) for run in runs}
    rankings = {run.question.id: dict(run.rankings[signal]) for run in runs}
    found: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), judgements, rankings):
        found[names[metric.measure]][metric.query_id] = metric.value
    ids = [run.question.id for run in runs]
    return {name: np.array([values[one] for one in ids]) for name, values in found.items()}


def _mean(values: NDArray[np.float64]) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None


def _intervals(
    shown: Mapping[str, NDArray[np.float64]],
    by_signal: Mapping[str, Mapping[str, NDArray[np.float64]]],
) -> dict[str, list[float]]:
    """Return 95 % intervals of the measures, and of nDCG@10 less that of each single signal."""
    differences = {
        f"ndcg@10 - {signal}": shown["ndcg@10"] - measured["ndcg@10"]
        for signal, measured in by_signal.items()
    }
    return {name: interval(values) for name, values in {**shown, **differences}.items()}


def interval(values: NDArray[np.float64]) -> list[float]:
    """Return the percentile bootstrap's 95 % interval of the mean; the same every time."""
    if not len(values):
        return []
    drawn = np.random.default_rng(0).integers(len(values), size=(_RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def auroc(runs: Sequence[Run]) -> float | None:
    """Return the chance that a question with an answer gets a higher confidence than one without.

    None if there is only one kind.
    """
    answerable = [run.question.answerable for run in runs]
    if len(set(answerable)) < 2:
        return None
    return round(float(roc_auc_score(answerable, [run.confidence for run in runs])), 4)
