"""A page of a PDF -> its words: where they stand in the page's text and on the paper.

pdfium is asked once for a page's whole text, then only for the boxes of each word's first and last
glyph and the type of each run of text: a call a glyph would cost more than all the rest.
"""

import ctypes
import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.readers.right_to_left import reading_order

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# What pdfium puts in place of a hyphen at the end of a line, whose line end it leaves out.
HYPHEN_MARK = "\ufffe"
_SPACES = np.array([code for code in range(0x3001) if chr(code).isspace()] + [0], dtype=np.uint32)
_BOLD_NAMES = ("bold", "black", "heavy", "demi", "-medi", "cmbx", "sfbx")
_FORCE_BOLD = 1 << 18
# pdfium derives a weight from the width of a stem. In the shared files (2026) text faces come out
# at up to 550 and some at 1600 and 2140, bold ones at 545 to 770: without a name that says so,
# only what lies clearly in between is bold.
_BOLD_WEIGHTS = range(600, 1000)
_LONGEST_FONT_NAME = 128
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def by_address(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Return a function of pdfium that takes addresses as numbers.

    Called once a word, pypdfium2's typed ones take nearly twice the time (freeculture, 2026).
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


ADDRESS = ctypes.c_void_p
_GET_BOX = by_address(raw.FPDFText_GetLooseCharBox, ctypes.c_int, ADDRESS, ctypes.c_int, ADDRESS)
_GET_TEXT_OBJECT = by_address(raw.FPDFText_GetTextObject, ADDRESS, ADDRESS, ctypes.c_int)
_GET_FONT = by_address(raw.FPDFTextObj_GetFont, ADDRESS, ADDRESS)


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """A page's text in the order of pdfium, Hebrew and Arabic as read, and its words.

    Word `i` is `text[starts[i]:ends[i]]`; a position in `text` is also that of a glyph in
    `read_glyph_boxes`, so that any stretch can be traced back to boxes. `lefts`, `bottoms`,
    `rights`, `tops` and the start of the baseline (`origins_x`, `origins_y`) are in points from
    the lower left corner of the visible page, before its rotation; `turns` counts the quarter
    turns, anticlockwise, by which a word stands on the page. `sizes` are in points.
    """

    number: int
    width: float
    height: float
    text: str
    starts: Integers
    ends: Integers
    lefts: Floats
    bottoms: Floats
    rights: Floats
    tops: Floats
    origins_x: Floats
    origins_y: Floats
    turns: Integers
    sizes: Floats
    bolds: npt.NDArray[np.bool_]


def read_glyphs(page: pdfium.PdfPage, number: int) -> PageGlyphs:
    """Return the page's words; those wholly outside the visible part of the page are left out."""
    text_page = page.get_textpage()
    try:
        text, order = _read_in_order(text_page)
        starts, ends = _word_bounds(text)
        firsts = _boxes(text_page, order[starts])
        lasts = _boxes(text_page, order[ends - 1])
        cuts = _line_ends_inside(text_page, order, _Bounds(starts, ends, firsts, lasts))
        if cuts:
            starts, ends = np.sort([*starts, *cuts]), np.sort([*ends, *cuts])
            firsts = _boxes(text_page, order[starts])
            lasts = _boxes(text_page, order[ends - 1])
        types = _word_types(text_page, order[starts])
    finally:
        text_page.close()
    left, bottom, right, top = page.get_bbox()
    lower = np.minimum(firsts[:, :2], lasts[:, :2])
    upper = np.maximum(firsts[:, 2:], lasts[:, 2:])
    visible = (upper > (left, bottom)).all(axis=1) & (lower < (right, top)).all(axis=1)
    lower, upper, types = lower[visible], upper[visible], types[visible]
    return PageGlyphs(
        number=number,
        width=right - left,
        height=top - bottom,
        text=text,
        starts=starts[visible],
        ends=ends[visible],
        lefts=lower[:, 0] - left,
        bottoms=lower[:, 1] - bottom,
        rights=upper[:, 0] - left,
        tops=upper[:, 1] - bottom,
        origins_x=types[:, 2] - left,
        origins_y=types[:, 3] - bottom,
        turns=types[:, 1].astype(np.int64),
        sizes=types[:, 0],
        bolds=types[:, 4].astype(np.bool_),
    )


def read_glyph_boxes(page: pdfium.PdfPage) -> tuple[str, Floats, Floats]:
    """Return the page's text, and for each of its characters left, bottom, right and top.

    First of the glyph's box, by the font's height, then of its ink. In points from the lower left
    corner of the visible page, before its rotation.
    """
    text_page = page.get_textpage()
    try:
        text, order = _read_in_order(text_page)
        boxes = _boxes(text_page, order)
        inks = np.array([text_page.get_charbox(int(n)) for n in order]).reshape(-1, 4)
    finally:
        text_page.close()
    left, bottom, _, _ = page.get_bbox()
    corner = (left, bottom, left, bottom)
    return text, boxes - corner, inks - corner


def _read_in_order(text_page: pdfium.PdfTextPage) -> tuple[str, Integers]:
    """Return the page's text as it is read, and the number of pdfium's glyph at each place."""

    def places(numbers: list[int]) -> Floats:
        boxes = _boxes(text_page, np.array(numbers, dtype=np.int64))
        return (boxes[:, :2] + boxes[:, 2:]) / 2

    text = _page_text(text_page)
    order = reading_order(text, places)
    is_same = bool((order == np.arange(len(text))).all())
    return text if is_same else "".join(map(text.__getitem__, order)), order


def _page_text(text_page: pdfium.PdfTextPage) -> str:
    """Return one character a glyph, so that positions in the text are numbers of glyphs."""
    count = text_page.count_chars()
    text = str(text_page.get_text_range()) if count else ""
    if len(text) != count:
        # Glyphs that stand for no character, or for one beyond the first plane of Unicode.
        codes = (raw.FPDFText_GetUnicode(text_page.raw, index) for index in range(count))
        text = "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)
        text = _SURROGATES.sub(_one_character, text)
    return text


def _one_character(pair: re.Match[str]) -> str:
    """Return the character of two surrogates, and an invisible one to keep the positions."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le") + "\u200b"


def _word_bounds(text: str) -> tuple[Integers, Integers]:
    """Return where each run of non-blank characters starts and ends; a hyphen mark ends one."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    inked = np.concatenate(([False], ~np.isin(codes, _SPACES), [False]))
    marked = np.concatenate(([False], codes == ord(HYPHEN_MARK)))
    starts = inked[1:] & (~inked[:-1] | marked)
    ends = inked[:-1] & (~inked[1:] | marked)
    return np.flatnonzero(starts), np.flatnonzero(ends)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where words start and end, and the boxes of their first and last glyphs."""

    starts: Integers
    ends: Integers
    firsts: Floats
    lasts: Floats


def _line_ends_inside(text_page: pdfium.PdfTextPage, order: Integers, words: _Bounds) -> list[int]:
    """Return where in words the next letter stands under the one before.

    pdfium (5.15) writes no line end between short figures that stand under one another.
    """
    fallen = (words.firsts[:, 1] > words.lasts[:, 3]) & (words.firsts[:, 0] < words.lasts[:, 2])
    cuts: list[int] = []
    for start, end in zip(words.starts[fallen].tolist(), words.ends[fallen].tolist(), strict=True):
        if _size_and_place(text_page, int(order[start]))[1] != 0:  # it stands on its side
            continue
        boxes = _boxes(text_page, order[start:end])
        cuts += (start + 1 + np.flatnonzero(boxes[:-1, 1] > boxes[1:, 3])).tolist()
    return cuts


def _boxes(text_page: pdfium.PdfTextPage, indices: Integers) -> Floats:
    """Return left, bottom, right, top of each glyph, by the font's height, not the ink's."""
    boxes = (raw.FS_RECTF * len(indices))()
    first, size = ctypes.addressof(boxes), ctypes.sizeof(raw.FS_RECTF)
    addresses = range(first, first + size * len(indices), size)
    page = ctypes.cast(text_page.raw, ctypes.c_void_p)
    deque(map(_GET_BOX, repeat(page), indices.tolist(), addresses), maxlen=0)
    # FS_RECTF holds left, top, right, bottom.
    corners = np.frombuffer(boxes, dtype=np.float32).reshape(-1, 4).astype(np.float64)
    return corners[:, [0, 3, 2, 1]]


def _word_types(text_page: pdfium.PdfTextPage, starts: Integers) -> Floats:
    """Return size, quarter turns, a point of the baseline, and whether bold, for each word."""
    page, indices = ctypes.cast(text_page.raw, ctypes.c_void_p), starts.tolist()
    text_objects = list(map(_GET_TEXT_OBJECT, repeat(page), indices))
    bold_fonts: dict[int | None, bool] = {}
    types: list[tuple[float, ...]] = []
    for before, text_object, index in zip([-1, *text_objects], text_objects, indices, strict=False):
        if text_object != before or text_object is None:
            font = _GET_FONT(text_object) if text_object else None
            if font not in bold_fonts:
                bold_fonts[font] = _is_bold(text_page, index)
            types.append((*_size_and_place(text_page, index), bold_fonts[font]))
        else:
            types.append(types[-1])
    return np.array(types, dtype=np.float64).reshape(-1, 5)


def _size_and_place(text_page: pdfium.PdfTextPage, index: int) -> tuple[float, int, float, float]:
    """Return the size and quarter turns of a glyph, and a point of its baseline."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page.raw, index, matrix)
    size = raw.FPDFText_GetFontSize(text_page.raw, index) * math.hypot(matrix.c, matrix.d)
    turns = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
    return abs(size), turns, matrix.e, matrix.f


def _is_bold(text_page: pdfium.PdfTextPage, index: int) -> bool:
    """Tell whether the glyph's font is bold, by what it is called, flagged and weighs."""
    name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page.raw, index, name, _LONGEST_FONT_NAME, flags)
    weight = raw.FPDFText_GetFontWeight(text_page.raw, index)
    lowered = name.value.decode("utf-8", "replace").lower()
    return (
        weight in _BOLD_WEIGHTS
        or bool(flags.value & _FORCE_BOLD)
        or any(word in lowered for word in _BOLD_NAMES)
    )
