"""A page's fragments -> regions in reading order: columns, and what spans them.

A gutter is a strip that few fragments cross and that has text of some length on both sides. The
lines that cross it cut the page into bands; each band is read column by column.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise, takewhile
from operator import attrgetter
from statistics import median  # of a few dozen numbers; numpy's takes thirty times as long

import numpy as np

from corpus.readers.pdf_boxes import part_boxes
from corpus.readers.pdf_drawings import Drawings
from corpus.readers.pdf_fragments import Fragment
from corpus.readers.pdf_glyphs import Floats
from corpus.readers.pdf_grids import Grid, find_grids, rows_of
from corpus.readers.pdf_lines import Line, group_by_line, to_lines
from corpus.readers.pdf_tables import Row
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
_FEWEST_BESIDE = 2  # lines of text beside a table
# Of the page's main type: heads are set smaller than text, and hang two lines and more from it.
_SMALL = 0.85
_FAR = 2.0
_LEVEL = 0.3


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a page that is read from top to bottom: a column, or a part of one.

    `is_turned` where its text stands at an angle to most of the page, as stamps in a margin do.
    `is_box` where it is a drawn box beside which, not around which, the text of the page runs.
    `rows` are the rows of ruled tables, each by the fragment that stands for it in the lines.
    """

    lines: tuple[Line, ...]
    left: float
    right: float
    is_turned: bool = False
    is_box: bool = False
    rows: Mapping[Fragment, Row] = field(default_factory=dict)

    @property
    def text_lines(self) -> tuple[Line, ...]:
        """Return the lines that stand for no row of a ruled table."""
        return tuple(line for line in self.lines if line.fragments[0] not in self.rows)


@dataclass(frozen=True, slots=True)
class _Gutter:
    left: float
    right: float

    def is_crossed_by(self, fragment: Fragment) -> bool:
        return fragment.left < self.left and fragment.right > self.right

    def has_on_its_left(self, fragment: Fragment) -> bool:
        return fragment.left + fragment.right < self.left + self.right

    def part(self, fragments: Iterable[Fragment]) -> tuple[list[Fragment], list[Fragment]]:
        """Return the fragments on its left, and those on its right."""
        left: list[Fragment] = []
        right: list[Fragment] = []
        for fragment in fragments:
            (left if self.has_on_its_left(fragment) else right).append(fragment)
        return left, right


def read_regions(
    fragments: Sequence[Fragment], drawings: Drawings, page_number: int
) -> tuple[Region, ...]:
    """Return the regions of a page in reading order, boxes at the end; none without fragments.

    Where several of the page's ruled lines cross a gutter, there is a table and not two columns.
    """
    rows, fragments = _stand_ins(fragments, find_grids(drawings), page_number)
    boxes, rest = part_boxes(fragments, drawings.boxes)
    above, rest, below = _part_outliers(rest)
    parts = [*above, *_in_reading_order(rest, drawings.rules), *below]
    return (
        *(region for part in parts for region in _to_regions(part, rows, page_number)),
        *(replace(_to_region(box, rows, page_number), is_box=True) for box in boxes),
    )


def _part_outliers(
    fragments: list[Fragment],
) -> tuple[list[list[Fragment]], list[Fragment], list[list[Fragment]]]:
    """Return a small line far above the text, the text, and one far below it.

    As a running head that stands on a single page is: it belongs to no column.
    """
    if len(fragments) < _FEWEST_FRAGMENTS:
        return [], fragments, []
    sizes: Counter[float] = Counter()
    for fragment in fragments:
        sizes[fragment.size] += len(fragment.text)
    size = max(sizes, key=sizes.__getitem__)
    ordered = sorted(fragments, key=attrgetter("baseline"), reverse=True)
    above, below = _outlier(ordered, size), _outlier(ordered[::-1], size)
    apart = {*above, *below}
    rest = [fragment for fragment in fragments if fragment not in apart] if apart else fragments
    return [above] if above else [], rest, [below] if below else []


def _outlier(ordered: Sequence[Fragment], size: float) -> list[Fragment]:
    """Return the outermost of fragments given from an edge inwards, if it hangs apart and is small.

    With what stands beside it.
    """
    outermost = ordered[0].baseline
    line = list(takewhile(lambda one: abs(one.baseline - outermost) < _LEVEL * size, ordered))
    next_one = ordered[len(line)] if len(line) < len(ordered) else None
    is_far = next_one and abs(next_one.baseline - outermost) >= _FAR * size
    return line if is_far and all(one.size <= _SMALL * size for one in line) else []


def _stand_ins(
    fragments: Sequence[Fragment], grids: Sequence[Grid], page_number: int
) -> tuple[dict[Fragment, Row], list[Fragment]]:
    """Return the rows of ruled tables, and the fragments with one in place of those of a row."""
    rows: dict[Fragment, Row] = {}
    rest = list(fragments)
    for grid in grids:
        inside = [fragment for fragment in rest if grid.holds(fragment)]
        own = rows_of(grid, inside, page_number)
        if own:
            rest = [fragment for fragment in rest if not grid.holds(fragment)]
            rows |= {_stand_in(row): row for row in own}
    return rows, [*rest, *rows]


def _stand_in(row: Row) -> Fragment:
    fragments = [fragment for cell in row for part in cell for fragment in part.fragments]
    first = fragments[0]
    return replace(
        first,
        text=" ".join(fragment.text for fragment in fragments),
        # Where the row is text after all, its glyphs are among these.
        start=min(fragment.start for fragment in fragments),
        end=max(fragment.end for fragment in fragments),
        left=min(fragment.left for fragment in fragments),
        right=max(fragment.right for fragment in fragments),
        baseline=max(fragment.baseline for fragment in fragments),
    )


def _to_regions(
    part: Sequence[Fragment], rows: Mapping[Fragment, Row], page_number: int
) -> list[Region]:
    """Return a part of a page as one region, or a table in it that stands beside text apart."""
    ruled = [fragment for fragment in part if fragment in rows]
    text = [fragment for fragment in part if fragment not in rows]
    if not ruled or not text:
        return [_to_region(part, rows, page_number)]
    lowest, highest = min(f.baseline for f in ruled), max(f.baseline for f in ruled)
    left, right = min(f.left for f in ruled), max(f.right for f in ruled)
    beside = [f for f in text if lowest <= f.baseline <= highest]
    if sum(f.right < left or f.left > right for f in beside) < _FEWEST_BESIDE:
        return [_to_region(part, rows, page_number)]
    return [_to_region(text, rows, page_number), _to_region(ruled, rows, page_number)]


def _to_region(part: Sequence[Fragment], rows: Mapping[Fragment, Row], page_number: int) -> Region:
    return Region(
        to_lines(part, page_number),
        min(fragment.left for fragment in part),
        max(fragment.right for fragment in part),
        rows={fragment: rows[fragment] for fragment in part if fragment in rows} if rows else {},
    )


def _in_reading_order(fragments: list[Fragment], rules: Floats) -> list[list[Fragment]]:
    gutter = _find_gutter(fragments, rules)
    if gutter is None:
        return [fragments] if fragments else []
    is_rtl = is_right_to_left("".join([fragment.text for fragment in fragments]))
    parts: list[list[Fragment]] = []
    lines = group_by_line(fragments)
    for is_spanning, run in groupby(lines, key=lambda line: any(map(gutter.is_crossed_by, line))):
        band = [fragment for line in run for fragment in line]
        if is_spanning:
            parts += _in_reading_order(band, rules)
            continue
        left, right = gutter.part(band)
        for column in (right, left) if is_rtl else (left, right):
            parts += _in_reading_order(column, rules)
    return parts


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
    if gain.max(initial=0) <= 0:  # as on most pages of one column
        return None
    for place in _best_places(places, gain):
        gutter = _Gutter(float(rights[rights <= place].max()), float(lefts[lefts >= place].min()))
        if _parts_columns(gutter, fragments, rules):
            return gutter
    return None


def _best_places(places: Floats, gain: Floats) -> list[float]:
    """Return the middle of each of the best stretches of places, the most gain first."""
    bounds = np.concatenate(([0], np.flatnonzero(np.diff(gain)) + 1, [len(gain)]))
    starts, lengths = bounds[:-1], np.diff(bounds)
    worth = np.flatnonzero(gain[starts] > 0)
    best = worth[np.lexsort((-lengths[worth], -gain[starts[worth]]))][:_PLACES_TRIED]
    middles: list[float] = places[starts[best] + lengths[best] // 2].tolist()
    return middles


# The second best place differs from the best where a table or an indentation makes a false one.
_PLACES_TRIED = 3


def _parts_columns(gutter: _Gutter, fragments: list[Fragment], rules: Floats) -> bool:
    aside = [fragment for fragment in fragments if not gutter.is_crossed_by(fragment)]
    size = median([fragment.size for fragment in aside])
    if gutter.right - gutter.left < _NARROWEST_GUTTER * size:
        return False
    left, right = gutter.part(aside)
    lefts, rights = [f.baseline for f in left], [f.baseline for f in right]
    top, bottom = min(max(lefts), max(rights)), max(min(lefts), min(rights))
    thinner, thicker = sorted((left, right), key=len)
    # A last column may be short: nothing crosses over to it, and it is written at the end.
    start = attrgetter("start")
    is_last = len(aside) == len(fragments) and min(map(start, thinner)) > max(map(start, thicker))
    if top - bottom < (1 if is_last else 2) * size:
        return False
    if _count_rules(gutter, rules, bottom, top + size) >= _TABLE_RULES:
        return False
    changes = _side_changes(aside, gutter)
    if changes <= max(3, len(thinner) // 4):
        # Written column by column, as texts are; tables are written row by row.
        return min(_median_length(left), _median_length(right)) >= _SHORT_LENGTH
    # Written line by line across both columns. In between, cells of several lines are written.
    return changes >= 1.2 * len(thinner) and _is_prose(left) and _is_prose(right)


def _count_rules(gutter: _Gutter, rules: Floats, bottom: float, top: float) -> int:
    """Return how many ruled lines cross the gutter between two heights."""
    lefts, rights, heights = rules.T
    crossing = (
        (lefts < gutter.left) & (rights > gutter.right) & (heights > bottom) & (heights < top)
    )
    return len(set(np.round(heights[crossing]).tolist()))


def _side_changes(fragments: list[Fragment], gutter: _Gutter) -> int:
    """Return how often the text, as the file gives it, goes from one side to the other."""
    ordered = sorted(fragments, key=attrgetter("start"))
    sides = [gutter.has_on_its_left(fragment) for fragment in ordered]
    return sum(one is not other for one, other in pairwise(sides))


def _median_length(fragments: list[Fragment]) -> float:
    return median([len(fragment.text) for fragment in fragments])


def _is_prose(fragments: list[Fragment]) -> bool:
    """Tell lines that go on from one another from cells: they start with small letters."""
    going_on = sum(fragment.text[0].islower() for fragment in fragments)
    return (
        going_on >= _GOING_ON_SHARE * len(fragments) and _median_length(fragments) >= _PROSE_LENGTH
    )
