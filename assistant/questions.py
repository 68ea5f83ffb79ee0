"""Judged questions in, figures out: the evidence of each is looked up in the passages of today.

A line of the file is {"id", "text", "kind", "history"?, "relevant": [{"source", "evidence",
"grade"}]}: `evidence` stands verbatim in the document `source`, white space aside, so a judgement
survives another way of cutting passages. Grade 2 answers the question, 1 helps; a question with
no evidence is one that the documents do not answer.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from assistant.answer import Outcome
from assistant.confidence import outcome
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, Run, auroc, figures, run_questions
from assistant.jsonlines import read_json_lines
from corpus.documents import Passage
from corpus.errors import EvaluationError
from corpus.progress import Progress, untold
from corpus.situations import without_space
from index.snapshot import Snapshot


class Judgement(BaseModel):
    """A sentence that answers, verbatim, and the document that it stands in."""

    source: str
    evidence: Annotated[str, Field(pattern=r"\S")]
    grade: Literal[1, 2]


class JudgedLine(BaseModel):
    """A line of a file of judged questions."""

    id: str
    text: str
    kind: str
    history: tuple[tuple[str, str], ...] = ()
    relevant: tuple[Judgement, ...]


def evaluate_questions(
    path: Path,
    *,
    assistant: Assistant,
    progress: Progress = untold,
) -> dict[str, Any]:
    """Return the figures for a file of judged questions over the assistant's snapshot.

    `false_answers` is the share of the questions without evidence whose outcome is *answered*,
    `missed` the share of those with evidence whose outcome is *not covered*. Raises
    `EvaluationError` for a file that cannot be used or evidence that stands in no passage.
    """
    questions, kinds = read_questions(path, assistant.snapshot)
    runs = run_questions(
        assistant, questions, record_of=lambda passage: passage.id, progress=progress
    )
    return {
        "questions": len(questions),
        **figures(runs),
        "false_answers": _share(runs, answerable=False, wanted="answered", assistant=assistant),
        "missed": _share(runs, answerable=True, wanted="not_covered", assistant=assistant),
        "by_kind": {
            kind: _of_kind(kind, runs, kinds, assistant) for kind in dict.fromkeys(kinds.values())
        },
    }


def read_questions(path: Path, snapshot: Snapshot) -> tuple[list[JudgedQuestion], dict[str, str]]:
    """Return the questions of a file, judged by passage id, and the kind of each by its id."""
    lines = read_lines(path)
    kinds = {line.id: line.kind for line in lines}
    return [_judged(line, snapshot, path) for line in lines], kinds


def read_lines(path: Path) -> list[JudgedLine]:
    """Return the lines of a file of judged questions, not looked up; raises `EvaluationError`."""
    lines = read_json_lines(path, JudgedLine, fault=EvaluationError)
    id_, times = Counter(line.id for line in lines).most_common(1)[0] if lines else ("", 0)
    if times > 1:
        raise EvaluationError(f"{path} has two questions with the id {id_!r}. Rename one.")
    return lines


def _judged(line: JudgedLine, snapshot: Snapshot, path: Path) -> JudgedQuestion:
    grades: dict[str, int] = {}
    for judgement in line.relevant:
        passages = holding(judgement.source, judgement.evidence, snapshot)
        if not passages:
            evidence = f"the evidence {judgement.evidence!r} of {line.id}"
            message = f"{path}: {evidence} is in no passage of {judgement.source}. Correct one."
            raise EvaluationError(message)
        for passage in passages:
            grades[passage.id] = max(grades.get(passage.id, 0), judgement.grade)
    return JudgedQuestion(line.id, line.text, line.history, grades)


def holding(document_id: str, evidence: str, snapshot: Snapshot) -> list[Passage]:
    """Return the passages of a document that hold the evidence, white space aside."""
    wanted = without_space(evidence)
    return [
        passage
        for passage in snapshot.passages
        if passage.document_id == document_id and wanted in without_space(passage.text)
    ]


def _share(
    runs: Sequence[Run], *, answerable: bool, wanted: Outcome, assistant: Assistant
) -> float | None:
    """Return the share of the (un)answerable questions that have the wanted outcome."""
    outcomes = [
        outcome(run.confidence, assistant.calibration)
        for run in runs
        if run.question.answerable == answerable
    ]
    return round(outcomes.count(wanted) / len(outcomes), 4) if outcomes else None


def _of_kind(
    kind: str, runs: Sequence[Run], kinds: Mapping[str, str], assistant: Assistant
) -> dict[str, Any]:
    """Return the figures of a kind, with 95 % intervals.

    The AUROC compares its unanswerable questions with all answerable ones.
    """
    kept = ("ndcg@10", "success@5")
    own = [run for run in runs if kinds[run.question.id] == kind]
    unanswerable = [run for run in own if not run.question.answerable]
    answerable = [run for run in runs if run.question.answerable]
    values = figures(own)
    return {
        "queries": values["queries"],
        **{name: values[name] for name in kept},
        "confidence_intervals": {name: values["confidence_intervals"][name] for name in kept},
        "answerable_auroc": auroc([*answerable, *unanswerable]),
        "false_answers": _share(own, answerable=False, wanted="answered", assistant=assistant),
        "missed": _share(own, answerable=True, wanted="not_covered", assistant=assistant),
    }
