"""Lines -> the block that each goes on with, told by where it stands and what it begins with.

A block is drafted as the lines it is made of; only when all are drafted is its text put together.
"""

import re
from dataclasses import dataclass, field

from corpus.documents import BlockKind
from corpus.readers.pdf_columns import Region
from corpus.readers.pdf_headings import Body, ends_sentence, style_of
from corpus.readers.pdf_lines import Line
from corpus.readers.pdf_tables import Cell

BULLET = re.compile(r"[•‣◦▪▫■□●○◆◇➢➤►▶✓✔❖]\s*")
WEAK_BULLET = re.compile(r"[-–—*·∙o]\s+(?=\S)")
_NUMBER = re.compile(
    r"\(?(?:\d{1,3}|[a-z]|[ivxlc]{2,6})[.)]\s+(?=\S)|\((?:\d{1,3}|[A-Z])\)\s+(?=\S)"
)

_MARK = re.compile("|".join(one.pattern for one in (BULLET, WEAK_BULLET, _NUMBER)))

# In type sizes, all as wide as a narrow letter to two: what typesetters indent by starts at one.
_INDENT = 0.8
SAME_EDGE = 0.5
_WIDER_SPACE = 1.25  # times the body's line spacing: the space between paragraphs
_SAME_SIZE = 0.08
_SMALL_CAPITALS = 0.25
_HEADING_LEADING = 1.7
_TIGHT_LEADING = 1.2
_FULL_LINE = 0.15  # of the column's width, that a full line may leave free


@dataclass(slots=True)
class Draft:
    """A block in the making: `lines` grow, the rest is settled by its first line."""

    kind: BlockKind
    lines: list[Line]
    region: Region
    level: int = 0
    cells: tuple[tuple[Cell, ...], ...] = ()
    page_number: int = 0
    indent: float = 0.0
    is_boxed: bool = False

    @property
    def first_page(self) -> int:
        """Return the number of the page that the block starts on."""
        return self.lines[0].page_number if self.lines else self.page_number


@dataclass(slots=True)
class Drafts:
    """What has been drafted so far; the notes of a page wait until its last sentence is whole."""

    body: Body
    done: list[Draft] = field(default_factory=list)
    notes: list[Draft] = field(default_factory=list)


def continues(draft: Draft, line: Line, region: Region, body: Body, *, is_heading: bool) -> bool:
    """Tell whether a line goes on with the block before it."""
    if draft.kind == "row" or is_heading != (draft.kind == "heading"):
        return False
    last = draft.lines[-1]
    if not _is_same_size(last, line, draft.region):
        return False
    if draft.region is not region:
        return not is_heading and _runs_on(draft, line)
    pitch = last.baseline - line.baseline
    if is_heading:
        return style_of(last) == style_of(line) and pitch <= _HEADING_LEADING * line.size
    if pitch > _WIDER_SPACE * body.leading * line.size or starts_item(line, region, draft):
        return False
    return _keeps_edge(draft, line, region)


def _is_same_size(last: Line, line: Line, region: Region) -> bool:
    """Tell whether two lines may belong together; small capitals may fill one of them."""
    difference = abs(last.size - line.size) / max(last.size, line.size)
    if difference <= _SAME_SIZE or difference > _SMALL_CAPITALS:
        return difference <= _SAME_SIZE
    return _room_after(last, region) < 2 * line.size and not ends_sentence(last.text)


def _runs_on(draft: Draft, line: Line) -> bool:
    """Tell whether the first line of a column or page goes on with the last of the one before."""
    last = draft.lines[-1]
    before, after = last.text, line.text
    if ends_sentence(before) or before[-1] == ":" or BULLET.match(after) or _NUMBER.match(after):
        return False
    if before[-1] in "-‐," or after[0].islower():
        return True
    return _room_after(last, draft.region) < _FULL_LINE * (draft.region.right - draft.region.left)


def _keeps_edge(draft: Draft, line: Line, region: Region) -> bool:
    """Tell by where lines start and end whether a line belongs to the block above it."""
    last = draft.lines[-1]
    em = line.size
    shift = inset(line, region) - inset(last, region)
    is_single = len(draft.lines) == 1
    if not is_single and shift < -_INDENT * em:
        return False
    is_ended = ends_sentence(last.text)
    if not is_ended and last.text[-1] not in ":;":  # as with most lines
        return True
    is_over = _room_after(last, region) > _first_word_width(line) + em
    if is_single and draft.kind == "item":
        return shift > SAME_EDGE * em or not is_over
    return not is_over and not (shift > _INDENT * em and is_ended)


def starts_item(line: Line, region: Region, draft: Draft | None) -> bool:
    """Tell whether a line that follows a draft begins an item, by its bullet or number."""
    text = line.text
    if not _MARK.match(text):  # as with most lines
        return False
    if BULLET.match(text):
        return len(text) > 1
    is_weak = WEAK_BULLET.match(text) and (text[0] != "o" or line.fragments[0].text == "o")
    if not is_weak and not _NUMBER.match(text):
        return False
    if draft is None or draft.kind in ("heading", "row") or draft.region is not region:
        return True
    # A figure or dash may also come to stand first in a line of running text.
    last = draft.lines[-1]
    shift = inset(line, region) - inset(last, region)
    return (
        last.text[-1] in ".:;,!?"
        or abs(shift) > SAME_EDGE * line.size
        or _room_after(last, region) > _first_word_width(line) + line.size
        or (draft.kind == "item" and abs(inset(line, region) - draft.indent) < 1)
        or last.baseline - line.baseline > _WIDER_SPACE * _TIGHT_LEADING * line.size
    )


def inset(line: Line, region: Region) -> float:
    """Return how far from the column's edge the line starts."""
    return region.right - line.right if line.is_rtl else line.left - region.left


def _room_after(line: Line, region: Region) -> float:
    """Return how far before the column's edge the line ends."""
    return line.left - region.left if line.is_rtl else region.right - line.right


def _first_word_width(line: Line) -> float:
    text = line.text
    return (line.right - line.left) * len(text.split(" ", 1)[0]) / len(text)
