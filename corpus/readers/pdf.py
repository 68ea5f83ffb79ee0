"""A PDF file -> its blocks, page by page.

Text, its places and the outline come from pdfium (`pdf_glyphs`), page labels, title and language
from pypdf. Glyphs -> fragments (`layout`) -> without running heads (`pdf_running`) -> columns
(`pdf_columns`) -> blocks (`pdf_blocks`).
"""

import gc
import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
from pypdf import PdfReader

from corpus.errors import EmptyFileError, NoTextError, ReadLimitError
from corpus.readers.parsed import ParsedFile
from corpus.readers.pdf_blocks import PageRegions, PlacedBlock, build_blocks
from corpus.readers.pdf_columns import read_regions
from corpus.readers.pdf_drawings import NOTHING_DRAWN, Drawings, read_drawings, with_bullets
from corpus.readers.pdf_file import open_pdf
from corpus.readers.pdf_fragments import Fragment, PageFragments, find_fragments, is_upright
from corpus.readers.pdf_glyphs import NO_GLYPHS, PageGlyphs, read_glyphs
from corpus.readers.pdf_headings import plain_titles
from corpus.readers.pdf_running import find_running, running_words
from corpus.text import one_line

logger = logging.getLogger(__name__)

# The longest report of the shared files has 619; a file of ten thousand is no text for a reader.
MAX_PAGES = 9_999
_MOST_ATTACHMENTS = 100  # that are named
# Enough to save time; the words of more would take much memory before they are fragments.
_PAGES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class _Description:
    """What the file says of itself."""

    labels: tuple[str | None, ...]
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _ReadFile:
    """What pdfium finds in a file: its pages, and the names of the files attached to it."""

    pages: tuple["_ReadPage", ...]
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """A page's fragments, those of its main direction first, its drawings, and its titles.

    The titles are the entries of the file's outline that lead to the page, as `plain_titles`.
    """

    turned: tuple[PageFragments, ...]
    drawings: Drawings
    titles: tuple[str, ...]


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Keep Python from looking for cycles meanwhile: of a long file's words, none of which has any.

    With every few thousand new ones it would go through all again, a fifth of the time of a long
    report (DA-619p, 2026).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_collector_resting()
def parse_pdf(data: bytes, passwords: Sequence[str] = ()) -> ParsedFile:
    """Return the file's blocks in reading order, each piece with its page's number.

    Pages without text, as scans are, stand among the page labels and have no blocks. A file that
    an empty password opens is read, or one of the passwords.

    Raises:
        EmptyFileError: There is nothing in the file.
        EncryptedFileError: No password opens it, or its protection is not supported.
        WrongFormatError: It is not a PDF, or too damaged to be opened.
        ReadLimitError: It has too many pages.
        NoTextError: None of its pages carries text.
    """
    if not data.strip():
        raise EmptyFileError("it is empty; copy or download it again")
    file = _read_file(data, passwords)
    pages = file.pages
    description = _describe(data, passwords, len(pages))
    placed, taken_out = _build(pages, description)
    if not placed:
        raise NoTextError(_no_text(len(pages)))
    return ParsedFile(
        blocks=tuple(one.block for one in placed),
        page_labels=description.labels,
        title=description.title,
        language=description.language,
        taken_out=taken_out,
        attachments=file.attachments,
    )


@_collector_resting()
def read_placed(data: bytes, passwords: Sequence[str] = ()) -> tuple[PlacedBlock, ...]:
    """Return the same blocks as `parse_pdf`, each with the fragments that its text is made of."""
    pages = _read_file(data, passwords).pages
    return _build(pages, _describe(data, passwords, len(pages)))[0]


def _build(
    pages: Sequence[_ReadPage], description: _Description
) -> tuple[tuple[PlacedBlock, ...], tuple[str, ...]]:
    """Return the blocks, and what runs through the pages without being a part of them."""
    running = find_running([part for page in pages for part in page.turned], description.labels)
    blocks = build_blocks(list(_in_regions(pages, running)))
    return blocks, running_words(running.values())


def _read_file(data: bytes, passwords: Sequence[str]) -> _ReadFile:
    with open_pdf(data, passwords) as document:
        if len(document) > MAX_PAGES:
            message = f"it has {len(document):,} pages, more than the {MAX_PAGES:,} allowed"
            raise ReadLimitError(f"{message}; split it")
        titles = _outline_titles(document)
        return _ReadFile(tuple(_read_pages(document, titles)), _attachments(document))


def _attachments(document: pdfium.PdfDocument) -> tuple[str, ...]:
    count = min(document.count_attachments(), _MOST_ATTACHMENTS)
    try:
        names = [one_line(document.get_attachment(n).get_name()) for n in range(count)]
    except (pdfium.PdfiumError, UnicodeDecodeError) as error:
        logger.warning("what is attached cannot be named: %s", error)
        return ()
    return tuple(dict.fromkeys(name for name in names if name))


def _no_text(page_count: int) -> str:
    pages = (
        "its only page carries no" if page_count == 1 else f"none of its {page_count} pages carries"
    )
    return (
        f"{pages} text: it is a scan or a drawing; build with --recognise where ocrmypdf or "
        "tesseract is installed, or add a copy with recognised text"
    )


def _outline_titles(document: pdfium.PdfDocument) -> dict[int, tuple[str, ...]]:
    titles: dict[int, tuple[str, ...]] = {}
    for entry in document.get_toc():
        target = entry.get_dest()
        index = target.get_index() if target else None
        if index is not None:
            plain = plain_titles(one_line(entry.get_title()))
            titles[index + 1] = (*titles.get(index + 1, ()), *sorted(plain))
    return titles


def _read_pages(
    document: pdfium.PdfDocument, titles: Mapping[int, tuple[str, ...]]
) -> Iterator[_ReadPage]:
    """Yield what stands on each page."""
    numbers = range(1, len(document) + 1)
    for start in range(0, len(numbers), _PAGES_AT_ONCE):
        some = numbers[start : start + _PAGES_AT_ONCE]
        drawn = [_read_page(document, number) for number in some]
        fragments = find_fragments(
            [glyphs for glyphs, _ in drawn], [drawings.verticals for _, drawings in drawn]
        )
        for number, (_, drawings), turned in zip(some, drawn, fragments, strict=True):
            main = (with_bullets(part, drawings.marks) for part in turned[:1])
            yield _ReadPage((*main, *turned[1:]), drawings, titles.get(number, ()))


def _read_page(document: pdfium.PdfDocument, number: int) -> tuple[PageGlyphs, Drawings]:
    """Return the words of a page and what is drawn on it; nothing where it is damaged."""
    try:
        page = document[number - 1]
        glyphs = read_glyphs(page, number)
        # Of a page whose text stands on its side the drawings would be in other coordinates.
        drawings = read_drawings(page) if is_upright(glyphs) else NOTHING_DRAWN
        page.close()
    except pdfium.PdfiumError as error:
        logger.warning("page %d cannot be read: %s", number, error)
        return NO_GLYPHS, NOTHING_DRAWN
    return glyphs, drawings


def _in_regions(
    pages: Sequence[_ReadPage], running: Mapping[int, frozenset[Fragment]]
) -> Iterator[PageRegions]:
    """Yield each page's regions, its running heads taken out."""
    for number, page in enumerate(pages, start=1):
        out = running.get(number, frozenset[Fragment]())
        regions = [
            replace(region, is_turned=part is not page.turned[0])
            for part in page.turned
            for region in read_regions(
                [fragment for fragment in part.fragments if fragment not in out],
                page.drawings if part is page.turned[0] else NOTHING_DRAWN,
                number,
            )
        ]
        yield PageRegions(number, tuple(regions), page.drawings.rules, page.titles)


def _describe(data: bytes, passwords: Sequence[str], page_count: int) -> _Description:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            any(reader.decrypt(password) for password in ("", *passwords))
        return _Description(_labels(reader, page_count), _title(reader), _language(reader))
    except Exception as error:  # pypdf fails on damaged files in any way; pdfium has the text
        logger.info("labels, title and language cannot be read: %s", error)
        return _Description((None,) * page_count)


def _labels(reader: PdfReader, page_count: int) -> tuple[str | None, ...]:
    # pypdf numbers the pages of a file that prints no labels.
    labels = reader.page_labels if "/PageLabels" in reader.root_object else []
    padded = [*labels, *[""] * page_count][:page_count]
    return tuple(one_line(label) or None for label in padded)


def _title(reader: PdfReader) -> str | None:
    metadata = reader.metadata
    return one_line(metadata.title or "") or None if metadata else None


def _language(reader: PdfReader) -> str | None:
    language = one_line(str(reader.root_object.get("/Lang", "")))
    return language or None
