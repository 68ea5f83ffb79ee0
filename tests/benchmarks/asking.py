"""Asks the public question sets and the starter library, for tests/benchmarks/calibrate.py."""

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import first_weeks
import numpy as np
from rapidfuzz.fuzz import token_set_ratio
from trial import open_set

from assistant.beir import read_beir
from assistant.calibration import SHOWN, Asked, ask_all, asked, balanced
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


def ask_libraries(
    sets: Path, cache: Path, count: int, embedder: Embedder
) -> Iterator[tuple[str, Library]]:
    """Yield each set of a folder with what so many of its questions gave.

    The snapshots of the public sets are kept in the cache.
    """
    chance = random.Random(0)
    questions = {name: read_beir(sets / name)[1] for name in SETS}
    off_topic = {
        name: [
            question
            for other in others
            for question in chance.sample(questions[other], OFF_TOPIC_QUESTIONS // len(others))
        ]
        for name, others in OFF_TOPIC.items()
    }
    for name in SETS:
        assistant = open_set(sets / name, cache / name, embedder)
        own = chance.sample(questions[name], min(count, len(questions[name])))
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
