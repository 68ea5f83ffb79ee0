"""Documents in, a saved snapshot out; vectors of unchanged passages are taken over."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.documents import Document, Passage, sha256_of
from corpus.passages import SPLITTER_VERSION, indexed_text, split_passages
from corpus.situations import Situations, attach
from index.dense import DenseIndex
from index.embedding import Embedder
from index.late import LateWriter, StoredVectors
from index.lexical import LexicalIndex
from index.manifest import ORIGIN_JSON, ORIGIN_NAME, Origin
from index.situations import SituationIndex, write_situations
from index.snapshot import DOCUMENT_JSON, PASSAGE_JSON, SITUATIONS, Snapshot, SnapshotStore

# Passages embedded at a time: enough to sort by length, few enough to keep in memory (40 MB).
_BATCH = 128

Progress = Callable[[str, int, int], None]  # stage, done, all


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document, its passages, and the text that is embedded and indexed for each."""

    document: Document
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build did: counts of passages, and the seconds that each stage took.

    Added, changed and removed are against the snapshot whose vectors were taken over: a passage
    is changed when its document had others before, added when its document is new. `situations`
    are searched beside the passages; `unused_situations` are entries whose quote is in no passage.
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
    situations: Sequence[Situations] = (),
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Snapshot, IndexReport]:
    """Return a new saved snapshot of the documents, not yet promoted, and what was done.

    The vectors of passages whose indexed text also stands in `previous` are taken from there, if
    the same embedder made it; passages of a document that is the same as there, too.
    """
    repeated = [one for one, times in Counter(map(_id, documents)).items() if times > 1]
    if repeated:
        raise ValueError(f"several documents have the id {repeated[0]!r}")
    clock = _Clock()
    with store.building() as folder:
        with clock.stage("split"):
            known = _known_passages(previous, embedder)
            indexed = [
                _split(document, embedder, known.get(document.id, ())) for document in documents
            ]
        with clock.stage("embed"):
            texts = [text for one in indexed for text in one.texts]
            reused = _write_vectors(folder, texts, embedder, previous, progress)
            found, unused = attach(situations, _with_works(indexed))
            _write_situations(folder, found, embedder, previous, progress)
        with clock.stage("index"):
            _write_lexical(folder, indexed)
            _write_records(folder, indexed, origin)
        with clock.stage("save"):
            snapshot = store.save(
                folder,
                model=model,
                embedder=embedder.identity,
                splitter=SPLITTER_VERSION,
                counts=(len(indexed), sum(len(one.passages) for one in indexed)),
            )
    report = _report(indexed, previous, reused, clock.seconds)
    return snapshot, replace(report, situations=len(found), unused_situations=tuple(unused))


def _id(document: Document) -> str:
    return document.id


def _known_passages(
    previous: Snapshot | None, embedder: Embedder
) -> dict[str, tuple[Document, list[Passage]]]:
    """Return the documents of an earlier snapshot with their passages, if cut the same way."""
    if previous is None or not _same_vectors(previous, embedder):
        return {}
    known = {one.id: (one, list[Passage]()) for one in previous.documents.values()}
    for passage in previous.passages:
        known[passage.document_id][1].append(passage)
    return known


def _split(
    document: Document, embedder: Embedder, known: tuple[Document, list[Passage]] | tuple[()]
) -> IndexedDocument:
    """Return the document with its passages, those known if they are of just this document."""
    count, limit = embedder.count_tokens, embedder.max_tokens
    if known and known[0] == document:
        passages = tuple(known[1])
    else:
        passages = split_passages(document, count_tokens=count, max_tokens=limit)
    texts = [
        indexed_text(document, passage, count_tokens=count, max_tokens=limit)
        for passage in passages
    ]
    return IndexedDocument(document, passages, tuple(texts))


def _write_vectors(
    folder: Path,
    texts: Sequence[str],
    embedder: Embedder,
    previous: Snapshot | None,
    progress: Progress,
) -> int:
    """Write pooled and token vectors of the texts; return how many were taken over."""
    known = _Known(previous if previous and _same_vectors(previous, embedder) else None)
    late = LateWriter(folder / "late")
    pooled = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        progress("embed", start, len(texts))
        batch = _vectors(texts[start : start + _BATCH], embedder, known)
        for row, stored in enumerate(batch, start):
            pooled[row] = stored.vector
            late.add(stored)
    late.close()
    progress("embed", len(texts), len(texts))
    DenseIndex.of(pooled).save(folder / "dense.faiss")
    return known.used


def _with_works(indexed: Sequence[IndexedDocument]) -> Iterator[tuple[str, Passage]]:
    for one in indexed:
        for passage in one.passages:
            yield one.document.source.work, passage


def _write_situations(
    folder: Path,
    situations: Sequence[tuple[int, str]],
    embedder: Embedder,
    previous: Snapshot | None,
    progress: Progress,
) -> None:
    """Write the situations of the passages, given with the row of each."""
    known = _Known(previous.situations if previous and _same_vectors(previous, embedder) else None)
    write_situations(
        folder / SITUATIONS, situations, lambda texts: _vectors(texts, embedder, known), progress
    )


def _same_vectors(previous: Snapshot, embedder: Embedder) -> bool:
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


def _write_lexical(folder: Path, indexed: Sequence[IndexedDocument]) -> None:
    texts = (
        (text, passage.language)
        for one in indexed
        for text, passage in zip(one.texts, one.passages, strict=True)
    )
    LexicalIndex.of(texts).save(folder / "lexical")


def _write_records(folder: Path, indexed: Sequence[IndexedDocument], origin: Origin | None) -> None:
    passages = [passage for one in indexed for passage in one.passages]
    keys = [sha256_of(text) for one in indexed for text in one.texts]
    documents = [one.document for one in indexed]
    _write_lines(folder / "documents.jsonl", map(DOCUMENT_JSON.dump_json, documents))
    _write_lines(folder / "passages.jsonl", map(PASSAGE_JSON.dump_json, passages))
    _write_lines(folder / "keys.txt", (key.encode("ascii") for key in keys))
    if origin:
        (folder / ORIGIN_NAME).write_bytes(ORIGIN_JSON.dump_json(origin))


def _write_lines(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for line in lines:
            file.write(line + b"\n")


def _report(
    indexed: Sequence[IndexedDocument],
    previous: Snapshot | None,
    reused: int,
    seconds: dict[str, float],
) -> IndexReport:
    """Return the report, passages compared by document and text."""
    now = Counter(passage.id for one in indexed for passage in one.passages)
    before = Counter(passage.id for passage in previous.passages) if previous else Counter[str]()
    old_documents = set(previous.documents) if previous else set()
    new = [passage for one in indexed for passage in one.passages if not before[passage.id]]
    changed = sum(passage.document_id in old_documents for passage in new)
    removed = sum(1 for passage_id in before if not now[passage_id])
    return IndexReport(now.total(), len(new) - changed, changed, removed, reused, seconds)


class _Clock:
    """The seconds that each stage took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)
