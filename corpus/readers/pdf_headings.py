"""Which lines are headings, told by type size, weight and the file's outline.

All is relative to the body: the size in which most characters are set, and its line spacing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from corpus.readers.pdf_lines import Line

_CLEARLY_LARGER = 1.15
_LARGER = 1.04  # enough for a line that is bold too
_LONGEST = 160  # characters; a heading that runs longer is a paragraph in large type
MOST_LEVELS = 6
HEADING_LEADING = 1.7  # type sizes between two lines of one heading, at most
_USUAL_LEADING = 1.2
_SURE_START = 12  # letters of a title that goes on in the next line
_FEWEST_RUNNING = 3
_RUNNING_TEXT = 16  # type sizes that a line of text is wide, as few cells and headings are
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\d{0,3}$")
_LONGEST_END = 20  # characters; a search of the whole text would try each full stop in it
_ITEM = re.compile(r"[•‣◦▪▫■□●○◆◇➢➤►▶✓✔❖·∙-]\s")
_TWO_LETTERS = re.compile(r"[^\W\d_][\W\d_]*[^\W\d_]")
_LETTER = re.compile(r"[^\W_]")
_NO_LETTER = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^\W*(?:(?:\d+|[A-Z]|[IVXLC]+)\.)*\d*\W*")


_Titles = Mapping[str, Sequence[str]]  # the outline's entries for a page, by their first letters


@dataclass(frozen=True, slots=True)
class Body:
    """The type most of a file is set in; `leading` is the line spacing in type sizes."""

    size: float
    is_bold: bool
    leading: float


@dataclass(frozen=True, slots=True, order=True)
class Style:
    """What headings of one level look like; the largest comes first, bold before light."""

    smallness: float
    is_light: bool


def find_body(columns: Iterable[Sequence[Line]]) -> Body:
    """Return the body type of a file, given the lines of each of its columns."""
    columns = tuple(columns)
    lines = [line for column in columns for line in column]
    running = [line for line in lines if _is_running_text(line)]
    sizes: Counter[float] = Counter()
    bolds: Counter[bool] = Counter()
    # Without running text, as on slides and in tables, all lines count.
    for line in running if len(running) >= _FEWEST_RUNNING else lines:
        length = len(line.text)
        sizes[line.size] += length
        bolds[line.is_bold] += length
    size = _usual(((_rounded(size), length) for size, length in sizes.items()), default=0.0)
    return Body(size, bolds[True] > bolds[False], _leading(columns))


def _leading(columns: Iterable[Sequence[Line]]) -> float:
    """Return the usual distance between lines of one size, in type sizes."""
    ratios: Counter[float] = Counter()
    for before, after in chain.from_iterable(map(pairwise, columns)):
        size = before.size
        if size and (size == after.size or _rounded(size) == _rounded(after.size)):
            ratios[(before.baseline - after.baseline) / size] += 1
    rounded = ((round(ratio * 20) / 20, count) for ratio, count in ratios.items())
    return _usual(((one, n) for one, n in rounded if 0.8 <= one <= 2.5), default=_USUAL_LEADING)


def _usual(counts: Iterable[tuple[float, int]], *, default: float) -> float:
    """Return the value that counts for most."""
    totals: Counter[float] = Counter()
    for value, count in counts:
        totals[value] += count
    return totals.most_common(1)[0][0] if totals else default


def _is_running_text(line: Line) -> bool:
    return line.right - line.left >= _RUNNING_TEXT * line.size and len(line.fragments) <= 2


def heading_flags(lines: Sequence[Line], body: Body, titles: Sequence[str]) -> list[bool]:
    """Return for each line of a column whether it is (part of) a heading.

    `titles` are the outline's entries for the page, as `plain_titles` gives them.
    """
    by_letter: dict[str, list[str]] = defaultdict(list)
    for title in titles:
        by_letter[title[0]].append(title)
    flags: list[bool] = []
    for before, line in zip([None, *lines], lines, strict=False):
        goes_on = bool(flags and flags[-1] and before and _goes_on(before, line, body))
        flags.append(goes_on or _is_heading(line, before, body, by_letter))
    return flags


def _goes_on(before: Line, line: Line, body: Body) -> bool:
    """Tell a line that begins with a small letter and goes on with the bold heading over it."""
    is_near = before.baseline - line.baseline <= HEADING_LEADING * line.size
    is_alike = line.is_bold and not body.is_bold and style_of(line) == style_of(before)
    return is_near and is_alike and line.text[0].islower()


def plain_titles(text: str) -> frozenset[str]:
    """Return a heading's letters and figures without case and spaces, with and without numbering.

    Outlines may number what the page does not, or number it in another way.
    """
    forms = (text.casefold(), _NUMBERING.sub("", text).casefold())
    plain = (_NO_LETTER.sub("", form) for form in forms)
    return frozenset(form for form in plain if form)


def style_of(line: Line) -> Style:
    """Return the style by which the line's level is ranked."""
    return Style(-_rounded(line.size), not line.is_bold)


def rank_styles(styles: Iterable[Style]) -> Mapping[Style, int]:
    """Return the level of each style, 1 for the largest type, 6 at most.

    Styles used only once, as those of a cover, share a level with the next ones used only once.
    """
    counts = Counter(styles)
    levels: dict[Style, int] = {}
    level, before = 0, 0
    for style in sorted(counts):
        if counts[style] > 1 or before != 1:
            level += 1
        levels[style], before = min(level, MOST_LEVELS), counts[style]
    return levels


def ends_sentence(text: str) -> bool:
    """Tell whether a sentence ends with the text; a note's figure may follow the stop."""
    if text[-1:].isalpha():  # as with most lines
        return False
    return _SENTENCE_END.search(text, max(len(text) - _LONGEST_END, 0)) is not None


def _is_heading(line: Line, before: Line | None, body: Body, titles: _Titles) -> bool:
    is_larger = line.size >= _CLEARLY_LARGER * body.size
    is_bolder = line.is_bold and not body.is_bold
    text = line.text
    is_titled = _is_in_outline(text, titles)
    if not (is_larger or is_bolder or is_titled):
        return False
    if _ITEM.match(text) and not is_larger:
        return False
    if len(text) > _LONGEST or not _TWO_LETTERS.search(text):
        return False
    if is_larger or is_titled:
        return True
    if not is_bolder or text[-1] in ".:;," or text[0].islower():
        return False
    return line.size >= _LARGER * body.size or _stands_apart(line, before, body)


def _is_in_outline(text: str, titles: _Titles) -> bool:
    if not titles:
        return False
    word = text.split(" ", 1)[0]
    if word[0].isalpha() and "." not in word:  # no numbering, as with most lines
        likely = titles.get(word[0].casefold()[0], [])
        first = "".join(filter(str.isalnum, word.casefold())) if likely else ""
        likely = [title for title in likely if title.startswith(first)]
    else:
        starts = map(_LETTER.search, (text, _NUMBERING.sub("", text)))
        initials = {start[0].casefold()[0] for start in starts if start}
        likely = [title for one in initials for title in titles.get(one, ())]
    return bool(likely) and any(
        plain == title or (len(plain) >= _SURE_START and title.startswith(plain))
        for plain in plain_titles(text)
        for title in likely
    )


def _stands_apart(line: Line, before: Line | None, body: Body) -> bool:
    """Tell a bold line that heads a text from one inside a sentence in which words are bold."""
    if line.size < 0.95 * body.size:
        return False
    if before is None or before.is_bold or ends_sentence(before.text):
        return True
    return before.baseline - line.baseline > 1.25 * body.leading * line.size


def _rounded(size: float) -> float:
    return round(size * 2) / 2
