"""HTML elements in, blocks out: headings with anchors, paragraphs, nested items, table rows."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.readers.boilerplate import is_stub
from corpus.readers.outline import BULLET, Outline
from corpus.readers.parsed import ParsedBlock

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
# Two line breaks in a row are how many editors write a new paragraph.
_PARAGRAPH_END = re.compile(r"\n *\n[ \n]*")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul", "ol", "menu", "dir", "dl"}
_ITEMS = {"li", "dd"}
_CELLS = {"td", "th"}
_PREFORMATTED = {"pre", "listing", "xmp"}
# Words on the two sides of these are never one word.
_PARTING = {*_HEADINGS, *_LISTS, *_ITEMS, *_CELLS, *_PREFORMATTED} | {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "details",
        "div",
    ),
    *("dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr"),
    *("legend", "main", "nav", "optgroup", "option", "p", "search", "section", "summary", "table"),
    *("tbody", "tfoot", "thead", "tr"),
}
# A cell with one of these is a part of the page's layout, unless the table has head cells.
_LAYOUT_CELL = ", ".join(
    f"td {content}"
    for content in (*_HEADINGS, "ul", "ol", "dl", "blockquote", "pre", "p + p", "div + div")
)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?(lower|upper)-(alpha|latin|roman)")
_STYLES = {
    ("lower", "alpha"): "a",
    ("lower", "latin"): "a",
    ("lower", "roman"): "i",
    ("upper", "alpha"): "A",
    ("upper", "latin"): "A",
    ("upper", "roman"): "I",
}
_INTEGER = re.compile(r"\s*(-?\d{1,6})")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def blocks_of(root: LexborNode) -> list[ParsedBlock]:
    """Return the blocks under an element in reading order; an anchor is the nearest id before.

    The walk keeps its own stack: a page may nest deeper than Python calls do.
    """
    walk = _Walk()
    waiting = [(root, False)]
    while waiting:
        node, is_left = waiting.pop()
        if is_left:
            walk.leave(node)
        elif node.is_text_node:
            walk.add_text(node.text_content or "")
        elif node.is_element_node:
            walk.enter(node)
            waiting.append((node, True))
            waiting.extend((child, False) for child in reversed([*node.iter(include_text=True)]))
    walk.end_text()
    return walk.outline.blocks


def parse_fragment(markup: str) -> list[ParsedBlock]:
    """Return the blocks of a piece of HTML; nothing but scripts and styles is left out."""
    tree = LexborHTMLParser(markup)
    tree.strip_tags(["script", "style", "template"])
    return blocks_of(tree.body) if tree.body else []


@dataclass(slots=True)
class _Numbering:
    """How an open list marks its items; `style` is None for bullets, "1", "a", "A", "i" or "I"."""

    style: str | None
    next_number: int


@dataclass(slots=True)
class _Walk:
    """Where a walk stands: the open lists and tables, and the text not written yet.

    `line_of` is the heading or data cell being read, which becomes one line whatever is in it;
    `tables` tells of each open table whether it holds data; `cells` belong to the open row.
    """

    outline: Outline = field(default_factory=Outline)
    anchor: str | None = None
    text: list[str] = field(default_factory=list)
    has_text: bool = False
    text_anchor: str | None = None
    preformatted: int = 0
    line_of: LexborNode | None = None
    lists: list[_Numbering] = field(default_factory=list)
    tables: list[bool] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    def add_text(self, text: str) -> None:
        """Take in a text node; its line ends count in preformatted text only."""
        if not self.has_text and text.strip():
            self.has_text, self.text_anchor = True, self.anchor
        self.text.append(text if self.preformatted else _WHITE_SPACE.sub(" ", text))

    def end_text(self) -> None:
        """Write the text gathered so far as a paragraph; inside a line, only part the words."""
        if self.line_of is not None:
            self.text.append(" ")
            return
        text = self._taken_text()
        if self.preformatted:
            self.outline.preformatted(text, anchor=self.text_anchor)
            return
        for paragraph in _PARAGRAPH_END.split(text):
            if not is_stub(paragraph):
                self.outline.paragraph(paragraph, anchor=self.text_anchor)

    def enter(self, node: LexborNode) -> None:
        """Begin an element: its id, and the list, item, line or table that it opens."""
        tag = node.tag or ""
        if tag in _PARTING:
            self.end_text()
        self.anchor = _anchor(node) or self.anchor
        if tag == "br":
            self.text.append("\n")
        elif self.line_of is not None:
            self.text.append(BULLET if tag == "li" else "")
        elif tag in _HEADINGS or (tag in _CELLS and self._in_data()):
            self.line_of = node
        elif tag in _LISTS:
            self.outline.open_list()
            self.lists.append(_numbering(node))
        elif tag in _ITEMS:
            self.outline.open_item(self._marker(node), anchor=self.anchor)
        elif tag == "table":
            self.tables.append(_is_data(node))
        elif tag in _PREFORMATTED:
            self.preformatted += 1

    def leave(self, node: LexborNode) -> None:
        """End an element, and write what it holds."""
        tag = node.tag or ""
        if node is self.line_of:
            self._end_line(node, tag)
            return
        if tag in _PARTING:
            self.end_text()
        if self.line_of is not None:
            return
        if tag in _LISTS:
            self.outline.close_list()
            self.lists.pop()
        elif tag in _ITEMS:
            self.outline.close_item()
        elif tag == "tr" and self._in_data():
            self.outline.row(self.cells, anchor=self.anchor)
            self.cells = []
        elif tag == "table":
            self.tables.pop()
        elif tag in _PREFORMATTED:
            self.preformatted -= 1

    def _end_line(self, node: LexborNode, tag: str) -> None:
        self.line_of = None
        if tag in _HEADINGS:
            self.anchor = _anchor(node) or self.anchor
            text = self._taken_text()
            self.outline.heading(text, level=_HEADINGS[tag], anchor=self.anchor)
        else:
            self.cells.append(self._taken_text())

    def _taken_text(self) -> str:
        text = "".join(self.text)
        self.text, self.has_text = [], False
        return text

    def _in_data(self) -> bool:
        return bool(self.tables) and self.tables[-1]

    def _marker(self, node: LexborNode) -> str:
        """Return what a browser shows before an item; nothing before a definition."""
        if node.tag == "dd":
            return ""
        if not self.lists or (numbering := self.lists[-1]).style is None:
            return BULLET
        number = _integer(node.attributes.get("value"), numbering.next_number)
        numbering.next_number = number + 1
        return f"{_numeral(number, numbering.style or '1')}. "


def _anchor(node: LexborNode) -> str | None:
    """Return the id that opens the page at an element, if it has one that an address can hold."""
    attributes = node.attributes
    anchor = attributes.get("id") or (attributes.get("name") if node.tag == "a" else None)
    return anchor if anchor and re.fullmatch(r"[^\s\x00-\x1f\x7f]+", anchor) else None


def _numbering(node: LexborNode) -> _Numbering:
    attributes = node.attributes
    if node.tag != "ol":
        return _Numbering(None, 1)
    style = attributes.get("type")
    named = _LIST_STYLE.search(attributes.get("style") or "")
    if named:
        style = _STYLES[named.group(1), named.group(2)]
    known = style if style in ("a", "A", "i", "I") else "1"
    return _Numbering(known, _integer(attributes.get("start"), 1))


def _integer(value: str | None, default: int) -> int:
    number = _INTEGER.match(value or "")
    return int(number.group(1)) if number else default


def _numeral(number: int, style: str) -> str:
    """Return a number as a list shows it: 2 is "2", "b", "B", "ii" or "II"."""
    text = str(number)
    if style in "aA" and 1 <= number <= 26:
        text = chr(ord("a") + number - 1)
    elif style in "iI" and 1 <= number < 4000:
        text = _roman(number)
    return text.upper() if style in "AI" else text


def _roman(number: int) -> str:
    numeral = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral


def _is_data(table: LexborNode) -> bool:
    """Tell whether a table holds data, and not the columns of a page's layout."""
    if table.attributes.get("role") in ("presentation", "none"):
        return False
    if any(child.css_first("table") is not None for child in table.iter()):
        return False
    if table.css_first("th") is not None:
        return True
    has_columns = table.css_first("td + td") is not None
    return has_columns and table.css_first(_LAYOUT_CELL) is None
