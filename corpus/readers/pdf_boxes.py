"""A page's fragments -> those in boxes that stand inside the text, and the rest.

A box with a coloured ground or a frame, let into the side of a page, breaks the lines beside it.
Between columns of text no box has to be told: it is a part of its column.
"""

from collections.abc import Sequence

import numpy as np

from corpus.readers.pdf_drawings import Box
from corpus.readers.pdf_fragments import Fragment

_FEWEST_LINES = 3  # in a box, and beside it: fewer are a cell and its neighbour
_WIDER = 2.0  # type sizes by which lines of the page reach over a box's edge, and into its width
_NEXT = 3.5  # type sizes above or below a box; farther off, a title may span several columns
_MOST = 0.4  # of a page's fragments: what holds more is the ground of the text itself
_EQUAL = 2.0  # points; cells side by side have the same edges


def part_boxes(
    fragments: Sequence[Fragment], boxes: Sequence[Box]
) -> tuple[list[list[Fragment]], list[Fragment]]:
    """Return the fragments of each side box, and those in none of them."""
    rest = list(fragments)
    parts: list[list[Fragment]] = []
    for box in _worth_trying(fragments, boxes):
        inside: list[Fragment] = []
        outside: list[Fragment] = []
        for fragment in rest:
            (inside if _holds(box, fragment) else outside).append(fragment)
        if _is_let_in(box, inside, outside) and not _is_cell(box, boxes):
            parts.append(inside)
            rest = outside
    return sorted(parts, key=lambda part: -part[0].baseline), rest


def _worth_trying(fragments: Sequence[Fragment], boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes with some of the page's lines and not most, and lines beside them.

    The largest first. Most boxes of a form or a table are told here, without a look at each line.
    """
    if not boxes:
        return []
    middles = np.array([(one.left + one.right) / 2 for one in fragments])
    heights = np.array([one.baseline for one in fragments])
    worth: list[Box] = []
    for box in sorted(set(boxes), key=_area, reverse=True):
        level = (box.bottom < heights) & (heights < box.top)
        inside = np.count_nonzero(level & (box.left < middles) & (middles < box.right))
        beside = np.count_nonzero(level) - inside
        if _FEWEST_LINES <= inside <= _MOST * len(fragments) and beside >= _FEWEST_LINES:
            worth.append(box)
    return worth


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.top - box.bottom)


def _holds(box: Box, fragment: Fragment) -> bool:
    middle = (fragment.left + fragment.right) / 2
    return box.left < middle < box.right and box.bottom < fragment.baseline < box.top


def _is_let_in(box: Box, inside: Sequence[Fragment], outside: Sequence[Fragment]) -> bool:
    """Tell whether text stands beside a box that is no part of a column of text."""
    if not _FEWEST_LINES <= len(inside) <= _MOST * (len(inside) + len(outside)):
        return False
    beside = [one for one in outside if box.bottom < one.baseline < box.top]
    if len(beside) < _FEWEST_LINES or any(_reaches_over(box, one) for one in (*inside, *beside)):
        return False
    is_alone = not any(box.left < (one.left + one.right) / 2 < box.right for one in outside)
    return is_alone or any(_is_next_to(box, one) and _reaches_over(box, one) for one in outside)


def _is_next_to(box: Box, fragment: Fragment) -> bool:
    near = _NEXT * fragment.size
    return box.bottom - near < fragment.baseline < box.top + near


def _reaches_over(box: Box, fragment: Fragment) -> bool:
    more = _WIDER * fragment.size
    left, right = fragment.left, fragment.right
    return (left < box.left - more and right > box.left + more) or (
        left < box.right - more and right > box.right + more
    )


def _is_cell(box: Box, boxes: Sequence[Box]) -> bool:
    """Tell a cell by another one beside it."""
    return any(
        abs(other.top - box.top) < _EQUAL
        and abs(other.bottom - box.bottom) < _EQUAL
        and (other.left >= box.right - _EQUAL or other.right <= box.left + _EQUAL)
        for other in boxes
    )
