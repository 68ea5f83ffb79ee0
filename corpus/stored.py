"""Documents kept on disk while a folder is read, one in memory at a time."""

import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from pydantic import TypeAdapter

from corpus.documents import Document, Source, sha256_of

DOCUMENT_JSON = TypeAdapter(Document)


@dataclass(frozen=True, slots=True)
class Stub:
    """A document that was put away: what tells it from others, and where it lies in the store."""

    source: Source
    text_sha256: str
    place: int
    twins: tuple[Source, ...] = ()


class DocumentStore:
    """A file of documents, one a line; it is gone when nothing refers to the store any more."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep the file in a folder, by default the system's for files of the moment."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed with the store
        weakref.finalize(self, self._file.close)

    def put(self, document: Document) -> Stub:
        """Return the stub of a document that was written to the end of the file."""
        place = self._file.seek(0, 2)
        self._file.write(DOCUMENT_JSON.dump_json(document) + b"\n")
        return Stub(document.source, sha256_of(document.text), place, document.twins)

    def get(self, stub: Stub) -> Document:
        """Return the document of a stub, with the stub's source and twins."""
        self._file.seek(stub.place)
        document = DOCUMENT_JSON.validate_json(self._file.readline())
        return replace(document, source=stub.source, twins=stub.twins)


class StoredDocuments(Sequence[Document]):
    """The documents of stubs, in their order; each is read when it is asked for."""

    def __init__(self, store: DocumentStore, stubs: Iterable[Stub]) -> None:
        self._store = store
        self._stubs = tuple(stubs)

    def __len__(self) -> int:
        return len(self._stubs)

    def __iter__(self) -> Iterator[Document]:
        return map(self._store.get, self._stubs)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> "StoredDocuments": ...
    def __getitem__(self, index: int | slice) -> "Document | StoredDocuments":
        """Return a document, or some of them as they are stored."""
        if isinstance(index, slice):
            return StoredDocuments(self._store, self._stubs[index])
        return self._store.get(self._stubs[index])
