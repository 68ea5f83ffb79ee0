"""A span of a document -> where it stands on the pages of its PDF, and these pages as images.

The file is read once more, as it was read for the text, but keeping for every block the glyphs
that it is made of. A rectangle is made of the boxes of these glyphs, so that it cannot lie on
other words than those of the span.
"""

import hashlib
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium

from corpus.documents import Document, Span
from corpus.errors import UnreadableFileError
from corpus.readers.formats import read_bytes
from corpus.readers.pdf import read_placed
from corpus.readers.pdf_blocks import PlacedBlock
from corpus.readers.pdf_file import open_pdf
from corpus.readers.pdf_glyphs import Floats, read_glyph_boxes
from corpus.text import repair

MOST_PIXELS = 25_000_000  # of an image: an A3 page at 300 dots an inch has 17 million
_FILES_KEPT = 4


@dataclass(frozen=True, slots=True)
class PageRectangle:
    """A part of one line, in points from the top left corner of the page as it is displayed."""

    page_number: int
    left: float
    top: float
    right: float
    bottom: float


# A glyph of a block: its fragment's place in the block, its page, its number on the page.
_Glyph = tuple[int, int, int]


def rectangles_of(
    path: Path, document: Document, span: Span, *, passwords: tuple[str, ...] = ()
) -> tuple[PageRectangle, ...]:
    """Return the rectangles that the text of a span stands in, in reading order; none if not a PDF.

    None either where the file is pictures, whose words a program read.

    One for each stretch of a line. Raises `UnreadableFileError` if the file cannot be read, or is
    not the one that the document was read from, or the document was read by another version.
    """
    if path.suffix.lower() != ".pdf" or span.start >= span.end or document.recognised_pages:
        return ()
    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != document.file_sha256:
        raise UnreadableFileError("it has changed since it was indexed; build again")
    placed = _placed(data, passwords)
    if [one.block.text for one in placed] != [
        one.span.of(document.text) for one in document.blocks
    ]:
        raise UnreadableFileError("it was indexed by another version; build again")
    with open_pdf(data, passwords) as file:
        pages = _Pages(file)
        return tuple(
            rectangle
            for block, one in zip(document.blocks, placed, strict=True)
            for rectangle in _rectangles(pages, block.span, span, one)
        )


def page_size(
    path: Path, page_number: int, *, passwords: tuple[str, ...] = ()
) -> tuple[float, float]:
    """Return width and height of a page as it is displayed, in points."""
    with open_pdf(read_bytes(path), passwords) as file:
        return _displayed_size(_page(file, page_number))


def page_image(
    path: Path, page_number: int, scale: float, *, passwords: tuple[str, ...] = ()
) -> bytes:
    """Return a page as it is displayed, as a PNG of `scale` pixels a point.

    A page that would have more than `MOST_PIXELS` is drawn smaller.
    """
    with open_pdf(read_bytes(path), passwords) as file:
        page = _page(file, page_number)
        width, height = _displayed_size(page)
        scale = min(scale, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        target = io.BytesIO()
        page.render(scale=scale).to_pil().save(target, "PNG")
        return target.getvalue()


@lru_cache(_FILES_KEPT)
def _placed(data: bytes, passwords: tuple[str, ...]) -> tuple[PlacedBlock, ...]:
    return tuple(one for one in read_placed(data, passwords) if one.block.text.strip())


def _page(file: pdfium.PdfDocument, page_number: int) -> pdfium.PdfPage:
    if not 1 <= page_number <= len(file):
        raise ValueError(f"page {page_number} of {len(file)}")
    try:
        return file[page_number - 1]
    except pdfium.PdfiumError as error:
        raise UnreadableFileError(f"page {page_number} is damaged") from error


def _displayed_size(page: pdfium.PdfPage) -> tuple[float, float]:
    left, bottom, right, top = page.get_bbox()
    size = (right - left, top - bottom)
    return size[::-1] if page.get_rotation() in (90, 270) else size


class _Pages:
    """The glyphs of a file's pages, read when they are asked for."""

    def __init__(self, file: pdfium.PdfDocument) -> None:
        self._file = file
        self._read: dict[int, tuple[str, Floats, Floats]] = {}

    def text(self, page_number: int) -> str:
        """Return the text of a page, a character a glyph."""
        return self._glyphs(page_number)[0]

    def rectangle(self, page_number: int, glyphs: Sequence[int]) -> PageRectangle:
        """Return the rectangle round some glyphs, in points of the displayed page."""
        _, boxes, inks = self._glyphs(page_number)
        own = list(glyphs)
        box = _cleared(_round(boxes[own]), _round(inks[own]), np.delete(inks, own, axis=0))
        return _displayed(self._file[page_number - 1], page_number, box)

    def _glyphs(self, page_number: int) -> tuple[str, Floats, Floats]:
        if page_number not in self._read:
            self._read[page_number] = read_glyph_boxes(self._file[page_number - 1])
        return self._read[page_number]


def _round(boxes: Floats) -> Floats:
    """Return left, bottom, right, top of what holds all the boxes."""
    return np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))


def _cleared(box: Floats, ink: Floats, others: Floats) -> Floats:
    """Return the box of a stretch of a line, less what lies on the ink of other lines.

    A font's height may be more than the distance of lines, and the box then reaches into the next
    one. It is cut no further than to the stretch's own ink.
    """
    is_upright = box[2] - box[0] >= box[3] - box[1]
    low, high, left, right = (1, 3, 0, 2) if is_upright else (0, 2, 1, 3)
    beside = others[(others[:, left] < box[right]) & (others[:, right] > box[left])]
    middles = (beside[:, low] + beside[:, high]) / 2
    cleared = box.copy()
    below, above = beside[middles < ink[low], high], beside[middles > ink[high], low]
    cleared[low] = max(box[low], min(ink[low], below.max(initial=box[low])))
    cleared[high] = min(box[high], max(ink[high], above.min(initial=box[high])))
    return cleared


def _displayed(page: pdfium.PdfPage, page_number: int, box: Floats) -> PageRectangle:
    """Return left, bottom, right, top of a page before its rotation as it is displayed."""
    crop_left, crop_bottom, crop_right, crop_top = page.get_bbox()
    width, height = crop_right - crop_left, crop_top - crop_bottom
    left, right = (min(max(x, 0.0), width) for x in (box[0], box[2]))
    bottom, top = (min(max(y, 0.0), height) for y in (box[1], box[3]))
    turned = {
        0: (left, height - top, right, height - bottom),
        90: (bottom, left, top, right),
        180: (width - right, bottom, width - left, top),
        270: (height - top, width - right, height - bottom, width - left),
    }[page.get_rotation()]
    return PageRectangle(page_number, *map(float, turned))


def _rectangles(
    pages: _Pages, block: Span, span: Span, placed: PlacedBlock
) -> Iterator[PageRectangle]:
    """Yield the rectangles of the part of a block that lies in a span, one for each fragment."""
    start, end = max(span.start, block.start), min(span.end, block.end)
    if start >= end:
        return
    chosen = sorted(set(_glyphs_of(pages, placed, Span(start - block.start, end - block.start))))
    for (_, page_number), group in groupby(chosen, lambda glyph: glyph[:2]):
        yield pages.rectangle(page_number, [number for _, _, number in group])


def _glyphs_of(pages: _Pages, placed: PlacedBlock, part: Span) -> Iterator[_Glyph]:
    """Yield the glyphs that a part of a block's text is written with.

    The text is that of the fragments in their order, but for repairs: spaces, hyphens at line
    ends, bullets, composed letters. Where these differ, as many glyphs count as characters.
    """
    text = placed.block.text
    places = [n for n, character in enumerate(text) if not character.isspace()]
    glyphs = [
        (character, (order, page_number, number))
        for order, (page_number, fragment) in enumerate(placed.fragments)
        for number in range(fragment.start, fragment.end)
        for character in _inked(repair(pages.text(page_number)[number]))
    ]
    wanted = [part.start <= place < part.end for place in places]
    shown, drawn = [text[place] for place in places], [character for character, _ in glyphs]
    for first, last, start, end in _alignment(shown, drawn):
        for n in range(first, last):
            if wanted[n]:
                share = (end - start) / (last - first)
                begin, stop = (n - first) * share, (n - first + 1) * share
                yield from (glyphs[start + k][1] for k in range(int(begin), math.ceil(stop)))


def _inked(text: str) -> str:
    return "".join(text.split())


def _alignment(shown: list[str], drawn: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield which characters of a text (from, to) are which of those drawn (from, to)."""
    if shown == drawn:
        yield (0, len(shown), 0, len(drawn))
        return
    matcher = SequenceMatcher(None, shown, drawn, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            yield (first, last, start, end)
