"""A document in, out: how much of it can be read."""

import unicodedata
from collections import Counter

from corpus.documents import Document

# Text of which this share is no character that anyone wrote comes from a font without a table of
# its characters: three files of the shared collection have 0.006 to 0.041, all others at most
# 0.0005.
BROKEN_FROM = 0.003
_NO_CHARACTERS = ("Co", "Cn")  # private use, unassigned


def pages_without_text(document: Document) -> int:
    """Return how many pages have no text: a scan, a drawing, an empty page."""
    return sum(not page.span.of(document.text).strip() for page in document.pages)


def broken_share(text: str) -> float:
    """Return the share of a text's characters that are none; 0 for an empty one."""
    broken = sum(
        count
        for character, count in Counter(text).items()
        if character == "\ufffd" or unicodedata.category(character) in _NO_CHARACTERS
    )
    return broken / len(text) if text else 0.0


def readable_share(document: Document) -> float:
    """Return the share of a document's pages that can be read; without pages it is one page."""
    pages = [page.span.of(document.text) for page in document.pages] or [document.text]
    readable = sum(bool(text.strip()) and broken_share(text) < BROKEN_FROM for text in pages)
    return readable / len(pages)
