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
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import first_weeks
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import token_set_ratio
from sklearn.metrics import roc_auc_score
from trial import open_set

from assistant.beir import read_beir
from assistant.calibration import (
    FOLDS,
    PRECISION,
    SHOWN,
    Asked,
    ask_all,
    asked,
    balanced,
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
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion
from assistant.evidence import evidence_of
from assistant.queries import to_query
from assistant.questions import read_questions
from assistant.ranking import rank_passages
from assistant.rebuild import QUESTIONS_NAME, STARTER, copy_starter, rebuild
from corpus.documents import Passage
from corpus.situations import SITUATIONS_NAME
from index.embedding import Embedder, load_embedder
from index.search import Results, Searcher

# Each set, and those whose questions it does not answer. orsharc and mtrag_un share offices of the
# same government, mtrag_un and clapnq_dev articles of Wikipedia with each other and subjects with
# squad2; questions of mtrag_un are turns of conversations that mean nothing on their own.
OFF_TOPIC = {
    "orsharc": ("squad2", "clapnq_dev"),
    "cpgqa": ("squad2", "clapnq_dev"),
    "squad2": ("orsharc", "cpgqa"),
    "mtrag_un": ("squad2",),
    "clapnq_dev": ("orsharc", "cpgqa"),
    "starter": ("orsharc", "cpgqa", "squad2", "clapnq_dev"),
}
STARTER_SET, STARTER_WITH_SITUATIONS = "starter", "starter with situations"
SETS = tuple(name for name in OFF_TOPIC if name != STARTER_SET)
OFF_TOPIC_QUESTIONS = 160
REFITTED, DRAWS = 100, 20
# The first are French and Spanish; the rest, German and Portuguese, tests/test_quality.py keeps.
EVERYDAY, EVERYDAY_FITTED = Path(__file__).with_name("everyday.txt"), 48
# From 0 to 100: passages with so many words in common say nearly the same.
NEARLY_THE_SAME = 80
NEAR_MISSES = Path(__file__).with_name("near_misses.txt")
# Hits looked at, the first of them for what is nearly the same; more are not shown.
_DEPTH, _NEAR = 200, 30


@dataclass(frozen=True, slots=True)
class Library:
    """What a set's questions gave, by kind."""

    own: list[Asked]
    removed: list[Asked]
    off_topic: list[Asked]

    @property
    def weighted(self) -> list[Asked]:
        """Return all questions, weighted by kind."""
        answerable = [row for row in self.own if row.answerable]
        look_alikes = [row for row in self.own if not row.answerable] + self.removed
        return balanced((0.5, answerable), (0.25, look_alikes), (0.25, self.off_topic))


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
    for name, library in ask_libraries(arguments, embedder):
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


def ask_libraries(
    arguments: argparse.Namespace, embedder: Embedder
) -> Iterator[tuple[str, Library]]:
    """Yield each set with what was asked of it."""
    chance = random.Random(0)
    questions = {name: read_beir(arguments.sets / name)[1] for name in SETS}
    off_topic = {
        name: [
            question
            for other in others
            for question in chance.sample(questions[other], OFF_TOPIC_QUESTIONS // len(others))
        ]
        for name, others in OFF_TOPIC.items()
    }
    for name in SETS:
        assistant = open_set(arguments.sets / name, arguments.cache / name, embedder)
        own = chance.sample(questions[name], min(arguments.own, len(questions[name])))
        yield name, ask_library(assistant, own, off_topic[name])
    with TemporaryDirectory() as temporary:
        settings = Settings(data_dir=Path(temporary))
        copy_starter(settings)
        unanswered_here = [*off_topic[STARTER_SET], *everyday()]
        situations = settings.data_dir / SITUATIONS_NAME
        situations.unlink()
        yield STARTER_SET, ask_starter(settings, unanswered_here)
        shutil.copyfile(STARTER / SITUATIONS_NAME, situations)
        yield STARTER_WITH_SITUATIONS, ask_starter(settings, unanswered_here)


def everyday() -> list[JudgedQuestion]:
    """Return questions of everyday life in the starter library's other languages."""
    return without_answer(EVERYDAY.read_text("utf-8").splitlines()[:EVERYDAY_FITTED])


def without_answer(lines: Sequence[str]) -> list[JudgedQuestion]:
    """Return lines as questions that nothing answers."""
    return [JudgedQuestion(line, line, (), {}) for line in lines]


def ask_starter(settings: Settings, off_topic: Sequence[JudgedQuestion]) -> Library:
    """Return what the starter questions gave over the starter library as it is on disk."""
    rebuild(settings)
    assistant = Assistant.open(settings)
    judged, _ = read_questions(STARTER / QUESTIONS_NAME, assistant.snapshot)
    near_misses = without_answer(NEAR_MISSES.read_text("utf-8").splitlines())
    new_people = first_weeks.read_questions(assistant.snapshot)[first_weeks.KEPT :]
    own = [*judged, *near_misses, *new_people]
    return Library(
        own=ask_all(assistant, own, record_of=lambda passage: passage.id),
        removed=[],
        off_topic=ask_all(assistant, unanswered(off_topic), record_of=_document_of),
    )


def ask_library(
    assistant: Assistant, own: Sequence[JudgedQuestion], off_topic: Sequence[JudgedQuestion]
) -> Library:
    """Return what a public set's questions gave."""
    return Library(
        own=ask_all(assistant, own, record_of=_document_of),
        removed=list(ask_without_answers(assistant, own)),
        off_topic=ask_all(assistant, unanswered(off_topic), record_of=_document_of),
    )


def unanswered(questions: Sequence[JudgedQuestion]) -> list[JudgedQuestion]:
    """Return questions of another set, which nothing answers here."""
    return [JudgedQuestion(one.id, one.text, one.history, {}) for one in questions]


def ask_without_answers(
    assistant: Assistant, questions: Sequence[JudgedQuestion]
) -> Iterator[Asked]:
    """Yield what the answerable questions give when their answers are taken out."""
    searcher = Searcher(assistant.snapshot, load_embedder())
    for question in questions:
        if not question.answerable:
            continue
        query = to_query(question.text, history=question.history)
        results = without(
            searcher.search(query.text, k=_DEPTH, filters=query.filters),
            {one for one, grade in question.grades.items() if grade},
        )
        evidence = evidence_of(query, results, searcher)
        ranked = rank_passages(results.hits, limit=SHOWN)
        if evidence:
            yield asked(evidence, {one.hit.passage.document_id for one in ranked}, {})


def without(results: Results, records: set[str]) -> Results:
    """Return what a search would find without some records and what nearly equals them."""
    answers = [hit for hit in results.hits if hit.passage.document_id in records]
    gone = {hit.row for hit in answers}
    for hit in results.hits[:_NEAR]:
        if any(_nearly_same(hit.passage, one.passage) for one in answers):
            gone.add(hit.row)
    left = tuple(hit for hit in results.hits if hit.row not in gone)
    kept = ~np.isin(results.signals.rows, list(gone))
    arrays: dict[str, Any] = {
        name: values[kept]
        for name, values in results.signals._asdict().items()
        if isinstance(values, np.ndarray)
    }
    return results._replace(signals=results.signals._replace(**arrays), hits=left)


def _nearly_same(passage: Passage, other: Passage) -> bool:
    return token_set_ratio(passage.text, other.text) >= NEARLY_THE_SAME


def _document_of(passage: Passage) -> str:
    return passage.document_id


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
