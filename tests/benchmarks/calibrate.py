"""Fits assistant/confidence.toml on the public question sets and the starter questions.

    python tests/benchmarks/calibrate.py ../shared/eval --cache FOLDER [--own 350] [--write]

Each library is asked three kinds of questions: its own; its own answerable ones once more with
their answer, and what is nearly the same, taken out; and off-topic ones, which are questions of
other sets, and for the starter library also everyday ones in its other languages (everyday.txt).
The starter library is also asked near-misses (near_misses.txt), on its subjects and with no answer,
and what people new to it ask (first_weeks.jsonl), but for those kept there to measure on.
A half of the weight of a library is on questions with an answer, a quarter on unanswerable
look-alikes, a quarter on off-topic ones, so that what is fitted does not depend on how many
unanswerable questions a set happens to have. The starter questions weigh as much as all public
sets together: they are the ones that the toolkit is asked. A library with situations has a fit of
its own, to the starter questions asked of the starter library with its situations; the other fit
knows that library without them.

Printed for every set, fitted on the others: AUROC of its own answerable questions against its own
unanswerable ones and against off-topic ones; the expected calibration error, weighted so and as
the questions come; how much is answered when 95 % of it is right; and the error weighted so once
the fit is stretched to 100 of the set's questions, as `toolkit-assistant calibrate` does, judged
by the other half of them, the mean of 20 draws. Kept in the cache: the snapshots of the sets.
"""

import argparse
import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from asking import STARTER_SET, STARTER_WITH_SITUATIONS, Library, ask_libraries
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from assistant.calibration import (
    FOLDS,
    PRECISION,
    Asked,
    calibration_error,
    confidences,
    coverage_at,
    fit,
    refit,
    reliability,
    risk_coverage,
)
from assistant.confidence import (
    COEFFICIENTS,
    WITH_SITUATIONS,
    WITHOUT_SITUATIONS,
    Calibration,
    as_toml,
)
from index.embedding import load_embedder

REFITTED, DRAWS = 100, 20


def main() -> None:
    """Ask, fit, print, and write the file if told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--own", type=int, default=350, help="questions of each set")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    embedder = load_embedder()
    libraries: dict[str, Library] = {}
    for name, library in ask_libraries(arguments.sets, arguments.cache, arguments.own, embedder):
        libraries[name] = library
        print(f"asked {name}", flush=True)
    with_situations = libraries.pop(STARTER_WITH_SITUATIONS)
    notes = [
        f"Written by tests/benchmarks/calibrate.py on {datetime.date.today()}.",
        "Each set as it comes out when fitted on the others; in the last line the starter",
        "questions when fitted on the public sets and four fifths of them, without those judged:",
        *(left_out(name, libraries) for name in libraries),
        in_folds(libraries),
        "The starter questions with situations, fitted on four fifths of themselves alone:",
        in_folds({STARTER_SET: with_situations}),
    ]
    fitted = {
        WITHOUT_SITUATIONS: fit_all(libraries),
        WITH_SITUATIONS: fit_all({STARTER_SET: with_situations}),
    }
    text = as_toml(fitted, notes="\n".join(notes), embedder=embedder.identity)
    print(text)
    if arguments.write:
        COEFFICIENTS.write_text(text, "utf-8")


def fit_all(libraries: dict[str, Library]) -> Calibration:
    """Return the calibration fitted on libraries; the starter one counts as all others together."""
    public = [library.weighted for name, library in libraries.items() if name != STARTER_SET]
    shares = [(1 / len(public), rows) for rows in public]
    if STARTER_SET in libraries:
        shares.append((1.0, libraries[STARTER_SET].weighted))
    return fit([replace(row, weight=row.weight * share) for share, rows in shares for row in rows])


def left_out(name: str, libraries: dict[str, Library]) -> str:
    """Return the figures of a set whose questions were not fitted on."""
    others = {other: library for other, library in libraries.items() if other != name}
    library, calibration = libraries[name], fit_all(others)
    error = refitted_error(library.weighted, calibration)
    return f"{figures_of(name, library, calibration)}; refitted {error:.3f}"


def refitted_error(rows: Sequence[Asked], calibration: Calibration) -> float:
    """Return the calibration error on half of the rows, refitted to some of the other half."""
    chance = np.random.default_rng(0)
    errors = []
    for _ in range(DRAWS):
        order = chance.permutation(len(rows))
        known, judging = ([rows[number] for number in half] for half in np.array_split(order, 2))
        shares = np.array([row.weight for row in known])
        drawn = chance.choice(len(known), REFITTED, p=shares / shares.sum())
        own = refit(calibration, [known[number] for number in drawn])
        errors.append(calibration_error(reliability(confidences(own, judging), judging)))
    return float(np.mean(errors))


def in_folds(libraries: dict[str, Library]) -> str:
    """Return the figures of the starter questions, a fifth of them left out at a time."""
    starter = libraries[STARTER_SET]
    own, off_topic = np.zeros(len(starter.own)), np.zeros(len(starter.off_topic))
    for fold in range(FOLDS):
        seen = Library(
            own=left_in(starter.own, fold),
            removed=starter.removed,
            off_topic=left_in(starter.off_topic, fold),
        )
        calibration = fit_all({**libraries, STARTER_SET: seen})
        own[fold::FOLDS] = confidences(calibration, starter.own[fold::FOLDS])
        off_topic[fold::FOLDS] = confidences(calibration, starter.off_topic[fold::FOLDS])
    return figures(f"{STARTER_SET}*", starter, calibration, own, off_topic)


def left_in(rows: Sequence[Asked], fold: int) -> list[Asked]:
    """Return the rows of all folds but one."""
    return [row for number, row in enumerate(rows) if number % FOLDS != fold]


def figures_of(name: str, library: Library, calibration: Calibration) -> str:
    """Return the figures of a set under a calibration, on one line."""
    own, off_topic = (confidences(calibration, rows) for rows in (library.own, library.off_topic))
    return figures(name, library, calibration, own, off_topic)


def figures(
    name: str,
    library: Library,
    calibration: Calibration,
    own: NDArray[np.float64],
    off_topic: NDArray[np.float64],
) -> str:
    """Return the figures of a set, given the confidences of its own and of off-topic questions."""
    is_answerable = np.array([row.answerable for row in library.own])
    both = np.concatenate([own[is_answerable], off_topic])
    is_own = np.arange(len(both)) < is_answerable.sum()
    removed = confidences(calibration, library.removed)
    chances = np.concatenate([own[is_answerable], own[~is_answerable], removed, off_topic])
    errors = [
        calibration_error(reliability(chances, library.weighted)),
        calibration_error(
            reliability(np.concatenate([own, off_topic]), [*library.own, *library.off_topic])
        ),
    ]
    points = risk_coverage(chances, library.weighted)
    point = coverage_at(PRECISION, points)
    unanswerable = int((~is_answerable).sum())
    false = np.concatenate([own[~is_answerable], off_topic]) >= calibration.answered_from
    return (
        f"{name:10} {len(own):4} own, AUROC {_auroc(is_answerable, own)}, "
        f"off-topic {_auroc(is_own, both)}; calibration error {errors[0]:.3f} "
        f"(as they come {errors[1]:.3f}); 95 % right of {point.coverage if point else 0:.2f}; "
        f"false answers {_share(false[:unanswerable])} own, {_share(false[unanswerable:])} "
        "off-topic; "
        f"right ones hidden {_hidden(own, library.own, calibration):.3f}"
    )


def _hidden(chances: NDArray[np.float64], rows: Sequence[Asked], calibration: Calibration) -> float:
    right = np.array([row.right for row in rows])
    return float((chances[right] < calibration.related_from).mean())


def _share(true: NDArray[np.bool_]) -> str:
    return f"{true.mean():.2f}" if len(true) else " -  "


def _auroc(positive: NDArray[Any], chances: NDArray[Any]) -> str:
    return f"{roc_auc_score(positive, chances):.3f}" if len(set(positive)) == 2 else "  -  "


if __name__ == "__main__":
    main()
