"""The marks on a page's picture lie on the words of the quote, for 200 quotes and more."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from test_pdf_rectangles import letters, read, words_under

from assistant import pictures
from assistant.pictures import SCALE, picture_of
from assistant.places import Place
from assistant.rebuild import STARTER
from corpus.documents import Document, Span
from corpus.errors import UnreadableFileError
from corpus.readers.pdf_rectangles import PageRectangle, page_size
from corpus.sentences import sentences_within

STARTERS = sorted((STARTER / "documents").glob("*.pdf"))


def quotes(document: Document) -> list[Span]:
    """Return the sentences of a document that are long enough to be quoted."""
    blocks = [one for one in document.blocks if one.kind in ("paragraph", "item")]
    sentences = [one for block in blocks for one in sentences_within(document, block.span, "en")]
    return [one for one in sentences if len(letters(one.of(document.text))) > 12]


def marked_words(path: Path, document: Document, quote: Span) -> Iterator[str]:
    """Yield the words under the marks of each page that a quote stands on, by plain pdfium."""
    place = Place("", document.id, quote, (quote,))
    for page in document.pages_of(quote):
        picture = picture_of(path, document, place, number=page.number)
        width, height = page_size(path, page.number)
        rectangles = tuple(
            PageRectangle(
                page.number,
                mark.left * width,
                mark.top * height,
                (mark.left + mark.width) * width,
                (mark.top + mark.height) * height,
            )
            for mark in picture.marks
            if mark.is_answer
        )
        yield words_under(path, rectangles)


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_the_marks_hold_the_words_of_the_quote_and_no_others(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "page_image", lambda *_: b"")  # where, not how it looks
    document = read(path)
    found = quotes(document)
    assert len(found) >= 50  # 4 files, 200 quotes
    wrong = [
        text
        for quote in found
        if letters("".join(marked_words(path, document, quote)))
        != letters(text := quote.of(document.text))
    ]
    assert wrong == []


def test_a_picture_is_the_page_of_the_first_answer_and_sharp() -> None:
    path = STARTERS[0]
    document = read(path)
    last = quotes(document)[-1]
    picture = picture_of(path, document, Place("", document.id, Span(0, last.end), (last,)))
    assert picture.page == document.pages_of(last)[0]
    width, _ = page_size(path, picture.page.number)
    with Image.open(io.BytesIO(picture.png)) as image:
        assert image.width == round(SCALE * width)
    assert (
        picture_of(path, document, Place("", document.id, last), number=99).page
        == (document.pages[-1])
    )


def test_another_file_under_the_same_name_is_not_drawn(tmp_path: Path) -> None:
    document = read(STARTERS[0])
    other = tmp_path / STARTERS[0].name
    other.write_bytes(STARTERS[1].read_bytes())
    with pytest.raises(UnreadableFileError, match="changed"):
        picture_of(other, document, Place("", document.id, Span(0, 10)))
