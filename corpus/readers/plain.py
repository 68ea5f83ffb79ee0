"""A plain text file in, its blocks out: headings, paragraphs and items by their usual marks."""

import re
from dataclasses import dataclass, field

from corpus.documents import BlockKind
from corpus.errors import NoTextError
from corpus.readers.charset import decode
from corpus.readers.outline import BULLET
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece
from corpus.text import one_line, repair

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_CLOSING_MARKS = re.compile(r" #+$")
_UNDERLINES = {"=": 1, "-": 2}
_RULE = re.compile(r"[ \t]*(?:={3,}|-{3,}|_{3,}|\*{3,}|(?:\* ){2,}\*)[ \t]*")
_ITEM = re.compile(
    r"(?P<indentation>[ \t]*)"
    r"(?:(?P<bullet>[-*+•‣◦▪●–])|(?P<number>\d{1,3}[.)]|[a-zA-Z][.)]|\([a-z0-9]{1,4}\)|[ivx]+\)))"
    r"[ \t]+(?P<text>\S.*)"
)
# A line of prose may begin with a dash or, wrapped, with "12. March": only these begin a list
# right under a paragraph.
_FIRST_MARKERS = {
    "-",
    "*",
    "+",
    "•",
    "‣",
    "◦",
    "▪",
    "●",
    "1.",
    "1)",
    "a)",
    "(a)",
    "(1)",
    "i)",
    "(i)",
}
_HYPHENATED = re.compile(r"([a-z]+)-$")
_LOWER_CASE_WORD = re.compile(r"[a-z]+")
# Nobody wraps text at a wider margin than this: a longer line is a paragraph of its own.
_WIDEST_MARGIN = 160
# A line counts as wrapped if it reaches this share of the paragraph's longest line: the word that
# did not fit is seldom longer than the rest.
_WRAPPED_SHARE = 0.7
_TAB_WIDTH = 4


def parse_plain(data: bytes) -> ParsedFile:
    """Return the paragraphs, items and headings of a plain text file.

    An empty line parts paragraphs, and the lines of one are joined; a word is joined over a
    hyphen at a wrapped line's end unless the text has it with the hyphen elsewhere. The title is
    the first heading of level 1. Raises EmptyFileError for a file without content,
    WrongFormatError for one that is not text, and NoTextError for one without text besides
    headings.
    """
    reading = _Reading(repair(decode(data)))
    for line in reading.text.split("\n"):
        reading.add(line.rstrip().expandtabs(_TAB_WIDTH))
    reading.end_block()
    blocks = tuple(reading.blocks)
    if all(block.kind == "heading" for block in blocks):
        raise NoTextError("it has no text besides headings")
    headlines = (block.text for block in blocks if block.kind == "heading" and block.level == 1)
    return ParsedFile(blocks, title=next(headlines, None))


@dataclass(slots=True)
class _Reading:
    """Where the reading of a text stands: the block that is open, and the lists around it."""

    text: str
    blocks: list[ParsedBlock] = field(default_factory=list)
    kind: BlockKind = "paragraph"
    marker: str = ""
    lines: list[str] = field(default_factory=list)
    indentations: list[int] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Take in a line."""
        heading = _HEADING.fullmatch(line)
        item = _ITEM.fullmatch(line)
        if heading:
            self.end_block()
            self._write("heading", _CLOSING_MARKS.sub("", one_line(heading[2])), len(heading[1]))
        elif self._is_underline(line):
            title, self.lines = self.lines[0], []
            self._write("heading", title, _UNDERLINES[line.strip()[0]])
        elif not line.strip() or _RULE.fullmatch(line):
            self.end_block()
        elif item and self._may_begin(item):
            self.end_block()
            self._begin_item(item)
        else:
            self._continue(line)

    def end_block(self) -> None:
        """Write the open block, if there is one."""
        if self.lines:
            level = len(self.indentations) if self.kind == "item" else 0
            self._write(self.kind, self.marker + self._joined(), level)
        self.kind, self.marker, self.lines = "paragraph", "", []

    def _write(self, kind: BlockKind, text: str, level: int) -> None:
        if kind != "item":
            self.indentations = []
        self.blocks.append(ParsedBlock(kind, (Piece(one_line(text)),), level))

    def _is_underline(self, line: str) -> bool:
        """Tell whether a line of "===" or "---" makes the open line above it a heading."""
        mark = line.strip()
        is_run = len(mark) >= 3 and set(mark) in ({"="}, {"-"})
        return is_run and self.kind == "paragraph" and len(self.lines) == 1

    def _may_begin(self, item: re.Match[str]) -> bool:
        inside_prose = self.kind == "paragraph" and bool(self.lines)
        return not inside_prose or (item["bullet"] or item["number"]) in _FIRST_MARKERS

    def _begin_item(self, item: re.Match[str]) -> None:
        indentation = len(item["indentation"])
        # One column more or less is how "9." and "10." are lined up.
        while self.indentations and indentation < self.indentations[-1] - 1:
            self.indentations.pop()
        if not self.indentations or indentation > self.indentations[-1] + 1:
            self.indentations.append(indentation)
        self.kind = "item"
        self.marker = BULLET if item["bullet"] else f"{item['number']} "
        self.lines = [item["text"]]

    def _continue(self, line: str) -> None:
        if self.lines and max(len(line), len(self.lines[-1])) > _WIDEST_MARGIN:
            self.end_block()
        self.lines.append(line.strip())

    def _joined(self) -> str:
        longest = max(map(len, self.lines))
        text = self.lines[0]
        for above, line in zip(self.lines, self.lines[1:], strict=False):
            is_wrapped = len(above) >= _WRAPPED_SHARE * longest
            text = self._with_next_line(text, line) if is_wrapped else f"{text} {line}"
        return text

    def _with_next_line(self, text: str, line: str) -> str:
        before, after = _HYPHENATED.search(text), _LOWER_CASE_WORD.match(line)
        if not before or not after:
            return f"{text} {line}"
        with_hyphen = f"{before[1]}-{after[0]}"
        return text + line if with_hyphen in self.text else text[:-1] + line
