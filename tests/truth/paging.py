"""The pages a sentence stands on, found without the project's reader.

By searching what was drawn on each page, of which only letters and figures count, since hyphens
and spaces differ from the original; and where this finds nothing, as with Arabic letters that are
drawn from the left, by the links that a browser puts down.
"""

import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import pypdfium2
from pypdf import PdfReader
from texts import Text, expected
from web import LINK

# For each truth of a text the numbers of its pages; none for headings, since a running head may
# have their words.
Pages = tuple[tuple[int, ...], ...]

_SURE = 10  # letters that do not stand on a page by chance
_NO_LETTER = re.compile(r"[\W_]")


class NotOnePlaceError(ValueError):
    """A text was found on no page, or on several."""


def find_pages(text: Text, drawn: Sequence[str], linked: bytes | None = None) -> Pages:
    """Return the pages of a text's truths, from what was drawn on each page.

    `linked` is the same PDF made with links (see `web.body_of`). They only help out: in columns
    Chromium leaves out those to later columns.
    """
    pages = [_letters(page) for page in drawn]
    links = _pages_of_links(linked) if linked else {}
    letters = [_letters(truth.text) for truth in expected(text)]
    neighbours = zip(["", *letters], letters, [*letters[1:], ""], strict=False)
    found = [
        _pages_of(own, pages, before[-_SURE:], after[:_SURE])
        or tuple(sorted(links.get(number, ())))
        for number, (before, own, after) in enumerate(neighbours)
    ]
    return _checked(text, found)


def _pages_of_links(data: bytes) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for page_number, page in enumerate(PdfReader(io.BytesIO(data)).pages, start=1):
        for annotation in page.get("/Annots") or []:
            address = str((annotation.get_object().get("/A") or {}).get("/URI", ""))
            if address.startswith(LINK):
                found[int(address.removeprefix(LINK))].add(page_number)
    return found


def page_texts(data: bytes) -> tuple[str, ...]:
    """Return the text of each page of a PDF as plain pdfium gives it."""
    document = pypdfium2.PdfDocument(data)
    texts = tuple(
        document[number].get_textpage().get_text_range() for number in range(len(document))
    )
    document.close()
    return texts


def _checked(text: Text, pages: Sequence[tuple[int, ...]]) -> Pages:
    """Return the pages without those of headings; raises `NotOnePlaceError` where one is unsure."""
    for truth, numbers in zip(expected(text), pages, strict=True):
        is_sure = numbers and numbers[-1] - numbers[0] == len(numbers) - 1 < 2
        if truth.kind != "heading" and not is_sure:
            raise NotOnePlaceError(f"on the pages {numbers}: {truth.text}")
    return tuple(
        () if truth.kind == "heading" else numbers
        for truth, numbers in zip(expected(text), pages, strict=True)
    )


def _pages_of(own: str, pages: Sequence[str], before: str, after: str) -> tuple[int, ...]:
    """Return all pages that have the letters, or those that have them in two parts.

    The parts stand on two pages, or in two columns of one, where a note may part them. A short
    part has to stand beside what comes `before` or `after`: "What" is found on any page.
    """
    whole = [number for number, page in enumerate(pages, start=1) if own in page]
    if whole:
        return tuple(whole)
    for number, page in enumerate(pages, start=1):
        for step, following in enumerate(pages[number - 1 : number + 1]):
            for cut in range(1, len(own)):
                first = own[:cut] if cut >= _SURE else before + own[:cut]
                second = own[cut:] if len(own) - cut >= _SURE else own[cut:] + after
                if first in page and second in following:
                    return tuple(sorted({number, number + step}))
    return ()


def _letters(text: str) -> str:
    """Return what stays of a text, composed and without marks over letters."""
    spelt = unicodedata.normalize("NFKD", text.replace("\ufffe", ""))
    return _NO_LETTER.sub("", spelt).casefold()
