"""Which lines at a page's edges are running heads, footers and page numbers.

They come back on other pages at the same height with the same words, whatever the numbers in
them; where such a line has its place, other short lines in that place belong to it too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.pdf_fragments import Fragment, PageFragments
from corpus.readers.pdf_lines import Line, group_by_line, to_line

_MARGIN = 0.2  # of the page's height, at the top and at the foot
_LINES_TRIED = 3  # at each edge: a head of two lines, or a foot of two, and a number
_LARGEST = 1.25  # times the file's usual type; what is larger and comes back titles slides
_WIDEST_SPACING = 1.8  # type sizes; wider is the space between pictures or headings
_HANGS_APART = 1.2  # times the page's line spacing: the space to the text
_HEIGHT_TOLERANCE = 4.0  # points; heads hang at one height, scans and odd pages apart
_SAME_PLACE = 1.5  # points
_FEWEST_PAGES = 3
_SHORT_FILE = 4  # pages, up to which two of them are enough
_APART = 1.5  # type sizes to the text, for words that do not come back

_NUMBER = re.compile(r"\d+|(?<![^\W\d_])[ivxlc]+(?![^\W\d_])", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W*(?:page\s+)?#(?:\s*(?:/|of)\s*#)?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    """A line near an edge: `height` is its distance from it, `gap` that to the next one inwards.

    `enlargement` is its type size in those of the file's text, `spacing` the line spacing.
    """

    line: Line
    page: int
    edge: str
    height: float
    gap: float
    enlargement: float
    spacing: float
    words: str


@dataclass(frozen=True, slots=True)
class _Usual:
    """The type size and the line spacing of a file's text, in points."""

    size: float
    spacing: float


def find_running(
    pages: Sequence[PageFragments], labels: Sequence[str | None]
) -> dict[int, frozenset[Fragment]]:
    """Return the fragments of running heads, footers and page numbers by their page's number.

    A page may come several times, once for each way its text is turned; there is one label a page.
    Nothing is found where that would leave the file without a word.
    """
    spacings = [_line_spacing(page) for page in pages]
    usual = _usual(pages, spacings)
    edges = [
        _edge_lines(page, edge, usual, spacing)
        for page, spacing in zip(pages, spacings, strict=True)
        for edge in ("top", "foot")
    ]
    places = _running_places((line for lines in edges for line in lines), len(labels))
    found: dict[int, set[Fragment]] = defaultdict(set)
    for lines in edges:
        for line in _running_lines(lines, places, labels):
            found[line.page].update(line.line.fragments)
    if all(len(page.fragments) <= len(found[page.number]) for page in pages):
        return {}
    return {number: frozenset(fragments) for number, fragments in found.items()}


def running_words(found: Iterable[Iterable[Fragment]]) -> tuple[str, ...]:
    """Return the words of running heads, each once, with "#" in place of its numbers."""
    texts = (fragment.text for page in found for fragment in sorted(page, key=_reading_place))
    return tuple(dict.fromkeys(_NUMBER.sub("#", text) for text in texts))


def _reading_place(fragment: Fragment) -> tuple[float, float]:
    return -fragment.baseline, fragment.left


def _usual(pages: Sequence[PageFragments], spacings: Sequence[float]) -> _Usual:
    """Return the size in which most characters of the file are set, and its line spacing."""
    exact: Counter[float] = Counter()
    for page in pages:
        for fragment in page.fragments:
            exact[fragment.size] += len(fragment.text)
    lengths: Counter[float] = Counter()
    for size, length in exact.items():
        lengths[round(size, 1)] += length
    size = max(lengths.most_common(1)[0][0] if lengths else 0.0, 1.0)
    return _Usual(size, min(median(spacings or [0.0]), _WIDEST_SPACING * size))


def _edge_lines(page: PageFragments, edge: str, usual: _Usual, spacing: float) -> list[_EdgeLine]:
    """Return the page's lines near an edge, the outermost first."""
    depth = _MARGIN * page.height
    is_top = edge == "top"
    if is_top:
        groups = group_by_line(f for f in page.fragments if f.baseline > page.height - depth)
    else:
        groups = group_by_line(f for f in page.fragments if f.baseline < depth)[::-1]
    lines = [to_line(group, page.number) for group in groups[: _LINES_TRIED + 1]]
    heights = [page.height - line.baseline if is_top else line.baseline for line in lines]
    gaps = [after - before for before, after in pairwise(heights)]
    # On a page of pictures the lines are far apart, and say nothing of the spacing of text.
    spacing = min(spacing, usual.spacing)
    return [
        _EdgeLine(
            line,
            page.number,
            edge,
            height,
            gap,
            line.size / usual.size,
            spacing,
            _NUMBER.sub("#", line.text).casefold(),
        )
        for line, height, gap in zip(lines[:_LINES_TRIED], heights, [*gaps, depth], strict=False)
    ]


def _line_spacing(page: PageFragments) -> float:
    """Return the usual distance between two lines of the page, 0 for a single line."""
    exact = {fragment.baseline for fragment in page.fragments}
    baselines = sorted({round(baseline, 1) for baseline in exact})
    distances = [after - before for before, after in pairwise(baselines) if after - before > 1]
    return median(distances) if distances else 0.0


def _running_lines(
    lines: Sequence[_EdgeLine],
    places: dict[tuple[str, str], tuple[float, float]],
    labels: Sequence[str | None],
) -> list[_EdgeLine]:
    """Return the outermost lines that run through the file and hang apart from the text."""
    found: list[_EdgeLine] = []
    for line in lines:
        if not (_is_running(line, places) or _is_own_number(line, labels)):
            break
        found.append(line)
    while found and found[-1].gap < _HANGS_APART * found[-1].spacing:
        if _is_own_number(found[-1], labels):
            break
        found.pop()
    return found


def _running_places(
    lines: Iterable[_EdgeLine], page_count: int
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return height and type size for each edge and words that come back on enough pages."""
    groups: dict[tuple[str, str], list[_EdgeLine]] = defaultdict(list)
    for line in lines:
        if line.enlargement <= _LARGEST:
            groups[line.edge, line.words].append(line)
    fewest = 2 if page_count <= _SHORT_FILE else _FEWEST_PAGES
    places: dict[tuple[str, str], tuple[float, float]] = {}
    for key, group in groups.items():
        height = median(line.height for line in group)
        same = {line.page for line in group if abs(line.height - height) <= _HEIGHT_TOLERANCE}
        if len(same) >= fewest and _may_run(key[1]):
            places[key] = (height, median(line.line.size for line in group))
    return places


def _may_run(words: str) -> bool:
    """Tell words or a page number from the figures of a table."""
    return sum(c.isalpha() for c in words) >= 3 or _PAGE_NUMBER.fullmatch(words) is not None


def _is_running(line: _EdgeLine, places: dict[tuple[str, str], tuple[float, float]]) -> bool:
    place = places.get((line.edge, line.words))
    if place is not None and line.enlargement <= _LARGEST:
        return abs(line.height - place[0]) <= _HEIGHT_TOLERANCE
    return line.gap >= _APART * line.line.size and any(
        edge == line.edge
        and abs(line.height - height) <= _SAME_PLACE
        and line.line.size <= 1.1 * size
        for (edge, _), (height, size) in places.items()
    )


def _is_own_number(line: _EdgeLine, labels: Sequence[str | None]) -> bool:
    """Tell whether the line holds this page's number or printed label and nothing else."""
    if _PAGE_NUMBER.fullmatch(line.words) is None:
        return False
    numbers = _NUMBER.findall(line.line.text)
    return numbers[0] in (labels[line.page - 1], str(line.page))
