"""What the page shows, as HTML: escaping, marks, page numbers, the source around a quote."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from assistant.answer import Answer, Citation
from assistant.pages import (
    MOST_SHOWN,
    conversation,
    example_questions,
    footer,
    library,
    link,
    marked,
    source_panel,
)
from corpus.documents import Block, Document, Page, Section, Source, Span, sha256_of
from index.snapshot import Manifest

NASTY = "<script>alert(1)</script> & \"quotes\" 'n' {{7*7}} ${7*7} `x` [a]: http://x\n\n    1. *_~~"

TEXT = "Gates\n\nGuards open the gate. Guards write names down.\n\nRoads\n\nDrivers stop at night."
QUOTE = Span(7, 53)
DOCUMENT = Document(
    source=Source(id="gates", file="gates.pdf", work="gates", title="Gates", edition="2022"),
    text=TEXT,
    pages=(Page(1, "i", Span(0, 29)), Page(2, "ii", Span(29, len(TEXT)))),
    blocks=(
        Block("heading", Span(0, 5), 1),
        Block("paragraph", QUOTE),
        Block("heading", Span(55, 60), 1),
        Block("paragraph", Span(62, len(TEXT))),
    ),
    sections=(
        Section(("Gates",), Span(0, 55)),
        Section(("Roads",), Span(55, len(TEXT))),
    ),
    file_sha256="",
)


def citation_of(text: str = TEXT, span: Span = QUOTE) -> Citation:
    return Citation(
        number=1,
        document_id="gates",
        work="gates",
        title="Gates",
        edition="2022",
        language="en",
        kind="fact-sheet",
        status="current",
        headings=("Gates", "At night"),
        page_number=1,
        page_label="i",
        last_page_number=2,
        anchor=None,
        url="https://example.org/gates#page=1",
        counterpart=None,
        also_in=(),
        file="gates.pdf",
        passage_id="gates:1",
        start=span.start,
        end=span.end,
        quote=span.of(text),
        lead_in=None,
        highlights=((29, 53),),
        sha256=sha256_of(span.of(text)),
        cosine=0.5,
        bm25=3.0,
        phrases=0.0,
        late_interaction=0.6,
        fused=1.0,
    )


def answer_of(*citations: Citation, question: str = "Who opens the gate?") -> Answer:
    return Answer(question, question, "answered", 0.9, citations, "20260101T000000Z-aa", 0.1)


class Shown(HTMLParser):
    """The text of each element with a tag or class, and every tag, as a browser would see them."""

    def __init__(self, html: str, wanted: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.found: list[str] = []
        self._wanted = wanted
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        is_wanted = self._wanted in (tag, *(dict(attrs).get("class") or "").split())
        self._open.append(is_wanted)
        if is_wanted:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(self._open):
            self.found[-1] += data


def shown(html: str, wanted: str) -> list[str]:
    return Shown(html, wanted).found


def test_the_quote_on_a_card_is_the_quote_character_by_character() -> None:
    citation = replace(citation_of(), quote=NASTY, start=0, end=len(NASTY), highlights=((8, 20),))
    html = conversation([answer_of(citation)])
    assert shown(html, "blockquote") == [NASTY]
    assert shown(html, "mark") == [NASTY[8:20]]
    assert "script" not in Shown(html, "").tags


@pytest.mark.parametrize(
    "field", ["title", "edition", "lead_in", "language", "status", "quote", "url", "counterpart"]
)
def test_no_field_of_a_citation_becomes_markup(field: str) -> None:
    plain = citation_of()
    values: dict[str, Any] = {field: '"><img src=x onerror=alert(1)>'}
    hostile = replace(plain, **values)
    for html in (
        conversation([answer_of(hostile)]),
        source_panel(DOCUMENT, hostile, place=0),
    ):
        assert "img" not in Shown(html, "").tags


def test_a_question_is_escaped_while_it_waits_and_when_it_is_answered() -> None:
    for html in (
        conversation([], pending="<b>who</b>"),
        conversation([answer_of(question="<b>who</b>")]),
        conversation([], pending="<b>who</b>", fault="<b>no</b>"),
        example_questions(['"><b>who</b>']),
    ):
        assert "b" not in Shown(html, "").tags


def test_outcomes_have_headlines_of_their_own() -> None:
    answered = answer_of(citation_of())
    related = replace(answered, outcome="related")
    not_covered = replace(answered, outcome="not_covered", citations=())
    html = conversation([answered, related, not_covered])
    assert shown(html, "headline") == [
        "Answered by these passages, word for word",
        "No passage clearly answers this. These are related:",
        "Not covered by the documents",
    ]
    assert len(shown(html, "blockquote")) == 2
    assert "Try other words" in shown(html, "advice")[0]


def test_withheld_passages_are_reported() -> None:
    html = conversation([replace(answer_of(), withheld=("a", "b"))])
    assert "2 passages are withheld" in shown(html, "warning")[0]


def test_a_superseded_edition_carries_its_warning() -> None:
    html = conversation([answer_of(replace(citation_of(), status="superseded"))])
    assert shown(html, "warning") == ["Superseded: a newer edition has taken its place"]
    assert shown(conversation([answer_of(citation_of())]), "warning") == []


def test_other_places_of_the_same_words_are_told() -> None:
    html = conversation([answer_of(replace(citation_of(), also_in=("b.pdf#page=2", "<c>")))])
    assert "The same words also stand in <bdi>b.pdf#page=2</bdi>, <bdi>&lt;c&gt;</bdi>" in html


def test_a_lead_in_is_told_from_the_quote() -> None:
    html = conversation([answer_of(replace(citation_of(), lead_in="Before:"))])
    assert shown(html, "lead-in") == ["Lead-in, from before the quote: Before:"]
    assert "Before:" not in shown(html, "blockquote")[0]


@pytest.mark.parametrize(
    "address",
    [None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://["],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert link(address, "words") == ""


def test_a_link_tells_its_target_nothing_and_keeps_its_address() -> None:
    html = link('https://example.org/?a=1&b="2"', "words")
    assert 'href="https://example.org/?a=1&amp;b=&quot;2&quot;"' in html
    assert 'rel="noreferrer noopener"' in html


def test_marks_stand_where_the_spans_are() -> None:
    assert marked("a<b>c", [Span(3, 5), Span(0, 1)]) == "<mark>a</mark>&lt;b<mark>&gt;c</mark>"
    assert marked("a<b", []) == "a&lt;b"


def test_the_source_shows_the_whole_of_a_short_document_in_order() -> None:
    html = source_panel(DOCUMENT, citation_of(), place=0)
    blocks = [block.span.of(TEXT) for block in DOCUMENT.blocks]
    assert shown(html, "text") == ["".join(blocks)]
    assert shown(html, "quote") == ["Guards open the gate. ", "Guards write names down."]
    assert shown(html, "mark") == ["Guards write names down."]
    assert "edge" not in html


def test_pages_are_marked_before_their_first_text_and_are_no_part_of_it() -> None:
    html = source_panel(DOCUMENT, citation_of(), place=0)
    assert html.count("page-mark") == 2
    assert html.index('data-page="page i / PDF page 1"') < html.index(">Gates</h3>")
    assert 'data-page="page ii / PDF page 2"></span><mark' in html


def test_of_a_long_document_the_section_is_shown() -> None:
    text = TEXT + "x" * MOST_SHOWN
    longer = replace(
        DOCUMENT,
        text=text,
        blocks=(*DOCUMENT.blocks[:3], Block("paragraph", Span(62, len(text)))),
        sections=(DOCUMENT.sections[0], Section(("Roads",), Span(55, len(text)))),
    )
    html = source_panel(longer, citation_of(), place=0)
    assert shown(html, "text")[0].startswith("GatesGuards open the gate.")
    assert "Roads" not in html
    assert shown(html, "edge") == ["The document goes on; only this part is shown."]


def test_of_a_long_section_the_part_around_the_quote_is_shown() -> None:
    text = "a" * MOST_SHOWN + "QUOTE" + "b" * MOST_SHOWN
    span = Span(MOST_SHOWN, MOST_SHOWN + 5)
    longer = replace(
        DOCUMENT,
        text=text,
        pages=(),
        blocks=(Block("paragraph", Span(0, len(text))),),
        sections=(Section((), Span(0, len(text))),),
    )
    citation = replace(citation_of(text, span), highlights=())
    html = source_panel(longer, citation, place=0)
    half = MOST_SHOWN // 2
    assert shown(html, "paragraph") == ["a" * half + "QUOTE" + "b" * half]
    assert shown(html, "quote") == ["QUOTE"]
    assert len(shown(html, "edge")) == 2


def test_the_library_lists_current_documents_only() -> None:
    old = replace(DOCUMENT, source=replace(DOCUMENT.source, title="Old", status="superseded"))
    assert shown(library([DOCUMENT, old]), "title") == ["Gates"]


def test_the_footer_names_the_snapshot_and_its_date() -> None:
    manifest = Manifest("20260301T1-ab", "2026-03-01T10:00:00+00:00", 1, "m", "e", "s", 12, 130, {})
    assert "Snapshot 20260301T1-ab, built 1 March 2026" in footer(manifest)
