"""Snapshots on disk: one built, immutable index of a set of documents, in a folder of its own.

snapshots/
    current              the id of the live snapshot, replaced in one atomic step
    history              the ids that were live, the latest first
    pins                 the ids of snapshots that are kept for good, one a line
    <id>/
        manifest.json    what it holds, what made it, the SHA-256 of every other file
        documents.jsonl  the documents, one a line
        passages.jsonl   the passages, one a line; its order is the order of all rows
        keys.txt         the hash of what was embedded for each passage
        dense.faiss      pooled vectors
        late/            token vectors
        lexical/         BM25
        situations/      what editors say that passages help in; not in every snapshot
        origin.json      what the documents were read from, and by which reader
    <id>.changed.json    which passages are other ones than in the release before
"""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.documents import Document, Passage
from corpus.errors import SnapshotDamagedError, SnapshotMissingError
from corpus.stored import DOCUMENT_JSON
from index.dense import DenseIndex
from index.late import LateIndex
from index.lexical import LexicalIndex
from index.manifest import (
    FORMAT,
    MANIFEST_JSON,
    ORIGIN_JSON,
    ORIGIN_NAME,
    REBUILD,
    Origin,
    file_names,
    fingerprint,
    hash_and_sync,
    read_manifest,
    sync_folder,
    verify,
    write_and_sync,
)
from index.manifest import (
    Manifest as Manifest,  # where it always was imported from
)
from index.situations import SituationIndex

SITUATIONS = "situations"
_BUILDING = ".building-"
_ABANDONED_SECONDS = 24 * 3600
_LIST = "List those there are: toolkit-assistant snapshots"

PASSAGE_JSON = TypeAdapter(Passage)


_CHANGED_JSON = TypeAdapter(dict[str, str])


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
    def origin(self) -> Origin | None:
        """Return what the documents were read from, None if that was not kept."""
        path = self.folder / ORIGIN_NAME
        return ORIGIN_JSON.validate_json(path.read_bytes()) if path.is_file() else None

    @cached_property
    def changed(self) -> dict[str, str]:
        """Return by passage id what changed in the last release: "reworded" or "added".

        It is a remark on the snapshot and no part of it; empty where it is not there.
        """
        try:
            return _CHANGED_JSON.validate_json(_changed_path(self.folder).read_bytes())
        except (OSError, ValidationError):
            return {}

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

    @cached_property
    def situations(self) -> SituationIndex | None:
        """Return what editors say that passages help in, None if they say nothing."""
        folder = self.folder / SITUATIONS
        return SituationIndex(folder) if SituationIndex.is_in(folder) else None


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
            message = f"{self.folder / 'current'} is damaged: it names no snapshot. {REBUILD}"
            raise SnapshotDamagedError(message) from error

    def id_before_current(self) -> str:
        """Return the id of the snapshot that was live before the live one.

        Raises `SnapshotMissingError` if there is none to go back to.
        """
        before = self.ids_before(self.current_id() or "")
        if not before:
            message = f"No snapshot in {self.folder} was live before the live one. {_LIST}"
            raise SnapshotMissingError(message)
        return before[0]

    def ids_before(self, snapshot_id: str) -> tuple[str, ...]:
        """Return the ids of the kept snapshots that were live before one, the latest first.

        For one that has no history those are the older ones, as for snapshots of an earlier version
        of this program.
        """
        there, lines = self.ids(), self._list("history")
        history = lines[lines.index(snapshot_id) :] if snapshot_id in lines else []
        if len(history) > 1:
            return tuple(one for one in history[1:] if one in there and one != snapshot_id)
        return tuple(one for one in reversed(there) if one < snapshot_id)

    def _history(self) -> list[str]:
        """Return the ids that were live, the live one first, then the latest."""
        ids = self._list("history")
        try:
            live = self.current_id() or ""
        except SnapshotDamagedError:
            return []
        # A step that was cut off wrote the history and not yet what is current.
        return ids[ids.index(live) :] if live in ids else []

    def _list(self, name: str) -> list[str]:
        try:
            return (self.folder / name).read_text("ascii").split()
        except (OSError, UnicodeDecodeError):
            return []

    def pins(self) -> tuple[str, ...]:
        """Return the ids of the snapshots that are kept for good."""
        return tuple(self._list("pins"))

    def pin(self, snapshot_id: str, *, keep: bool = True) -> None:
        """Keep a snapshot for good, or no longer; raises `SnapshotMissingError`."""
        self._require(snapshot_id)
        pins = [one for one in self.pins() if one != snapshot_id and one in self.ids()]
        lines = [*pins, *([snapshot_id] if keep else [])]
        self._replace("pins", "".join(f"{line}\n" for line in lines))

    def open(self, snapshot_id: str | None = None) -> Snapshot:
        """Return a snapshot, the live one by default, after checking every file of it.

        Raises `SnapshotMissingError` or `SnapshotDamagedError`.
        """
        if snapshot_id is None:
            snapshot_id = self.current_id()
        if snapshot_id is None:
            message = f"No snapshot in {self.folder} yet. Build one: toolkit-assistant build"
            raise SnapshotMissingError(message)
        self._require(snapshot_id)
        folder = self.folder / snapshot_id
        manifest = read_manifest(folder)
        verify(folder, manifest)
        return Snapshot(folder, manifest)

    def manifest(self, snapshot_id: str) -> Manifest:
        """Return what a snapshot holds, its other files not looked at."""
        self._require(snapshot_id)
        return read_manifest(self.folder / snapshot_id)

    def _require(self, snapshot_id: str) -> None:
        if snapshot_id not in self.ids():
            message = f"There is no snapshot {snapshot_id!r} in {self.folder}. {_LIST}"
            raise SnapshotMissingError(message)

    def open_unchecked(self, snapshot_id: str) -> Snapshot:
        """Return a snapshot whose files may be damaged, to find out what is wrong with it.

        Raises `SnapshotDamagedError` if not even its manifest can be read.
        """
        folder = self.folder / snapshot_id
        return Snapshot(folder, read_manifest(folder))

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
        files = {name: hash_and_sync(folder / name) for name in file_names(folder)}
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
        snapshot_id = f"{created:%Y%m%dT%H%M%S%fZ}-{fingerprint(manifest)}"
        manifest = replace(manifest, id=snapshot_id)
        write_and_sync(folder / "manifest.json", MANIFEST_JSON.dump_json(manifest, indent=1))
        for written in (*filter(Path.is_dir, folder.rglob("*")), folder):
            sync_folder(written)
        final = self.folder / manifest.id
        folder.rename(final)
        sync_folder(self.folder)
        return Snapshot(final, manifest)

    def promote(self, snapshot_id: str) -> None:
        """Make a snapshot the live one, after checking it; readers see the old or the new one."""
        self.open(snapshot_id)
        self._make_current(snapshot_id, self._history())

    def roll_back(self) -> str:
        """Return the id of the snapshot that was live before, live again now.

        The one that was live is no longer gone back to; `promote` brings it again.
        """
        before = self.id_before_current()
        self.open(before)
        history = self._history()
        self._make_current(before, history[history.index(before) :] if before in history else [])
        return before

    def _make_current(self, snapshot_id: str, history: list[str]) -> None:
        there = self.ids()
        lines = [one for one in dict.fromkeys([snapshot_id, *history]) if one in there]
        self._replace("history", "".join(f"{one}\n" for one in lines))
        self._replace("current", f"{snapshot_id}\n")

    def _replace(self, name: str, text: str) -> None:
        beside = self.folder / f".{name}-{secrets.token_hex(4)}"
        write_and_sync(beside, text.encode("ascii"))
        beside.replace(self.folder / name)
        sync_folder(self.folder)

    def remark(self, snapshot: Snapshot, changed: dict[str, str]) -> None:
        """Keep which passages of a snapshot changed in the last release; see `changed`."""
        beside = self.folder / f".changed-{secrets.token_hex(4)}"
        write_and_sync(beside, _CHANGED_JSON.dump_json(changed))
        beside.replace(_changed_path(snapshot.folder))

    def prune(self, keep: int) -> None:
        """Remove the oldest snapshots until `keep` are left, the live and pinned ones never.

        What a build that was killed a day ago or earlier has left behind goes as well.
        """
        self.remove_abandoned(_ABANDONED_SECONDS)
        pinned = self.pins()
        for snapshot_id in [one for one in self.ids() if one not in pinned][:-keep]:
            if snapshot_id != self.current_id():
                self.remove(snapshot_id)

    def remove_abandoned(self, seconds: float = 0.0) -> None:
        """Remove what builds have left behind that were killed so many seconds ago or earlier."""
        for left in self.folder.glob(f"{_BUILDING}*"):
            with suppress(FileNotFoundError):  # of a build that has just ended
                if time.time() - left.stat().st_mtime >= seconds:
                    shutil.rmtree(left, ignore_errors=True)
        if not seconds:
            for left in self.folder.glob(".[chp]*-*"):  # pointers and remarks without their name
                left.unlink(missing_ok=True)

    def remove(self, snapshot_id: str) -> None:
        """Remove a snapshot."""
        removing = self.folder / f"{_BUILDING}{secrets.token_hex(4)}"
        (self.folder / snapshot_id).rename(removing)  # gone in one step, never half there
        shutil.rmtree(removing, ignore_errors=True)
        _changed_path(self.folder / snapshot_id).unlink(missing_ok=True)


def _changed_path(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.changed.json")
