"""Headings, paragraphs, items and rows in reading order, written down as blocks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.documents import BlockKind
from corpus.readers.parsed import ParsedBlock, Piece
from corpus.text import one_line, repair

BULLET = "• "
# An item's depth is shown as indentation: a hostile page nests thousands of lists.
MAX_DEPTH = 12
# A list that brings its own bullets as characters must not show two.
_BULLETS = ("•", "‣", "◦", "▪", "●", "·")


@dataclass(slots=True)
class _Item:
    """An open list item: what it has gathered since its last block was written."""

    level: int
    marker: str
    anchor: str | None
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """The blocks written so far, and the lists that are open.

    Paragraphs inside an item become lines of that item. What follows a nested list or table
    inside an item is another item of the same depth, without a marker. Texts are repaired here;
    what is blank is not written.
    """

    blocks: list[ParsedBlock] = field(default_factory=list)
    _open_lists: int = 0
    _items: list[_Item] = field(default_factory=list)

    def heading(self, text: str, *, level: int, anchor: str | None = None) -> None:
        """Write a heading of level 1–6, on one line."""
        self._end_item_text()
        self._write("heading", one_line(text), level, anchor)

    def paragraph(self, text: str, *, anchor: str | None = None) -> None:
        """Write a paragraph, or a line of the open item; its line ends are kept."""
        self._body_text(joined_lines(text), anchor)

    def preformatted(self, text: str, *, anchor: str | None = None) -> None:
        """Write a paragraph whose lines keep their indentation."""
        lines = [line.rstrip() for line in repair(text).split("\n")]
        self._body_text("\n".join(lines).strip("\n"), anchor)

    def row(self, cells: list[str], *, anchor: str | None = None) -> None:
        """Write a table row; an empty cell keeps its place, a row of empty cells is left out."""
        self._end_item_text()
        texts = [one_line(cell) for cell in cells]
        self._write("row", one_line(" | ".join(texts)) if any(texts) else "", 0, anchor)

    def add(self, blocks: Iterable[ParsedBlock]) -> None:
        """Write blocks read elsewhere, items as deep as the list that is open makes them."""
        for block in blocks:
            if block.kind == "paragraph":
                self._body_text(block.text, None)
            else:
                self._end_item_text()
                deeper = self._open_lists if block.kind == "item" else 0
                level = min(block.level + deeper, MAX_DEPTH)
                self._write(block.kind, block.text, level, None)

    def open_list(self) -> None:
        """Begin a list, one deeper than the list that is open."""
        self._end_item_text()
        self._open_lists += 1

    def close_list(self) -> None:
        """End the innermost list."""
        self._open_lists -= 1

    def open_item(self, marker: str, *, anchor: str | None = None) -> None:
        """Begin an item that is shown with `marker`, a space included."""
        self._end_item_text()
        self._items.append(_Item(self._depth(), marker, anchor))

    def close_item(self) -> None:
        """End the innermost item."""
        self._end_item_text()
        self._items.pop()

    def _depth(self) -> int:
        return min(max(self._open_lists, 1), MAX_DEPTH)

    def _body_text(self, text: str, anchor: str | None) -> None:
        if self._items and text:
            self._items[-1].lines.append(text)
        else:
            self._write("paragraph", text, 0, anchor)

    def _end_item_text(self) -> None:
        """Write what the open item has gathered; its marker is shown once."""
        if not self._items or not self._items[-1].lines:
            return
        item = self._items[-1]
        text = "\n".join(item.lines)
        item.lines = []
        if not text.startswith(_BULLETS):
            text = item.marker + text
        item.marker = ""
        self._write("item", text, item.level, item.anchor)

    def _write(
        self,
        kind: BlockKind,
        text: str,
        level: int,
        anchor: str | None,
    ) -> None:
        if text.strip():
            self.blocks.append(ParsedBlock(kind, (Piece(text),), level, anchor))


def joined_lines(text: str) -> str:
    """Return the text with each line repaired and trimmed, blank lines left out."""
    lines = (one_line(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
