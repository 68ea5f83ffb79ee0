"""Answers and documents in, HTML out: what the page shows, Gradio-free.

Every text that comes from a document, a catalogue or a person passes `escape`; nothing here is
Markdown. Quotes keep their line breaks and spaces by the style sheet (`white-space: pre-wrap`).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from assistant.answer import Answer, Citation
from assistant.citations import page_words
from corpus.documents import Block, Document, Page, Span
from index.snapshot import Manifest

# The source panel shows a document whole up to this many code points (about 25 pages), which a
# browser lays out at once; of a longer one the section, and of a longer section the part around
# the quote.
MOST_SHOWN = 60_000

# Documents named in the list of the library; beyond, their number says more than their titles.
MOST_LISTED = 60

CAVEAT = (
    "Guidance, not emergency help or legal advice; good practice depends on the local context. "
    "The starter texts are independent of the official Toolkit."
)

_HEADLINES = {
    "answered": "Answered by these passages, word for word",
    "related": "No passage clearly answers this. These are related:",
    "not_covered": "Not covered by the documents",
}
_NOT_COVERED = (
    "Only the documents of this library are searched, and nothing is made up. Try other words, or "
    "say who is involved and what happened."
)
_WARNINGS = {
    "superseded": "Superseded: a newer edition has taken its place",
    "withdrawn": "Withdrawn by its publisher",
}
_WAITING = '<p class="headline waiting" role="status">Looking in the documents…</p>'


def conversation(answers: Sequence[Answer], *, pending: str | None = None, fault: str = "") -> str:
    """Return the turns, the oldest first; `pending` is the question being looked up.

    `fault` says why the pending question has no answer. Empty without turns.
    """
    turns = [_turn(place, answer) for place, answer in enumerate(answers)]
    if pending is not None:
        state = f'<p class="headline fault" role="alert">{escape(fault)}</p>' if fault else _WAITING
        turns.append(f'<section class="turn">{_question(pending)}{state}</section>')
    return "".join(turns)


def welcome(examples: Iterable[str]) -> str:
    """Return what stands in place of the conversation before the first question."""
    return (
        '<section class="welcome"><h2>What do you need to know?</h2>'
        "<p>Describe a situation or ask a question. The answer is made of passages from the "
        "documents, word for word, each with the place it comes from.</p>"
        f"{example_questions(examples)}</section>"
    )


def example_questions(examples: Iterable[str]) -> str:
    """Return a button for each question, which carries it as `data-question`."""
    items = "".join(
        f'<li><button type="button" data-question="{escape(one)}">{escape(one)}</button></li>'
        for one in examples
    )
    return f'<ul class="examples" aria-label="Example questions">{items}</ul>'


def library(documents: Iterable[Document]) -> str:
    """Return the list of the documents that are current, shown until a source is opened."""
    sources = [one.source for one in documents if one.source.status == "current"]
    items = "".join(
        f'<li><bdi class="title">{escape(one.title)}</bdi> {_edition(one.edition)}</li>'
        for one in sources[:MOST_LISTED]
    )
    more = max(0, len(sources) - MOST_LISTED)
    rest = f'<p class="quiet">and {more} more</p>' * bool(more)
    return (
        '<section class="library"><h2>In this library</h2>'
        '<p class="quiet">Open a citation to read it here, in its place.</p>'
        f"<ul>{items}</ul>{rest}</section>"
    )


def source_panel(document: Document, citation: Citation, *, place: int) -> str:
    """Return the text of a document around a quote, quote and answering sentences marked.

    `place` is the turn of the citation, which the panel's buttons lead back to.
    """
    extent = _extent(document, Span(citation.start, citation.end))
    source = document.source
    return (
        f'<section class="source" data-turn="{place}" data-number="{citation.number}">'
        '<header><button type="button" class="close">Back to the answer</button>'
        f'<h2 tabindex="-1"><bdi class="title">{escape(source.title)}</bdi></h2>'
        f'{_place(citation)}<p class="place file">{escape(source.file)}</p>'
        f"{_warning(source.status)}{_links(citation)}</header>"
        f'<div class="text" tabindex="0" role="region" aria-label="Text of the source" '
        f'lang="{escape(source.language)}">{_edge(extent.start > 0)}'
        f"{''.join(_blocks(document, extent, citation))}"
        f"{_edge(extent.end < len(document.text))}</div></section>"
    )


def footer(manifest: Manifest) -> str:
    """Return the line that says which snapshot is read, and from when it is."""
    built = datetime.fromisoformat(manifest.created)
    return (
        f"<p>Snapshot {escape(manifest.id)}, built {built.day} {built:%B %Y} · "
        f"{manifest.documents} documents, {manifest.passages} passages · "
        "nothing you ask leaves this machine</p>"
    )


def link(address: str | None, words: str) -> str:
    """Return a link that tells its target nothing; empty unless the address is http or https."""
    try:
        scheme = urlsplit(address or "").scheme.lower()
    except ValueError:  # an address that is none, such as "http://["
        scheme = ""
    if scheme not in ("http", "https"):
        return ""
    return (
        f'<a href="{escape(address or "")}" target="_blank" rel="noreferrer noopener">'
        f'{escape(words)}<span class="unseen"> (opens in a new tab)</span></a>'
    )


def marked(text: str, marks: Iterable[Span]) -> str:
    """Return the escaped text with each span of `marks` in a <mark>; they must not overlap."""
    html, end = "", 0
    for span in sorted(marks, key=lambda one: one.start):
        html += f"{escape(text[end : span.start])}<mark>{escape(span.of(text))}</mark>"
        end = span.end
    return html + escape(text[end:])


def _turn(place: int, answer: Answer) -> str:
    cards = "".join(f"<li>{_card(place, citation)}</li>" for citation in answer.citations)
    return (
        f'<section class="turn">{_question(answer.question)}{_headline(answer)}'
        f"{f'<ol>{cards}</ol>' if cards else ''}{_withheld(len(answer.withheld))}</section>"
    )


def _question(question: str) -> str:
    return f'<h2 class="question" tabindex="-1" dir="auto">{escape(question)}</h2>'


def _headline(answer: Answer) -> str:
    advice = f'<p class="advice">{_NOT_COVERED}</p>' if answer.outcome == "not_covered" else ""
    return f'<p class="headline {answer.outcome}">{_HEADLINES[answer.outcome]}</p>{advice}'


def _withheld(number: int) -> str:
    if not number:
        return ""
    passages = "1 passage is" if number == 1 else f"{number} passages are"
    return (
        f'<p class="warning">{passages} withheld: the stored text is not as it was indexed. '
        "Build the snapshot again: <code>toolkit-assistant build</code></p>"
    )


def _card(place: int, citation: Citation) -> str:
    quote = Span(citation.start, citation.end)
    marks = [Span(*edges) for edges in citation.highlights]
    inside = [Span(one.start - quote.start, one.end - quote.start) for one in marks]
    return (
        f'<article class="card"><h3><button type="button" data-turn="{place}" '
        f'data-number="{citation.number}"><span class="number">{citation.number}</span>'
        f'<bdi class="title">{escape(citation.title)}</bdi>'
        '<span class="show">Show source</span></button></h3>'
        f"{_place(citation)}{_warning(citation.status)}{_lead_in(citation)}"
        f'<blockquote lang="{escape(citation.language)}" dir="auto">'
        f"{marked(citation.quote, inside)}</blockquote>{_also_in(citation)}{_links(citation)}"
        "</article>"
    )


def _edition(edition: str | None) -> str:
    return f'<bdi class="edition">{escape(edition)}</bdi>' if edition else ""


def _warning(status: str) -> str:
    if status == "current":
        return ""
    return f'<p class="warning">{escape(_WARNINGS.get(status, status))}</p>'


def _place(citation: Citation) -> str:
    """Return where a quote stands: edition and page, and below them the heading path."""
    page = page_words(citation)
    parts = (
        _edition(citation.edition),
        f'<span class="page">{escape(page)}</span>' if page else "",
    )
    headings = [heading for heading in citation.headings if heading != citation.title]
    lines = (
        " · ".join(part for part in parts if part),
        " › ".join(f"<bdi>{escape(heading)}</bdi>" for heading in headings),
    )
    return "".join(f'<p class="place">{line}</p>' for line in lines if line)


def _lead_in(citation: Citation) -> str:
    if not citation.lead_in:
        return ""
    label = '<span class="label">Lead-in, from before the quote:</span>'
    words = f'<bdi lang="{escape(citation.language)}">{escape(citation.lead_in)}</bdi>'
    return f'<p class="lead-in">{label} {words}</p>'


def _also_in(citation: Citation) -> str:
    places = ", ".join(f"<bdi>{escape(place)}</bdi>" for place in citation.also_in)
    return f'<p class="place">The same words also stand in {places}</p>' if places else ""


def _links(citation: Citation) -> str:
    official = link(citation.counterpart, "Official publication on this subject")
    links = (link(citation.url, "Published text"), official)
    return f'<ul class="links">{"".join(f"<li>{one}</li>" for one in links if one)}</ul>'


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


def _edge(is_cut: bool) -> str:
    return '<p class="edge">The document goes on; only this part is shown.</p>' if is_cut else ""


def _blocks(document: Document, extent: Span, citation: Citation) -> Iterator[str]:
    """Yield the blocks inside the extent as elements, a page's mark before its first text."""
    pages = {page.span.start: page for page in document.pages if page.span.start < page.span.end}
    first = document.pages_of(Span(extent.start, extent.start + 1))
    if first:
        pages[extent.start] = first[0]
    for block in document.blocks:
        start, end = max(block.span.start, extent.start), min(block.span.end, extent.end)
        if start < end:
            yield _page_mark(pages.get(start))
            yield _block(block, _pieces(document, Span(start, end), citation, pages))


def _block(block: Block, html: str) -> str:
    if block.kind == "heading":
        # The panel's own heading is an h2.
        level = min(block.level + 2, 6)
        return f'<h{level} dir="auto">{html}</h{level}>'
    return f'<p class="{block.kind}" dir="auto" style="--level: {block.level}">{html}</p>'


def _pieces(document: Document, span: Span, citation: Citation, pages: dict[int, Page]) -> str:
    """Return the escaped text of a span, cut wherever a quote, a sentence or a page begins."""
    quote = Span(citation.start, citation.end)
    answers = [Span(*edges) for edges in citation.highlights]
    edges = {edge for one in (quote, *answers) for edge in (one.start, one.end)} | pages.keys()
    cuts = sorted({span.start, span.end} | {edge for edge in edges if span.start < edge < span.end})
    html = ""
    for start, end in pairwise(cuts):
        piece = Span(start, end)
        text = escape(piece.of(document.text))
        if any(answer.contains(piece) for answer in answers):
            text = f'<mark class="quote">{text}</mark>'
        elif quote.contains(piece):
            text = f'<span class="quote">{text}</span>'
        html += (_page_mark(pages.get(start)) if start > span.start else "") + text
    return html


def _page_mark(page: Page | None) -> str:
    """Return a page boundary; its words are drawn by the style sheet and no part of the text."""
    if page is None:
        return ""
    words = f"page {page.number}"
    if page.label not in (None, str(page.number)):
        words = f"page {page.label} / PDF {words}"
    return f'<span class="page-mark" data-page="{escape(words)}"></span>'
