"""The source and the library as HTML: the text around a quote, the page with its marks."""

from dataclasses import replace

from page_fixtures import (
    DOCUMENT,
    ENGLISH,
    PLACE,
    QUOTE,
    SNAPSHOT,
    TEXT,
    citation_of,
    shown,
)

from assistant.pages.frame import footer
from assistant.pages.library import document_page, facets, library, narrowing
from assistant.pages.source import MOST_SHOWN, Opened, source_panel
from assistant.pictures import Mark, PagePicture
from assistant.places import Place
from corpus.documents import Block, Document, Section, Span
from index.snapshot import Manifest


def panel(document: Document = DOCUMENT, place: Place = PLACE) -> str:
    return source_panel(Opened(document, place, citation_of()), ENGLISH)


def test_the_source_shows_the_whole_of_a_short_document_in_order() -> None:
    html = panel()
    blocks = [block.span.of(TEXT) for block in DOCUMENT.blocks]
    assert shown(html, "text") == ["".join(blocks)]
    assert shown(html, "quote") == ["Guards open the gate. ", "Guards write names down."]
    assert shown(html, "mark") == ["Guards write names down."]
    assert "edge" not in html


def test_pages_are_marked_before_their_first_text_and_are_no_part_of_it() -> None:
    html = panel()
    assert html.count("page-mark") == 2
    assert html.index('data-page="p. i, PDF page 1"') < html.index(">Gates</h3>")
    assert 'data-page="p. ii, PDF page 2"></span><mark' in html


def test_of_a_long_document_the_section_is_shown() -> None:
    text = TEXT + "x" * MOST_SHOWN
    longer = replace(
        DOCUMENT,
        text=text,
        blocks=(*DOCUMENT.blocks[:3], Block("paragraph", Span(62, len(text)))),
        sections=(DOCUMENT.sections[0], Section(("Roads",), Span(55, len(text)))),
    )
    html = panel(longer)
    assert shown(html, "text")[0].startswith("GatesGuards open the gate.")
    assert "Roads" not in shown(html, "text")[0]
    assert shown(html, "edge") == ["The document goes on; only this part is shown."]


def test_of_a_long_section_the_part_around_the_quote_is_shown() -> None:
    text = "a" * MOST_SHOWN + "QUOTE" + "b" * MOST_SHOWN
    longer = replace(
        DOCUMENT,
        text=text,
        pages=(),
        blocks=(Block("paragraph", Span(0, len(text))),),
        sections=(Section((), Span(0, len(text))),),
    )
    html = panel(longer, Place(SNAPSHOT, "gates", Span(MOST_SHOWN, MOST_SHOWN + 5)))
    half = MOST_SHOWN // 2
    assert shown(html, "paragraph") == ["a" * half + "QUOTE" + "b" * half]
    assert shown(html, "quote") == ["QUOTE"]
    assert len(shown(html, "edge")) == 2


def test_a_page_carries_its_marks_and_leads_to_the_pages_beside_it() -> None:
    marks = (Mark(0.1, 0.2, 0.3, 0.04, is_answer=False), Mark(0.1, 0.2, 0.1, 0.04, is_answer=True))
    picture = PagePicture(DOCUMENT.pages[1], b"png", marks)
    html = source_panel(Opened(DOCUMENT, PLACE, citation_of(), picture=picture), ENGLISH)
    assert 'class="box" style="left: 10.000%; top: 20.000%; width: 30.000%; height: 4.000%"' in html
    assert html.count('class="box') == 2
    assert html.count('class="box answer"') == 1
    assert 'src="data:image/png;base64,cG5n"' in html
    assert 'data-page="1"' in html  # the page before; there is none after
    assert 'data-page="3"' not in html
    assert shown(html, "here") == ["p. ii, PDF page 2 of 2"]


def test_a_document_whose_file_is_gone_is_shown_as_text_and_says_so() -> None:
    opened = Opened(DOCUMENT, PLACE, citation_of(), fallback="source.no_file")
    html = source_panel(opened, ENGLISH)
    assert shown(html, "warning")[0].startswith("The file is gone or has changed")
    assert "As page" not in html


def test_the_outline_leads_to_the_sections() -> None:
    html = panel()
    assert shown(html, "outline") == ["OutlineGatesRoads"]
    assert "&quot;start&quot;:55,&quot;end&quot;:55" in html


def test_the_library_is_by_area_and_superseded_documents_come_last() -> None:
    old = replace(DOCUMENT, source=replace(DOCUMENT.source, title="Aged", status="superseded"))
    other = replace(DOCUMENT, source=replace(DOCUMENT.source, title="Roads", area="Work"))
    html = library([old, DOCUMENT, other], {}, ENGLISH)
    assert shown(html, "title") == ["Roads", "Gates", "Aged"]
    assert shown(html, "h3") == ["Work", "All areas"]
    assert shown(library([old, other], {"area": ("Work",)}, ENGLISH), "title") == ["Roads"]
    nothing = library([other], {"area": ("<x>",)}, ENGLISH)
    assert "No document is left" in nothing


def test_only_what_differs_in_the_library_can_be_narrowed_by() -> None:
    other = replace(DOCUMENT, source=replace(DOCUMENT.source, area="Work", edition="2016"))
    html = narrowing(facets([DOCUMENT, other]), {}, ENGLISH)
    assert shown(html, "select") == ["all20162022"]
    assert narrowing(facets([DOCUMENT]), {}, ENGLISH) == ""
    chosen = narrowing(facets([DOCUMENT, other]), {"edition": ("2016",)}, ENGLISH)
    assert '<option value="2016" selected>' in chosen


def test_a_document_tells_its_editions_outline_and_how_it_was_read() -> None:
    old = replace(
        DOCUMENT, source=replace(DOCUMENT.source, id="old", edition="2016", status="superseded")
    )
    html = document_page(DOCUMENT, [DOCUMENT, old], ENGLISH, snapshot_id=SNAPSHOT, passages=3)
    text = shown(html, "text")[0]
    assert "Other editions and languagesGates 2016" in text
    assert "2 pages, 0 of them without text. 2 headings, 0 table rows, 3 passages." in text
    assert "OutlineGatesRoads" in text


def test_the_footer_names_the_snapshot_and_its_date() -> None:
    manifest = Manifest("20260301T1-ab", "2026-03-01T10:00:00+00:00", 1, "m", "e", "s", 12, 130, {})
    assert "Snapshot 20260301T1-ab, built 2026-03-01" in footer(manifest, ENGLISH)
    assert "12 documents, 130 passages" in footer(manifest, ENGLISH)
    assert "1 document, 1 passage " in footer(replace(manifest, documents=1, passages=1), ENGLISH)


def test_a_quote_over_two_pages_is_marked_on_both() -> None:
    assert DOCUMENT.pages_of(QUOTE) == DOCUMENT.pages
    assert shown(panel(), "quote")[1] == "Guards write names down."
