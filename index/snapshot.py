"""Snapshots on disk: one built, immutable index of a set of documents, in a folder of its own.

snapshots/
    current              the id of the live snapshot, replaced in one atomic step
    <id>/
        manifest.json    what it holds, what made it, the SHA-256 of every other file
        documents.jsonl  the documents, one a line
        passages.jsonl   the passages, one a line; its order is the order of all rows
        keys.txt         the hash of what was embedded for each passage
        dense.faiss      pooled vectors
        late/            token vectors
        lexical/         BM25
"""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.documents import Document, Passage
from corpus.errors import SnapshotDamagedError, SnapshotMissingError
from index.dense import DenseIndex
from index.late import LateIndex
from index.lexical import LexicalIndex

# Raised whenever the files of a snapshot change their meaning; others are refused.
FORMAT = 5

_BUILDING = ".building-"
_ABANDONED_SECONDS = 24 * 3600
_REBUILD = "Build it again: toolkit-assistant build"
_LIST = "List those there are: toolkit-assistant snapshots"

DOCUMENT_JSON = TypeAdapter(Document)
PASSAGE_JSON = TypeAdapter(Passage)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds and what made it; `files` maps each other file to its SHA-256."""

    id: str
    created: str
    format: int
    model: str
    embedder: str
    splitter: str
    documents: int
    passages: int
    files: dict[str, str]


_MANIFEST_JSON = TypeAdapter(Manifest)


class Snapshot:
    """A verified snapshot, open for reading."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @property
    def id(self) -> str:
        """Return the snapshot's id."""
        return self.manifest.id

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Return the documents by their id, in the order of the folder they came from."""
        lines = (self.folder / "documents.jsonl").read_bytes().splitlines()
        documents = [DOCUMENT_JSON.validate_json(line) for line in lines]
        return {document.id: document for document in documents}

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Return the passages; the place of one is its row in every index."""
        lines = (self.folder / "passages.jsonl").read_bytes().splitlines()
        return tuple(PASSAGE_JSON.validate_json(line) for line in lines)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return for each passage the hash of what was embedded for it."""
        return tuple((self.folder / "keys.txt").read_text("ascii").split())

    @cached_property
    def dense(self) -> DenseIndex:
        """Return the pooled vectors."""
        return DenseIndex.load(self.folder / "dense.faiss")

    @cached_property
    def late(self) -> LateIndex:
        """Return the token vectors, memory-mapped."""
        return LateIndex.load(self.folder / "late")

    @cached_property
    def lexical(self) -> LexicalIndex:
        """Return BM25."""
        return LexicalIndex.load(self.folder / "lexical")


class SnapshotStore:
    """The snapshots of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all snapshots, oldest first; ids begin with their time."""
        if not self.folder.is_dir():
            return ()
        names = (path.parent.name for path in self.folder.glob("*/manifest.json"))
        return tuple(sorted(name for name in names if not name.startswith(".")))

    def current_id(self) -> str | None:
        """Return the id of the live snapshot, None before the first was promoted."""
        try:
            return (self.folder / "current").read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (UnicodeDecodeError, OSError) as error:
            message = f"{self.folder / 'current'} is damaged: it names no snapshot. {_REBUILD}"
            raise SnapshotDamagedError(message) from error

    def id_before_current(self) -> str:
        """Return the id of the snapshot before the live one.

        Raises `SnapshotMissingError` if there is none to go back to.
        """
        older = [one for one in self.ids() if one < (self.current_id() or "")]
        if not older:
            message = f"No snapshot in {self.folder} is older than the live one. {_LIST}"
            raise SnapshotMissingError(message)
        return older[-1]

    def open(self, snapshot_id: str | None = None) -> Snapshot:
        """Return a snapshot, the live one by default, after checking every file of it.

        Raises `SnapshotMissingError` or `SnapshotDamagedError`.
        """
        if snapshot_id is None:
            snapshot_id = self.current_id()
        if snapshot_id is None:
            message = f"No snapshot in {self.folder} yet. Build one: toolkit-assistant build"
            raise SnapshotMissingError(message)
        folder = self.folder / snapshot_id
        if snapshot_id not in self.ids():
            message = f"There is no snapshot {snapshot_id!r} in {self.folder}. {_LIST}"
            raise SnapshotMissingError(message)
        manifest = _read_manifest(folder)
        _verify(folder, manifest)
        return Snapshot(folder, manifest)

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Yield an empty folder to write a snapshot's files into; it is gone afterwards."""
        folder = self.folder / f"{_BUILDING}{secrets.token_hex(4)}"
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def save(
        self, folder: Path, *, model: str, embedder: str, splitter: str, counts: tuple[int, int]
    ) -> Snapshot:
        """Return the snapshot made of the files in a building folder, in its final place.

        `counts` are its documents and passages. It is whole on disk when it gets its name, and
        not live until it is promoted.
        """
        files = {name: _hash_and_sync(folder / name) for name in _file_names(folder)}
        created = datetime.now(UTC)
        manifest = Manifest(
            id="",
            created=created.isoformat(timespec="seconds"),
            format=FORMAT,
            model=model,
            embedder=embedder,
            splitter=splitter,
            documents=counts[0],
            passages=counts[1],
            files=files,
        )
        snapshot_id = f"{created:%Y%m%dT%H%M%S%fZ}-{_fingerprint(manifest)}"
        manifest = replace(manifest, id=snapshot_id)
        _write_and_sync(folder / "manifest.json", _MANIFEST_JSON.dump_json(manifest, indent=1))
        for written in (*filter(Path.is_dir, folder.rglob("*")), folder):
            _sync_folder(written)
        final = self.folder / manifest.id
        folder.rename(final)
        _sync_folder(self.folder)
        return Snapshot(final, manifest)

    def promote(self, snapshot_id: str) -> None:
        """Make a snapshot the live one, after checking it; readers see the old or the new one."""
        self.open(snapshot_id)
        beside = self.folder / f".current-{secrets.token_hex(4)}"
        _write_and_sync(beside, f"{snapshot_id}\n".encode("ascii"))
        beside.replace(self.folder / "current")
        _sync_folder(self.folder)

    def prune(self, keep: int) -> None:
        """Remove the oldest snapshots until `keep` are left, the live one never.

        What a build that was killed a day ago or earlier has left behind goes as well.
        """
        for left in self.folder.glob(f"{_BUILDING}*"):
            with suppress(FileNotFoundError):  # of a build that has just ended
                if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)
        for snapshot_id in self.ids()[:-keep]:
            if snapshot_id != self.current_id():
                removing = self.folder / f"{_BUILDING}{secrets.token_hex(4)}"
                (self.folder / snapshot_id).rename(removing)  # gone in one step, never half there
                shutil.rmtree(removing, ignore_errors=True)


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = _MANIFEST_JSON.validate_json((folder / "manifest.json").read_bytes())
    except (OSError, ValidationError) as error:
        message = f"Snapshot {folder.name} is damaged: manifest.json cannot be read. {_REBUILD}"
        raise SnapshotDamagedError(message) from error
    if manifest.format != FORMAT or manifest.id != folder.name:
        message = (
            f"Snapshot {folder.name} was made by another version of this program "
            f"(format {manifest.format}, this one reads {FORMAT}). {_REBUILD}"
        )
        raise SnapshotDamagedError(message)
    if not manifest.id.endswith(f"-{_fingerprint(manifest)}"):
        message = f"Snapshot {folder.name} is damaged: manifest.json is not as written. {_REBUILD}"
        raise SnapshotDamagedError(message)
    return manifest


def _fingerprint(manifest: Manifest) -> str:
    """Return the start of the hash of all that a manifest says, its id aside."""
    content = _MANIFEST_JSON.dump_json(replace(manifest, id=""))
    return hashlib.sha256(content).hexdigest()[:8]


def _verify(folder: Path, manifest: Manifest) -> None:
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            message = f"Snapshot {manifest.id} is damaged: {name} is missing. {_REBUILD}"
            raise SnapshotDamagedError(message)
        if _hash(path) != expected:
            message = f"Snapshot {manifest.id} is damaged: {name} is not as written. {_REBUILD}"
            raise SnapshotDamagedError(message)


def _file_names(folder: Path) -> list[str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path.relative_to(folder).as_posix() for path in paths]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_and_sync(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return _hash(path)


def _write_and_sync(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder last; systems that cannot open a folder do without."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
