"""What is drawn on a page of a PDF besides its text -> rules, boxes, and bullets that are shapes.

Some producers, browsers among them, draw the bullets of a list as little discs and squares and
write no character for them. In the text such a mark stands as "• " before the line it marks.
"""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.readers.pdf_calls import ADDRESS, address_of, by_address, pointer
from corpus.readers.pdf_fragments import Fragment, PageFragments
from corpus.readers.pdf_glyphs import Floats
from corpus.readers.right_to_left import is_right_to_left

# Called once an object, pypdfium2's wrappers take several times as long.
_GET_OBJECT = by_address(raw.FPDFPage_GetObject, ADDRESS)
_GET_TYPE = by_address(raw.FPDFPageObj_GetType, ctypes.c_int)
_GET_BOUNDS = by_address(raw.FPDFPageObj_GetBounds, ctypes.c_int)
_COUNT_INNER = by_address(raw.FPDFFormObj_CountObjects, ctypes.c_int)
_GET_INNER = by_address(raw.FPDFFormObj_GetObject, ADDRESS)

# In points: a rule between rows spans at least a narrow cell; anything thicker is a box.
_SHORTEST_RULE = 15.0
_SHORTEST_VERTICAL = 8.0
_THICKEST_RULE = 3.0
_KEPT = 8  # drawings: the frames of a report's pages come again and again
# Charts and outlined letters: no page of text needs as many.
_MOST_DRAWN = 3000
_MOST_MARKS = 120

# In type sizes of the line that is marked. Chromium (2026) draws discs and squares of 0.27 to
# 0.45 at 0.75 before the line, their middle 0.35 above the baseline.
_MARK_SIDE = (0.12, 0.75)
_MARK_HEIGHT = (0.05, 0.7)
_MARK_GAP = (0.1, 2.6)
_BESIDE = 0.5  # a sign between two words, such as a box to tick, stands nearer to the other one
_LARGEST_MARK = 12.0  # points
_MOST_UNEQUAL = 1.5  # sides of a mark


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, from the lower left corner of the visible page."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawings:
    """What is drawn on a page; the same object for pages on which the same is drawn.

    `rules` are the ruled lines and box edges that run across, rows of left, right and height;
    `verticals` those that run up, rows of place, bottom and top; both of shape (n, 3). `boxes` are
    shapes that may hold text, `marks` those of a bullet's size.
    """

    rules: Floats
    verticals: Floats
    boxes: tuple[Box, ...] = ()
    marks: tuple[Box, ...] = ()


NOTHING_DRAWN = Drawings(np.empty((0, 3)), np.empty((0, 3)))


def read_drawings(page: pdfium.PdfPage) -> Drawings:
    """Return what is drawn on a page, nothing where that is a picture made of many shapes."""
    return _to_drawings(_drawn(page).tobytes())


@lru_cache(_KEPT)
def _to_drawings(sides: bytes) -> Drawings:
    drawn = np.frombuffer(sides).reshape(-1, 4)
    if not len(drawn):
        return NOTHING_DRAWN
    left, bottom, right, top = drawn.T
    shorter = np.minimum(right - left, top - bottom)
    longer = np.maximum(right - left, top - bottom)
    is_mark = (shorter > 0) & (longer <= np.minimum(_LARGEST_MARK, _MOST_UNEQUAL * shorter))
    return Drawings(
        _edges(left, right, bottom, top, shortest=_SHORTEST_RULE),
        _edges(bottom, top, left, right, shortest=_SHORTEST_VERTICAL)[:, [2, 0, 1]],
        _to_boxes(drawn[shorter > _SHORTEST_RULE]),
        _to_boxes(drawn[is_mark]) if is_mark.sum() <= _MOST_MARKS else (),
    )


def with_bullets(page: PageFragments, marks: Sequence[Box]) -> PageFragments:
    """Return the page with a bullet before each line that one of the marks stands before."""
    fragments = list(page.fragments)
    for mark in marks:
        place = _marked(fragments, mark)
        if place is not None:
            marked = fragments[place]
            fragments[place] = replace(
                marked,
                text=f"• {marked.text}",
                left=min(marked.left, mark.left),
                right=max(marked.right, mark.right),
            )
    return replace(page, fragments=tuple(fragments))


def _drawn(page: pdfium.PdfPage) -> Floats:
    """Return left, bottom, right, top of the page's shapes, those inside of forms too."""
    bounds = (ctypes.c_float * 4)()
    sides = [pointer(ctypes.addressof(bounds) + 4 * n) for n in range(4)]
    shapes = islice(_shapes(page), _MOST_DRAWN)
    found = b"".join([bytes(bounds) for shape in shapes if _GET_BOUNDS(shape, *sides)])
    left, bottom, _, _ = page.get_bbox()
    boxes: Floats = np.frombuffer(found, dtype=np.float32).astype(np.float64).reshape(-1, 4)
    boxes -= (left, bottom, left, bottom)
    return boxes


def _shapes(page: pdfium.PdfPage) -> Iterator[Any]:
    """Yield what ctypes makes of the address of each shape."""
    own = pointer(address_of(page))
    numbers = range(raw.FPDFPage_CountObjects(page.raw))
    things = [pointer(address) for address in map(_GET_OBJECT, repeat(own), numbers)]
    kinds = list(map(_GET_TYPE, things))
    if raw.FPDF_PAGEOBJ_PATH not in kinds and raw.FPDF_PAGEOBJ_FORM not in kinds:
        return  # as on most pages of a report
    for thing, kind in zip(things, kinds, strict=True):
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield thing
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            for inner in range(_COUNT_INNER(thing)):
                inside = pointer(_GET_INNER(thing, inner))
                if _GET_TYPE(inside) == raw.FPDF_PAGEOBJ_PATH:
                    yield inside


def _edges(starts: Floats, ends: Floats, lows: Floats, highs: Floats, *, shortest: float) -> Floats:
    """Return the long edges of shapes: start, end and place; of a line one, in its middle."""
    is_line = highs - lows < _THICKEST_RULE
    places = np.column_stack((np.where(is_line, (lows + highs) / 2, lows), highs))
    is_edge = np.column_stack((np.ones_like(is_line), ~is_line))
    is_edge &= (ends - starts >= shortest)[:, np.newaxis]
    owners = is_edge.nonzero()[0]
    return np.column_stack((starts[owners], ends[owners], places[is_edge]))


def _to_boxes(rows: Floats) -> tuple[Box, ...]:
    return tuple(Box(*row) for row in rows.tolist())


def _marked(fragments: Sequence[Fragment], mark: Box) -> int | None:
    """Return the number of the fragment that a mark stands before, None if it marks no line."""
    level = [(number, one) for number, one in enumerate(fragments) if _is_at_height(mark, one)]
    starting = [
        (gap / one.size, number)
        for number, one in level
        if _MARK_GAP[0] * one.size <= (gap := _gap(mark, one)) <= _MARK_GAP[1] * one.size
        and is_right_to_left(one.text) == (one.right < mark.left)
    ]
    if not starting:
        return None
    number = min(starting)[1]
    is_inside = any(_gap(mark, one) < _BESIDE * one.size for other, one in level if other != number)
    return None if is_inside or fragments[number].text.startswith("•") else number


def _is_at_height(mark: Box, line: Fragment) -> bool:
    middle = (mark.bottom + mark.top) / 2 - line.baseline
    return (
        _MARK_HEIGHT[0] * line.size <= middle <= _MARK_HEIGHT[1] * line.size
        and _MARK_SIDE[0] * line.size <= mark.top - mark.bottom <= _MARK_SIDE[1] * line.size
    )


def _gap(mark: Box, line: Fragment) -> float:
    """Return how far a mark stands before or after a line, 0 if it stands within."""
    return max(line.left - mark.right, mark.left - line.right, 0.0)
