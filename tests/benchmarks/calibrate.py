"""Fits assistant/confidence.toml on the public question sets and the starter questions.

    python tests/benchmarks/calibrate.py ../shared/eval [--write]

Every set counts the same. A question is right if something relevant is among the five passages
shown. Each set is asked its own questions and, as off-topic ones, questions of the other sets.
Printed for every set, fitted on the others: AUROC of its own answerable against its own
unanswerable questions, against off-topic ones, and the expected calibration error.
"""

import argparse
import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.beir import read_beir, read_documents
from assistant.confidence import COEFFICIENTS
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion
from assistant.queries import to_query
from assistant.questions import read_questions
from assistant.rebuild import STARTER, rebuild
from index.build import build_snapshot
from index.embedding import DEFAULT_MODEL, Embedder, load_embedder
from index.snapshot import SnapshotStore

SETS = ("orsharc", "cpgqa", "squad2", "mtrag_un", "clapnq_dev")
STARTER_SET = "starter"
OFF_TOPIC_PER_SET = 40
MOST_OWN = 300
# The share of questions with a right passage shown that may be called not covered: hiding help
# from someone with an incident is worse than showing a related passage to someone without.
MOST_HIDDEN = 0.01


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question gave: the best hit's late interaction, the highest cosine, the truth."""

    late_interaction: float
    cosine: float
    right: bool
    answerable: bool
    own: bool


def main() -> None:
    """Ask, fit, print, and write the file if told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    asked = dict(ask_all(arguments.sets, load_embedder()))
    for name in asked:
        print(left_out(name, asked))
    model = fit([asked[name] for name in asked])
    thresholds = choose_thresholds(model, asked)
    text = as_toml(model, thresholds, asked)
    print(text)
    if arguments.write:
        COEFFICIENTS.write_text(text, "utf-8")


def ask_all(folder: Path, embedder: Embedder) -> Iterator[tuple[str, list[Asked]]]:
    """Yield each set with what its own and the other sets' questions gave."""
    chance = random.Random(0)
    questions = {name: read_beir(folder / name)[1] for name in SETS}
    for name in SETS:
        with TemporaryDirectory() as temporary:
            assistant = public_assistant(folder / name, Path(temporary), embedder)
            own = chance.sample(questions[name], min(MOST_OWN, len(questions[name])))
            others = [
                question
                for other in SETS
                if other != name
                for question in chance.sample(questions[other], OFF_TOPIC_PER_SET)
            ]
            yield name, ask(assistant, own, others, by_document=True)
    with TemporaryDirectory() as temporary:
        settings = Settings(data_dir=Path(temporary))
        rebuild(settings)
        assistant = Assistant.open(settings)
        own, _ = read_questions(STARTER / "questions.jsonl", assistant.snapshot)
        others = [question for name in SETS for question in questions[name][:20]]
        yield STARTER_SET, ask(assistant, own, others, by_document=False)


def public_assistant(folder: Path, data: Path, embedder: Embedder) -> Assistant:
    """Return an assistant over the records of a set."""
    snapshot, _ = build_snapshot(
        list(read_documents(read_beir(folder)[0])),
        embedder=embedder,
        model=DEFAULT_MODEL,
        store=SnapshotStore(data),
    )
    return Assistant(snapshot, embedder)


def ask(
    assistant: Assistant,
    own: Sequence[JudgedQuestion],
    others: Sequence[JudgedQuestion],
    *,
    by_document: bool,
) -> list[Asked]:
    """Return what the questions gave; those of other sets have no right answer here."""
    rows = []
    for question in (*own, *others):
        found = assistant.find(to_query(question.text, history=question.history), limit=5)
        if not found.ranked:
            continue
        nearest = float(found.results.signals.cosine.max())
        passages = [one.hit.passage for one in found.ranked]
        shown = {one.document_id if by_document else one.id for one in passages}
        is_own = question in own
        relevant = {one for one, grade in question.grades.items() if grade and is_own}
        right = not shown.isdisjoint(relevant)
        likeness = found.results.hits[0].late_interaction
        rows.append(Asked(likeness, nearest, right, bool(relevant), is_own))
    return rows


def features(rows: Sequence[Asked]) -> NDArray[np.float64]:
    """Return the signals, one row a question."""
    return np.array([[row.late_interaction, row.cosine] for row in rows])


def fit(sets: Sequence[Sequence[Asked]]) -> LogisticRegression:
    """Return the regression of being right, every set with the same weight."""
    weights = np.concatenate([np.full(len(rows), 1 / len(rows)) for rows in sets])
    rows = [row for one in sets for row in one]
    model = LogisticRegression(C=1e4, max_iter=1000)
    return model.fit(features(rows), [row.right for row in rows], weights * len(rows) / len(sets))


def left_out(name: str, asked: dict[str, list[Asked]]) -> str:
    """Return the figures of a set whose questions were not fitted on."""
    model = fit([rows for other, rows in asked.items() if other != name])
    rows = asked[name]
    chances = model.predict_proba(features(rows))[:, 1]
    answerable = np.array([row.answerable for row in rows])
    own = np.array([row.own for row in rows])
    right = np.array([row.right for row in rows])
    return (
        f"{name:10} {len(rows):4} questions  AUROC own {_auroc(answerable[own], chances[own])}  "
        f"off-topic {_auroc(answerable[answerable | ~own], chances[answerable | ~own])}  "
        f"calibration error {_calibration_error(right, chances):.3f}"
    )


def _auroc(positive: NDArray[Any], chances: NDArray[Any]) -> str:
    return f"{roc_auc_score(positive, chances):.3f}" if len(set(positive)) == 2 else "  -  "


def _calibration_error(right: NDArray[Any], chances: NDArray[Any]) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    bins = np.minimum((chances * 10).astype(int), 9)
    gaps = [
        abs(right[bins == one].mean() - chances[bins == one].mean()) * (bins == one).mean()
        for one in set(bins)
    ]
    return float(sum(gaps))


def choose_thresholds(model: LogisticRegression, asked: dict[str, list[Asked]]) -> dict[str, float]:
    """Return the confidence below which `MOST_HIDDEN` of the right ones lie, and one half."""
    right = {name: [row for row in rows if row.right] for name, rows in asked.items()}
    chances = np.concatenate([model.predict_proba(features(rows))[:, 1] for rows in right.values()])
    weights = np.concatenate([np.full(len(rows), 1 / len(rows)) for rows in right.values()])
    order = np.argsort(chances)
    shares = np.cumsum(weights[order]) / weights.sum()
    related_from = float(chances[order][np.searchsorted(shares, MOST_HIDDEN)])
    return {"related_from": related_from, "answered_from": 0.5}


def as_toml(
    model: LogisticRegression, thresholds: dict[str, float], asked: dict[str, list[Asked]]
) -> str:
    """Return the file: coefficients, thresholds, and where they come from."""
    values = {
        "intercept": float(model.intercept_[0]),
        "late_interaction": float(model.coef_[0][0]),
        "cosine": float(model.coef_[0][1]),
        **thresholds,
    }
    figures = "\n".join(f"# {left_out(name, asked)}" for name in asked)
    lines = "\n".join(f"{name} = {value:.4f}" for name, value in values.items())
    return (
        f"# Written by tests/benchmarks/calibrate.py on {datetime.date.today()}.\n"
        "# Each set as it comes out when fitted on the others:\n"
        f"{figures}\n\n[calibration]\n{lines}\n"
    )


if __name__ == "__main__":
    main()
