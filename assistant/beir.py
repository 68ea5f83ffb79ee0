"""A BEIR set in, figures out: each record one document, through the pipeline that `ask` runs.

The format is that of Thakur et al., "BEIR" (2021): corpus.jsonl, queries.jsonl, qrels.tsv.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, figures, run_questions
from corpus.documents import Document, Source
from corpus.errors import EvaluationError, UnreadableFileError
from corpus.readers.plain import parse_plain
from corpus.reading import make_document
from index.build import build_snapshot
from index.embedding import Embedder
from index.snapshot import SnapshotStore


def read_beir(folder: Path) -> tuple[list[dict[str, Any]], list[JudgedQuestion]]:
    """Return the records and the questions of a BEIR folder, in their order.

    Raises `EvaluationError` for a file that is missing or not as BEIR has it.
    """
    try:
        records = _read_lines(folder / "corpus.jsonl")
        queries = _read_lines(folder / "queries.jsonl")
        grades: dict[str, dict[str, int]] = {}
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query_id, record_id, grade = line.split("\t")
            grades.setdefault(query_id, {})[record_id] = int(grade)
        return records, [_question(query, grades) for query in queries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = (
            f"{folder} is not a BEIR set ({type(error).__name__}: {error}). It needs corpus.jsonl, "
            "queries.jsonl and qrels.tsv."
        )
        raise EvaluationError(message) from error


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _question(query: Mapping[str, Any], grades: Mapping[str, Mapping[str, int]]) -> JudgedQuestion:
    turns = (query.get("metadata") or {}).get("history") or []
    history = tuple((str(role), str(text)) for role, text in turns)
    return JudgedQuestion(str(query["_id"]), query["text"], history, grades.get(query["_id"], {}))


def evaluate_beir(
    folder: Path,
    *,
    embedder: Embedder,
    model: str,
    limit_queries: int | None = None,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
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


def read_documents(records: Iterable[Mapping[str, Any]]) -> Iterator[Document]:
    """Yield each record that has a word as a document; its id is the record's."""
    for record in records:
        source = Source(id=str(record["_id"]), file="", work="", title=record.get("title") or "")
        text = record["text"].strip() or source.title
        try:
            yield make_document(parse_plain(text.encode()), source, file_sha256="")
        except UnreadableFileError:  # a record without a word cannot be found either
            continue
