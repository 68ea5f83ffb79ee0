"""A sentence in, the strength of its wording out: whether it obliges, advises or allows.

And the sentences around it that limit what it says ("unless", "however"). By the words of
wording.toml alone, which is there to be read and mended.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

from assistant.answer import Strength
from corpus.documents import Document, Passage, Span
from corpus.sentences import sentences_within

WORDS = Path(__file__).with_name("wording.toml")

# The strongest first.
_STRENGTHS: tuple[Strength, ...] = ("must", "should", "may")


@dataclass(frozen=True, slots=True)
class Wording:
    """The phrases of a language: those of strength, in lower case, and what finds each kind."""

    strengths: dict[str, Strength]
    phrases: re.Pattern[str]
    exceptions: re.Pattern[str]
    asks: re.Pattern[str]
    denies: re.Pattern[str]


def strength_of(sentences: Iterable[str], language: str) -> Strength | None:
    """Return the strongest wording of the sentences; None if they neither oblige nor allow."""
    found = {one for sentence in sentences for one in _strengths(sentence, language)}
    return next((one for one in _STRENGTHS if one in found), None)


def limits(sentence: str, language: str) -> bool:
    """Tell whether a sentence limits what is said: an exception or a condition."""
    wording = _wordings().get(language)
    return wording is not None and bool(wording.exceptions.search(_plain(sentence)))


def asks_for_a_fact(question: str, language: str) -> bool:
    """Tell whether a question asks who, when, where, which, what or how many."""
    wording = _wordings().get(language)
    return wording is not None and bool(wording.asks.search(_plain(question)))


def denies(sentence: str, language: str) -> bool:
    """Tell whether a sentence denies something."""
    wording = _wordings().get(language)
    return wording is not None and bool(wording.denies.search(_plain(sentence)))


def exceptions_in(document: Document, passages: Iterable[Passage]) -> tuple[Span, ...]:
    """Return the sentences of a document's passages that limit what is said, in their order."""
    return tuple(
        span
        for passage in passages
        for span in sentences_within(document, passage.span, passage.language)
        if limits(span.of(document.text), passage.language)
    )


def _strengths(sentence: str, language: str) -> Iterator[Strength]:
    wording = _wordings().get(language)
    if wording is None:
        return
    for match in wording.phrases.finditer(_plain(sentence)):
        if match[0] != "May":  # the month
            yield wording.strengths[match[0].lower()]


def _plain(text: str) -> str:
    return normalize("NFC", " ".join(text.replace("’", "'").split()))


@cache
def _wordings() -> dict[str, Wording]:
    tables = tomllib.loads(WORDS.read_text("utf-8"))
    return {language: _wording(table) for language, table in tables.items()}


def _wording(table: dict[str, list[str]]) -> Wording:
    strengths = {phrase: strength for strength in _STRENGTHS for phrase in table[strength]}
    kinds = (_any_of(table[kind]) for kind in ("exceptions", "asks", "denies"))
    return Wording(strengths, _any_of(strengths), *kinds)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    return re.compile(rf"\b(?:{longest_first})\b", re.IGNORECASE)
