"""The source beside the answer: the page of the PDF with the quote marked on it, or the text."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from assistant.answer import Citation
from assistant.pages.elements import (
    button,
    foreign,
    link,
    listed,
    new_tab,
    page_at,
    page_name,
    paragraph,
    place_lines,
    warning,
)
from assistant.pictures import Mark, PagePicture
from assistant.places import Place
from assistant.texts import Texts
from corpus.documents import Block, Document, Page, Section, Span

# The source panel shows a document whole up to this many code points (about 25 pages), which a
# browser lays out at once; of a longer one the section, and of a longer section the part around
# the quote.
MOST_SHOWN = 60_000

# Headings of the outline; a longer one is cut around the place that is open.
MOST_HEADINGS = 120


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that is open at a place: its citation, and the page as a picture if there is one.

    `original` is the address at which the file itself is served, empty without; `fallback` says
    why a paged document is shown as text, empty if it is not.
    """

    document: Document
    place: Place
    citation: Citation
    picture: PagePicture | None = None
    original: str = ""
    fallback: str = ""


def source_panel(opened: Opened, texts: Texts) -> str:
    """Return the panel: what is open, the ways to look at it, and the page or the text."""
    document = opened.document
    body = _picture(opened, texts) if opened.picture else _text(opened, texts)
    return (
        f'<section class="source" data-place="{escape(opened.place.to_json())}">'
        f"<header>{_bar(opened, texts)}"
        f'<h2 tabindex="-1">{foreign(document.source.title, "title")}</h2>'
        f"{place_lines(opened.citation, texts, kind=False)}"
        f"{warning(document.source.status, texts)}"
        f"{paragraph(texts(opened.fallback) if opened.fallback else '', 'warning')}"
        f"{_links(opened, texts)}{_outline(opened, texts)}</header>{body}</section>"
    )


def _bar(opened: Opened, texts: Texts) -> str:
    """Return the buttons that close the panel, change the view and keep the quote."""
    view = ""
    if opened.picture:
        view = button(texts("source.as_text"), act="source", css="small", view="text")
    elif opened.document.pages and not opened.fallback:
        view = button(texts("source.as_page"), act="source", css="small", view="page")
    about = button(
        texts("source.about"), act="document", css="small", document=opened.document.id,
        snapshot=opened.place.snapshot_id,
    )  # fmt: skip
    back = button(texts("source.back"), do="close", css="close")
    return f'<div class="bar">{back}{view}{about}</div>'


def _links(opened: Opened, texts: Texts) -> str:
    citation = opened.citation
    links = (
        new_tab(opened.original, texts("source.original"), texts) if opened.original else "",
        link(citation.url, texts("source.published"), texts),
        link(citation.counterpart, texts("source.official"), texts),
    )
    return listed(links, "links")


def _outline(opened: Opened, texts: Texts) -> str:
    """Return the headings of the document, each of which opens it there."""
    here = opened.place.span.start
    sections = [one for one in opened.document.sections if one.headings]
    current = max((n for n, one in enumerate(sections) if one.span.start <= here), default=0)
    first = max(0, min(current - MOST_HEADINGS // 2, len(sections) - MOST_HEADINGS))
    shown = sections[first : first + MOST_HEADINGS]
    items = outline_items(opened.document, opened.place.snapshot_id, shown)
    if not items:
        return ""
    return f'<details class="outline"><summary>{texts("source.outline")}</summary>{items}</details>'


def outline_items(document: Document, snapshot_id: str, sections: Iterable[Section]) -> str:
    """Return sections as a list of buttons, indented by the depth of their headings."""
    items = (
        f'<li style="--level: {len(one.headings)}">'
        + button(
            foreign(one.headings[-1]), act="source",
            place=Place(snapshot_id, document.id, Span(one.span.start, one.span.start)).to_json(),
        )
        + "</li>"
        for one in sections
    )  # fmt: skip
    html = "".join(items)
    return f"<ul>{html}</ul>" if html else ""


def _picture(opened: Opened, texts: Texts) -> str:
    """Return the page as an image with the marks on it, and the buttons to turn pages and zoom."""
    picture = opened.picture
    if picture is None:
        return ""
    page, last = picture.page, len(opened.document.pages)
    name = page_name(page.number, page.label, texts)
    turn = (
        _turning("source.previous", page.number - 1, last, texts),
        f'<span class="here">{texts("source.of", page=name, last=last)}</span>',
        _turning("source.next", page.number + 1, last, texts),
        button(_sign("−", texts("source.smaller")), do="zoom", css="small", by="-1"),
        button(_sign("+", texts("source.larger")), do="zoom", css="small", by="1"),
    )
    # The alternative text names the page; its words are a click away as text.
    alternative = texts("source.image", page=name, title=opened.document.source.title)
    return (
        f'<div class="bar turn-page">{"".join(turn)}</div>'
        f'<div class="pages" tabindex="0" role="region" aria-label="{texts("source.page_region")}">'
        f'<div class="sheet"><img alt="{alternative}" '
        f'src="data:image/png;base64,{b64encode(picture.png).decode()}">'
        f"{''.join(map(_mark, picture.marks))}</div></div>"
    )


def _turning(key: str, number: int, last: int, texts: Texts) -> str:
    if not 1 <= number <= last:
        return ""
    sign = "‹" if key == "source.previous" else "›"
    return button(_sign(sign, texts(key)), act="source", css="small", page=number)


def _sign(sign: str, words: str) -> str:
    """Return a sign for the eye, and the words for who hears the page."""
    return f'<span aria-hidden="true">{sign}</span><span class="unseen">{words}</span>'


def _mark(mark: Mark) -> str:
    edges = "; ".join(
        f"{name}: {100 * value:.3f}%"
        for name, value in (
            ("left", mark.left), ("top", mark.top), ("width", mark.width), ("height", mark.height)
        )
    )  # fmt: skip
    return f'<span class="box{" answer" if mark.is_answer else ""}" style="{edges}"></span>'


def _text(opened: Opened, texts: Texts) -> str:
    document, place = opened.document, opened.place
    extent = _extent(document, place.span)
    return (
        f'<div class="text" tabindex="0" role="region" aria-label="{texts("source.text_region")}" '
        f'lang="{escape(document.source.language)}">{_edge(extent.start > 0, texts)}'
        f"{''.join(_blocks(document, extent, place, texts))}"
        f"{_edge(extent.end < len(document.text), texts)}</div>"
    )


def _extent(document: Document, quote: Span) -> Span:
    """Return the stretch to show: the document, or the section, or the part around the quote."""
    whole = Span(0, len(document.text))
    sections = [one.span for one in document.sections if one.span.contains(quote)]
    section = sections[0] if sections else whole
    for span in (whole, section):
        if span.end - span.start <= MOST_SHOWN:
            return span
    half = MOST_SHOWN // 2
    return Span(max(section.start, quote.start - half), min(section.end, quote.end + half))


def _edge(is_cut: bool, texts: Texts) -> str:
    return f'<p class="edge">{texts("source.cut")}</p>' if is_cut else ""


def _blocks(document: Document, extent: Span, place: Place, texts: Texts) -> Iterator[str]:
    """Yield the blocks inside the extent as elements, a page's mark before its first text."""
    pages = {page.span.start: page for page in document.pages if page.span.start < page.span.end}
    if first := page_at(document, extent):
        pages[extent.start] = first
    marks = {start: _page_mark(page, texts) for start, page in pages.items()}
    for block in document.blocks:
        start, end = max(block.span.start, extent.start), min(block.span.end, extent.end)
        if start < end:
            yield marks.get(start, "")
            is_here = start <= place.span.start < end
            yield _block(block, _pieces(document, Span(start, end), place, marks), is_here=is_here)


def _block(block: Block, html: str, *, is_here: bool) -> str:
    here = ' data-here="1"' if is_here else ""
    if block.kind == "heading":
        # The panel's own heading is an h2.
        level = min(block.level + 2, 6)
        return f'<h{level} dir="auto"{here}>{html}</h{level}>'
    return f'<p class="{block.kind}" dir="auto" style="--level: {block.level}"{here}>{html}</p>'


def _pieces(document: Document, span: Span, place: Place, marks: dict[int, str]) -> str:
    """Return the escaped text of a span, cut wherever a quote, a sentence or a page begins."""
    quote, answers = place.span, place.marks
    edges = {edge for one in (quote, *answers) for edge in (one.start, one.end)} | marks.keys()
    cuts = sorted({span.start, span.end} | {edge for edge in edges if span.start < edge < span.end})
    html = ""
    for start, end in pairwise(cuts):
        piece = Span(start, end)
        text = escape(piece.of(document.text))
        if any(answer.contains(piece) for answer in answers):
            text = f'<mark class="quote">{text}</mark>'
        elif quote.contains(piece):
            text = f'<span class="quote">{text}</span>'
        html += (marks.get(start, "") if start > span.start else "") + text
    return html


def _page_mark(page: Page, texts: Texts) -> str:
    """Return a page boundary; its words are drawn by the style sheet and no part of the text."""
    name = page_name(page.number, page.label, texts)
    return f'<span class="page-mark" data-page="{name}"></span>'
