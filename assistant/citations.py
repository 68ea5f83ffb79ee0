"""Ranked passages in, numbered citations with verbatim quotes out."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote, urldefrag

from assistant.answer import Citation, RankedPassage
from assistant.permalinks import permalink
from assistant.wording import strength_of
from corpus.documents import Document, Page, Passage, Span, sha256_of
from corpus.sentences import Part, part_of, sentences_within
from index.chosen import UNKNOWN, Worth
from index.search import Hit, Results, Searcher

# A passage is at most this many answering sentences, each at least this share as near to the
# question as the best one.
MOST_SENTENCES = 2
NEAR_THE_BEST = 0.9
# What a sentence counts for each unit of its worth, beside its late interaction. Of the sentences
# marked for 295 situations left out, assessors called 45 % good with this, 32 % without, 43 % with
# 0.3 and 45 % with 1.5; of the best they chose 61, 44, 60 and 59 % are marked (2026-11-27).
WORTH_SHARE = 0.8

# Enough words at both ends of a sentence to find it on its page.
_WORDS_AT_AN_END = 5
# What a list item begins with here and not on the web page.
_MARKER = re.compile(r"^\W*(?:\w{1,3}[.)]\s)?\s*")


def is_verbatim(document: Document, passage: Passage) -> bool:
    """Tell whether the stored text still has what was indexed: the quote and its lead-in."""
    lead_in = sha256_of(passage.lead_in.of(document.text)) if passage.lead_in else None
    quote = sha256_of(passage.span.of(document.text))
    return (quote, lead_in) == (passage.sha256, passage.lead_in_sha256)


def cite(
    ranked: RankedPassage,
    document: Document,
    *,
    snapshot_id: str,
    highlights: Iterable[Span] = (),
    exceptions: Iterable[Span] = (),
    also_in: Iterable[str] = (),
) -> Citation:
    """Return the citation of a ranked passage of `document`, the quote cut from its text."""
    passage, source = ranked.hit.passage, document.source
    pages = document.pages_of(passage.span)
    marks = tuple(highlights)
    sentences = [span.of(document.text) for span in marks]
    fragment = _fragment(passage, pages, sentences[0] if sentences else "")
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
        url=_opened_at(source.url, fragment),
        counterpart=source.counterpart,
        also_in=tuple(also_in),
        file=source.file,
        passage_id=passage.id,
        start=passage.span.start,
        end=passage.span.end,
        quote=passage.span.of(document.text),
        lead_in=passage.lead_in.of(document.text) if passage.lead_in else None,
        highlights=tuple((span.start, span.end) for span in marks),
        sha256=passage.sha256,
        cosine=round(ranked.hit.cosine, 4),
        bm25=round(ranked.hit.bm25, 4),
        phrases=round(ranked.hit.phrases, 4),
        late_interaction=round(ranked.hit.late_interaction, 4),
        fused=round(ranked.hit.fused, 4),
        is_recognised=passage.is_recognised,
        strength=strength_of(sentences, passage.language),
        exceptions=tuple((span.start, span.end) for span in exceptions),
        document_sha256=document.file_sha256,
        permalink=permalink(snapshot_id, document.id, passage.span, passage.sha256),
    )


def describe(citation: Citation) -> str:
    """Return on one line where a quote stands: title, edition, headings, page as printed."""
    edition = f" ({citation.edition})" if citation.edition else ""
    headings = [heading for heading in citation.headings if heading != citation.title]
    place = " › ".join([f"{citation.title}{edition}", *headings])
    superseded = "" if citation.status == "current" else f" [{citation.status}]"
    page = page_words(citation)
    changed = f" [{citation.changed} in the last release]" if citation.changed else ""
    recognised = ", text recognised from a picture" if citation.is_recognised else ""
    return f"{place}{superseded}{f', {page}' if page else ''}{recognised}{changed}"


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


def _opened_at(url: str | None, fragment: str) -> str | None:
    return f"{urldefrag(url).url}#{fragment}" if url and fragment else url


def _fragment(passage: Passage, pages: Sequence[Page], sentence: str) -> str:
    """Return what opens a PDF at its page, any other text at its anchor and the sentence.

    The sentence as a text fragment (WICG, "URL Fragment Text Directives"): its first and its last
    words, so that a link inside it does no harm.
    """
    if pages:
        return f"page={pages[0].number}"
    words = _MARKER.sub("", sentence).split(" | ")[0].split()
    ends = [words] if len(words) <= 2 * _WORDS_AT_AN_END else _both_ends(words)
    text = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return (passage.anchor or "") + (f":~:text={text}" if text else "")


def _both_ends(words: Sequence[str]) -> list[Sequence[str]]:
    return [words[:_WORDS_AT_AN_END], words[-_WORDS_AT_AN_END:]]


class Sentence(NamedTuple):
    """A sentence of a hit, its late interaction with the query, and what it is part of.

    `worth` is how much it is expected to answer, and whether it keeps people from harm, as far as
    situations tell; see `index.chosen`.
    """

    span: Span
    likeness: float
    part: Part = "text"
    worth: Worth = UNKNOWN

    @property
    def nearness(self) -> float:
        """Return how near it is to the question, by its likeness and its worth."""
        return self.likeness + WORTH_SHARE * self.worth.answers


class ReadPassage(NamedTuple):
    """A ranked passage with its document and its sentences, in the order of the text."""

    ranked: RankedPassage
    document: Document
    sentences: tuple[Sentence, ...]


def sentences_of(
    document: Document, hit: Hit, results: Results, searcher: Searcher
) -> tuple[Sentence, ...]:
    """Return the sentences of a hit in the order of the text, each with its late interaction."""
    spans = sentences_within(document, hit.passage.span, hit.passage.language)
    texts = [span.of(document.text) for span in spans]
    likeness = searcher.part_interactions(results.query, hit, texts)
    worth = searcher.worth(results, hit, spans)
    parts = (part_of(document, span) for span in spans)
    return tuple(map(Sentence, spans, map(float, likeness), parts, worth))


def answering(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences that answer best, in the order of the text; at least one.

    The nearest, and those that come near it. The head of a table says what its rows are about, and
    answers only if there is nothing else.
    """
    telling = [one for one in sentences if one.part != "head"] or sentences
    best = sorted(telling, key=lambda one: (-one.nearness, one.span.start))[:MOST_SENTENCES]
    least = best[0].nearness * NEAR_THE_BEST if best else 0.0
    return tuple(one for one in sentences if one in best and one.nearness >= least)
