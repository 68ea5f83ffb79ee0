"""Judged questions in, figures out: the evidence of each is looked up in the passages of today.

A line of the file is {"id", "text", "kind", "history"?, "relevant": [{"source", "evidence",
"grade"}]}: `evidence` stands verbatim in the document `source`, white space aside, so a judgement
survives another way of cutting passages. Grade 2 answers the question, 1 helps; a question with
no evidence is one that the documents do not answer.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.confidence import outcome
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, Run, figures, run_questions
from corpus.documents import Passage
from corpus.errors import EvaluationError
from index.snapshot import Snapshot


def evaluate_questions(
    path: Path,
    *,
    assistant: Assistant,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
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
            kind: _of_kind([run for run in runs if kinds[run.question.id] == kind], assistant)
            for kind in dict.fromkeys(kinds.values())
        },
    }


def read_questions(path: Path, snapshot: Snapshot) -> tuple[list[JudgedQuestion], dict[str, str]]:
    """Return the questions of a file, judged by passage id, and the kind of each by its id."""
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        questions = [_question(line, snapshot) for line in lines]
        return questions, {str(line["id"]): str(line["kind"]) for line in lines}
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} cannot be used ({type(error).__name__}: {error})."
        raise EvaluationError(message) from error


def _question(line: Mapping[str, Any], snapshot: Snapshot) -> JudgedQuestion:
    grades: dict[str, int] = {}
    for judgement in line["relevant"]:
        holding = _holding(judgement["source"], judgement["evidence"], snapshot)
        if not holding:
            message = f"the evidence {judgement['evidence']!r} of {line['id']} is in no passage"
            raise ValueError(message)
        for passage in holding:
            grades[passage.id] = max(grades.get(passage.id, 0), int(judgement["grade"]))
    history = tuple((str(role), str(text)) for role, text in line.get("history") or ())
    return JudgedQuestion(str(line["id"]), line["text"], history, grades)


def _holding(document_id: str, evidence: str, snapshot: Snapshot) -> list[Passage]:
    """Return the passages of a document that hold the evidence, white space aside."""
    wanted = _without_space(evidence)
    return [
        passage
        for passage in snapshot.passages
        if passage.document_id == document_id and wanted in _without_space(passage.text)
    ]


def _without_space(text: str) -> str:
    return "".join(text.split())


def _share(
    runs: Sequence[Run], *, answerable: bool, wanted: str, assistant: Assistant
) -> float | None:
    """Return the share of the (un)answerable questions that have the wanted outcome."""
    outcomes = [
        outcome(run.confidence, assistant.calibration)
        for run in runs
        if bool(run.question.grades) == answerable
    ]
    return round(outcomes.count(wanted) / len(outcomes), 4) if outcomes else None  # type: ignore[arg-type]


def _of_kind(runs: Sequence[Run], assistant: Assistant) -> dict[str, Any]:
    kept = ("queries", "ndcg@10", "success@5")
    values = figures(runs)
    return {
        **{name: values[name] for name in kept},
        "false_answers": _share(runs, answerable=False, wanted="answered", assistant=assistant),
        "missed": _share(runs, answerable=True, wanted="not_covered", assistant=assistant),
    }
