"""What readers say of answers: kept as JSON lines in the data folder, on this machine only.

A line is {"id", "when", "snapshot_id", "document_id", "passage_id", "start", "end", "verdict",
"reason", "question"}: `question` is null unless the reader ticked that it may be kept. A question
that was not covered is kept if the reader says so; it has no document and no passage.
"""

import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.config import Settings
from assistant.jsonlines import read_json_lines
from assistant.places import Place
from assistant.questions import JudgedLine, read_lines
from assistant.rebuild import QUESTIONS_NAME
from corpus.documents import Source
from corpus.errors import EvaluationError, SettingsError
from corpus.situations import Situations, as_toml, situations_path
from corpus.text import one_line
from index.snapshot import Snapshot, SnapshotStore

FILE_NAME = "feedback.jsonl"
# What the ids of judged questions made of feedback begin with.
JUDGED_PREFIX = "feedback-"

Verdict = Literal["helpful", "unhelpful", "missing"]
Reason = Literal["", "wrong_document", "outdated", "misses_the_point"]

_WRITING = threading.Lock()


class Feedback(BaseModel):
    """One reader's word on one passage; `start` and `end` are what was marked as answering.

    Of a question to which no passage was shown, verdict "missing", the ids of both are empty.
    """

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
        "snapshot_id": place.snapshot_id, "document_id": place.document_id,
        "passage_id": passage_id, "start": best.start, "end": best.end,
        "verdict": verdict, "reason": reason, "question": question,
    }  # fmt: skip
    try:
        return _recorded(data_dir, values)
    except ValidationError as error:
        raise SettingsError(f"{verdict!r} with the reason {reason!r} is no judgement.") from error


def record_missing(data_dir: Path, snapshot_id: str, question: str) -> Feedback:
    """Return a question that a snapshot does not cover, written to the end of the file."""
    values = {
        "snapshot_id": snapshot_id, "document_id": "", "passage_id": "", "start": 0, "end": 0,
        "verdict": "missing", "question": question,
    }  # fmt: skip
    return _recorded(data_dir, values)


def _recorded(data_dir: Path, values: Mapping[str, Any]) -> Feedback:
    when = datetime.now(UTC).isoformat(timespec="seconds")
    feedback = Feedback.model_validate({"id": uuid4().hex[:12], "when": when, **values})
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


def judged_ids(data_dir: Path) -> frozenset[str]:
    """Return the ids of feedback that judged questions of a data folder were made of."""
    lines = _judged_lines(data_dir)
    return frozenset(line.id.removeprefix(JUDGED_PREFIX) for line in lines)


def _judged_lines(data_dir: Path) -> Sequence[JudgedLine]:
    path = data_dir / QUESTIONS_NAME
    return read_lines(path) if path.is_file() else ()


def quotes_of(words: Iterable[Feedback], snapshot: Snapshot) -> Mapping[str, str]:
    """Return the words that feedback is about, as far as they stand in the snapshot, by its id."""
    quotes = {}
    for one in words:
        document = snapshot.documents.get(one.document_id)
        if document and one.snapshot_id == snapshot.id:
            quotes[one.id] = document.text[one.start : one.end]
    return quotes


class _Helped(NamedTuple):
    """What was asked, the text that helped, and the sentence of it that was marked."""

    question: str
    source: Source
    sentence: str


def judged_question(
    feedback: Feedback, snapshot: Snapshot, *, question: str | None = None
) -> Mapping[str, Any]:
    """Return a judged question, a line of a questions file, made of what a reader found helpful.

    The evidence is the sentence that was marked, as the snapshot of today has it. Raises
    `EvaluationError` if the question is not known, the passage did not help, or it is gone.
    """
    helped = _what_helped(feedback, snapshot, question)
    judgement = {"source": helped.source.id, "evidence": helped.sentence, "grade": 2}
    return {
        "id": f"{JUDGED_PREFIX}{feedback.id}", "text": helped.question, "kind": "feedback",
        "relevant": [judgement],
    }  # fmt: skip


def situation_of(
    feedback: Feedback, snapshot: Snapshot, *, question: str | None = None
) -> Situations:
    """Return an entry of a situations.toml: the question, for the passage that helped in it.

    Raises as `judged_question` does.
    """
    helped = _what_helped(feedback, snapshot, question)
    situations = (one_line(helped.question),)
    return Situations(work=helped.source.work, quote=helped.sentence, situations=situations)


def _what_helped(feedback: Feedback, snapshot: Snapshot, question: str | None) -> _Helped:
    asked = question or feedback.question
    if not asked:
        raise EvaluationError(
            f"The reader of {feedback.id} kept the question private. Give one with --question."
        )
    if feedback.verdict != "helpful":
        raise EvaluationError(
            f"{feedback.id} says which passage does not help, not which one does. "
            "Choose a helpful one, or write the question into the file by hand."
        )
    document = snapshot.documents.get(feedback.document_id)
    sentence = document.text[feedback.start : feedback.end] if document else ""
    if document is None or feedback.snapshot_id != snapshot.id or not sentence.strip():
        raise EvaluationError(
            f"{feedback.id} is about snapshot {feedback.snapshot_id}, which is not this one."
        )
    return _Helped(asked, document.source, sentence)


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
    chosen = _chosen(data_dir, feedback_id)
    line = judged_question(chosen, store.open(chosen.snapshot_id), question=question)
    if questions is not None:
        append_line(questions, json.dumps(line, ensure_ascii=False))
    return line


def add_situation(
    settings: Settings, store: SnapshotStore, feedback_id: str, *, question: str | None = None
) -> Situations:
    """Return the situation made of what a reader said, added to those of the documents folder.

    From the next build on the passage is found by it. Raises as `judge` does, `SettingsError` for
    what is a judged question already: what measures the ranking must not feed it.
    """
    chosen = _chosen(settings.data_dir, feedback_id)
    entry = situation_of(chosen, store.open(chosen.snapshot_id), question=question)
    for line in _judged_lines(settings.data_dir):
        if line.id == f"{JUDGED_PREFIX}{feedback_id}" or one_line(line.text) in entry.situations:
            raise SettingsError(
                f"{feedback_id} is a judged question already ({line.id}), which would then measure "
                f"itself. Choose another one, or take it out of the data folder's {QUESTIONS_NAME}."
            )
    append_line(situations_path(settings.documents), as_toml(entry))
    return entry


def _chosen(data_dir: Path, feedback_id: str) -> Feedback:
    for one in read_feedback(data_dir):
        if one.id == feedback_id:
            return one
    raise SettingsError(f"There is no feedback {feedback_id!r}; `feedback` lists the ids.")
