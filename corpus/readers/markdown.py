"""A Markdown file in, its text out: headings, paragraphs, items and rows; front matter read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import yaml  # type: ignore[import-untyped]  # publishes no types
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.common.html_blocks import block_names
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from corpus.errors import NoTextError
from corpus.readers.charset import decode
from corpus.readers.html import language_code
from corpus.readers.markup import parse_fragment
from corpus.readers.outline import BULLET, Outline
from corpus.readers.parsed import ParsedBlock, ParsedFile
from corpus.text import one_line

# Text nested deeper is dropped by the parser; its own limit of 20 is ten lists.
_MAX_NESTING = 100
_HEAD_ELEMENTS = {"base", "body", "head", "html", "link", "meta", "title"}
_INLINE_ELEMENTS = {
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn"),
    *("em", "font", "i", "img", "input", "ins", "kbd", "label", "mark", "picture", "q", "rp", "rt"),
    *("ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u"),
    *("var", "wbr"),
}
_PARTING_ELEMENTS = {*block_names, "pre"} - _HEAD_ELEMENTS
_CODE = {"script", "style", "textarea", "svg", "math", "iframe", "video", "audio", "object"}
# "<name of company>" and "<address of company>" are gaps to be filled in, not tags.
_TAG = re.compile(
    r"</?(?P<element>[a-z][a-z0-9]*)"
    r"(?:\s+(?:[a-z][\w:-]*\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+)|open|hidden|checked|disabled))*"
    r"\s*/?>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"\s*</?(?P<element>[a-z][a-z0-9-]*)", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)
# With a colon it begins the footnote, which is text of its own.
_FOOTNOTE_MARK = re.compile(r"\[\^(?P<label>[^\]\s]+)\](?P<colon>:\s?)?")
_LABEL = re.compile(r"\[([^\[\]]+)\](?!:)")
_KEY = re.compile(r"\s*[\w-]+\s*:")


def parse_markdown(data: bytes) -> ParsedFile:
    """Return the text of a Markdown file without its marks, and what its front matter says.

    The title is the front matter's, else the first heading of level 1. Front matter that cannot
    be read is left out. A footnote stands where it is written, and its mark is taken out of the
    sentence. Raises EmptyFileError for a file without content, WrongFormatError for one that is
    not text, and NoTextError for one without text besides front matter and headings.
    """
    metadata, body = _front_matter(decode(data))
    blocks = tuple(_blocks(_tokens(body), frozenset(_FOOTNOTE.findall(body))))
    if all(block.kind == "heading" for block in blocks):
        raise NoTextError("it has no text besides headings and front matter")
    headlines = (block.text for block in blocks if block.kind == "heading" and block.level == 1)
    return ParsedFile(
        blocks,
        title=one_line(metadata.get("title", "")) or next(headlines, None),
        language=language_code(metadata.get("language") or metadata.get("lang")),
        url=metadata.get("url", "").strip() or None,
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the front matter's texts by key, and what follows it."""
    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        matter, body = handler.split(text)
    except ValueError:  # a rule at the beginning, and no other
        return {}, text
    try:
        # The base loader leaves every value a text: a title may be "2022" or "yes".
        metadata = handler.load(matter, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return {}, body if _KEY.match(matter) else text
    if matter.strip() and not isinstance(metadata, dict):
        return {}, text  # prose between two rules
    return {key: value for key, value in (metadata or {}).items() if isinstance(value, str)}, body


def _tokens(body: str) -> list[Token]:
    """Return the tokens of the text; what only looks like the target of a link stays text."""
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    environment: dict[str, Any] = {}
    tokens = parser.parse(body, environment)
    targets = environment.get("references", {})
    unused = _unused_targets(targets, body)
    if not unused:
        return tokens
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    target_lines = {target["map"][0] for target in targets.values()}
    for number in unused:
        # The line end keeps a target on the next line from becoming a part of this paragraph.
        end = "\n" if number + 1 in target_lines else ""
        lines[number] = lines[number].replace("[", r"\[", 1) + end
    return parser.parse("\n".join(lines))


def _unused_targets(targets: dict[str, dict[str, Any]], body: str) -> list[int]:
    """Return the line numbers of link targets that no link refers to, comments left out.

    "[Annex A]: http://…" is a sentence to be quoted unless "[Annex A]" is a link elsewhere.
    """
    used = {normalizeReference(label) for label in _LABEL.findall(body)}
    return [
        target["map"][0]
        for label, target in targets.items()
        if target["href"] not in ("", "#") and (label not in used or label.startswith("^"))
    ]


def _blocks(tokens: Sequence[Token], footnotes: frozenset[str]) -> list[ParsedBlock]:
    writing = _Writing(footnotes)
    for opening, token in pairwise([Token("", "", 0), *tokens]):
        writing.add(token, opening)
    return writing.outline.blocks


@dataclass(slots=True)
class _Writing:
    """Where the writing of blocks stands.

    `numbers` holds the next number of each open list, None for bullets; `cells` belong to the
    open row.
    """

    footnotes: frozenset[str]
    outline: Outline = field(default_factory=Outline)
    numbers: list[int | None] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    def add(self, token: Token, opening: Token) -> None:
        """Take in a token; `opening` is the one before it, which says what inline text is."""
        match token.type:
            case "inline":
                self._add_text(_text(token.children or [], self.footnotes), opening)
            case "fence" | "code_block":
                self.outline.preformatted(token.content)
            case "html_block":
                _add_html(self.outline, token.content)
            case "tr_close":
                self.outline.row(self.cells)
                self.cells = []
            case _:
                self._add_list(token)

    def _add_text(self, text: str, opening: Token) -> None:
        if opening.type == "heading_open":
            self.outline.heading(text, level=int(opening.tag[1:]))
        elif opening.type in ("th_open", "td_open"):
            self.cells.append(text)
        else:
            self.outline.paragraph(text)

    def _add_list(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.outline.open_list()
                self.numbers.append(None)
            case "ordered_list_open":
                self.outline.open_list()
                self.numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.outline.close_list()
                self.numbers.pop()
            case "list_item_open":
                self.outline.open_item(self._marker(token))
            case "list_item_close":
                self.outline.close_item()

    def _marker(self, token: Token) -> str:
        """Return the bullet or number that is shown, whatever number is written."""
        number = self.numbers[-1]
        if number is None:
            return BULLET
        self.numbers[-1] = number + 1
        return f"{number}{token.markup} "


def _add_html(outline: Outline, markup: str) -> None:
    """Write the blocks of a piece of HTML; a gap such as "<name of company>" is text."""
    tag = _BLOCK_TAG.match(markup)
    if tag and tag["element"].lower() not in {*_PARTING_ELEMENTS, *_INLINE_ELEMENTS, *_CODE}:
        outline.paragraph(markup)
    else:
        outline.add(parse_fragment(markup))


def _text(children: Sequence[Token], footnotes: frozenset[str]) -> str:
    """Return the text of inline tokens as it is shown, a line end for each hard break."""
    text = ""
    for child in children:
        match child.type:
            case "text":
                text += _without_footnote_marks(child.content, footnotes)
            case "image":
                text += _text(child.children or [], footnotes)
            case "html_inline":
                text += _tag_text(child.content)
            case "hardbreak":
                text += "\n"
            case "softbreak":
                text += " "
            case _:
                text += child.content
    return text


def _without_footnote_marks(text: str, footnotes: frozenset[str]) -> str:
    def shown(mark: re.Match[str]) -> str:
        if mark["label"] not in footnotes:
            return mark.group()
        return "\n" if mark["colon"] else ""

    return _FOOTNOTE_MARK.sub(shown, text)


def _tag_text(markup: str) -> str:
    """Return what an inline tag shows: nothing, a space, a line end, or itself if it is none."""
    if markup.startswith(("<!", "<?")):
        return ""
    tag = _TAG.fullmatch(markup)
    element = tag["element"].lower() if tag else ""
    if element == "br":
        return "\n"
    if element in _PARTING_ELEMENTS:
        return " "
    return "" if element in _INLINE_ELEMENTS else markup
