"""Which reader reads which file, and what is refused before any reads it."""

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

from corpus.errors import EmptyFileError, ReadLimitError, WrongFormatError
from corpus.readers.archive import ARCHIVE_SUFFIX
from corpus.readers.docx import parse_docx
from corpus.readers.html import parse_html
from corpus.readers.markdown import parse_markdown
from corpus.readers.parsed import ParsedFile
from corpus.readers.pdf import parse_pdf
from corpus.readers.plain import parse_plain

MAX_FILE_BYTES = 200 * 2**20

Parser = Callable[[bytes], ParsedFile]

_PARSERS: dict[str, Parser] = {
    ".docx": parse_docx,
    ".htm": parse_html,
    ".html": parse_html,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".pdf": parse_pdf,
    ".txt": parse_plain,
    ".text": parse_plain,
    ".xhtml": parse_html,
}
SUFFIXES = frozenset(_PARSERS)
# Formats of word processors, all of which save as .docx too.
_SAVED_AS_DOCX = {".doc", ".docm", ".dot", ".dotm", ".dotx", ".odt", ".pages", ".rtf", ".wpd"}

# What the first bytes of other formats are, to tell a file that is not what its name says.
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an Office file",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "a rich-text file",
}


# What a reader finds in files of its own; a Word file with a password is of the old kind.
_OWN_SIGNATURES: dict[Parser, set[str]] = {
    parse_pdf: {"a PDF"},
    parse_docx: {"a ZIP archive or an Office file", "an old Office file"},
}


def parse_file(path: Path, passwords: Sequence[str] = ()) -> ParsedFile:
    """Return what a file holds, read by the format that its name says.

    The passwords are tried on a PDF that asks for one.

    Raises `UnreadableFileError` with the reason, without the file's name.
    """
    parse = parser_of(path)
    data = read_bytes(path)
    found = next((name for start, name in _SIGNATURES.items() if data.startswith(start)), None)
    if found and found not in _OWN_SIGNATURES.get(parse, ()):
        raise WrongFormatError(f"it is named {path.suffix} but is {found}; rename or convert it")
    return parse_pdf(data, passwords) if parse is parse_pdf else parse(data)


def parser_of(path: PurePath) -> Parser:
    """Return the reader of the format that a file's name says; raises WrongFormatError if none."""
    suffix = path.suffix.lower()
    parse = _PARSERS.get(suffix)
    if parse is None:
        readable = ", ".join(sorted({*SUFFIXES, ARCHIVE_SUFFIX}))
        advice = "save it as .docx" if suffix in _SAVED_AS_DOCX else f"use {readable}"
        message = f"files of the kind {path.suffix or path.name!r} are not read; {advice}"
        raise WrongFormatError(message)
    return parse


def read_bytes(path: Path) -> bytes:
    """Return a file's content; raises `UnreadableFileError` if it has none or has too much."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            message = f"it has {size // 2**20} MiB, more than the {MAX_FILE_BYTES // 2**20} allowed"
            raise ReadLimitError(message)
        data = path.read_bytes()
    except OSError as error:
        raise WrongFormatError(f"it cannot be opened: {error.strerror}") from error
    if not data.strip():
        raise EmptyFileError("it is empty")
    return data
