"""A place in a PDF in, the page as a picture with its rectangles marked out."""

from dataclasses import dataclass
from pathlib import Path

from assistant.places import Place
from corpus.documents import Document, Page, Span
from corpus.readers.pdf_rectangles import PageRectangle, page_image, page_size, rectangles_of

# Pixels a point: a page of A4 is 1190 wide, sharp at twice the width of the panel.
SCALE = 2.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle on a page, in shares of its width and height; `is_answer` if it answers."""

    left: float
    top: float
    width: float
    height: float
    is_answer: bool


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of the original as a PNG, with the marks on it."""

    page: Page
    png: bytes
    marks: tuple[Mark, ...]


def picture_of(path: Path, document: Document, place: Place, *, number: int = 0) -> PagePicture:
    """Return a page of the document's PDF, by its number or else the one on which a place begins.

    The page of the first answering sentence is the one it begins on. Raises `UnreadableFileError`
    if the file is not, or no longer, read as the document was.
    """
    begins = place.marks[0] if place.marks else place.span
    first = document.pages_of(Span(begins.start, max(begins.end, begins.start + 1)))
    page = document.pages[min(max(number, 1), len(document.pages)) - 1] if number else first[0]
    width, height = page_size(path, page.number)
    quote = rectangles_of(path, document, place.span)
    answers = [one for mark in place.marks for one in rectangles_of(path, document, mark)]
    marks = [(one, False) for one in quote] + [(one, True) for one in answers]
    return PagePicture(
        page,
        page_image(path, page.number, SCALE),
        tuple(
            _share(one, width, height, is_answer=is_answer)
            for one, is_answer in marks
            if one.page_number == page.number
        ),
    )


def _share(one: PageRectangle, width: float, height: float, *, is_answer: bool) -> Mark:
    return Mark(
        one.left / width,
        one.top / height,
        (one.right - one.left) / width,
        (one.bottom - one.top) / height,
        is_answer,
    )
