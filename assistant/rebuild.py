"""Files in, a live snapshot out: the whole walk of a document, for the CLI and the page alike."""

import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import corpus.starter
from assistant.changes import changed_passages
from assistant.config import Settings
from assistant.doctor import facts_of
from assistant.gate_report import read_report, write_report
from assistant.gates import GateReport, check, forced
from corpus.catalogue import CATALOGUE_NAME, catalogue_path, load_catalogue
from corpus.earlier import NOTHING_READ, Earlier
from corpus.errors import SettingsError, SnapshotError, ToolkitError
from corpus.lock import writing
from corpus.progress import Progress, untold
from corpus.reader_version import reader_version
from corpus.reading import FailedFile, Reading, ReadingOptions, read_folder
from corpus.situations import SITUATIONS_NAME, load_situations
from index.build import IndexReport, build_snapshot
from index.embedding import Embedder, load_embedder
from index.manifest import Origin
from index.records import DocumentsByFile, Records
from index.snapshot import Snapshot, SnapshotStore

_NO_OPTIONS = ReadingOptions()
STARTER = Path(corpus.starter.__file__).parent
# Judged questions: the starter ones, and in the data folder the operator's own.
QUESTIONS_NAME = "questions.jsonl"


@dataclass(frozen=True, slots=True)
class BuiltDocument:
    """A file that was read into the new snapshot, with its counts; `pages` is 0 without pages.

    `broken` is the share of its characters that are none, `taken_out` what was left out as running
    heads or round a page's text, `attachments` the names of files inside it, which are not read. A
    file with the text of another is `twin_of` that one's file and has no passages of its own.
    """

    file: str
    document_id: str
    title: str
    language: str
    pages: int
    passages: int
    pages_without_text: int = 0
    recognised_pages: int = 0
    headings: int = 0
    rows: int = 0
    broken: float = 0.0
    taken_out: tuple[str, ...] = ()
    seconds: float = 0.0
    twin_of: str | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a rebuild did; every file of the folder is in `documents` or in `failed`.

    `kept` names documents whose files cannot be read now and that stand as they were read last.
    `gates` tells whether the snapshot may go live, `report` where that can be read.
    `reused_documents` were not read again.
    """

    snapshot_id: str
    promoted: bool
    documents: tuple[BuiltDocument, ...]
    failed: tuple[FailedFile, ...]
    kept: tuple[FailedFile, ...]
    index: IndexReport
    gates: GateReport
    report: str
    reused_documents: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the report as values that `json.dumps` takes, the counts at the top level."""
        values = asdict(self)
        gates = self.gates.to_json()
        del gates["regression"]  # it stands in the report
        return {**values.pop("index"), **values, "gates": gates}


def rebuild(
    settings: Settings,
    *,
    documents: Path | None = None,
    options: ReadingOptions = _NO_OPTIONS,
    promote: bool = True,
    force: str | None = None,
    wait_seconds: float = 0.0,
    progress: Progress = untold,
) -> BuildReport:
    """Return the report of a new snapshot of a documents folder, live if it passes the gates.

    Without a folder the one of the settings is read, and filled with the starter documents if
    there is none yet. A snapshot of another folder than the live one's is compared with nothing.
    `force` is a reason to make the snapshot live whatever the gates say. Raises `ToolkitError`
    before anything live has changed, `BusyError` if another process writes for longer than the
    seconds.
    """
    with writing(settings.data_dir, "A build", wait_seconds=wait_seconds):
        if documents is None:
            documents = settings.documents
            if not documents.exists():
                copy_starter(settings)
        walk = _Rebuild(settings, documents, options, progress)
        return walk.run(promote=promote, force=force)


class _Rebuild:
    """The walk of one rebuild: read, build, check, promote."""

    def __init__(
        self, settings: Settings, folder: Path, options: ReadingOptions, progress: Progress
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._options = options
        self._progress = progress
        self._store = SnapshotStore(settings.snapshots)
        self._store.remove_abandoned()  # nobody else builds here: the lock is held
        self._live = _live(self._store)
        self._same = self._live if _is_of(self._live, folder) else None
        self._store.folder.mkdir(parents=True, exist_ok=True)

    def run(self, *, promote: bool, force: str | None) -> BuildReport:
        started = time.perf_counter()
        reading = read_folder(
            self._folder,
            options=self._options,
            earlier=_earlier(self._same),
            workspace=self._store.folder,
            progress=self._progress,
        )
        read_seconds = round(time.perf_counter() - started, 3)
        embedder = load_embedder(self._settings.model)
        snapshot, index = self._build(reading, embedder)
        started = time.perf_counter()
        self._progress("check", 0, 1)
        try:
            gates = self._check(snapshot, embedder)
        except ToolkitError:  # questions or a catalogue that cannot be used
            self._store.remove(snapshot.id)
            raise
        if self._same:
            self._store.remark(snapshot, changed_passages(self._same, snapshot))
        if force and not gates.passed:
            gates = forced(gates, force)
        index.seconds.update(read=read_seconds, check=round(time.perf_counter() - started, 3))
        report = write_report(gates, self._settings.reports)
        self._progress("check", 1, 1)
        promoted = promote and (gates.passed or force is not None)
        if promoted:
            self._publish(snapshot)
        if promote:
            self._remove_refused()
        if promote and not promoted:
            (self._settings.reports / f"{snapshot.id}.refused").touch()
        built = _built(snapshot, reading.seconds)
        return BuildReport(
            snapshot.id, promoted, built, reading.failed, reading.kept, index, gates, str(report),
            reading.reused,
        )  # fmt: skip

    def _build(self, reading: Reading, embedder: Embedder) -> tuple[Snapshot, IndexReport]:
        origin = Origin(
            folder=str(self._folder.resolve()),
            reader=reader_version(),
            guessed=tuple(sorted(reading.guessed)),
            detected=tuple(sorted(reading.detected)),
        )
        return build_snapshot(
            reading.documents,
            embedder=embedder,
            model=self._settings.model,
            store=self._store,
            previous=self._live,
            origin=origin,
            situations=load_situations(self._folder),
            progress=self._progress,
        )

    def _check(self, snapshot: Snapshot, embedder: Embedder) -> GateReport:
        path = catalogue_path(self._folder)
        own = self._settings.data_dir / QUESTIONS_NAME
        return check(
            snapshot,
            self._same,
            store=self._store,
            embedder=embedder,
            catalogue=load_catalogue(path) if path else {},
            questions=[STARTER / QUESTIONS_NAME, *([own] if own.is_file() else [])],
            progress=self._progress,
        )

    def _publish(self, snapshot: Snapshot) -> None:
        self._store.promote(snapshot.id)
        self._store.prune(self._settings.keep_snapshots)

    def _remove_refused(self) -> None:
        """Remove what the gates refused before, so that a job that builds daily fills no disk."""
        kept = (*self._store.pins(), self._store.current_id())
        for path in self._settings.reports.glob("*.refused"):
            if path.stem in self._store.ids() and path.stem not in kept:
                self._store.remove(path.stem)
            path.unlink()


def publish(settings: Settings, snapshot_id: str, *, reason: str = "") -> GateReport:
    """Return the report of a snapshot that is live now, as `build --force` would have made it.

    One that a gate refused needs a reason, which is recorded. Raises `SnapshotError` or
    `SettingsError` if it was never checked, without a reason, or if another one went live since.
    """
    store = SnapshotStore(settings.snapshots)
    with writing(settings.data_dir, "A publication"):
        report = read_report(settings.reports, snapshot_id)
        if report is None:
            raise SettingsError(f"There is no gate report on {snapshot_id}. Build again.")
        if report.live_id not in (None, store.current_id()):
            raise SettingsError(
                f"{snapshot_id} was compared with {report.live_id}, which is not live any more. "
                "Build again, so that it is compared with what is."
            )
        if not report.passed and not reason.strip():
            raise SettingsError("A gate failed. Give the reason for publishing all the same.")
        store.promote(snapshot_id)
        if not report.passed:
            report = forced(report, reason.strip())
            write_report(report, settings.reports)
        (settings.reports / f"{snapshot_id}.refused").unlink(missing_ok=True)
        store.prune(settings.keep_snapshots)
    return report


def _is_of(live: Snapshot | None, folder: Path) -> bool:
    """Tell whether the live snapshot was built from this folder."""
    return bool(live and live.origin and live.origin.folder == str(folder.resolve()))


def _earlier(snapshot: Snapshot | None) -> Earlier:
    """Return what was read for a snapshot of the same folder."""
    if snapshot is None or snapshot.origin is None:
        return NOTHING_READ
    return Earlier(
        DocumentsByFile(Records(snapshot)),
        guessed=frozenset(snapshot.origin.guessed),
        detected=frozenset(snapshot.origin.detected),
        same_reader=snapshot.origin.reader == reader_version(),
    )


def copy_starter(settings: Settings) -> None:
    """Copy the starter documents, their catalogue and situations into the data folder."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for name in (CATALOGUE_NAME, SITUATIONS_NAME):
        if not (settings.data_dir / name).exists():
            shutil.copyfile(STARTER / name, settings.data_dir / name)
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


def _built(snapshot: Snapshot, seconds: Mapping[str, float]) -> tuple[BuiltDocument, ...]:
    """Return the files that were read, each document followed by the files with its text."""
    passages = Counter(passage.document_id for passage in snapshot.passages)
    built: list[BuiltDocument] = []
    for document in snapshot.documents.values():
        facts = facts_of(document, passages[document.id])
        own = BuiltDocument(
            file=facts.file,
            document_id=facts.document_id,
            title=document.source.title,
            language=facts.language,
            pages=facts.pages,
            passages=facts.passages,
            pages_without_text=facts.pages_without_text,
            recognised_pages=facts.recognised_pages,
            headings=facts.headings,
            rows=facts.rows,
            broken=facts.broken,
            taken_out=facts.taken_out,
            attachments=facts.attachments,
            seconds=seconds.get(facts.file, 0.0),
        )
        twins = (
            replace(own, file=one.file, title=one.title, passages=0, twin_of=facts.file)
            for one in document.twins
        )
        built += [own, *twins]
    return tuple(built)
