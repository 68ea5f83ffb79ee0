"""Documents in, a saved snapshot out; vectors of unchanged passages are taken over.

Documents pass one at a time: their text is written to disk and read from there again, so that
memory grows with what the indexes hold and not with the text.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from corpus.documents import Document, Passage, sha256_of
from corpus.passages import SPLITTER_VERSION, indexed_text, split_passages
from corpus.progress import Progress, untold
from corpus.situations import Entry, Situation, Situations, attach
from corpus.stored import DOCUMENT_JSON
from index.embedding import Embedder
from index.late import StoredVectors
from index.lexical import LexicalIndex
from index.manifest import ORIGIN_JSON, ORIGIN_NAME, Origin
from index.records import Records
from index.situations import SituationIndex, write_situations
from index.snapshot import PASSAGE_JSON, SITUATIONS, Snapshot, SnapshotStore
from index.vectors import write_vectors


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build did: counts of passages, and the seconds that each stage took.

    Added, changed and removed are against the snapshot whose vectors were taken over: a passage
    is changed when its document had others before, added when its document is new. `situations`
    are what the ranking learnt from; `unused_situations` are entries whose quote is in no passage.
    """

    passages: int
    added: int
    changed: int
    removed: int
    reused_vectors: int
    seconds: dict[str, float]
    situations: int = 0
    unused_situations: tuple[Situations, ...] = ()


def build_snapshot(
    documents: Sequence[Document],
    *,
    embedder: Embedder,
    model: str,
    store: SnapshotStore,
    previous: Snapshot | None = None,
    origin: Origin | None = None,
    situations: Sequence[Entry] = (),
    progress: Progress = untold,
) -> tuple[Snapshot, IndexReport]:
    """Return a new saved snapshot of the documents, not yet promoted, and what was done.

    The vectors of passages whose indexed text also stands in `previous` are taken from there, if
    the same embedder made it; passages of a document that is the same as there, too.
    """
    clock, same = _Clock(), previous if _same_vectors(previous, embedder) else None
    records = Records(previous) if previous else None
    with store.building() as folder, _Texts(store.folder) as texts:
        with clock.stage("split"):
            known = records if same else None
            written = _write_records(folder, documents, embedder, known, texts, progress)
        if origin:
            (folder / ORIGIN_NAME).write_bytes(ORIGIN_JSON.dump_json(origin))
        with clock.stage("embed"):
            reused = _write_vectors(folder, texts, embedder, same, progress)
            graded, unused = attach(situations, _with_works(folder, written))
            _write_situations(folder, graded, embedder, same, progress)
        with clock.stage("index"):
            progress("index", 0, 1)
            LexicalIndex.of(texts).save(folder / "lexical")
            progress("index", 1, 1)
        with clock.stage("save"):
            snapshot = store.save(
                folder,
                model=model,
                embedder=embedder.identity,
                splitter=SPLITTER_VERSION,
                counts=(len(documents), len(written)),
            )
    report = _report(written, records, reused, clock.seconds)
    answered = sum(bool(one.grades) for one in graded)
    return snapshot, replace(report, situations=answered, unused_situations=tuple(unused))


class _Texts:
    """What is embedded and indexed for each passage, with its language, in a file of the moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._count = 0

    def __enter__(self) -> Self:
        self._file = self._open.enter_context(
            tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._folder)
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def __len__(self) -> int:
        return self._count

    def add(self, text: str, language: str) -> None:
        self._file.write(json.dumps((text, language)) + "\n")
        self._count += 1

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield all that was added, in order."""
        self._file.seek(0)
        for line in self._file:
            text, language = json.loads(line)
            yield text, language


@dataclass(frozen=True, slots=True)
class _Written:
    """A passage that was written: its id, and its document's, which is of a work."""

    id: str
    document_id: str
    work: str


def _write_records(
    folder: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    known: Records | None,
    texts: _Texts,
    progress: Progress,
) -> list[_Written]:
    """Write documents, passages and keys; return the passages as written, their texts to `texts`.

    Raises `ValueError` for an id that several documents have.
    """
    written: list[_Written] = []
    ids: set[str] = set()
    with ExitStack() as opened:
        names = ("documents.jsonl", "passages.jsonl", "keys.txt")
        files = [opened.enter_context((folder / name).open("wb")) for name in names]
        for number, document in enumerate(documents):
            progress("split", number, len(documents))
            if document.id in ids:
                raise ValueError(f"several documents have the id {document.id!r}")
            ids.add(document.id)
            files[0].write(DOCUMENT_JSON.dump_json(document) + b"\n")
            for passage, text in _split(document, embedder, known):
                files[1].write(PASSAGE_JSON.dump_json(passage) + b"\n")
                files[2].write(f"{sha256_of(text)}\n".encode("ascii"))
                texts.add(text, passage.language)
                written.append(_Written(passage.id, document.id, document.source.work))
    progress("split", len(documents), len(documents))
    return written


def _split(
    document: Document, embedder: Embedder, known: Records | None
) -> Iterator[tuple[Passage, str]]:
    """Yield the passages, those known if they are of just this document, with what is indexed."""
    count, limit = embedder.count_tokens, embedder.max_tokens
    if known and document.id in known and known.document(document.id) == document:
        passages = known.passages(document.id)
    else:
        passages = split_passages(document, count_tokens=count, max_tokens=limit)
    for passage in passages:
        yield passage, indexed_text(document, passage, count_tokens=count, max_tokens=limit)


def _write_vectors(
    folder: Path,
    texts: _Texts,
    embedder: Embedder,
    previous: Snapshot | None,
    progress: Progress,
) -> int:
    """Write pooled and token vectors of the texts; return how many were taken over."""
    known = _Known(previous)
    write_vectors(
        folder,
        (text for text, _ in texts),
        lambda batch: _vectors(batch, embedder, known),
        dimension=embedder.dimension,
        progress=lambda done: progress("embed", done, len(texts)),
    )
    return known.used


def _with_works(folder: Path, written: Sequence[_Written]) -> Iterator[tuple[str, Passage]]:
    """Yield the passages as written, each with the work of its document."""
    with (folder / "passages.jsonl").open("rb") as lines:
        for line, one in zip(lines, written, strict=True):
            yield one.work, PASSAGE_JSON.validate_json(line)


def _write_situations(
    folder: Path,
    situations: Sequence[Situation],
    embedder: Embedder,
    previous: Snapshot | None,
    progress: Progress,
) -> None:
    """Write the situations of the passages."""
    earlier = previous.situations if previous else None
    known = _Known(earlier)
    write_situations(
        folder / SITUATIONS,
        situations,
        lambda batch: _vectors(batch, embedder, known),
        dimension=embedder.dimension,
        earlier=earlier,
        progress=progress,
    )


def _same_vectors(previous: Snapshot | None, embedder: Embedder) -> bool:
    """Tell whether a snapshot's passages were cut and embedded as they would be now."""
    if previous is None:
        return False
    made_by = (previous.manifest.embedder, previous.manifest.splitter)
    return made_by == (embedder.identity, SPLITTER_VERSION)


def _vectors(texts: Sequence[str], embedder: Embedder, known: "_Known") -> list[StoredVectors]:
    """Return the vectors of the texts in order; only those not known are embedded."""
    found = [known.find(sha256_of(text)) for text in texts]
    new = [text for text, stored in zip(texts, found, strict=True) if stored is None]
    embedded = iter(embedder.encode_passages(new) if new else [])
    return [stored or StoredVectors.of(next(embedded)) for stored in found]


class _Known:
    """The vectors of an earlier snapshot, found by the hash of what was embedded."""

    def __init__(self, earlier: Snapshot | SituationIndex | None) -> None:
        self._earlier = earlier
        self._rows = {key: row for row, key in enumerate(earlier.keys if earlier else ())}
        self.used = 0

    def find(self, key: str) -> StoredVectors | None:
        """Return the stored vectors of a text, None if there are none."""
        if self._earlier is None or key not in self._rows:
            return None
        self.used += 1
        row = self._rows[key]
        vector = self._earlier.dense.vectors(np.array([row]))[0]
        return StoredVectors(vector, *self._earlier.late.stored(row))


def _report(
    written: Sequence[_Written], before: Records | None, reused: int, seconds: dict[str, float]
) -> IndexReport:
    """Return the report, passages compared by document and text."""
    ids_before = before.passage_ids if before else set()
    new = [passage for passage in written if passage.id not in ids_before]
    changed = sum(before is not None and passage.document_id in before for passage in new)
    removed = len(ids_before - {passage.id for passage in written})
    return IndexReport(len(written), len(new) - changed, changed, removed, reused, seconds)


class _Clock:
    """The seconds that each stage took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)
