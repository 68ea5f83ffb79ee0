"""What every reader hands over: blocks of repaired text, and how they become one text.

Readers repair their text (`corpus.text.repair`) before they build a block, so that the spans made
here are never moved again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.documents import Block, BlockKind, Page, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block on one page; `page_number` is None in formats without pages."""

    text: str
    page_number: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """A block before it has a span. Its text is its pieces put together, nothing in between.

    An item's text starts with its marker as shown ("• ", "3. "); a row's cells are joined by
    " | ". See `corpus.documents.Block` for `level` and `anchor`.
    """

    kind: BlockKind
    pieces: tuple[Piece, ...]
    level: int = 0
    anchor: str | None = None

    @property
    def text(self) -> str:
        """Return the block's whole text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file's blocks in reading order, and what the file says of itself.

    `page_labels` holds one entry a page, in order, empty in formats without pages; an entry is
    None where no label is printed. `title`, `language` and `url` are None where the file is
    silent. See `corpus.documents.Document` for `recognised_pages`, `taken_out`, `attachments`.
    """

    blocks: tuple[ParsedBlock, ...]
    page_labels: tuple[str | None, ...] = ()
    title: str | None = None
    language: str | None = None
    url: str | None = None
    recognised_pages: tuple[int, ...] = ()
    taken_out: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def pages_without_text(self) -> tuple[int, ...]:
        """Return the numbers of the pages that no block stands on, as of scans."""
        filled = {piece.page_number for block in self.blocks for piece in block.pieces}
        return tuple(n for n, _ in enumerate(self.page_labels, start=1) if n not in filled)


def assemble(parsed: ParsedFile) -> tuple[str, tuple[Block, ...], tuple[Page, ...]]:
    """Return the file's text, and its blocks and pages as spans of that text.

    Blocks are parted by an empty line; items and rows that follow one another (and an item that
    follows its lead-in) by a line end and the item's indentation. Blank blocks are left out.
    """
    text = ""
    blocks: list[Block] = []
    page_starts: dict[int, int] = {}
    kept = not_blank(parsed.blocks)
    for previous, block in zip([None, *kept], kept, strict=False):
        text += _separator(previous, block)
        start = len(text)
        for piece in block.pieces:
            if piece.page_number is not None:
                page_starts.setdefault(piece.page_number, len(text))
            text += piece.text
        blocks.append(Block(block.kind, Span(start, len(text)), block.level, block.anchor))
    return text, tuple(blocks), _pages(parsed.page_labels, page_starts, len(text))


def not_blank(blocks: Iterable[ParsedBlock]) -> list[ParsedBlock]:
    """Return the blocks that have a place in the text, in their order."""
    return [block for block in blocks if block.text.strip()]


def _separator(previous: ParsedBlock | None, block: ParsedBlock) -> str:
    if previous is None:
        return ""
    together = block.kind == "item" and previous.kind in ("paragraph", "item")
    together |= block.kind == previous.kind == "row"
    indentation = "  " * (block.level - 1) if block.kind == "item" else ""
    return ("\n" if together else "\n\n") + indentation


def _pages(
    labels: Iterable[str | None], starts: dict[int, int], text_length: int
) -> tuple[Page, ...]:
    """Return pages that cover the text: each runs to where the next one with text starts."""
    pages: list[Page] = []
    end = text_length
    for number, label in reversed(list(enumerate(labels, start=1))):
        start = starts.get(number, end)
        if number == 1:
            start = 0
        pages.append(Page(number, label, Span(start, end)))
        end = start
    return tuple(reversed(pages))
