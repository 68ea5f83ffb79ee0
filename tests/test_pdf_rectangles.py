"""A span's rectangles hold the span's own words and no others, however the page is turned."""

import hashlib
import io
import re
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from pypdfium2 import raw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.documents import Document, Span
from corpus.errors import UnreadableFileError
from corpus.readers.formats import parse_file
from corpus.readers.pdf_glyphs import Floats
from corpus.readers.pdf_rectangles import (
    MOST_PIXELS,
    PageRectangle,
    page_image,
    page_size,
    rectangles_of,
)
from corpus.readers.right_to_left import is_right_to_left
from corpus.reading import guess_source, make_document
from corpus.text import repair

STARTERS = Path(__file__).resolve().parents[1] / "corpus" / "starter" / "documents"


def draw_lines(canvas: Canvas, top: float, *lines: str) -> None:
    canvas.setFont("Helvetica", 10)
    for number, line in enumerate(lines):
        canvas.drawString(72, top - 14 * number, line)


def written(path: Path, *pages: Callable[[Canvas], None]) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path) -> Document:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    parsed = parse_file(path)
    return make_document(parsed, guess_source(path.name, parsed), file_sha256=sha256)


def span_of(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return Span(start, start + len(words))


def words_under(path: Path, rectangles: Iterable[PageRectangle]) -> str:
    """Return what plain pdfium finds under rectangles, its pages turned upright, each glyph once.

    A glyph lies under the rectangle that holds most of its ink, if that is more than half of it.
    """
    file = pdfium.PdfDocument(path)
    found = ""
    for number, group in groupby(rectangles, key=lambda one: one.page_number):
        page = file[number - 1]
        text_page = page.get_textpage()
        boxes = np.array([text_page.get_charbox(n) for n in range(text_page.count_chars())])
        shares = np.array([covered(boxes, upright(one, page)) for one in group])
        for n, most in enumerate(shares.argmax(axis=0) == np.arange(len(shares))[:, None]):
            under = np.flatnonzero(most & (shares[n] > 0.5)).tolist()
            found += "".join(chr(raw.FPDFText_GetUnicode(text_page.raw, one)) for one in under)
    file.close()
    # A character beyond the first plane of Unicode is two glyphs of pdfium's.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def upright(one: PageRectangle, page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a rectangle before the rotation of its page."""
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    x, y = {
        0: ((one.left, one.right), (height - one.bottom, height - one.top)),
        90: ((one.top, one.bottom), (one.left, one.right)),
        180: ((width - one.right, width - one.left), (one.top, one.bottom)),
        270: ((width - one.bottom, width - one.top), (height - one.right, height - one.left)),
    }[page.get_rotation()]
    return left + x[0], bottom + y[0], left + x[1], bottom + y[1]


def covered(boxes: Floats, box: tuple[float, float, float, float]) -> Floats:
    """Return the share of each of the boxes that lies in a box."""
    lower, upper = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    size = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    shares: Floats = (upper - lower).clip(0).prod(axis=1) / np.where(size > 0, size, np.inf)
    return shares


def letters(text: str) -> str:
    """Return the letters and figures, each as the reader writes it.

    pdfium gives the two letters of an Arabic ligature in either order: there the order is left
    out.
    """
    plain = re.sub(r"[\W_]", "", repair(text.replace("\ufffe", "")))
    return "".join(sorted(plain)) if is_right_to_left(plain) else plain


def guards(canvas: Canvas) -> None:
    draw_lines(
        canvas, 700, "Guards keep a record of every inci-", "dent and find it in the office."
    )


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("words", ["record of every", "incident", "find it", "office."])
def test_the_rectangles_lie_on_the_words(tmp_path: Path, words: str, rotation: int) -> None:
    writer = PdfWriter(clone_from=PdfReader(written(tmp_path / "upright.pdf", guards)))
    writer.pages[0].cropbox = RectangleObject((50, 40, 500, 800))
    writer.pages[0].rotate(rotation)
    path = tmp_path / "turned.pdf"
    writer.write(path)
    document = read(path)
    found = words_under(path, rectangles_of(path, document, span_of(document, words)))
    assert letters(found) == letters(words)


def test_a_word_is_where_it_was_drawn(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", lambda canvas: draw_lines(canvas, 700, "Guards keep"))
    (one,) = rectangles_of(path, read(path), Span(0, 6))
    assert (one.page_number, round(one.left), round(one.right)) == (1, 72, 105)
    assert one.top < A4[1] - 700 < one.bottom  # the baseline
    assert one.bottom - one.top < 14


def test_a_rectangle_keeps_clear_of_lines_that_stand_close(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for number, line in enumerate(("gypsy gypsy gypsy", "They keep", "bells and fields")):
            canvas.drawString(72, 700 - 9 * number, line)

    path = written(tmp_path / "close.pdf", draw)
    document = read(path)
    (one,) = rectangles_of(path, document, span_of(document, "They keep"))
    # Helvetica reaches 1.8 points and more below its line in "gyp", and 7.2 above it in "T".
    upper, own, lower = (A4[1] - 700 + 9 * number for number in range(3))
    assert upper + 1.7 < one.top < own - 7.1
    assert own + 2.1 < one.bottom < lower - 7.1 + 0.5


def test_a_span_over_a_page_end_has_rectangles_on_both_pages(tmp_path: Path) -> None:
    path = written(
        tmp_path / "two.pdf",
        lambda canvas: draw_lines(canvas, 100, "Whoever commands the patrol tells the"),
        lambda canvas: draw_lines(canvas, 760, "village before it passes."),
    )
    document = read(path)
    rectangles = rectangles_of(path, document, span_of(document, "tells the village"))
    assert [one.page_number for one in rectangles] == [1, 2]
    assert [page.number for page in document.pages_of(span_of(document, "the village"))] == [1, 2]


@pytest.mark.parametrize("path", sorted(STARTERS.glob("*.pdf")), ids=lambda path: path.stem)
def test_the_rectangles_of_a_whole_document_hold_its_words(path: Path) -> None:
    document = read(path)
    rectangles = rectangles_of(path, document, Span(0, len(document.text)))
    assert letters(words_under(path, rectangles)) == letters(document.text)
    assert {one.page_number for one in rectangles} == set(range(1, len(document.pages) + 1))


def test_an_empty_span_and_another_format_have_no_rectangles(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", guards)
    assert rectangles_of(path, read(path), Span(4, 4)) == ()
    page = tmp_path / "page.html"
    page.write_text("<p>Guards keep a record.</p>")
    assert rectangles_of(page, read(page), Span(0, 6)) == ()


def test_a_file_that_changed_has_no_rectangles_but_a_reason(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", guards)
    document = read(path)
    written(path, lambda canvas: draw_lines(canvas, 700, "Guards keep no record."))
    with pytest.raises(UnreadableFileError, match="changed since it was indexed; build again"):
        rectangles_of(path, document, Span(0, 6))


@pytest.mark.parametrize(("rotation", "size"), [(0, (450, 760)), (90, (760, 450))])
def test_a_page_is_drawn_as_it_is_displayed(
    tmp_path: Path, rotation: int, size: tuple[int, int]
) -> None:
    writer = PdfWriter(clone_from=PdfReader(written(tmp_path / "upright.pdf", guards)))
    writer.pages[0].cropbox = RectangleObject((50, 40, 500, 800))
    writer.pages[0].rotate(rotation)
    path = tmp_path / "turned.pdf"
    writer.write(path)
    assert page_size(path, 1) == size
    image = Image.open(io.BytesIO(page_image(path, 1, scale=2)))
    assert (image.format, image.size) == ("PNG", (2 * size[0], 2 * size[1]))


def test_the_image_is_dark_under_a_rectangle(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", guards)
    document = read(path)
    (one,) = rectangles_of(path, document, span_of(document, "Guards"))
    image = Image.open(io.BytesIO(page_image(path, 1, scale=1))).convert("L")
    box = (int(one.left), int(one.top), int(one.right), int(one.bottom))
    darkest = [
        image.crop(moved).getextrema()[0]
        for moved in (box, (box[0], box[1] - 40, box[2], box[3] - 40))
    ]
    assert isinstance(darkest[0], int)
    assert darkest[0] < 100
    assert darkest[1] == 255


def test_a_huge_page_is_drawn_smaller(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    canvas = Canvas(str(path), pagesize=(14_000, 14_000))
    draw_lines(canvas, 700, "Guards keep a record.")
    canvas.save()
    width, height = Image.open(io.BytesIO(page_image(path, 1, scale=4))).size
    assert 0.9 * MOST_PIXELS < width * height < 1.01 * MOST_PIXELS


def test_a_page_that_is_not_there_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", guards)
    with pytest.raises(ValueError, match="page 2 of 1"):
        page_image(path, 2, scale=1)
