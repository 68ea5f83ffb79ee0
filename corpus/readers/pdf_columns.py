"""A page's fragments -> regions in reading order: columns, and what spans them.

A gutter is a strip that few fragments cross and that has text of some length on both sides. The
lines that cross it cut the page into bands; each band is read column by column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from corpus.readers.layout import Fragment, Line, to_lines
from corpus.readers.pdf_boxes import part_boxes
from corpus.readers.pdf_drawings import Drawings
from corpus.readers.pdf_glyphs import Floats
from corpus.readers.right_to_left import is_right_to_left

# The figures below were chosen on the two- and three-column files of the shared collection and
# on typeset samples with tables (2026); none of them is sensitive within about a third.
_FEWEST_FRAGMENTS = 6
_FEWEST_A_SIDE = 3
# A crossing line weighs half as much against a gutter as a line on its thinner side for it.
_CROSSING_WEIGHT = 0.5
_NARROWEST_GUTTER = 0.7  # in type sizes
_NARROWEST_COLUMN = 0.12  # of the region's width
_PROSE_LENGTH = 18  # characters in the median line of a column of prose
_SHORT_LENGTH = 8
_GOING_ON_SHARE = 0.35  # of the lines of prose that start in the middle of a sentence
_TABLE_RULES = 3


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a page that is read from top to bottom: a column, or a part of one.

    `is_turned` where its text stands at an angle to most of the page, as stamps in a margin do.
    `is_box` where it is a drawn box beside which, not around which, the text of the page runs.
    """

    lines: tuple[Line, ...]
    left: float
    right: float
    is_turned: bool = False
    is_box: bool = False


@dataclass(frozen=True, slots=True)
class _Gutter:
    left: float
    right: float

    def is_crossed_by(self, fragment: Fragment) -> bool:
        return fragment.left < self.left and fragment.right > self.right

    def has_on_its_left(self, fragment: Fragment) -> bool:
        return fragment.left + fragment.right < self.left + self.right


def read_regions(
    fragments: Sequence[Fragment], drawings: Drawings, page_number: int
) -> tuple[Region, ...]:
    """Return the regions of a page in reading order, boxes at the end; none without fragments.

    Where several of the page's ruled lines cross a gutter, there is a table and not two columns.
    """
    boxes, rest = part_boxes(fragments, drawings.boxes)
    parts = _in_reading_order(rest, drawings.rules, page_number)
    return (
        *(_to_region(part, page_number) for part in parts),
        *(replace(_to_region(box, page_number), is_box=True) for box in boxes),
    )


def _to_region(part: Sequence[Fragment], page_number: int) -> Region:
    return Region(
        to_lines(part, page_number),
        min(fragment.left for fragment in part),
        max(fragment.right for fragment in part),
    )


def _in_reading_order(
    fragments: list[Fragment], rules: Floats, page_number: int
) -> list[list[Fragment]]:
    gutter = _find_gutter(fragments, rules)
    if gutter is None:
        return [fragments] if fragments else []
    is_rtl = is_right_to_left("".join(fragment.text for fragment in fragments))
    parts: list[list[Fragment]] = []
    lines = to_lines(fragments, page_number)
    for is_spanning, run in groupby(lines, key=lambda line: _spans(line, gutter)):
        band = [fragment for line in run for fragment in line.fragments]
        if is_spanning:
            parts += _in_reading_order(band, rules, page_number)
            continue
        left = [fragment for fragment in band if gutter.has_on_its_left(fragment)]
        right = [fragment for fragment in band if not gutter.has_on_its_left(fragment)]
        for column in (right, left) if is_rtl else (left, right):
            parts += _in_reading_order(column, rules, page_number)
    return parts


def _spans(line: Line, gutter: _Gutter) -> bool:
    return any(gutter.is_crossed_by(fragment) for fragment in line.fragments)


def _find_gutter(fragments: list[Fragment], rules: Floats) -> _Gutter | None:
    """Return the best strip between two columns of text, None where there is none."""
    if len(fragments) < _FEWEST_FRAGMENTS:
        return None
    lefts = np.array([fragment.left for fragment in fragments])
    rights = np.array([fragment.right for fragment in fragments])
    margin = _NARROWEST_COLUMN * (rights.max() - lefts.min())
    places = np.arange(lefts.min() + margin, rights.max() - margin, 1.0)
    before = np.searchsorted(np.sort(rights), places, side="right")
    after = len(lefts) - np.searchsorted(np.sort(lefts), places, side="left")
    thinner = np.minimum(before, after)
    gain = thinner - _CROSSING_WEIGHT * (len(lefts) - before - after)
    gain[thinner < _FEWEST_A_SIDE] = -1
    for place in _best_places(places, gain):
        gutter = _Gutter(float(rights[rights <= place].max()), float(lefts[lefts >= place].min()))
        if _parts_columns(gutter, fragments, rules):
            return gutter
    return None


def _best_places(places: Floats, gain: Floats) -> list[float]:
    """Return the middle of each of the best stretches of places, the most gain first."""
    edges = np.flatnonzero(np.diff(gain)) + 1
    runs = [run for run in np.split(np.arange(len(gain)), edges) if len(run) and gain[run[0]] > 0]
    runs.sort(key=lambda run: (-gain[run[0]], -len(run)))
    return [float(places[run[len(run) // 2]]) for run in runs[:_PLACES_TRIED]]


# The second best place differs from the best where a table or an indentation makes a false one.
_PLACES_TRIED = 3


def _parts_columns(gutter: _Gutter, fragments: list[Fragment], rules: Floats) -> bool:
    aside = [fragment for fragment in fragments if not gutter.is_crossed_by(fragment)]
    left = [fragment for fragment in aside if gutter.has_on_its_left(fragment)]
    right = [fragment for fragment in aside if not gutter.has_on_its_left(fragment)]
    size = float(np.median([fragment.size for fragment in aside]))
    top = min(max(f.baseline for f in left), max(f.baseline for f in right))
    bottom = max(min(f.baseline for f in left), min(f.baseline for f in right))
    if gutter.right - gutter.left < _NARROWEST_GUTTER * size or top - bottom < 2 * size:
        return False
    if _count_rules(gutter, rules, bottom, top + size) >= _TABLE_RULES:
        return False
    changes, thinner = _side_changes(aside, gutter), min(len(left), len(right))
    if changes <= max(3, thinner // 4):
        # Written column by column, as texts are; tables are written row by row.
        return min(_median_length(left), _median_length(right)) >= _SHORT_LENGTH
    # Written line by line across both columns. In between, cells of several lines are written.
    return changes >= 1.2 * thinner and _is_prose(left) and _is_prose(right)


def _count_rules(gutter: _Gutter, rules: Floats, bottom: float, top: float) -> int:
    """Return how many ruled lines cross the gutter between two heights."""
    lefts, rights, heights = rules.T
    crossing = (
        (lefts < gutter.left) & (rights > gutter.right) & (heights > bottom) & (heights < top)
    )
    return len(set(np.round(heights[crossing]).tolist()))


def _side_changes(fragments: list[Fragment], gutter: _Gutter) -> int:
    """Return how often the text, as the file gives it, goes from one side to the other."""
    ordered = sorted(fragments, key=lambda fragment: fragment.start)
    sides = [gutter.has_on_its_left(fragment) for fragment in ordered]
    return sum(one is not other for one, other in pairwise(sides))


def _median_length(fragments: list[Fragment]) -> float:
    return float(np.median([len(fragment.text) for fragment in fragments]))


def _is_prose(fragments: list[Fragment]) -> bool:
    """Tell lines that go on from one another from cells: they start with small letters."""
    going_on = sum(fragment.text[0].islower() for fragment in fragments)
    return (
        going_on >= _GOING_ON_SHARE * len(fragments) and _median_length(fragments) >= _PROSE_LENGTH
    )
