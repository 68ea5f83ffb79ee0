"""A ZIP archive in, its files out one by one; what is hidden is left out, what is unsafe refused.

Nothing is believed that an archive says of itself: names and sizes are checked before anything is
unpacked, and no more is unpacked than was announced.
"""

import io
import lzma
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from corpus.catalogue import CATALOGUE_NAME
from corpus.errors import (
    EmptyFileError,
    EncryptedFileError,
    ReadLimitError,
    UnreadableFileError,
    WrongFormatError,
)

ARCHIVE_SUFFIX = ".zip"
MAX_ENTRIES = 10_000
_ENTRIES_IN_PACKED = 20  # a Word file is an archive of that many
MAX_MEMBER_BYTES = 200 * 2**20
MAX_ARCHIVE_BYTES = 2**30
# Text shrinks to a tenth, tables of zeros to a fiftieth; what shrinks to less was made to swell.
MAX_RATIO = 200
_SMALL = 2**20  # bytes; what unpacks to less does no harm, whatever its ratio

# What Python's reader raises over broken archives.
_BROKEN = (
    *(ArithmeticError, BadZipFile, EOFError, LookupError, NotImplementedError, OSError),
    *(RuntimeError, ValueError, lzma.LZMAError, struct.error, zlib.error),
)
_ENTRY = b"PK\x01\x02"
_FLAGS = re.compile(_ENTRY + rb"(?=.{5}(.))", re.DOTALL)
_UTF_8_FLAG = 0x800
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, and why it is refused, None if it can be unpacked."""

    path: str
    entry: ZipInfo
    refusal: UnreadableFileError | None


def open_archive(data: bytes) -> ZipFile:
    """Return the archive that the bytes are; raises UnreadableFileError if it cannot be opened."""
    # Counted first, because Python's reader makes an object of each; packed archives count too.
    if data.count(_ENTRY) > _ENTRIES_IN_PACKED * MAX_ENTRIES:
        raise _too_many()
    try:
        archive = _opened(data)
    except _BROKEN as error:
        message = "it is damaged or cut off and cannot be opened; save or download it again"
        raise WrongFormatError(message) from error
    if len(archive.infolist()) > MAX_ENTRIES:
        raise _too_many()
    return archive


def list_members(archive: ZipFile) -> tuple[Member, ...]:
    """Return the files of an archive in the order of their paths; hidden ones are left out.

    Raises `EmptyFileError` if there is none.
    """
    members = tuple(sorted(_members(archive), key=lambda one: PurePosixPath(one.path)))
    if not members:
        raise EmptyFileError("it holds no files to be read")
    return members


def unpack(archive: ZipFile, member: Member, folder: Path) -> Path:
    """Return the path of a member's content, written into `folder` in place of the one before.

    Only for members that are not refused.
    """
    path = folder / f"member{PurePosixPath(member.path).suffix}"
    path.write_bytes(read_entry(archive, member.entry))
    return path


def read_entry(archive: ZipFile, entry: ZipInfo) -> bytes:
    """Return an entry's content; raises UnreadableFileError if it is not stored plainly."""
    refusal = _refusal_of_packing(entry)
    if refusal:
        raise refusal
    try:
        return archive.read(entry)
    except _BROKEN as error:
        raise _damaged() from error


def _opened(data: bytes) -> ZipFile:
    try:
        return ZipFile(io.BytesIO(data))
    except UnicodeDecodeError:  # a name is said to be UTF-8 and is not, which refuses that name
        return ZipFile(io.BytesIO(_without_utf_8_flags(data)))


def _too_many() -> ReadLimitError:
    return ReadLimitError(f"it holds more than the {MAX_ENTRIES} files allowed; split or unpack it")


def _damaged() -> WrongFormatError:
    return WrongFormatError("what is packed in it is damaged; save or download it again")


def _without_utf_8_flags(data: bytes) -> bytes:
    cleared = bytearray(data)
    for entry in _FLAGS.finditer(data):
        cleared[entry.start(1)] &= ~(_UTF_8_FLAG >> 8)
    return bytes(cleared)


def _members(archive: ZipFile) -> Iterator[Member]:
    paths: set[str] = set()
    total = 0
    for entry in archive.infolist():
        path, refusal = _path_of(entry)
        is_folder = entry.filename.endswith(("/", "\\"))
        if is_folder or (refusal is None and _is_hidden(path)):
            continue
        refusal = (
            refusal
            or _refusal_of_kind(entry, path)
            or _refusal_of_packing(entry)
            or _refusal_of_size(entry)
        )
        if not refusal and path in paths:
            refusal = WrongFormatError("another file of the archive has the same path; rename one")
        if not refusal and total + entry.file_size > MAX_ARCHIVE_BYTES:
            limit = MAX_ARCHIVE_BYTES // 2**20
            message = f"with it the archive unpacks to more than the {limit} MiB allowed; split it"
            refusal = ReadLimitError(message)
        if not refusal:
            paths.add(path)
            total += entry.file_size
        yield Member(path, entry, refusal)


def _path_of(entry: ZipInfo) -> tuple[str, UnreadableFileError | None]:
    """Return an entry's path as it can be shown, and why it is refused if it is."""
    name = entry.filename
    if not entry.flag_bits & _UTF_8_FLAG:
        # Python takes a name for the character set of DOS; most programs write UTF-8 all the same.
        stored = name.encode("cp437", "replace")
        name = stored.decode("utf-8", "replace")
        if name.encode() != stored:
            return name, WrongFormatError("its name in the archive is not UTF-8; rename it")
    name = name.replace("\\", "/")  # as some programs on Windows part folders
    parts = name.split("/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        return name, WrongFormatError(
            "its path leads out of the archive; pack it again under a path inside"
        )
    return "/".join(part for part in parts if part not in ("", ".")), None


def _is_hidden(path: str) -> bool:
    parts = path.split("/")
    return (
        parts[-1] in ("", CATALOGUE_NAME)
        or "__MACOSX" in parts
        or any(part.startswith(".") for part in parts)
    )


def _refusal_of_kind(entry: ZipInfo, path: str) -> UnreadableFileError | None:
    if path.lower().endswith(ARCHIVE_SUFFIX):
        return WrongFormatError("it is an archive inside an archive; unpack it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return WrongFormatError("it is a link; pack the file itself")
    return None


def _refusal_of_packing(entry: ZipInfo) -> UnreadableFileError | None:
    if entry.flag_bits & 1:
        return EncryptedFileError("it asks for a password; pack it again without one")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return WrongFormatError("it is packed in an unusual way; pack it again with the usual one")
    return None


def _refusal_of_size(entry: ZipInfo) -> UnreadableFileError | None:
    size = entry.file_size
    if size > MAX_MEMBER_BYTES:
        limit = MAX_MEMBER_BYTES // 2**20
        return ReadLimitError(f"it unpacks to {size // 2**20} MiB, more than the {limit} allowed")
    if size > max(_SMALL, MAX_RATIO * entry.compress_size):
        message = f"it unpacks to more than {MAX_RATIO} times its size, as no document does"
        return ReadLimitError(message)
    return None
