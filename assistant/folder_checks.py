"""A data folder in, what is wrong in it besides the snapshots: catalogue, ledger, lock, reports."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.confidence import load_calibration
from assistant.config import Settings
from corpus.catalogue import catalogue_path, load_catalogue
from corpus.documents import Source, sha256_of_file
from corpus.errors import ToolkitError
from corpus.ledger import Entry, load_ledger
from corpus.lock import is_held, owner
from index.snapshot import SnapshotStore

BUILD = "toolkit-assistant build"
SYNC = "toolkit-assistant sync"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the command or step that mends it."""

    what: str
    remedy: str


def folder_problems(settings: Settings, documents: Path) -> Iterator[Problem]:
    """Yield what is wrong with the catalogue, the ledger, the lock, reports and calibration."""
    yield from _catalogue(documents)
    yield from _ledger(settings)
    yield from _lock(settings.data_dir)
    yield from _pins(SnapshotStore(settings.snapshots))
    yield from _reports(settings.reports)
    try:
        load_calibration()
    except (ToolkitError, OSError, ValueError, TypeError) as error:
        yield Problem(f"The calibration cannot be used: {error}", "Install the program again")


def _catalogue(documents: Path) -> Iterator[Problem]:
    path = catalogue_path(documents)
    if path is None:
        return
    try:
        sources = load_catalogue(path).values()
    except ToolkitError as error:
        yield Problem(str(error), f"Correct {path}, then {BUILD}")
        return
    current: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sources:
        if source.status == "current":
            current[source.work, source.language].append(source)
    for (work, _), editions in current.items():
        names = {source.edition for source in editions}
        if len(names) > 1:  # parts of one edition may share a work
            told = ", ".join(source.id for source in editions)
            remedy = f'Set status = "superseded" for the older ones in {path}, then {BUILD}'
            yield Problem(f"{work} has {len(names)} current editions: {told}", remedy)


def _ledger(settings: Settings) -> Iterator[Problem]:
    try:
        entries = load_ledger(settings.ledger).entries
    except ToolkitError as error:
        yield Problem(str(error), f"Put it aside, then {SYNC}")
        return
    for source_id, entry in entries.items():
        yield from _fetched(source_id, entry, settings.documents / entry.file)


def _fetched(source_id: str, entry: Entry, path: Path) -> Iterator[Problem]:
    if not path.is_file():
        yield Problem(f"{entry.file} was fetched, but is not there any more", SYNC)
    elif sha256_of_file(path) != entry.sha256:
        what = f"{entry.file} is not as it was fetched from {entry.url}"
        yield Problem(what, f"{SYNC} --replace, to take the published text again")
    if entry.gone:
        what = f"{entry.file} has disappeared at {entry.url}, first noticed {entry.gone}"
        remedy = f'If it is not to be cited any more, set status = "withdrawn" for {source_id}'
        yield Problem(what, f"{remedy} in the catalogue, then {BUILD}")
    if entry.fault:
        yield Problem(f"{entry.file} could not be fetched when last tried: {entry.fault}", SYNC)


def _lock(data_dir: Path) -> Iterator[Problem]:
    held = owner(data_dir)
    if held and not is_held(data_dir):
        what = f"{held.doing} of process {held.pid}, begun {held.started}, did not end"
        yield Problem(what, BUILD)


def _pins(store: SnapshotStore) -> Iterator[Problem]:
    for snapshot_id in store.pins():
        if snapshot_id not in store.ids():
            remedy = f"Take its line out of {store.folder / 'pins'}"
            yield Problem(f"The pinned snapshot {snapshot_id} is not there any more", remedy)


def _reports(folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.glob("*.json")):
        try:
            json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            yield Problem(f"The report {path} cannot be read", f"Delete it; {BUILD} writes another")
