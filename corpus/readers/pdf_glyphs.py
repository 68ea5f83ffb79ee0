"""A page of a PDF -> its words: where they stand in the page's text and on the paper.

pdfium is asked once for a page's whole text, then only for the boxes of each word's first and last
glyph and the type of each run of text: a call a glyph would cost more than all the rest.
"""

import ctypes
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.readers.pdf_calls import ADDRESS, address_of, by_address, pointer, read_records
from corpus.readers.right_to_left import codes_of, is_left_to_right, reading_order

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
_Addresses = npt.NDArray[np.uint64]

# What pdfium puts in place of a hyphen at the end of a line, whose line end it leaves out.
HYPHEN_MARK = "\ufffe"
# For each code up to the last white space, and one more for all beyond it, whether it is ink.
_LAST_SPACE = 0x3000
_IS_INKED = np.array([not chr(code).isspace() for code in range(_LAST_SPACE + 2)])
_IS_INKED[0] = False
_BOLD_NAMES = ("bold", "black", "heavy", "demi", "-medi", "cmbx", "sfbx")
_FORCE_BOLD = 1 << 18
# pdfium derives a weight from the width of a stem. In the shared files (2026) text faces come out
# at up to 550 and some at 1600 and 2140, bold ones at 545 to 770: without a name that says so,
# only what lies clearly in between is bold.
_BOLD_WEIGHTS = range(600, 1000)
_LONGEST_FONT_NAME = 128
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


_GET_BOX = by_address(raw.FPDFText_GetLooseCharBox, ctypes.c_int)
_GET_TEXT_OBJECT = by_address(raw.FPDFText_GetTextObject, ADDRESS)
_GET_FONT = by_address(raw.FPDFTextObj_GetFont, ADDRESS)
_GET_UNICODE = by_address(raw.FPDFText_GetUnicode, ctypes.c_uint)
_GET_FONT_SIZE = by_address(raw.FPDFText_GetFontSize, ctypes.c_double)
_GET_FONT_INFO = by_address(raw.FPDFText_GetFontInfo, ctypes.c_ulong)
_GET_FONT_WEIGHT = by_address(raw.FPDFText_GetFontWeight, ctypes.c_int)
_GET_MATRIX = by_address(raw.FPDFText_GetMatrix, ctypes.c_int)


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


_NO_FLOATS, _NO_INTEGERS = np.empty(0), np.empty(0, dtype=np.int64)
NO_GLYPHS = PageGlyphs(
    number=0,
    width=0.0,
    height=0.0,
    text="",
    starts=_NO_INTEGERS,
    ends=_NO_INTEGERS,
    lefts=_NO_FLOATS,
    bottoms=_NO_FLOATS,
    rights=_NO_FLOATS,
    tops=_NO_FLOATS,
    origins_x=_NO_FLOATS,
    origins_y=_NO_FLOATS,
    turns=_NO_INTEGERS,
    sizes=_NO_FLOATS,
    bolds=np.empty(0, dtype=np.bool_),
)


def read_glyphs(page: pdfium.PdfPage, number: int) -> PageGlyphs:
    """Return the page's words; those wholly outside the visible part of the page are left out."""
    text_page = page.get_textpage()
    try:
        text, order = _read_in_order(text_page)
        words = _words(text_page, order, *_word_bounds(text))
        cuts = _line_ends_inside(text_page, order, words)
        if cuts:
            starts, ends = np.sort([*words.starts, *cuts]), np.sort([*words.ends, *cuts])
            words = _words(text_page, order, starts, ends)
        types = _word_types(text_page, order[words.starts], _first_words(text, words.starts))
    finally:
        text_page.close()
    left, bottom, right, top = page.get_bbox()
    lefts, bottoms = np.minimum(words.firsts[:, :2], words.lasts[:, :2]).T
    rights, tops = np.maximum(words.firsts[:, 2:], words.lasts[:, 2:]).T
    is_visible = (rights > left) & (tops > bottom) & (lefts < right) & (bottoms < top)
    # Of most pages all: to choose them would take as long as all the rest.
    visible = slice(None) if is_visible.all() else is_visible
    types = types[visible]
    return PageGlyphs(
        number=number,
        width=right - left,
        height=top - bottom,
        text=text,
        starts=words.starts[visible],
        ends=words.ends[visible],
        lefts=lefts[visible] - left,
        bottoms=bottoms[visible] - bottom,
        rights=rights[visible] - left,
        tops=tops[visible] - bottom,
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
    return text if is_left_to_right(text) else "".join(map(text.__getitem__, order)), order


def _page_text(text_page: pdfium.PdfTextPage) -> str:
    """Return one character a glyph, so that positions in the text are numbers of glyphs."""
    count = text_page.count_chars()
    text = str(text_page.get_text_range()) if count else ""
    if len(text) != count:
        # Glyphs that stand for no character, or for one beyond the first plane of Unicode.
        page = pointer(address_of(text_page))
        codes = np.fromiter(map(_GET_UNICODE, repeat(page), range(count)), np.uint32, count)
        codes[codes >= 0x110000] = ord("\ufffd")
        text = codes.tobytes().decode("utf-32-le", "surrogatepass")
        text = _SURROGATES.sub(_one_character, text)
    return text


def _one_character(pair: re.Match[str]) -> str:
    """Return the character of two surrogates, and an invisible one to keep the positions."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le") + "\u200b"


def _word_bounds(text: str) -> tuple[Integers, Integers]:
    """Return where each run of non-blank characters starts and ends; a hyphen mark ends one."""
    codes = codes_of(text)
    inked = np.zeros(len(codes) + 2, dtype=np.bool_)
    inked[1:-1] = _IS_INKED[np.minimum(codes, _LAST_SPACE + 1)]
    marked = np.zeros(len(codes) + 1, dtype=np.bool_)
    marked[1:] = codes == ord(HYPHEN_MARK)
    starts = inked[1:] & (~inked[:-1] | marked)
    ends = inked[:-1] & (~inked[1:] | marked)
    return starts.nonzero()[0], ends.nonzero()[0]


@dataclass(frozen=True, slots=True)
class _Words:
    """Where words start and end, and the boxes of their first and last glyphs."""

    starts: Integers
    ends: Integers
    firsts: Floats
    lasts: Floats


def _words(
    text_page: pdfium.PdfTextPage, order: Integers, starts: Integers, ends: Integers
) -> _Words:
    boxes = _boxes(text_page, order[np.concatenate((starts, ends - 1))])
    return _Words(starts, ends, boxes[: len(starts)], boxes[len(starts) :])


def _line_ends_inside(text_page: pdfium.PdfTextPage, order: Integers, words: _Words) -> list[int]:
    """Return where in words the next letter stands under the one before.

    pdfium (5.15) writes no line end between short figures that stand under one another.
    """
    fallen = (words.firsts[:, 1] > words.lasts[:, 3]) & (words.firsts[:, 0] < words.lasts[:, 2])
    cuts: list[int] = []
    for start, end in zip(words.starts[fallen].tolist(), words.ends[fallen].tolist(), strict=True):
        if _sizes_and_places(text_page, [int(order[start])])[0, 1] != 0:  # it stands on its side
            continue
        boxes = _boxes(text_page, order[start:end])
        cuts += (start + 1 + np.flatnonzero(boxes[:-1, 1] > boxes[1:, 3])).tolist()
    return cuts


def _boxes(text_page: pdfium.PdfTextPage, indices: Integers) -> Floats:
    """Return left, bottom, right, top of each glyph, by the font's height, not the ink's."""
    page = pointer(address_of(text_page))
    # FS_RECTF holds left, top, right, bottom.
    return read_records(_GET_BOX, page, indices.tolist(), fields=4)[:, [0, 3, 2, 1]]


def _first_words(text: str, starts: Integers) -> Integers:
    """Return the number of the first word of each line; of Hebrew and Arabic, of each word.

    Their letters do not stand in the order in which they were drawn.
    """
    if not is_left_to_right(text):
        return np.arange(len(starts))
    line_ends = (codes_of(text) == ord("\n")).nonzero()[0]
    is_first = np.zeros(len(starts) + 1, dtype=np.bool_)
    is_first[0] = is_first[starts.searchsorted(line_ends)] = True
    return is_first[:-1].nonzero()[0]


def _word_types(text_page: pdfium.PdfTextPage, starts: Integers, firsts: Integers) -> Floats:
    """Return size, quarter turns, a point of the baseline, and whether bold, for each word.

    Words drawn in one go are alike: pdfium is asked for the first of them.
    """
    page = pointer(address_of(text_page))
    drawn = _drawn(page, starts, firsts)
    is_new = np.ones(len(starts), dtype=np.bool_)
    is_new[1:] = (drawn[1:] != drawn[:-1]) | (drawn[1:] == 0)
    news = is_new.nonzero()[0]
    indices = starts[news].tolist()
    fonts = list(map(_GET_FONT, map(pointer, drawn[news].tolist())))
    examples = dict(zip(fonts, indices, strict=True))
    bolds = {font: _is_bold(page, index) for font, index in examples.items()}
    bold = [bolds[font] for font in fonts]
    types: Floats = np.column_stack((_sizes_and_places(text_page, indices), bold))
    return types.repeat(np.diff(np.append(news, len(starts))), axis=0)


def _drawn(
    page: Any,  # noqa: ANN401  # as in `read_records`
    starts: Integers,
    firsts: Integers,
) -> _Addresses:
    """Return the address of what each word was drawn with, 0 where pdfium has none.

    What a line's first and last word were drawn with, all between were: they are not asked for.
    """
    ends = np.append(firsts, len(starts))[1:]
    first, last = _objects(page, starts[firsts]), _objects(page, starts[ends - 1])
    lengths = ends - firsts
    drawn = first.repeat(lengths)
    is_asked = ((first != last) | (first == 0)).repeat(lengths)
    drawn[is_asked] = _objects(page, starts[is_asked])
    return drawn


def _objects(page: Any, indices: Integers) -> _Addresses:  # noqa: ANN401  # as in `read_records`
    objects = map(_GET_TEXT_OBJECT, repeat(page), indices.tolist())
    return np.fromiter(objects, dtype=np.uint64, count=len(indices))


def _sizes_and_places(text_page: pdfium.PdfTextPage, indices: Sequence[int]) -> Floats:
    """Return the size and quarter turns of each glyph, and a point of its baseline."""
    page = pointer(address_of(text_page))
    a, b, c, d, x, y = read_records(_GET_MATRIX, page, indices, fields=6).T
    sizes = np.array(list(map(_GET_FONT_SIZE, repeat(page), indices)), dtype=np.float64)
    turns = np.rint(np.arctan2(b, a) / (math.pi / 2)) % 4
    return np.column_stack((np.abs(sizes * np.hypot(c, d)), turns, x, y))


def _is_bold(page: Any, index: int) -> bool:  # noqa: ANN401  # as in `_fill`
    """Tell whether the glyph's font is bold, by what it is called, flagged and weighs."""
    name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
    flags = ctypes.c_int()
    _GET_FONT_INFO(page, index, name, _LONGEST_FONT_NAME, ctypes.byref(flags))
    weight = _GET_FONT_WEIGHT(page, index)
    lowered = name.value.decode("utf-8", "replace").lower()
    return (
        weight in _BOLD_WEIGHTS
        or bool(flags.value & _FORCE_BOLD)
        or any(word in lowered for word in _BOLD_NAMES)
    )
