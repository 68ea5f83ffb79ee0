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
        facts = path.stat()
        same = _sha256(path, facts.st_mtime_ns, facts.st_size) == document.file_sha256
    except (OSError, ValueError):  # ValueError: a null character in the name
        return None
    return path if same else None


@lru_cache(maxsize=256)
def _sha256(path: Path, changed: int, size: int) -> str:  # they tell versions apart
    return sha256_of_file(path)
