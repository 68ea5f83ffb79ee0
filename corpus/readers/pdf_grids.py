"""The ruled lines of a page -> grids, and the words in a grid's cells -> rows.

Where a table is ruled both ways, the lines say what stands in which cell, however narrow the gaps
between its columns and however many lines a cell has.
"""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from corpus.readers.pdf_drawings import Drawings
from corpus.readers.pdf_fragments import Fragment
from corpus.readers.pdf_lines import to_lines
from corpus.readers.pdf_tables import Cell, Row
from corpus.readers.right_to_left import is_right_to_left

_TOUCHING = 2.5  # points between the ends of lines that meet
_SAME = 2.5  # points between lines that are one
_CROSSING = 0.6  # of a grid's width or height, that a line must cover to part all of it
_MOST_LINES = 15  # in one cell; more are columns of text in a frame
_MOST_LINES_ALONE = 4  # in a table of one row
_FEWEST_CELLS = 3
_MOST_LINES_DRAWN = 600
_FILLED_ROWS = 0.5  # of a table's rows that have words in two cells

# A column in which each line is a figure or the number of an item.
_FIGURE = re.compile(
    r"[(\[]?[-−–+]?(?:\d[\d ., ]*%?|[a-z]|[ivxlc]{1,5})[)\].:]?|[-–]", re.IGNORECASE
)
_FEWEST_FIGURES = 2
_RAISED = 0.4  # type sizes above a figure's baseline that its row still reaches

# A line that is drawn: its place across, and where it starts and ends.
_Drawn = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that meet: `columns` and `rows` are the places of those that part cells."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def holds(self, fragment: Fragment) -> bool:
        """Tell whether a fragment stands in the grid."""
        middle = (fragment.left + fragment.right) / 2
        return (
            self.columns[0] < middle < self.columns[-1]
            and self.rows[0] < fragment.baseline < self.rows[-1]
        )


@lru_cache(8)  # many pages have the same drawings as one before
def find_grids(drawings: Drawings) -> tuple[Grid, ...]:
    """Return the grids of a page, of two columns or more, or three where there is one row."""
    across = [(height, left, right) for left, right, height in drawings.rules.tolist()]
    down = [tuple(one) for one in drawings.verticals.tolist()]
    if not across or len(down) <= 2 or len(across) + len(down) > _MOST_LINES_DRAWN:
        return ()
    grids = (_to_grid(*lines) for lines in _connected(across, down) if len(lines[1]) > 2)
    return tuple(grid for grid in grids if len(grid.columns) > 2 and _parts(grid) >= _FEWEST_CELLS)


def _parts(grid: Grid) -> int:
    return (len(grid.columns) - 1) * (len(grid.rows) - 1)


def rows_of(grid: Grid, fragments: Sequence[Fragment], page_number: int) -> tuple[Row, ...]:
    """Return the rows of a table from the top, each with its cells that have words.

    None if what stands in the grid is no table.
    """
    is_rtl = is_right_to_left("".join(fragment.text for fragment in fragments))
    rows: list[Row] = []
    for bottom, top in reversed(list(pairwise(grid.rows))):
        band = [one for one in fragments if bottom < one.baseline < top]
        for part in _parted(grid, band):
            columns = [cell for own in _columns(grid, part) for cell in _apart(own)]
            cells = [_cell(own, page_number) for own in columns]
            filled = tuple(cell for cell in (cells[::-1] if is_rtl else cells) if cell)
            if filled:
                rows.append(filled)
    return tuple(rows) if _is_table(rows) else ()


def _columns(grid: Grid, fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    columns: list[list[Fragment]] = [[] for _ in grid.columns[1:]]
    for one in fragments:
        place = bisect(grid.columns, (one.left + one.right) / 2) - 1
        if 0 <= place < len(columns):
            columns[place].append(one)
    return columns


def _apart(fragments: list[Fragment]) -> list[list[Fragment]]:
    """Return what stands in a cell; figures side by side as a cell each."""
    ordered = sorted(fragments, key=lambda one: one.left)
    is_level = len({one.baseline for one in ordered}) == 1
    if is_level and all(_FIGURE.fullmatch(one.text) for one in ordered):
        return [[one] for one in ordered]
    return [fragments]


def _parted(grid: Grid, band: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return what stands between two ruled lines in rows: one, or one for each figure of a column.

    Many tables have no line below each of their rows.
    """
    figures = [
        sorted({one.baseline for one in own}, reverse=True)
        for own in _columns(grid, band)
        if all(_FIGURE.fullmatch(one.text) for one in own)
    ]
    most = max(figures, key=len, default=[])
    if len(most) < _FEWEST_FIGURES:
        return [list(band)]
    size = max(one.size for one in band)
    starts = [float("inf"), *(baseline + _RAISED * size for baseline in most[1:]), float("-inf")]
    return [
        [one for one in band if below < one.baseline <= above] for above, below in pairwise(starts)
    ]


def _is_table(rows: Sequence[Row]) -> bool:
    """Tell a table from a form, a frame or a chart; a single row may be left of one on its page."""
    longest = max((len(cell) for row in rows for cell in row), default=0)
    if len(rows) == 1:
        return len(rows[0]) >= _FEWEST_CELLS and longest <= _MOST_LINES_ALONE
    several = sum(len(row) > 1 for row in rows)
    return several > 1 and several >= _FILLED_ROWS * len(rows) and longest <= _MOST_LINES


def _cell(fragments: Sequence[Fragment], page_number: int) -> tuple[Cell, ...]:
    lines = to_lines(fragments, page_number)
    return tuple(Cell(line.text, line.left, line.right, line.fragments) for line in lines)


def _connected(
    across: Sequence[_Drawn], down: Sequence[_Drawn]
) -> Iterator[tuple[list[_Drawn], list[_Drawn]]]:
    """Yield the lines in groups that meet."""
    heights, lefts, rights = np.array(across).T
    lefts, rights = lefts - _TOUCHING, rights + _TOUCHING
    places, bottoms, tops = np.array(down).T[:, :, np.newaxis]
    is_level = (bottoms - _TOUCHING <= heights) & (heights <= tops + _TOUCHING)
    are_met = is_level & (lefts <= places) & (places <= rights)
    labels = list(range(len(across)))
    met = [row.nonzero()[0].tolist() for row in are_met]
    for numbers in met:
        own = {labels[number] for number in numbers}
        if len(own) > 1:
            first = min(own)
            labels = [first if label in own else label for label in labels]
    owners = [labels[numbers[0]] if numbers else None for numbers in met]
    for label in sorted({owner for owner in owners if owner is not None}):
        yield (
            [line for line, owner in zip(across, labels, strict=True) if owner == label],
            [line for line, owner in zip(down, owners, strict=True) if owner == label],
        )


def _to_grid(across: Sequence[_Drawn], down: Sequence[_Drawn]) -> Grid:
    return Grid(_places(down), _places(across))


def _places(lines: Sequence[_Drawn]) -> tuple[float, ...]:
    """Return where lines stand, those that part the greater part of the grid."""
    if not lines:
        return ()
    groups: list[list[_Drawn]] = []
    for line in sorted(lines):
        if groups and line[0] - groups[-1][-1][0] <= _SAME:
            groups[-1].append(line)
        else:
            groups.append([line])
    extent = max(end for _, _, end in lines) - min(start for _, start, _ in lines)
    return tuple(
        sum(place for place, _, _ in group) / len(group)
        for group in groups
        if _covered(group) >= _CROSSING * extent
    )


def _covered(group: Sequence[_Drawn]) -> float:
    covered, reached = 0.0, float("-inf")
    for _, start, end in sorted(group, key=lambda line: line[1]):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered
