"""What readers say of passages: kept as JSON lines in the data folder, on this machine only.

A line is {"id", "when", "snapshot_id", "document_id", "passage_id", "start", "end", "verdict",
"reason", "question"}: `question` is null unless the reader ticked that it may be kept.
"""

import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.jsonlines import read_json_lines
from assistant.places import Place
from corpus.errors import EvaluationError, SettingsError
from index.snapshot import Snapshot, SnapshotStore

FILE_NAME = "feedback.jsonl"

Verdict = Literal["helpful", "unhelpful"]
Reason = Literal["", "wrong_document", "outdated", "misses_the_point"]

_WRITING = threading.Lock()


class Feedback(BaseModel):
    """One reader's word on one passage; `start` and `end` are what was marked as answering."""

    model_config = ConfigDict(frozen=True)

    id: str
    when: str
    snapshot_id: str
    document_id: str
    passage_id: str
    start: int
    end: int
    verdict: Verdict
    reason: Reason = ""
    question: str | None = None


def record_feedback(
    data_dir: Path,
    place: Place,
    passage_id: str,
    *,
    verdict: str,
    reason: str = "",
    question: str | None = None,
) -> Feedback:
    """Return what was written to the end of the file of a data folder.

    Raises `SettingsError` for a verdict or reason that there is not.
    """
    best = place.marks[0] if place.marks else place.span
    values = {
        "id": uuid4().hex[:12],
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "snapshot_id": place.snapshot_id,
        "document_id": place.document_id,
        "passage_id": passage_id,
        "start": best.start,
        "end": best.end,
        "verdict": verdict,
        "reason": reason,
        "question": question,
    }
    try:
        feedback = Feedback.model_validate(values)
    except ValidationError as error:
        raise SettingsError(f"{verdict!r} with the reason {reason!r} is no judgement.") from error
    append_line(data_dir / FILE_NAME, feedback.model_dump_json())
    return feedback


def append_line(path: Path, line: str) -> None:
    """Write a line whole at the end of a file; a new one is for its owner alone to read."""
    with _WRITING:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(f"{line}\n".encode())


def read_feedback(data_dir: Path) -> tuple[Feedback, ...]:
    """Return all that readers said, the oldest first; none before the first word."""
    path = data_dir / FILE_NAME
    if not path.exists():
        return ()
    return tuple(read_json_lines(path, Feedback, fault=EvaluationError))


def judged_question(
    feedback: Feedback, snapshot: Snapshot, *, question: str | None = None
) -> Mapping[str, Any]:
    """Return a judged question, a line of a questions file, made of what a reader found helpful.

    The evidence is the sentence that was marked, as the snapshot of today has it. Raises
    `EvaluationError` if the question is not known, the passage did not help, or it is gone.
    """
    asked = question or feedback.question
    if not asked:
        raise EvaluationError(
            f"The reader of {feedback.id} kept the question private. Give one with --question."
        )
    if feedback.verdict != "helpful":
        raise EvaluationError(
            f"{feedback.id} says which passage does not help, not which one does. "
            "Judge a helpful one, or write the question into the file by hand."
        )
    document = snapshot.documents.get(feedback.document_id)
    evidence = document.text[feedback.start : feedback.end] if document else ""
    if feedback.snapshot_id != snapshot.id or not evidence.strip():
        raise EvaluationError(
            f"{feedback.id} is about snapshot {feedback.snapshot_id}, which is not this one."
        )
    judgement = {"source": feedback.document_id, "evidence": evidence, "grade": 2}
    return {
        "id": f"feedback-{feedback.id}", "text": asked, "kind": "feedback",
        "relevant": [judgement],
    }  # fmt: skip


def judge(
    data_dir: Path,
    store: SnapshotStore,
    feedback_id: str,
    *,
    question: str | None = None,
    questions: Path | None = None,
) -> Mapping[str, Any]:
    """Return the judged question made of what a reader said, added to a file of them if given.

    Raises `SettingsError` if there is no such word of a reader, `EvaluationError` if no question
    can be made of it, `SnapshotError` if its snapshot is not kept any more.
    """
    chosen = [one for one in read_feedback(data_dir) if one.id == feedback_id]
    if not chosen:
        raise SettingsError(f"There is no feedback {feedback_id!r}; `feedback` lists the ids.")
    line = judged_question(chosen[0], store.open(chosen[0].snapshot_id), question=question)
    if questions is not None:
        append_line(questions, json.dumps(line, ensure_ascii=False))
    return line
