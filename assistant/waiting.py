"""A documents folder and the live snapshot in, what a build would take in out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.originals import current_sha256
from corpus.catalogue import catalogue_path
from corpus.documents import Document, Source
from corpus.errors import NoDocumentsError
from corpus.folder import list_files
from corpus.readers.archive import ARCHIVE_SUFFIX
from corpus.situations import situations_path
from index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files that a build would read anew, by their paths, and what else has changed beside them.

    `new` are those that the snapshot does not hold, so those that could not be read too.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    catalogue: bool = False
    situations: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return bool(self.new or self.changed or self.gone or self.catalogue or self.situations)


def waiting(folder: Path, snapshot: Snapshot) -> Waiting:
    """Return what of a documents folder is other than when the snapshot was built."""
    known = {source.file: one for one in snapshot.documents.values() for source in _sources(one)}
    try:
        files = list_files(folder)
    except NoDocumentsError:
        files = []
    built = datetime.fromisoformat(snapshot.manifest.created).timestamp()
    read = [file for file in files if file in known or _members(file, known)]
    return Waiting(
        new=tuple(file for file in files if file not in read),
        changed=tuple(file for file in read if _is_changed(folder / file, known.get(file), built)),
        gone=tuple(file for file in known if file not in files and not _archive_of(file, files)),
        catalogue=_is_later(catalogue_path(folder), built),
        situations=_is_later(situations_path(folder), built),
    )


def _is_later(path: Path | None, built: float) -> bool:
    return path is not None and path.is_file() and path.stat().st_mtime > built


def _sources(document: Document) -> tuple[Source, ...]:
    return (document.source, *document.twins)


def _is_changed(path: Path, document: Document | None, built: float) -> bool:
    """Tell whether a file is another than was read; of an archive only its time is known."""
    try:
        if document is None:
            return path.stat().st_mtime > built
        # Twins have the text of another file, not its bytes.
        return not document.twins and current_sha256(path) != document.file_sha256
    except OSError:  # gone since, or a link that leads nowhere
        return True


def _members(file: str, known: Iterable[str]) -> bool:
    is_archive = file.lower().endswith(ARCHIVE_SUFFIX)
    return is_archive and any(one.startswith(f"{file}/") for one in known)


def _archive_of(file: str, files: Iterable[str]) -> bool:
    return any(file.startswith(f"{one}/") for one in files)
