"""Regions of lines -> headings, paragraphs, items and rows.

A block is drafted as the lines it is made of; only when all are drafted is each one's text put
together, because a hyphen at a line end is decided by the words of the whole file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import BlockKind
from corpus.readers.parsed import ParsedBlock, Piece
from corpus.readers.pdf_columns import Region
from corpus.readers.pdf_drafts import (
    BULLET,
    SAME_EDGE,
    WEAK_BULLET,
    Draft,
    Drafts,
    continues,
    inset,
    starts_item,
)
from corpus.readers.pdf_fragments import Fragment
from corpus.readers.pdf_glyphs import Floats
from corpus.readers.pdf_headings import (
    MOST_LEVELS,
    find_body,
    heading_flags,
    rank_styles,
    style_of,
)
from corpus.readers.pdf_joining import Vocabulary, count_words, join_lines
from corpus.readers.pdf_lines import Line, is_ornament
from corpus.readers.pdf_placing import NOTE_SIZE, draft_notes, part_notes, place_box, place_notes
from corpus.readers.pdf_tables import Table, part_tables

_LONGEST_HEADING = 240  # characters, over all its lines


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


def build_blocks(pages: Sequence[PageRegions]) -> tuple[PlacedBlock, ...]:
    """Return the blocks of a file in reading order, their texts repaired; none without lines."""
    regions = [region for page in pages for region in page.regions]
    body = find_body([region.text_lines for region in regions if region.text_lines])
    drafts = Drafts(body)
    for page in pages:
        _draft_page(page, drafts)
    place_notes(drafts)
    _settle_levels(drafts.done)
    vocabulary = count_words(line.text for draft in drafts.done for line in draft.lines)
    return tuple(
        PlacedBlock(_to_block(draft, vocabulary), _fragments_of(draft)) for draft in drafts.done
    )


def _draft_page(page: PageRegions, drafts: Drafts) -> None:
    notes: list[Draft] = []
    least = NOTE_SIZE * drafts.body.size
    has_text = any(line.size > least for region in page.regions for line in region.lines)
    for region in (region for region in page.regions if not region.is_box):
        # A page of nothing but small type is a page of endnotes, an index, a form.
        lines, note_lines = (
            part_notes(region.lines, drafts.body) if has_text else (region.lines, ())
        )
        notes += draft_notes(note_lines, region)
        _draft_lines(lines, region, page, drafts)
    drafts.notes += notes
    for region in (region for region in page.regions if region.is_box):
        boxed = Drafts(drafts.body)
        _draft_lines(region.lines, region, page, boxed)
        place_box(boxed.done, region, drafts.done)


def _draft_lines(lines: Sequence[Line], region: Region, page: PageRegions, drafts: Drafts) -> None:
    parts = part_tables(lines, page.rules, region.rows)
    texts = [part for part in parts if isinstance(part, Line)]
    flags = heading_flags(texts, drafts.body, page.titles)
    headings = iter(flags if not region.is_turned else [False] * len(flags))
    for part in parts:
        if isinstance(part, Table):
            place_notes(drafts)
            drafts.done += _draft_rows(part, region)
        else:
            _draft_line(part, region, drafts, is_heading=next(headings))


def _draft_line(line: Line, region: Region, drafts: Drafts, *, is_heading: bool) -> None:
    if is_ornament(line.text):
        return
    draft = drafts.done[-1] if drafts.done else None
    if draft and continues(draft, line, region, drafts.body, is_heading=is_heading):
        start = draft.lines[0].page_number
        if all(note.lines[0].page_number == start for note in drafts.notes):
            # The notes of the page before go in front of the block that runs over its end, so
            # that pages follow one another in the text; not if the block is from further back.
            if drafts.notes:
                drafts.done.pop()
                place_notes(drafts)
                drafts.done.append(draft)
            draft.lines.append(line)
            draft.region = region
            return
    place_notes(drafts)
    kind: BlockKind = "heading" if is_heading else "paragraph"
    if not is_heading and starts_item(line, region, draft):
        kind = "item"
    drafts.done.append(Draft(kind, [line], region, indent=inset(line, region)))


def _draft_rows(table: Table, region: Region) -> list[Draft]:
    return [
        Draft("row", [], region, cells=cells, page_number=table.page_number) for cells in table.rows
    ]


def _settle_levels(drafts: Sequence[Draft]) -> None:
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
        tolerance = SAME_EDGE * draft.lines[0].size
        while len(insets) > 1 and draft.indent < insets[-1] - tolerance:
            insets.pop()
        if not insets or draft.indent > insets[-1] + tolerance:
            insets.append(draft.indent)
        draft.level = len(insets)


def _to_block(draft: Draft, vocabulary: Vocabulary) -> ParsedBlock:
    if draft.kind == "row":
        number = draft.page_number
        cells = (join_lines([(c.text, number) for c in cell], vocabulary) for cell in draft.cells)
        text = " | ".join(piece.text for pieces in cells for piece in pieces)
        return ParsedBlock("row", (Piece(text, number),))
    lines = [(line.text, line.page_number) for line in draft.lines]
    if draft.kind == "item":
        lines[0] = (_with_plain_bullet(lines[0][0]), lines[0][1])
    return ParsedBlock(draft.kind, join_lines(lines, vocabulary), draft.level)


def _fragments_of(draft: Draft) -> tuple[tuple[int, Fragment], ...]:
    if draft.kind == "row":
        parts = [part for cell in draft.cells for part in cell]
        return tuple((draft.page_number, f) for part in parts for f in part.fragments)
    return tuple((line.page_number, f) for line in draft.lines for f in line.fragments)


def _with_plain_bullet(text: str) -> str:
    mark = BULLET.match(text) or WEAK_BULLET.match(text)
    return "• " + text[mark.end() :] if mark else text
