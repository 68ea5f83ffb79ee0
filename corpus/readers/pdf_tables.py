"""The lines of a column -> stretches of text and tables; a table's lines -> rows of cells.

A table is a run of lines that leave the same gaps free. Its rows are parted by ruled lines where
there are some, else by the space between lines and by what stands in the first column.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from corpus.readers.pdf_fragments import CELL_GAP, Fragment
from corpus.readers.pdf_glyphs import Floats
from corpus.readers.pdf_lines import Line

# In type sizes: words between which others were drawn are cells when more than a wide word space
# lies between them; and the gap that two columns of a table keep through all its lines.
_DRAWN_APART_GAP = 0.45
_SPACES_BETWEEN = 3  # glyphs: a line end and a space
_LEAST_GAP = 0.4
_FARTHEST_LINES = 3.2  # type sizes between two lines of one table
_TIGHT = 1.5  # type sizes between two lines of one cell, at most
_WIDER = 1.25  # times the narrowest line spacing of a table: the space between rows
_SAME_EDGE = 1.0  # points
_EQUAL = 1.05  # times the narrowest line spacing of a table
_INNER_RULES = 2
_RULED_SHARE = 0.7  # of the table's width: more than the shade behind a single cell

_MARKER = re.compile(r"[^\w\s]|o|\(?(?:\d{1,3}|[a-z]|[ivxlc]{1,6})[.)]|[.)]\d{1,3}", re.IGNORECASE)
_SECTION_NUMBER = re.compile(r"(?:\d+\.)+\d*|[A-Z]\.|(?:chapter|part|annex) \w+", re.IGNORECASE)
_LEADERS = re.compile(r"(\S.*?)(?:\s?[.·…_]){4,}\s*([\dA-Za-z-]{1,6})")
_SOME_LEADERS = ("..", ". .", "·", "…", "_")  # tell at once that most pages have none


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of one line that stand together, and the fragments that they come from."""

    text: str
    left: float
    right: float
    fragments: tuple[Fragment, ...]


# The cells of a row in reading order, each as its parts, line by line.
Row = tuple[tuple[Cell, ...], ...]
_NO_ROWS: Mapping[Fragment, Row] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """Consecutive lines as rows."""

    rows: tuple[Row, ...]
    page_number: int


def to_cells(line: Line) -> tuple[Cell, ...]:
    """Return the line's cells in reading order; a bullet or number belongs to what it marks."""
    if len(line.fragments) == 1:
        return (Cell(line.text, line.left, line.right, line.fragments),)
    groups = [[line.fragments[0]]]
    for before, after in pairwise(line.fragments):
        gap = max(after.left - before.right, before.left - after.right)
        is_drawn_on = 0 <= after.start - before.end <= _SPACES_BETWEEN
        least = CELL_GAP if is_drawn_on else _DRAWN_APART_GAP
        if gap > least * min(before.size, after.size):
            groups.append([after])
        else:
            groups[-1].append(after)
    if len(groups) == 2 and _is_marker(" ".join(f.text for f in groups[0])):
        groups = [[*groups[0], *groups[1]]]
    return tuple(
        Cell(
            " ".join(fragment.text for fragment in group),
            min(fragment.left for fragment in group),
            max(fragment.right for fragment in group),
            tuple(group),
        )
        for group in groups
    )


def part_tables(
    lines: Sequence[Line], rules: Floats, rows: Mapping[Fragment, Row] = _NO_ROWS
) -> tuple[Line | Table, ...]:
    """Return the lines of one region in order, runs of them that form a table as one `Table`.

    `rows` are those known already, each by the fragment that stands for it in the region's lines.
    """
    if not rows:
        return tuple(_find_tables(lines, rules))
    parts: list[Line | Table] = []
    for is_known, run in groupby(lines, key=lambda line: line.fragments[0] in rows):
        members = tuple(run)
        if is_known:
            known = tuple(rows[line.fragments[0]] for line in members)
            parts.append(Table(known, members[0].page_number))
        else:
            parts += _find_tables(members, rules)
    return tuple(parts)


def _find_tables(lines: Sequence[Line], rules: Floats) -> list[Line | Table]:
    has_leaders = _may_have_leaders("\n".join([line.text for line in lines]))
    if not has_leaders and all(len(line.fragments) == 1 for line in lines):
        return list(lines)
    cells = [to_cells(line) for line in lines]
    parted: list[Line | Table] = []
    index = 0
    while index < len(lines):
        end = _table_end(lines, cells, index)
        if end > index:
            parted.append(_to_table(lines[index:end], cells[index:end], rules))
        else:
            parted.append((has_leaders and _leading_row(lines[index])) or lines[index])
            end = index + 1
        index = end
    return parted


def _leading_row(line: Line) -> Table | None:
    """Return a line whose two ends are parted by a row of dots as a table of one row."""
    leaders = _LEADERS.fullmatch(line.text) if _may_have_leaders(line.text) else None
    if not leaders:
        return None
    row = tuple((Cell(text, line.left, line.right, line.fragments),) for text in leaders.groups())
    return Table((row,), line.page_number)


def _may_have_leaders(text: str) -> bool:
    return any(mark in text for mark in _SOME_LEADERS)


def _is_marker(text: str) -> bool:
    return _MARKER.fullmatch(text) is not None or _SECTION_NUMBER.fullmatch(text) is not None


def _table_end(lines: Sequence[Line], cells: Sequence[tuple[Cell, ...]], start: int) -> int:
    """Return where the table that starts at a line ends; `start` itself where none does."""
    if len(cells[start]) < 2:
        return start
    gaps = _gaps(cells[start])
    end, last_full, full = start + 1, start, 1
    while end < len(lines):
        near = lines[end - 1].baseline - lines[end].baseline <= _FARTHEST_LINES * lines[end].size
        left = _common_gaps(gaps, cells[end], _LEAST_GAP * lines[end].size)
        if not near or not left:
            break
        gaps = left
        if len(cells[end]) > 1:
            last_full, full = end, full + 1
        end += 1
    while end - 1 > last_full and not _goes_on(lines[start:end], gaps):
        end -= 1
    return end if full >= 2 and not _is_justified(lines[start:end], cells[start:end]) else start


def _is_justified(lines: Sequence[Line], cells: Sequence[tuple[Cell, ...]]) -> bool:
    """Tell words drawn apart to fill a narrow column from cells: they go on with small letters."""
    if any(
        abs(line.left - lines[0].left) > _SAME_EDGE or abs(line.right - lines[0].right) > _SAME_EDGE
        for line in lines
    ):
        return False
    going_on = [cell.text for own in cells for cell in own[1:]]
    return all(text[0].islower() for text in going_on)


def _gaps(cells: tuple[Cell, ...]) -> list[tuple[float, float]]:
    ordered = sorted(cells, key=lambda cell: cell.left)
    return [(before.right, after.left) for before, after in pairwise(ordered)]


def _common_gaps(
    gaps: list[tuple[float, float]], cells: tuple[Cell, ...], least: float
) -> list[tuple[float, float]]:
    """Return what the cells of one more line leave of the gaps, as far as it is wide enough."""
    for cell in cells:
        gaps = [
            part
            for left, right in gaps
            for part in ((left, min(right, cell.left)), (max(left, cell.right), right))
            if part[1] - part[0] >= least
        ]
    return sorted(set(gaps))


def _goes_on(lines: Sequence[Line], gaps: list[tuple[float, float]]) -> bool:
    """Tell whether the last line, which has one cell, still belongs to a table's last full row.

    One in the first column could also be the text that follows; it belongs where rows stand
    farther apart than the lines of a cell, and it does not.
    """
    line, before = lines[-1], lines[-2]
    pitches = [one.baseline - other.baseline for one, other in pairwise(lines)]
    is_alike = abs(line.size - before.size) < 0.5
    if not is_alike or pitches[-1] > _TIGHT * line.size:
        return False
    if line.left > gaps[0][0]:
        return True
    is_inside = line.right <= gaps[0][1]
    return (
        is_inside and pitches[-1] <= _EQUAL * min(pitches) and max(pitches) > _WIDER * min(pitches)
    )


def _to_table(lines: Sequence[Line], cells: Sequence[tuple[Cell, ...]], rules: Floats) -> Table:
    least = _LEAST_GAP * min(line.size for line in lines)
    parters = _parters([cell for line_cells in cells for cell in line_cells], least)
    ends = [*_row_ends(lines, cells, rules, parters), len(lines)]
    rows = [
        _join_row(cells[start:end], parters) for start, end in pairwise([0, *ends]) if end > start
    ]
    return Table(tuple(rows), lines[0].page_number)


def _parters(cells: Sequence[Cell], least: float) -> list[float]:
    """Return the middle of each gap that all cells of a table leave free."""
    parters: list[float] = []
    reached = min(cell.left for cell in cells)
    for cell in sorted(cells, key=lambda cell: cell.left):
        if cell.left - reached >= least:
            parters.append((reached + cell.left) / 2)
        reached = max(reached, cell.right)
    return parters


def _row_ends(
    lines: Sequence[Line],
    cells: Sequence[tuple[Cell, ...]],
    rules: Floats,
    parters: Sequence[float],
) -> list[int]:
    """Return the numbers of the lines before which a new row starts."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    pitches = [before.baseline - after.baseline for before, after in pairwise(lines)]
    ruled = [
        index
        for index, (before, after) in enumerate(pairwise(lines), start=1)
        if _is_ruled_between(before, after, rules, left, right)
    ]
    if len(ruled) >= min(_INNER_RULES, len(pitches)):
        return ruled
    if not parters:
        return list(range(1, len(lines)))
    is_spaced = max(pitches) > _WIDER * min(pitches)
    return [
        index
        for index, pitch in enumerate(pitches, start=1)
        if cells[index][0].left < parters[0]
        and not (
            is_spaced and pitch <= _WIDER * min(pitches) and _wraps(cells[index], len(parters) + 1)
        )
    ]


def _wraps(cells: tuple[Cell, ...], column_count: int) -> bool:
    """Tell a line that goes on with the row above it: cells are missing, or words start small."""
    return len(cells) < column_count or any(cell.text[0].islower() for cell in cells)


def _is_ruled_between(before: Line, after: Line, rules: Floats, left: float, right: float) -> bool:
    lefts, rights, heights = rules.T
    # A rule stands below the baseline of one line and above the small letters of the next.
    between = (heights < before.baseline) & (heights > after.baseline + 0.3 * after.size)
    covered, reached = 0.0, left
    for rule_left, rule_right in sorted(zip(lefts[between], rights[between], strict=True)):
        covered += max(0.0, min(rule_right, right) - max(rule_left, reached))
        reached = max(reached, rule_right)
    return covered >= _RULED_SHARE * (right - left)


def _join_row(lines: Sequence[tuple[Cell, ...]], parters: list[float]) -> Row:
    """Return the parts of each cell: as they stand in a single line, else column by column."""
    if len(lines) == 1:
        return tuple((cell,) for cell in lines[0])
    columns: dict[int, list[Cell]] = {}
    for cells in lines:
        for cell in cells:
            column = sum(cell.left >= parter for parter in parters)
            columns.setdefault(column, []).append(cell)
    return tuple(tuple(columns[column]) for column in sorted(columns))
