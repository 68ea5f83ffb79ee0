"""Whatever a reader is given, what it hands over are spans, pages and rectangles that hold."""

import hashlib
import io
from collections.abc import Callable
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from word_fixtures import p, word_file

from corpus.documents import Document, Span
from corpus.errors import UnreadableFileError
from corpus.passages import split_passages
from corpus.readers.formats import parse_file
from corpus.readers.pdf_rectangles import PageRectangle, page_size, rectangles_of
from corpus.reading import guess_source, make_document
from corpus.text import repair

LINES = st.lists(st.text(max_size=40), min_size=1, max_size=12)
TAGS = ("p", "ul", "ol", "li", "h2", "table", "tr", "td", "b", "div", "dl", "dt", "dd", "br")
MARKUP = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from([f"<{end}{tag}>" for tag in TAGS for end in ("", "/")]),
        st.sampled_from(
            ("# ", "- ", "\n", "\n\n", "  - ", "1. ", "| a | b |\n", "```\n", "> ", "---\n")
        ),
        st.sampled_from(
            (
                "&amp;",
                "<!--",
                "-->",
                "é",
                "\u00ad",
                "\ufb01",
                "\u202e",
                "\x00",
                "e\u0301",
                "<h2 id=a>",
            )
        ),
    ),
    max_size=40,
).map("".join)
WORDS = st.lists(st.text("abcdefghABCéß.,-", min_size=1, max_size=9), min_size=1, max_size=30)


def read(suffix: str, data: bytes) -> Document | None:
    """Return the document that a file is read as, None if it is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"file{suffix}")
        path.write_bytes(data)
        try:
            parsed = parse_file(path)
            source = guess_source(path.name, parsed)
            return make_document(parsed, source, file_sha256=hashlib.sha256(data).hexdigest())
        except UnreadableFileError:
            return None


def assert_holds(document: Document) -> None:
    text = document.text
    assert repair(text) == text
    ends = [0, *(block.span.end for block in document.blocks)]
    for end, block in zip(ends, document.blocks, strict=False):
        assert end <= block.span.start < block.span.end <= len(text)
        assert not text[end : block.span.start].strip()
    assert not text[ends[-1] :].strip()
    if document.pages:
        assert "".join(page.span.of(text) for page in document.pages) == text
        assert [page.number for page in document.pages] == [*range(1, len(document.pages) + 1)]
    sections = document.sections
    assert all(one.span.end <= two.span.start for one, two in zip(sections, sections[1:]))  # noqa: B905, RUF007
    for passage in split_passages(document, count_tokens=lambda part: len(part), max_tokens=80):
        assert passage.span.of(text) == passage.text
        pages = document.pages_of(passage.span)
        assert bool(pages) == bool(document.pages)
        assert "".join(
            Span(max(page.span.start, passage.span.start), min(page.span.end, passage.span.end)).of(
                text
            )
            for page in pages
        ) in ("", passage.text)


def in_html(lines: list[str]) -> bytes:
    return "".join(f"<p>{escape(line)}</p>" for line in lines).encode("utf-8", "replace")


def in_word(lines: list[str]) -> bytes:
    plain = ["".join(c for c in line if c.isprintable()) for line in lines]
    return word_file("".join(p(escape(line)) for line in plain))


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".xhtml"])
@settings(max_examples=40, deadline=None)
@given(content=st.one_of(MARKUP.map(lambda text: text.encode("utf-8", "replace")), st.binary()))
def test_what_is_read_from_any_characters_holds(suffix: str, content: bytes) -> None:
    document = read(suffix, content)
    if document:
        assert_holds(document)


@pytest.mark.parametrize("write", [in_html, in_word])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=LINES)
def test_what_is_read_from_any_paragraphs_holds(
    write: Callable[[list[str]], bytes], lines: list[str]
) -> None:
    document = read(".docx" if write is in_word else ".html", write(lines))
    if document:
        assert_holds(document)


def in_pdf(pages: list[list[str]], rotation: int) -> tuple[bytes, dict[str, tuple[float, float]]]:
    """Return a PDF, and where on the displayed page each of its words, all different, begins."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    places: dict[str, tuple[float, float]] = {}
    for number, words in enumerate(pages, start=1):
        canvas.setFont("Helvetica", 11)
        for line, word in enumerate(words):
            shown = f"{word.strip('.,-') or 'w'}{number}x{line}"
            left, height = 72 + 140 * (line % 2), 760 - 20 * (line // 2)
            canvas.drawString(left, height, shown)
            right, down = float(left), A4[1] - height
            places[shown] = {
                0: (right, down),
                90: (A4[1] - down, right),
                180: (A4[0] - right, A4[1] - down),
                270: (down, A4[0] - right),
            }[rotation]
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(target))
    for page in writer.pages:
        page.rotate(rotation)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue(), places


def holds(rectangle: PageRectangle, place: tuple[float, float]) -> bool:
    slack = 1.5
    return (
        rectangle.left - slack <= place[0] <= rectangle.right + slack
        and rectangle.top - slack <= place[1] <= rectangle.bottom + slack
    )


@settings(max_examples=20, deadline=None)
@given(pages=st.lists(WORDS, min_size=1, max_size=3), rotation=st.sampled_from([0, 90, 180, 270]))
def test_every_word_of_a_pdf_is_where_its_rectangle_is(
    pages: list[list[str]], rotation: int
) -> None:
    data, places = in_pdf(pages, rotation)
    document = read(".pdf", data)
    assert document is not None
    assert_holds(document)
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(data)
        for word, place in places.items():
            start = document.text.find(word)
            if start < 0:  # repaired or joined over a line end
                continue
            span = Span(start, start + len(word))
            rectangles = rectangles_of(path, document, span)
            (page,) = document.pages_of(span)
            width, height = page_size(path, page.number)
            assert {one.page_number for one in rectangles} == {page.number}
            assert any(holds(one, place) for one in rectangles)
            for one in rectangles:
                assert 0 <= one.left < one.right <= width + 0.01
                assert 0 <= one.top < one.bottom <= height + 0.01
