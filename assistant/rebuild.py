"""Files in, a live snapshot out: the whole walk of a document, for the CLI and the page alike."""

import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import corpus.starter
from assistant.config import Settings
from corpus.errors import SnapshotError
from corpus.reading import FailedFile, read_folder
from index.build import IndexReport, build_snapshot
from index.embedding import load_embedder
from index.snapshot import Snapshot, SnapshotStore

Progress = Callable[[str, int, int], None]  # stage, done, all

STARTER = Path(corpus.starter.__file__).parent


@dataclass(frozen=True, slots=True)
class BuiltDocument:
    """A document of the new snapshot, with its counts; `pages` is 0 in formats without pages."""

    file: str
    document_id: str
    title: str
    language: str
    pages: int
    passages: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a rebuild did; every file of the folder is in `documents` or in `failed`."""

    snapshot_id: str
    promoted: bool
    documents: tuple[BuiltDocument, ...]
    failed: tuple[FailedFile, ...]
    index: IndexReport

    def to_json(self) -> dict[str, Any]:
        """Return the report as values that `json.dumps` takes, the counts at the top level."""
        values = asdict(self)
        return {**values.pop("index"), **values}


def rebuild(
    settings: Settings,
    *,
    documents: Path | None = None,
    promote: bool = True,
    progress: Progress = lambda stage, done, total: None,
) -> BuildReport:
    """Return the report of a new snapshot of a documents folder, live if it is to be promoted.

    Without a folder the one of the settings is read, and filled with the starter documents if
    there is none yet. Raises `ToolkitError` before anything live has changed.
    """
    if documents is None:
        documents = settings.documents
        if not documents.exists():
            copy_starter(settings)
    started = time.perf_counter()
    reading = read_folder(documents, progress=progress)
    read_seconds = round(time.perf_counter() - started, 3)
    store = SnapshotStore(settings.snapshots)
    snapshot, index = build_snapshot(
        reading.documents,
        embedder=load_embedder(settings.model),
        model=settings.model,
        store=store,
        previous=_live(store),
        progress=progress,
    )
    index.seconds["read"] = read_seconds
    if promote:
        store.promote(snapshot.id)
        store.prune(settings.keep_snapshots)
    return BuildReport(snapshot.id, promote, _built(snapshot), reading.failed, index)


def copy_starter(settings: Settings) -> None:
    """Copy the starter documents and their catalogue into the data folder."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    catalogue = settings.data_dir / "catalogue.toml"
    if not catalogue.exists():
        shutil.copyfile(STARTER / "catalogue.toml", catalogue)
    with TemporaryDirectory(dir=settings.data_dir, prefix=".starter-") as copying:
        # A copy that is cut off must not pass for whole.
        shutil.copytree(STARTER / "documents", Path(copying, "documents"))
        Path(copying, "documents").rename(settings.documents)


def _live(store: SnapshotStore) -> Snapshot | None:
    """Return the live snapshot, None if there is none or it cannot be used any more."""
    try:
        return store.open()
    except SnapshotError:
        return None


def _built(snapshot: Snapshot) -> tuple[BuiltDocument, ...]:
    passages = Counter(passage.document_id for passage in snapshot.passages)
    return tuple(
        BuiltDocument(
            file=document.source.file,
            document_id=document.id,
            title=document.source.title,
            language=document.source.language,
            pages=len(document.pages),
            passages=passages[document.id],
        )
        for document in snapshot.documents.values()
    )
