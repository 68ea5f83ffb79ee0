"""What is drawn on a page of a PDF besides its text -> rules, boxes, and bullets that are shapes.

Some producers, browsers among them, draw the bullets of a list as little discs and squares and
write no character for them. In the text such a mark stands as "• " before the line it marks.
"""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.readers.layout import Fragment, PageFragments
from corpus.readers.pdf_glyphs import ADDRESS, Floats, address_of, by_address, pointer
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


@dataclass(frozen=True, slots=True)
class Drawings:
    """What is drawn on a page.

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
    if raw.FPDFPage_CountObjects(page.raw) == 0:
        return NOTHING_DRAWN
    drawn = list(_drawn(page))
    rules = [rule for box in drawn for rule in _rules(box)]
    verticals = [line for box in drawn for line in _verticals(box)]
    marks = tuple(box for box in drawn if _is_like_a_mark(box))
    return Drawings(
        np.array(rules, dtype=np.float64).reshape(-1, 3),
        np.array(verticals, dtype=np.float64).reshape(-1, 3),
        tuple(box for box in drawn if _is_like_a_box(box)),
        marks if len(marks) <= _MOST_MARKS else (),
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


def _drawn(page: pdfium.PdfPage) -> Iterator[Box]:
    """Yield the bounds of the page's shapes, those inside of forms too."""
    crop_left, crop_bottom, _, _ = page.get_bbox()
    bounds = (ctypes.c_float * 4)()
    sides = [pointer(ctypes.addressof(bounds) + 4 * n) for n in range(4)]
    for _, shape in zip(range(_MOST_DRAWN), _shapes(page), strict=False):
        if _GET_BOUNDS(shape, *sides):
            left, bottom, right, top = bounds
            yield Box(left - crop_left, bottom - crop_bottom, right - crop_left, top - crop_bottom)


def _shapes(page: pdfium.PdfPage) -> Iterator[Any]:
    """Yield what ctypes makes of the address of each shape."""
    own = pointer(address_of(page))
    for number in range(raw.FPDFPage_CountObjects(page.raw)):
        thing = pointer(_GET_OBJECT(own, number))
        kind = _GET_TYPE(thing)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield thing
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            for inner in range(_COUNT_INNER(thing)):
                inside = pointer(_GET_INNER(thing, inner))
                if _GET_TYPE(inside) == raw.FPDF_PAGEOBJ_PATH:
                    yield inside


def _rules(box: Box) -> list[tuple[float, float, float]]:
    if box.right - box.left < _SHORTEST_RULE:
        return []
    is_line = box.top - box.bottom < _THICKEST_RULE
    edges = {(box.bottom + box.top) / 2} if is_line else {box.bottom, box.top}
    return [(box.left, box.right, edge) for edge in edges]


def _verticals(box: Box) -> list[tuple[float, float, float]]:
    if box.top - box.bottom < _SHORTEST_VERTICAL:
        return []
    is_line = box.right - box.left < _THICKEST_RULE
    edges = {(box.left + box.right) / 2} if is_line else {box.left, box.right}
    return [(edge, box.bottom, box.top) for edge in edges]


def _is_like_a_box(box: Box) -> bool:
    return min(box.right - box.left, box.top - box.bottom) > _SHORTEST_RULE


def _is_like_a_mark(box: Box) -> bool:
    width, height = box.right - box.left, box.top - box.bottom
    shorter, longer = sorted((width, height))
    return shorter > 0 and longer <= min(_LARGEST_MARK, _MOST_UNEQUAL * shorter)


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
