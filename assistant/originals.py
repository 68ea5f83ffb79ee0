"""A document in, the file that it was read from out, if that is still the same file."""

from functools import lru_cache
from pathlib import Path

from corpus.documents import Document, sha256_of_file


def original_of(document: Document, folder: Path) -> Path | None:
    """Return the document's file in the folder it was read from.

    None if the file is gone, lies outside the folder or in an archive, or is not, byte for byte,
    what was read.
    """
    path = folder / document.source.file
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file():
            return None
        same = current_sha256(path) == document.file_sha256
    except (OSError, ValueError):  # ValueError: a null character in the name
        return None
    return path if same else None


def current_sha256(path: Path) -> str:
    """Return the hash of a file as it is now; it is worked out anew only when that changes."""
    facts = path.stat()
    return _sha256(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=4096)
def _sha256(path: Path, changed: int, size: int) -> str:  # they tell versions apart
    return sha256_of_file(path)
