"""A web page in, its main text out: headings with their anchors, paragraphs, items and rows."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from corpus.errors import NoTextError
from corpus.readers.boilerplate import part_content
from corpus.readers.charset import decode
from corpus.readers.markup import blocks_of
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece
from corpus.text import one_line

_DECLARED_CHARSET = re.compile(
    rb"<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
# A declaration has to stand in the first 1024 bytes (https://html.spec.whatwg.org/#charset); some
# systems put long comments before it.
_DECLARATION_LENGTH = 4096
# Lines that announce what a page loads elsewhere; left out where nothing follows.
_EMPTY_STUBS = {"key resources", "practical tools", "sources", "related content", "related links"}
_LONE_LETTER = re.compile(r"[A-Z][.)]?")


def parse_html(data: bytes) -> ParsedFile:
    """Return the main text of a web page, its title, language and address, and what is left out.

    A block's anchor is the nearest id before it. Raises EmptyFileError for a file without
    content, WrongFormatError for one that is not text, and NoTextError where nothing but headings
    is left once navigation, forms and notices are out.
    """
    tree = LexborHTMLParser(decode(data, _declared_charset(data)))
    title = _title(tree)
    main, left_out = part_content(tree)
    blocks = _with_letters_joined(_without_empty_stubs(blocks_of(main))) if main else []
    if all(block.kind == "heading" for block in blocks):
        raise NoTextError("it has no text besides navigation, headings and notices")
    headlines = (block.text for block in blocks if block.kind == "heading" and block.level == 1)
    return ParsedFile(
        tuple(blocks),
        title=next(headlines, title),
        language=_language(tree),
        url=_canonical_url(tree),
        taken_out=left_out,
    )


def language_code(declared: str | None) -> str | None:
    """Return a declared language ("en-GB") as its ISO 639-1 code; None if it has none."""
    code = re.match(r"\s*([a-zA-Z]{2})(?![a-zA-Z])", declared or "")
    return code.group(1).lower() if code else None


def _declared_charset(data: bytes) -> str | None:
    declared = _DECLARED_CHARSET.search(data[:_DECLARATION_LENGTH])
    return declared.group(1).decode("ascii", "replace") if declared else None


def _title(tree: LexborHTMLParser) -> str | None:
    title = tree.css_first("head title") or tree.css_first("h1")
    return (one_line(title.text_lexbor()) or None) if title else None


def _language(tree: LexborHTMLParser) -> str | None:
    html = tree.css_first("html")
    return language_code(html.attributes.get("lang")) if html else None


def _canonical_url(tree: LexborHTMLParser) -> str | None:
    link = tree.css_first("link[rel~=canonical]")
    url = ((link.attributes.get("href") or "") if link else "").strip()
    return url if re.fullmatch(r"https?://\S+", url) else None


def _without_empty_stubs(blocks: list[ParsedBlock]) -> list[ParsedBlock]:
    kept: list[ParsedBlock] = []
    for block in reversed(blocks):
        following = kept[-1] if kept else None
        ends_here = following is None or (
            following.kind == "heading" and not 0 < block.level < following.level
        )
        if not (ends_here and block.text.rstrip(":").lower() in _EMPTY_STUBS):
            kept.append(block)
    return kept[::-1]


def _with_letters_joined(blocks: list[ParsedBlock]) -> list[ParsedBlock]:
    """Return the blocks with a letter that stands alone before a heading put into the heading."""
    joined: list[ParsedBlock] = []
    for block in blocks:
        letter = joined[-1] if joined else None
        if (
            block.kind == "heading"
            and letter is not None
            and letter.kind in ("heading", "paragraph")
            and _LONE_LETTER.fullmatch(letter.text)
        ):
            block = replace(block, pieces=(Piece(f"{letter.text} {block.text}"),))
            joined.pop()
        joined.append(block)
    return joined
