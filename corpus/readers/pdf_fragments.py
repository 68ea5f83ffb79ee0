"""A page's words -> fragments: words that follow one another on a baseline.

Each keeps the numbers of its glyphs, so that any part of a text can be traced back to its place on
the paper.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
import numpy.typing as npt

from corpus.readers.pdf_glyphs import HYPHEN_MARK, Floats, Integers, PageGlyphs
from corpus.readers.right_to_left import repair_right_to_left
from corpus.text import one_line

# In shares of the type size. Word spaces are 0.2 to 0.35, up to about 0.8 in justified narrow
# columns; cells and columns are further apart.
CELL_GAP = 0.9
# Superscripts are raised by up to 0.45; lines are at least 1.0 apart.
SAME_LINE = 0.5
_NO_LINES: Floats = np.empty((0, 3))
_LINES_AT_ONCE = 64  # held against all words of a page: more would fill the memory
_OVER_LINE = 1.0  # points that a letter may reach over a line
# pdfium's mark for a hyphen at a line end, and the soft hyphen, which is shown only there.
_LAST_HYPHEN = re.compile(f"{HYPHEN_MARK}|\xad$")
# A control character that stands alone is a sign of a font without names, as a bullet is.
_NAMELESS_SIGN = re.compile("^[\x01-\x08\x0e-\x1f](?=\\s|$)")


# A file has tens of thousands of these: frozen, each would take four times as long to make.
@dataclass(slots=True, eq=False)
class Fragment:
    """Words that follow one another on one baseline, without a gap that may part cells.

    Each is equal to itself alone: the same words may stand twice in one place.

    `start` and `end` are the glyphs on the page (`PageGlyphs.text`). Positions are in points, x
    to the right and y upwards, of the page turned so that the text stands upright.
    """

    text: str
    start: int
    end: int
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class PageFragments:
    """The fragments of a page that stand the same way, and the size of the page so turned."""

    number: int
    width: float
    height: float
    fragments: tuple[Fragment, ...]


def find_fragments(
    pages: Sequence[PageGlyphs], verticals: Sequence[Floats]
) -> list[tuple[PageFragments, ...]]:
    """Return each page's fragments for each way its text is turned, the most common way first.

    No fragment that stands upright goes over one of its page's verticals: place, bottom and top.
    Many pages at once take much less time than one after the other.
    """
    parts = [
        [_turned(page, turn, lines if turn == 0 else _NO_LINES) for turn in _turns(page)]
        for page, lines in zip(pages, verticals, strict=True)
    ]
    fragments = _fragments([part for own in parts for part in own])
    return [
        tuple(PageFragments(one.number, one.width, one.height, next(fragments)) for one in own)
        for own in parts
    ]


def _turns(page: PageGlyphs) -> list[int]:
    """Return the ways in which a page's words stand, the most common first."""
    counts = np.bincount(page.turns, minlength=4)
    return [turn for turn in np.argsort(-counts, kind="stable").tolist() if counts[turn]]


def is_upright(page: PageGlyphs) -> bool:
    """Tell whether a page has words, and most of them stand as the page does."""
    return bool(len(page.turns)) and int(np.bincount(page.turns).argmax()) == 0


# The numbers of a fragment's first and last word, start and end of its text, left, right, baseline,
# size, whether it is set in several sizes, and whether bold.
_Row = tuple[int, int, int, int, float, float, float, float, bool, bool]


@dataclass(frozen=True, slots=True)
class _Words:
    starts: Integers
    ends: Integers
    lefts: Floats
    rights: Floats
    baselines: Floats
    sizes: Floats
    bolds: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Part:
    """The words of a page that stand the same way, and the page so turned."""

    number: int
    width: float
    height: float
    text: str
    words: _Words
    verticals: Floats


def _turned(page: PageGlyphs, turn: int, verticals: Floats) -> _Part:
    is_so = page.turns == turn
    chosen = slice(None) if is_so.all() else is_so.nonzero()[0]
    left, right = page.lefts[chosen], page.rights[chosen]
    width, height = page.width, page.height
    if turn == 0:
        baseline = page.origins_y[chosen]
    elif turn == 1:
        left, right = page.bottoms[chosen], page.tops[chosen]
        baseline = width - page.origins_x[chosen]
        width, height = height, width
    elif turn == 2:
        left, right = width - right, width - left
        baseline = height - page.origins_y[chosen]
    else:
        left, right = height - page.tops[chosen], height - page.bottoms[chosen]
        baseline = page.origins_x[chosen]
        width, height = height, width
    starts, ends = page.starts[chosen], page.ends[chosen]
    words = _Words(starts, ends, left, right, baseline, page.sizes[chosen], page.bolds[chosen])
    return _Part(page.number, width, height, page.text, words, verticals)


def _fragments(parts: Sequence[_Part]) -> Iterator[tuple[Fragment, ...]]:
    """Yield the fragments of each part, in the order of its text."""
    if not parts:
        return
    words = _joined([part.words for part in parts])
    places = np.cumsum([0, *(len(part.words.starts) for part in parts)])
    firsts = _fragment_starts(words, places, [part.verticals for part in parts])
    lengths = (words.ends - words.starts).astype(np.float64)
    total = np.add.reduceat(lengths, firsts)
    sizes = np.add.reduceat(lengths * words.sizes, firsts) / total
    smallest = np.minimum.reduceat(words.sizes, firsts)
    bolds = np.add.reduceat(lengths * words.bolds, firsts) / total
    lasts = np.append(firsts[1:], len(words.starts)) - 1
    rows = zip(
        firsts.tolist(),
        lasts.tolist(),
        words.starts[firsts].tolist(),
        words.ends[lasts].tolist(),
        np.minimum.reduceat(words.lefts, firsts).tolist(),
        np.maximum.reduceat(words.rights, firsts).tolist(),
        words.baselines[firsts].tolist(),
        sizes.tolist(),
        (sizes - smallest > 0.01).tolist(),
        (bolds > 0.9).tolist(),
        strict=True,
    )
    for part, count in zip(parts, np.diff(firsts.searchsorted(places)).tolist(), strict=True):
        yield tuple(_to_fragments(part.text, words, islice(rows, count)))


def _joined(words: Sequence[_Words]) -> _Words:
    return _Words(
        np.concatenate([one.starts for one in words]),
        np.concatenate([one.ends for one in words]),
        np.concatenate([one.lefts for one in words]),
        np.concatenate([one.rights for one in words]),
        np.concatenate([one.baselines for one in words]),
        np.concatenate([one.sizes for one in words]),
        np.concatenate([one.bolds for one in words]),
    )


def _to_fragments(text: str, words: _Words, rows: Iterable[_Row]) -> Iterator[Fragment]:
    for first, last, start, end, left, right, baseline, size, is_mixed, is_bold in rows:
        plain = _plain(text[start:end])
        if not plain:
            continue
        if is_mixed:
            main = first + _main_word(words, first, last + 1)
            baseline, size = float(words.baselines[main]), float(words.sizes[main])
        yield Fragment(plain, start, end, left, right, baseline, size, is_bold)


def _plain(text: str) -> str:
    """Return the repaired text of a fragment, with a hyphen for the mark of one at its end."""
    if text.isascii() and text.isprintable() and "  " not in text:  # as nearly all are
        return text
    if not text.isprintable():
        text = _NAMELESS_SIGN.sub("•", _LAST_HYPHEN.sub("-", text))
    return repair_right_to_left(one_line(text))


def _fragment_starts(words: _Words, places: Integers, verticals: Sequence[Floats]) -> Integers:
    """Return the numbers of the words that do not go on the fragment of the word before.

    `places` are where the words of each part start, and their end.
    """
    size = np.maximum(words.sizes[1:], words.sizes[:-1])
    drop = np.abs(words.baselines[1:] - words.baselines[:-1])
    # The words of a right-to-left line come in reading order, so each stands left of the last.
    gap = np.maximum(words.lefts[1:] - words.rights[:-1], words.lefts[:-1] - words.rights[1:])
    parted = (drop > SAME_LINE * size) | (gap > CELL_GAP * size)
    parted[places[1:-1] - 1] = True
    for (start, end), lines in zip(pairwise(places.tolist()), verticals, strict=True):
        if len(lines):
            parted[start : end - 1] |= _are_parted(words, slice(start, end), lines)
    return np.concatenate(([0], np.flatnonzero(parted) + 1))


def _are_parted(words: _Words, part: slice, verticals: Floats) -> npt.NDArray[np.bool_]:
    """Tell of each word but the first of a part whether a line stands before it."""
    lefts, rights, height = words.lefts[part], words.rights[part], words.baselines[part][1:]
    lower = np.minimum(rights[1:], rights[:-1]) - _OVER_LINE
    upper = np.maximum(lefts[1:], lefts[:-1]) + _OVER_LINE
    parted = np.zeros(len(height), dtype=np.bool_)
    for start in range(0, len(verticals), _LINES_AT_ONCE):
        place, bottom, top = verticals[start : start + _LINES_AT_ONCE].T[:, :, np.newaxis]
        is_over = (lower < place) & (place < upper) & (bottom < height) & (height < top)
        parted |= is_over.any(axis=0)
    return parted


def _main_word(words: _Words, first: int, after: int) -> int:
    """Return which word of a fragment of mixed sizes speaks for it.

    The first in the size of most characters: neither an initial nor a raised figure.
    """
    sizes: list[float] = words.sizes[first:after].round(1).tolist()
    lengths: dict[float, int] = dict.fromkeys(sorted(sizes), 0)
    for size, start, end in zip(
        sizes, words.starts[first:after].tolist(), words.ends[first:after].tolist(), strict=True
    ):
        lengths[size] += end - start
    return sizes.index(max(lengths, key=lengths.__getitem__))
