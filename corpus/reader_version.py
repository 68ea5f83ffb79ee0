"""What reading depends on besides the file: the code of the readers and their libraries."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_FOLDER = Path(__file__).parent
_LIBRARIES = (
    "lxml", "markdown-it-py", "py3langid", "pypdf", "pypdfium2", "python-docx",
    "python-frontmatter", "selectolax",
)  # fmt: skip
_FILES = (
    "documents.py", "language.py", "reading.py", "recognition.py", "scans.py", "sections.py",
    "sentences.py", "text.py",
)  # fmt: skip


@cache
def reader_version() -> str:
    """Return a hash that changes whenever the same file could be read otherwise.

    It follows from the code itself: a number to be raised by hand would be forgotten.
    """
    digest = hashlib.sha256()
    for path in [*(_FOLDER / name for name in _FILES), *sorted(_FOLDER.glob("readers/**/*.py"))]:
        digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()
