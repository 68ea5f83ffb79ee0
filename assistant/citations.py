"""Ranked passages in, numbered citations with verbatim quotes out."""

from collections.abc import Iterable, Sequence
from urllib.parse import urldefrag

import numpy as np

from assistant.answer import Citation, RankedPassage
from corpus.documents import Document, Page, Passage, Span, sha256_of
from corpus.sentences import sentences_within
from index.embedding import Encoding
from index.search import Hit, Searcher

# A passage is at most this many answering sentences, each at least this share as near to the
# question as the best one.
MOST_SENTENCES = 2
NEAR_THE_BEST = 0.9


def is_verbatim(document: Document, passage: Passage) -> bool:
    """Tell whether the stored text still has what was indexed: the quote and its lead-in."""
    lead_in = sha256_of(passage.lead_in.of(document.text)) if passage.lead_in else None
    quote = sha256_of(passage.span.of(document.text))
    return (quote, lead_in) == (passage.sha256, passage.lead_in_sha256)


def cite(
    ranked: RankedPassage,
    document: Document,
    *,
    highlights: Iterable[Span] = (),
    also_in: Iterable[str] = (),
) -> Citation:
    """Return the citation of a ranked passage of `document`, the quote cut from its text."""
    passage, source = ranked.hit.passage, document.source
    pages = document.pages_of(passage.span)
    return Citation(
        number=ranked.number,
        document_id=document.id,
        work=source.work,
        title=source.title,
        edition=source.edition,
        language=passage.language,
        kind=source.kind,
        status=source.status,
        headings=passage.headings,
        page_number=pages[0].number if pages else None,
        page_label=pages[0].label if pages else None,
        last_page_number=pages[-1].number if pages else None,
        anchor=passage.anchor,
        url=_opened_at(source.url, passage.anchor, pages),
        counterpart=source.counterpart,
        also_in=tuple(also_in),
        file=source.file,
        passage_id=passage.id,
        start=passage.span.start,
        end=passage.span.end,
        quote=passage.span.of(document.text),
        lead_in=passage.lead_in.of(document.text) if passage.lead_in else None,
        highlights=tuple((span.start, span.end) for span in highlights),
        sha256=passage.sha256,
        cosine=round(ranked.hit.cosine, 4),
        bm25=round(ranked.hit.bm25, 4),
        phrases=round(ranked.hit.phrases, 4),
        late_interaction=round(ranked.hit.late_interaction, 4),
        fused=round(ranked.hit.fused, 4),
    )


def describe(citation: Citation) -> str:
    """Return on one line where a quote stands: title, edition, headings, page as printed."""
    edition = f" ({citation.edition})" if citation.edition else ""
    headings = [heading for heading in citation.headings if heading != citation.title]
    place = " › ".join([f"{citation.title}{edition}", *headings])
    superseded = "" if citation.status == "current" else f" [{citation.status}]"
    page = page_words(citation)
    return f"{place}{superseded}{f', {page}' if page else ''}"


def page_words(citation: Citation) -> str:
    """Return "p. iv (PDF page 6)", "pp. 6–7" for a quote on two pages; empty without pages."""
    first, last, label = citation.page_number, citation.last_page_number, citation.page_label
    if first is None or last is None:
        return ""
    several, numbers = first != last, str(first) if first == last else f"{first}–{last}"
    if label in (None, str(first)):
        return f"{'pp.' if several else 'p.'} {numbers}"
    return f"{'from p.' if several else 'p.'} {label} (PDF page{'s' * several} {numbers})"


def where(citation: Citation) -> str:
    """Return what opens the source at the quote: its address, else its file with the fragment."""
    if citation.url:
        return citation.url
    fragment = citation.anchor or (citation.page_number and f"page={citation.page_number}")
    return f"{citation.file}#{fragment}" if fragment else citation.file


def _opened_at(url: str | None, anchor: str | None, pages: Sequence[Page]) -> str | None:
    """Return the address with the fragment that opens it at the page or the anchor."""
    if url is None:
        return None
    fragment = f"page={pages[0].number}" if pages else anchor
    return f"{urldefrag(url).url}#{fragment}" if fragment else url


def answering_sentences(
    document: Document, hit: Hit, query: Encoding, searcher: Searcher
) -> tuple[Span, ...]:
    """Return the sentences of a hit that answer best, in the order of the text; at least one.

    The best by late interaction, and those that come near it.
    """
    sentences = sentences_within(document, hit.passage.span, hit.passage.language)
    texts = [span.of(document.text) for span in sentences]
    likeness = searcher.part_interactions(query, hit, texts)
    least = likeness.max() * NEAR_THE_BEST
    best = [
        n for n in np.argsort(-likeness, kind="stable")[:MOST_SENTENCES] if likeness[n] >= least
    ]
    return tuple(sentences[n] for n in sorted(best))
