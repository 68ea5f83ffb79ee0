"""Regions of lines -> headings, paragraphs, items and rows.

A block is drafted as the lines it is made of; only when all are drafted is each one's text put
together, because a hyphen at a line end is decided by the words of the whole file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.documents import BlockKind
from corpus.readers.layout import Fragment, Line, is_ornament
from corpus.readers.parsed import ParsedBlock, Piece
from corpus.readers.pdf_columns import Region
from corpus.readers.pdf_glyphs import Floats
from corpus.readers.pdf_headings import (
    MOST_LEVELS,
    Body,
    ends_sentence,
    find_body,
    heading_flags,
    rank_styles,
    style_of,
)
from corpus.readers.pdf_joining import Vocabulary, count_words, join_lines
from corpus.readers.pdf_tables import Cell, Table, part_tables

_BULLET = re.compile(r"[•‣◦▪▫■□●○◆◇➢➤►▶✓✔❖]\s*")
_WEAK_BULLET = re.compile(r"[-–—*·∙o]\s+(?=\S)")
_NUMBER = re.compile(
    r"\(?(?:\d{1,3}|[a-z]|[ivxlc]{2,6})[.)]\s+(?=\S)|\((?:\d{1,3}|[A-Z])\)\s+(?=\S)"
)
_NOTE = re.compile(r"(\d{1,3}|[*†‡§¶]+)(?:[.)]?\s*)(?=\D)")

# In type sizes, all as wide as a narrow letter to two: what typesetters indent by starts at one.
_INDENT = 0.8
_SAME_EDGE = 0.5
_WIDER_SPACE = 1.25  # times the body's line spacing: the space between paragraphs
_SAME_SIZE = 0.08
_SMALL_CAPITALS = 0.25
_NOTE_SIZE = 0.93  # times the body's size, at most
_LONGEST_HEADING = 240  # characters, over all its lines
_HEADING_LEADING = 1.7
_TIGHT_LEADING = 1.2
_FULL_LINE = 0.15  # of the column's width, that a full line may leave free


@dataclass(frozen=True, slots=True)
class PageRegions:
    """A page's regions in reading order, its ruled lines, and its titles in the outline."""

    number: int
    regions: tuple[Region, ...]
    rules: Floats
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block, and the fragments that its text is made of, each with its page's number."""

    block: ParsedBlock
    fragments: tuple[tuple[int, Fragment], ...]


@dataclass(slots=True)
class _Draft:
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
class _Drafts:
    """What has been drafted so far; the notes of a page wait until its last sentence is whole."""

    body: Body
    done: list[_Draft] = field(default_factory=list)
    notes: list[_Draft] = field(default_factory=list)


def build_blocks(pages: Sequence[PageRegions]) -> tuple[PlacedBlock, ...]:
    """Return the blocks of a file in reading order, their texts repaired; none without lines."""
    regions = [region for page in pages for region in page.regions]
    body = find_body([region.text_lines for region in regions if region.text_lines])
    drafts = _Drafts(body)
    for page in pages:
        _draft_page(page, drafts)
    _place_notes(drafts)
    _settle_levels(drafts.done)
    vocabulary = count_words(line.text for draft in drafts.done for line in draft.lines)
    return tuple(
        PlacedBlock(_to_block(draft, vocabulary), _fragments_of(draft)) for draft in drafts.done
    )


def _draft_page(page: PageRegions, drafts: _Drafts) -> None:
    notes: list[_Draft] = []
    least = _NOTE_SIZE * drafts.body.size
    has_text = any(line.size > least for region in page.regions for line in region.lines)
    for region in (region for region in page.regions if not region.is_box):
        # A page of nothing but small type is a page of endnotes, an index, a form.
        lines, note_lines = (
            _part_notes(region.lines, drafts.body) if has_text else (region.lines, ())
        )
        notes += _draft_notes(note_lines, region)
        _draft_lines(lines, region, page, drafts)
    drafts.notes += notes
    for region in (region for region in page.regions if region.is_box):
        boxed = _Drafts(drafts.body)
        _draft_lines(region.lines, region, page, boxed)
        _place_box(boxed.done, region, drafts.done)


def _draft_lines(lines: Sequence[Line], region: Region, page: PageRegions, drafts: _Drafts) -> None:
    parts = part_tables(lines, page.rules, region.rows)
    texts = [part for part in parts if isinstance(part, Line)]
    flags = heading_flags(texts, drafts.body, page.titles)
    headings = iter(flags if not region.is_turned else [False] * len(flags))
    for part in parts:
        if isinstance(part, Table):
            _place_notes(drafts)
            drafts.done += _draft_rows(part, region)
        else:
            _draft_line(part, region, drafts, is_heading=next(headings))


def _place_box(boxed: Sequence[_Draft], box: Region, done: list[_Draft]) -> None:
    """Put a box before a heading of the text beside it, so that no text stands under the box's own.

    The next heading on the page, else the one over the text. Without any the box's headings become
    paragraphs, and it stands before the block that runs over the page's end.
    """
    page_number = box.lines[0].page_number
    own = [n for n, draft in enumerate(done) if draft.first_page == page_number]
    beside = next((n for n in own if _stands_beside(done[n], box)), len(done))
    headings = [n for n in own if done[n].kind == "heading"]
    after = [n for n in headings if n > beside]
    before = [n for n in headings if n <= beside]
    if after or before:
        place = after[0] if after else before[-1]
    else:
        place = len(done) - bool(own and _is_open(done[-1]))
        for draft in boxed:
            draft.kind = "paragraph" if draft.kind == "heading" else draft.kind
    for draft in boxed:
        draft.is_boxed = True
    done[place:place] = boxed


def _stands_beside(draft: _Draft, box: Region) -> bool:
    middle = (box.left + box.right) / 2
    return draft.region.left < middle < draft.region.right and any(
        box.lines[-1].baseline <= line.baseline <= box.lines[0].baseline for line in draft.lines
    )


def _is_open(draft: _Draft) -> bool:
    """Tell whether a block may go on where the text does."""
    return draft.kind != "row" and not ends_sentence(draft.lines[-1].text)


def _draft_line(line: Line, region: Region, drafts: _Drafts, *, is_heading: bool) -> None:
    if is_ornament(line.text):
        return
    draft = drafts.done[-1] if drafts.done else None
    if draft and _continues(draft, line, region, drafts.body, is_heading=is_heading):
        pages = {note.lines[0].page_number for note in drafts.notes}
        if pages <= {draft.lines[0].page_number}:
            # The notes of the page before go in front of the block that runs over its end, so
            # that pages follow one another in the text; not if the block is from further back.
            drafts.done.pop()
            _place_notes(drafts)
            drafts.done.append(draft)
            draft.lines.append(line)
            draft.region = region
            return
    _place_notes(drafts)
    kind: BlockKind = "heading" if is_heading else "paragraph"
    if not is_heading and _starts_item(line, region, draft):
        kind = "item"
    drafts.done.append(_Draft(kind, [line], region, indent=_inset(line, region)))


def _place_notes(drafts: _Drafts) -> None:
    """Put the waiting notes of the page before where they belong."""
    for note in drafts.notes:
        drafts.done.insert(_place_of(note, drafts.done), note)
    drafts.notes.clear()


def _place_of(note: _Draft, done: Sequence[_Draft]) -> int:
    """Return the place of a note: before the heading that follows its mark in the page's text.

    The end if there is no such heading, or no mark: the note then stands after the page's text.
    """
    first = note.lines[0]
    mark = _NOTE.match(first.text)
    if not mark:
        return len(done)
    raised = re.compile(rf"(?:(?<=[^\W\d])|(?<=[.,;:!?)”’\"'])){re.escape(mark[1])}(?!\d)")
    is_marked = False
    for place, draft in enumerate(done):
        own = [line for line in draft.lines if line.page_number == first.page_number]
        if is_marked and own and draft.kind == "heading":
            return place
        is_marked |= any(raised.search(line.text) for line in own)
    return len(done)


def _draft_rows(table: Table, region: Region) -> list[_Draft]:
    return [
        _Draft("row", [], region, cells=cells, page_number=table.page_number)
        for cells in table.rows
    ]


def _part_notes(lines: tuple[Line, ...], body: Body) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return a column's lines, and apart from them the footnotes at its end."""
    start = len(lines)
    while start and lines[start - 1].size <= _NOTE_SIZE * body.size:
        start -= 1
    for index in range(start, len(lines)):
        if _NOTE.match(lines[index].text):
            return lines[:index], lines[index:]
    return lines, ()


def _draft_notes(lines: Sequence[Line], region: Region) -> list[_Draft]:
    drafts: list[_Draft] = []
    number = 0
    for line in lines:
        mark = _NOTE.match(line.text)
        if not drafts or (mark and (not mark[1].isdigit() or int(mark[1]) == number + 1)):
            number = int(mark[1]) if mark and mark[1].isdigit() else 0
            drafts.append(_Draft("paragraph", [line], region))
        else:
            drafts[-1].lines.append(line)
    return drafts


def _continues(draft: _Draft, line: Line, region: Region, body: Body, *, is_heading: bool) -> bool:
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
    if pitch > _WIDER_SPACE * body.leading * line.size or _starts_item(line, region, draft):
        return False
    return _keeps_edge(draft, line, region)


def _is_same_size(last: Line, line: Line, region: Region) -> bool:
    """Tell whether two lines may belong together; small capitals may fill one of them."""
    difference = abs(last.size - line.size) / max(last.size, line.size)
    is_unfinished = _room_after(last, region) < 2 * line.size and not ends_sentence(last.text)
    return difference <= _SAME_SIZE or (is_unfinished and difference <= _SMALL_CAPITALS)


def _runs_on(draft: _Draft, line: Line) -> bool:
    """Tell whether the first line of a column or page goes on with the last of the one before."""
    last = draft.lines[-1]
    before, after = last.text, line.text
    if ends_sentence(before) or before[-1] == ":" or _BULLET.match(after) or _NUMBER.match(after):
        return False
    if before[-1] in "-‐," or after[0].islower():
        return True
    return _room_after(last, draft.region) < _FULL_LINE * (draft.region.right - draft.region.left)


def _keeps_edge(draft: _Draft, line: Line, region: Region) -> bool:
    """Tell by where lines start and end whether a line belongs to the block above it."""
    last = draft.lines[-1]
    em = line.size
    shift = _inset(line, region) - _inset(last, region)
    is_last_short = _room_after(last, region) > _first_word_width(line) + em
    is_over = is_last_short and (ends_sentence(last.text) or last.text[-1] in ":;")
    if len(draft.lines) == 1:
        if draft.kind == "item":
            return shift > _SAME_EDGE * em or not is_over
        return not is_over and not (shift > _INDENT * em and ends_sentence(last.text))
    if shift < -_INDENT * em:
        return False
    return not is_over and not (shift > _INDENT * em and ends_sentence(last.text))


def _starts_item(line: Line, region: Region, draft: _Draft | None) -> bool:
    text = line.text
    if _BULLET.match(text):
        return len(text) > 1
    is_weak = _WEAK_BULLET.match(text) and (text[0] != "o" or line.fragments[0].text == "o")
    if not is_weak and not _NUMBER.match(text):
        return False
    if draft is None or draft.kind in ("heading", "row") or draft.region is not region:
        return True
    # A figure or dash may also come to stand first in a line of running text.
    last = draft.lines[-1]
    shift = _inset(line, region) - _inset(last, region)
    return (
        last.text[-1] in ".:;,!?"
        or abs(shift) > _SAME_EDGE * line.size
        or _room_after(last, region) > _first_word_width(line) + line.size
        or (draft.kind == "item" and abs(_inset(line, region) - draft.indent) < 1)
        or last.baseline - line.baseline > _WIDER_SPACE * _TIGHT_LEADING * line.size
    )


def _inset(line: Line, region: Region) -> float:
    """Return how far from the column's edge the line starts."""
    return region.right - line.right if line.is_rtl else line.left - region.left


def _room_after(line: Line, region: Region) -> float:
    """Return how far before the column's edge the line ends."""
    return line.left - region.left if line.is_rtl else region.right - line.right


def _first_word_width(line: Line) -> float:
    text = line.text
    return (line.right - line.left) * len(text.split(" ", 1)[0]) / len(text)


def _settle_levels(drafts: Sequence[_Draft]) -> None:
    """Rank the headings by their type, and items by how far they are set in."""
    for draft in drafts:
        if (
            draft.kind == "heading"
            and sum(len(line.text) for line in draft.lines) > _LONGEST_HEADING
        ):
            draft.kind = "paragraph"
    headings = [draft for draft in drafts if draft.kind == "heading"]
    levels = rank_styles(style_of(draft.lines[0]) for draft in headings if not draft.is_boxed)
    insets: list[float] = []
    for draft in drafts:
        if draft.kind != "item":
            insets.clear()
            if draft.kind == "heading":
                draft.level = (
                    levels[style_of(draft.lines[0])] if not draft.is_boxed else MOST_LEVELS
                )
            continue
        tolerance = _SAME_EDGE * draft.lines[0].size
        while len(insets) > 1 and draft.indent < insets[-1] - tolerance:
            insets.pop()
        if not insets or draft.indent > insets[-1] + tolerance:
            insets.append(draft.indent)
        draft.level = len(insets)


def _to_block(draft: _Draft, vocabulary: Vocabulary) -> ParsedBlock:
    if draft.kind == "row":
        number = draft.page_number
        cells = (join_lines([(c.text, number) for c in cell], vocabulary) for cell in draft.cells)
        text = " | ".join(piece.text for pieces in cells for piece in pieces)
        return ParsedBlock("row", (Piece(text, number),))
    lines = [(line.text, line.page_number) for line in draft.lines]
    if draft.kind == "item":
        lines[0] = (_with_plain_bullet(lines[0][0]), lines[0][1])
    return ParsedBlock(draft.kind, join_lines(lines, vocabulary), draft.level)


def _fragments_of(draft: _Draft) -> tuple[tuple[int, Fragment], ...]:
    if draft.kind == "row":
        parts = [part for cell in draft.cells for part in cell]
        return tuple((draft.page_number, f) for part in parts for f in part.fragments)
    return tuple((line.page_number, f) for line in draft.lines for f in line.fragments)


def _with_plain_bullet(text: str) -> str:
    mark = _BULLET.match(text) or _WEAK_BULLET.match(text)
    return "• " + text[mark.end() :] if mark else text
