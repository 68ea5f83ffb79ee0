"""Two snapshots and judged questions in, out: which questions the new one answers worse.

A judgement is a sentence of a document. One that no longer stands there counts as not found: a
text that lost the sentence cannot answer with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, measure, run_questions
from assistant.paired import chance_of_loss, is_significant_loss
from assistant.questions import JudgedLine, holding, read_lines
from corpus.documents import Document
from corpus.progress import Progress, untold
from index.embedding import Embedder
from index.snapshot import Snapshot

MEASURES = ("success@5", "ndcg@10")
# Of each file so many questions are asked at most, spread evenly over it: a release that loses one
# question in ten is told from chance by 60, and a hundred take about half a minute on both sides.
MOST_QUESTIONS = 100


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A judged question on both snapshots; `gone` is the evidence that stands nowhere now."""

    id: str
    text: str
    success_before: float
    success_after: float
    ndcg_before: float
    ndcg_after: float
    gone: tuple[str, ...]

    @property
    def is_worse(self) -> bool:
        """Tell whether the new snapshot answers it worse."""
        return self.success_after < self.success_before or self.ndcg_after < self.ndcg_before


@dataclass(frozen=True, slots=True)
class Regression:
    """What became of the judged questions.

    `means` are those of success@5 and nDCG@10 before and after, `chances` how likely a loss as
    large is by chance alone. `skipped` are questions whose evidence the live snapshot lacks.
    """

    questions: tuple[QuestionChange, ...]
    means: dict[str, tuple[float, float]]
    chances: dict[str, float]
    is_loss: bool
    skipped: int


def compare_answers(
    live: Snapshot,
    new: Snapshot,
    *,
    embedder: Embedder,
    files: Sequence[Path],
    progress: Progress = untold,
) -> Regression:
    """Return how the judged questions of the files fare on both snapshots.

    Only questions whose evidence all stands in the live snapshot are asked. Raises
    `EvaluationError` for a file that cannot be used.
    """
    judged = [[line for line in read_lines(file) if line.relevant] for file in files]
    there = [[line for line in lines if not _missing(line, live, live)] for lines in judged]
    usable = [line for lines in there for line in _spread(lines)]
    before = _measured(usable, live, live, embedder, progress)
    after = _measured(usable, new, live, embedder, progress)
    questions = tuple(
        QuestionChange(
            line.id, line.text, old[0], now[0], old[1], now[1], _missing(line, new, live)
        )
        for line, old, now in zip(usable, before, after, strict=True)
    )
    differences = {
        name: [now[place] - old[place] for old, now in zip(before, after, strict=True)]
        for place, name in enumerate(MEASURES)
    }
    return Regression(
        questions,
        means={
            name: (_mean([one[place] for one in before]), _mean([one[place] for one in after]))
            for place, name in enumerate(MEASURES)
        },
        chances={name: round(chance_of_loss(values), 4) for name, values in differences.items()},
        is_loss=any(is_significant_loss(values) for values in differences.values()),
        skipped=sum(map(len, judged)) - sum(map(len, there)),
    )


def _spread(lines: Sequence[JudgedLine]) -> list[JudgedLine]:
    """Return at most `MOST_QUESTIONS` of the lines, evenly spread and the same every time."""
    number = min(len(lines), MOST_QUESTIONS)
    return [lines[place * len(lines) // number] for place in range(number)]


def successor(document_id: str, new: Snapshot, live: Snapshot) -> Document | None:
    """Return what a document of the live snapshot is in the new one.

    The same id, else the same file or the same bytes under another name, else the current edition
    of the same work and language; None if there is none.
    """
    if document_id in new.documents:
        return new.documents[document_id]
    old = live.documents.get(document_id)
    if old is None:
        return None
    alike = [
        [one for one in new.documents.values() if one.source.file == old.source.file],
        [one for one in new.documents.values() if one.file_sha256 == old.file_sha256],
        [
            one
            for one in new.documents.values()
            if (one.source.work, one.source.language, one.source.status)
            == (old.source.work, old.source.language, "current")
        ],
    ]
    return next((one for group in alike for one in group), None)


def _passages_with(source: str, evidence: str, snapshot: Snapshot, live: Snapshot) -> list[str]:
    document = successor(source, snapshot, live)
    return [one.id for one in holding(document.id, evidence, snapshot)] if document else []


def _missing(line: JudgedLine, snapshot: Snapshot, live: Snapshot) -> tuple[str, ...]:
    """Return the evidence that stands in no passage of a snapshot."""
    return tuple(
        one.evidence
        for one in line.relevant
        if not _passages_with(one.source, one.evidence, snapshot, live)
    )


def _judged(number: int, line: JudgedLine, snapshot: Snapshot, live: Snapshot) -> JudgedQuestion:
    """Return the question judged by passage id; lost evidence is an id that nothing finds."""
    grades: dict[str, int] = {}
    for place, one in enumerate(line.relevant):
        found = _passages_with(one.source, one.evidence, snapshot, live)
        for passage_id in found or [f"lost {place}"]:
            grades[passage_id] = max(grades.get(passage_id, 0), one.grade)
    return JudgedQuestion(str(number), line.text, line.history, grades)


def _measured(
    lines: Sequence[JudgedLine],
    snapshot: Snapshot,
    live: Snapshot,
    embedder: Embedder,
    progress: Progress,
) -> list[tuple[float, float]]:
    """Return success@5 and nDCG@10 of each question."""
    if not lines:
        return []
    # Numbered: two files may use the same id.
    questions = [_judged(number, line, snapshot, live) for number, line in enumerate(lines)]
    assistant = Assistant(snapshot, embedder)
    runs = run_questions(
        assistant, questions, record_of=lambda passage: passage.id, progress=progress
    )
    values = measure(runs, "shown")
    return [
        (float(success), float(ndcg))
        for success, ndcg in zip(*(values[name] for name in MEASURES), strict=True)
    ]


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
