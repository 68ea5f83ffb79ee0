"""A snapshot's documents and passages, read from disk one document at a time.

A build compares with the live snapshot, which may hold as much text as the new one: only ids,
sources and places are kept in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from corpus.documents import Document, Passage, Source
from corpus.stored import DOCUMENT_JSON
from index.snapshot import PASSAGE_JSON, Snapshot


@dataclass(frozen=True, slots=True)
class _DocumentHead:
    source: Source


@dataclass(frozen=True, slots=True)
class _PassageHead:
    id: str
    document_id: str


_DOCUMENT_HEAD_JSON = TypeAdapter(_DocumentHead)  # of a line it reads the one field, no more
_PASSAGE_HEAD_JSON = TypeAdapter(_PassageHead)


class Records:
    """The documents of a snapshot by id, each with its passages."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._documents_path = snapshot.folder / "documents.jsonl"
        self._passages_path = snapshot.folder / "passages.jsonl"
        self._documents: dict[str, int] = {}
        self._passages: dict[str, list[int]] = {}
        self.ids_by_file: dict[str, str] = {}
        self.passage_ids: set[str] = set()
        for place, line in _lines(self._documents_path):
            source = _DOCUMENT_HEAD_JSON.validate_json(line).source
            self._documents[source.id] = place
            self.ids_by_file[source.file] = source.id
        for place, line in _lines(self._passages_path):
            head = _PASSAGE_HEAD_JSON.validate_json(line)
            self._passages.setdefault(head.document_id, []).append(place)
            self.passage_ids.add(head.id)

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._documents

    def document(self, document_id: str) -> Document:
        """Return a document."""
        with self._documents_path.open("rb") as file:
            return DOCUMENT_JSON.validate_json(_line_at(file, self._documents[document_id]))

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in their order."""
        with self._passages_path.open("rb") as file:
            lines = [_line_at(file, place) for place in self._passages.get(document_id, ())]
        return tuple(PASSAGE_JSON.validate_json(line) for line in lines)


class DocumentsByFile(Mapping[str, Document]):
    """The documents of records by their files, each read when it is asked for."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __getitem__(self, file: str) -> Document:
        return self._records.document(self._records.ids_by_file[file])

    def __contains__(self, file: object) -> bool:
        return file in self._records.ids_by_file

    def __iter__(self) -> Iterator[str]:
        return iter(self._records.ids_by_file)

    def __len__(self) -> int:
        return len(self._records.ids_by_file)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file, each with its place."""
    place = 0
    with path.open("rb") as file:
        for line in file:
            yield place, line
            place += len(line)


def _line_at(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    return file.readline()
