"""A documents folder -> what there is to read in it: its files, and those in its archives.

Nothing outside the folder is read, whatever its links and archives say.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from corpus.catalogue import CATALOGUE_NAME
from corpus.errors import NoDocumentsError, UnreadableFileError
from corpus.readers.archive import ARCHIVE_SUFFIX, Member, list_members, open_archive, unpack
from corpus.readers.formats import parser_of, read_bytes
from corpus.situations import SITUATIONS_NAME

# What tells of documents and is none.
BESIDE = frozenset({CATALOGUE_NAME, SITUATIONS_NAME})


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be read: a file of the folder, or a member of an archive in it.

    `file` is its path as reports and catalogues name it, `path` where it, or the archive, lies in
    the folder. `refusal` says why an archive or a member of it is not even tried.
    """

    file: str
    path: str
    member: Member | None = None
    refusal: UnreadableFileError | None = None


def list_files(folder: Path) -> list[str]:
    """Return the files to read, as paths relative to the folder, in their order."""
    if not folder.is_dir():
        message = f"There is no documents folder {folder}. Create it and put documents into it."
        raise NoDocumentsError(message)
    paths = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if not path.is_dir()]
    return [
        path.as_posix()
        for path in paths
        if path.name not in BESIDE and not any(part.startswith(".") for part in path.parts)
    ]


def list_entries(folder: Path, files: Sequence[str]) -> list[Entry]:
    """Return the files with each archive replaced by its members."""
    entries: list[Entry] = []
    for file in files:
        if PurePosixPath(file).suffix.lower() != ARCHIVE_SUFFIX:
            entries.append(Entry(file, file))
            continue
        try:
            members = list_members(archive_in(folder, file))
        except UnreadableFileError as error:
            entries.append(Entry(file, file, refusal=error))
        else:
            entries += [
                Entry(f"{file}/{member.path}", file, member, member.refusal) for member in members
            ]
    return entries


def archive_in(folder: Path, file: str) -> ZipFile:
    """Return the open archive; raises `UnreadableFileError` if it is none, or out of the folder."""
    path = path_inside(folder, file)
    if path.exists() and not path.is_file():  # a pipe would never be read to its end
        raise UnreadableFileError("it is no ordinary file")
    return open_archive(read_bytes(path))


def path_of(
    entry: Entry, folder: Path, archive_of: Callable[[str], ZipFile], unpacked: Path
) -> Path:
    """Return where the bytes to be parsed lie; a member's are written into `unpacked`."""
    if entry.refusal:
        raise entry.refusal
    if entry.member is None:
        return path_inside(folder, entry.path)
    parser_of(PurePosixPath(entry.file))  # what no reader reads is not unpacked
    return unpack(archive_of(entry.path), entry.member, unpacked)


def path_inside(folder: Path, file: str) -> Path:
    """Return the file's path, refusing a link that leads out of the folder."""
    if file != readable_name(file):
        raise UnreadableFileError("its name is not UTF-8; rename it")
    try:
        path = (folder / file).resolve()
    except (OSError, RuntimeError) as error:  # Python up to 3.12 has RuntimeError for a loop
        raise UnreadableFileError("it is a link that leads in a circle") from error
    if not path.is_relative_to(folder.resolve()):
        raise UnreadableFileError("it is a link to a place outside the documents folder")
    return path


def readable_name(file: str) -> str:
    """Return a file's name with replacement characters for bytes that are no UTF-8."""
    return os.fsencode(file).decode("utf-8", "replace")
