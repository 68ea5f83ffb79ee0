"""A BEIR set in, figures out: each record one document, through the pipeline that `ask` runs.

The format is that of Thakur et al., "BEIR" (2021): corpus.jsonl, queries.jsonl, qrels.tsv.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, figures, run_questions
from assistant.jsonlines import read_json_lines
from corpus.documents import Document, Source
from corpus.errors import EvaluationError, UnreadableFileError
from corpus.progress import Progress, untold
from corpus.readers.plain import parse_plain
from corpus.reading import make_document
from corpus.text import repair
from index.build import build_snapshot
from index.embedding import Embedder
from index.snapshot import SnapshotStore


class Record(BaseModel):
    """A line of corpus.jsonl."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: Annotated[str, Field(alias="_id")]
    title: str | None = None
    text: str


class _Metadata(BaseModel):
    history: tuple[tuple[str, str], ...] = ()


class _Question(BaseModel):
    """A line of queries.jsonl; the turns before it are (role, text), the oldest first."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: Annotated[str, Field(alias="_id")]
    text: Annotated[str, Field(strict=True)]
    metadata: _Metadata | None = None


def read_beir(folder: Path) -> tuple[list[Record], list[JudgedQuestion]]:
    """Return the records and the questions of a BEIR folder, in their order.

    Raises `EvaluationError` for a file that is missing or not as BEIR has it.
    """
    try:
        records = read_json_lines(folder / "corpus.jsonl", Record, fault=EvaluationError)
        questions = read_json_lines(folder / "queries.jsonl", _Question, fault=EvaluationError)
        grades = _read_grades(folder / "qrels.tsv")
        _refuse_repeated(record.id for record in records)
        _refuse_repeated(question.id for question in questions)
    except (OSError, ValueError, EvaluationError) as error:
        message = (
            f"{folder} is not a BEIR set: {error} It needs corpus.jsonl, queries.jsonl and "
            "qrels.tsv."
        )
        raise EvaluationError(message) from error
    return records, [
        JudgedQuestion(
            one.id, one.text, one.metadata.history if one.metadata else (), grades.get(one.id, {})
        )
        for one in questions
    ]


def _refuse_repeated(ids: Iterable[str]) -> None:
    most = Counter(ids).most_common(1)
    if most and most[0][1] > 1:
        raise ValueError(f"the id {most[0][0]!r} stands {most[0][1]} times.")


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    """Return the grade of each judged record for each question id; the first line is a head."""
    grades: dict[str, dict[str, int]] = {}
    head, *lines = path.read_text("utf-8").split("\n")
    if not head.startswith("query-id"):
        raise ValueError("the first line of qrels.tsv is not its head, query-id corpus-id score.")
    for line in filter(None, lines):
        query_id, record_id, grade = line.split("\t")
        grades.setdefault(query_id, {})[record_id] = int(grade)
    return grades


def evaluate_beir(
    folder: Path,
    *,
    embedder: Embedder,
    model: str,
    limit_queries: int | None = None,
    progress: Progress = untold,
) -> dict[str, Any]:
    """Return the figures for a BEIR set, each record read as one plain-text document."""
    records, questions = read_beir(folder)
    documents = list(read_documents(records))
    with TemporaryDirectory() as temporary:
        started = time.perf_counter()
        snapshot, _ = build_snapshot(
            documents,
            embedder=embedder,
            model=model,
            store=SnapshotStore(Path(temporary)),
            progress=progress,
        )
        build_seconds = round(time.perf_counter() - started, 1)
        runs = run_questions(
            Assistant(snapshot, embedder),
            questions[:limit_queries],
            record_of=lambda passage: passage.document_id,
            progress=progress,
        )
        return {
            "passages": snapshot.manifest.passages,
            **figures(runs),
            "build_seconds": build_seconds,
        }


def read_documents(records: Iterable[Record]) -> Iterator[Document]:
    """Yield each record that has a word as a document; its id is the record's."""
    for record in records:
        source = Source(id=record.id, file="", work="", title=record.title or "")
        text = repair(record.text).strip() or source.title
        try:
            yield make_document(parse_plain(text.encode()), source, file_sha256="")
        except UnreadableFileError:  # a record without a word cannot be found either
            continue
