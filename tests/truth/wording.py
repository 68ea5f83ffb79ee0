"""A text in, its words out, as the truth set compares them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.documents import Span

_CJK = "\u3400-\u9fff〇"
_MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f"
_LETTER = rf"(?:[^\W\d_{_CJK}]|[{_MARKS}])"
_TOKEN = re.compile(
    rf"(?<=[{_CJK}、，。：；！？]) +(?=[{_CJK}])|[{_CJK}]|\d+|{_LETTER}+(?:[-‐‑'’]{_LETTER}+)*"
)
# The mark of a note, close to the word or stop before it or in brackets.
_NOTE_MARK = re.compile(r"(?:(?<=[^\W\d])|(?<=[^\W\d][.,;:!?]))\d{1,2}(?!\w)|\[\d{1,2}\]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a Chinese character, or a space that stands between two of these."""

    text: str
    span: Span


def _words(text: str) -> Iterator[Word]:
    for match in _TOKEN.finditer(text):
        yield Word(unicodedata.normalize("NFC", match[0]), Span(*match.span()))


def words_without_marks(text: str) -> list[Word]:
    """Return the words of a text; marks of notes are none."""
    marks = {n for mark in _NOTE_MARK.finditer(text) for n in range(*mark.span())}
    return [word for word in _words(text) if word.span.start not in marks]


def plain_words(text: str) -> list[str]:
    """Return the words of a text without their places."""
    return [word.text for word in _words(text)]


def plain_text(text: str | None) -> str:
    """Return a text's words, for comparing headings and cells."""
    return " ".join(plain_words(text or "")).casefold()
