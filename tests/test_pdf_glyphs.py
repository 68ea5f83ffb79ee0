"""What pdfium is asked of a page comes back for each word, however few calls it takes."""

import ctypes
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.pdf_calls import address_of, by_address, pointer, read_records
from corpus.readers.pdf_drawings import read_drawings
from corpus.readers.pdf_glyphs import read_glyph_boxes, read_glyphs


@contextmanager
def page_of(draw: Callable[[Canvas], object]) -> Iterator[pdfium.PdfPage]:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(600, 800), invariant=1)
    draw(canvas)
    canvas.save()
    document = pdfium.PdfDocument(target.getvalue())
    yield document[0]
    document.close()


def mixed_lines(canvas: Canvas) -> None:
    """Draw a line in one go, and one whose middle is bold and larger."""
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, 700, "all of one kind")
    text = canvas.beginText(50, 680)
    for font, size, words in (
        ("Helvetica", 10, "light "), ("Helvetica-Bold", 12, "bold too "), ("Helvetica", 10, "light")
    ):  # fmt: skip
        text.setFont(font, size)
        text.textOut(words)
    canvas.drawText(text)


def test_each_word_of_a_line_has_the_type_that_it_was_drawn_in() -> None:
    with page_of(mixed_lines) as page:
        glyphs = read_glyphs(page, 1)
    words = [glyphs.text[a:b] for a, b in zip(glyphs.starts, glyphs.ends, strict=True)]
    assert words == ["all", "of", "one", "kind", "light", "bold", "too", "light"]
    assert glyphs.bolds.tolist() == [False] * 5 + [True, True, False]
    assert glyphs.sizes.tolist() == [10] * 5 + [12, 12, 10]


def many_figures(canvas: Canvas) -> None:
    canvas.setFont("Courier", 5)
    for line in range(50):
        canvas.drawString(30, 780 - 15 * line, "1 2 3 4 5 6 7 8 9 0 " * 6)


def test_a_page_of_many_glyphs_has_the_box_of_each() -> None:
    with page_of(many_figures) as page:
        text, boxes, inks = read_glyph_boxes(page)
    inked = np.array([not character.isspace() for character in text])
    assert inked.sum() == 3000
    assert len(boxes) == len(text) > 4096
    middles = (inks[inked, 0] + inks[inked, 2]) / 2
    assert ((boxes[inked, 0] < middles) & (middles < boxes[inked, 2])).all()


def test_what_pdfium_does_not_know_is_nothing_and_not_another_glyph_s() -> None:
    get_box = by_address(raw.FPDFText_GetLooseCharBox, ctypes.c_int)
    with page_of(mixed_lines) as page:
        text_page = page.get_textpage()
        own = pointer(address_of(text_page))
        assert read_records(get_box, own, [0, 1], fields=4).all()
        assert not read_records(get_box, own, [100_000], fields=4).any()
        text_page.close()


def test_a_line_has_one_edge_and_a_box_its_four() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(100, 500, 200, 50, stroke=0, fill=1)
        canvas.rect(100, 400, 200, 1, stroke=0, fill=1)
        canvas.rect(50, 300, 10, 5, stroke=0, fill=1)

    with page_of(draw) as page:
        drawn = read_drawings(page)
    assert drawn.rules.tolist() == [[100, 300, 500], [100, 300, 550], [100, 300, 400.5]]
    assert drawn.verticals.tolist() == [[100, 500, 550], [300, 500, 550]]
    assert [(box.left, box.top) for box in drawn.boxes] == [(100, 550)]
    assert drawn.marks == ()
