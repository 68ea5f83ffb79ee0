"""A sentence in, the strength of its wording out: whether it obliges, advises or allows.

And the sentences around it that limit what it says ("unless", "however"). By the words of
wording.toml alone, which is there to be read and mended.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

from assistant.answer import Strength
from corpus.documents import Document, Passage, Span
from corpus.sentences import block_at, part_of, sentences_within, without_marks

WORDS = Path(__file__).with_name("wording.toml")

# The strongest first.
_STRENGTHS: tuple[Strength, ...] = ("must", "should", "may")
_KINDS = ("points_back", "impersonal", "exceptions", "asks", "denies")


@dataclass(frozen=True, slots=True)
class Wording:
    """The phrases of a language: those of strength, in lower case, and what finds each kind.

    A phrase without a strength is there to be found instead of the shorter one it begins with.
    """

    strengths: dict[str, Strength | None]
    phrases: re.Pattern[str]
    reported: re.Pattern[str]
    points_back: re.Pattern[str]
    impersonal: re.Pattern[str]
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


def points_back(sentence: str, language: str) -> bool:
    """Tell whether a sentence begins with a word that only the sentence before explains."""
    wording, plain = _wordings().get(language), _plain(sentence)
    if wording is None or wording.impersonal.match(plain):
        return False
    return bool(wording.points_back.match(plain))


def goes_on(document: Document, sentence: Span, after: Span) -> bool:
    """Tell whether the next sentence goes on with a text, and is not another item or row."""
    same = block_at(document, sentence.start) == block_at(document, after.start)
    return same or part_of(document, after) == "text"


def exceptions_in(
    document: Document, passages: Iterable[Passage], marks: Iterable[Span]
) -> tuple[Span, ...]:
    """Return the sentences that limit what the marked ones say, in order, without their bullets.

    They are the marked ones, those right after them and the others of the same list items.
    """
    read = [
        (span, passage.language)
        for passage in passages
        for span in sentences_within(document, passage.span, passage.language)
    ]
    near = _beside(marks, [span for span, _ in read], document)
    return tuple(
        without_marks(document.text, span)
        for span, language in read
        if span in near and limits(span.of(document.text), language)
    )


def _beside(marks: Iterable[Span], spans: Sequence[Span], document: Document) -> set[Span]:
    """Return the marked sentences, those after them, and the others of their list items."""
    near: set[Span] = set()
    for mark in marks:
        block = block_at(document, mark.start)
        if document.blocks[block].kind == "item":
            near |= {one for one in spans if block_at(document, one.start) == block}
        near.add(mark)
        near |= {
            after for one, after in pairwise(spans) if one == mark and goes_on(document, one, after)
        }
    return near


def _strengths(sentence: str, language: str) -> Iterator[Strength]:
    wording = _wordings().get(language)
    if wording is None:
        return
    said = wording.reported.sub(" ", _plain(sentence))
    for match in wording.phrases.finditer(said):
        strength = wording.strengths[match[0].lower()]
        if strength and match[0] != "May":  # the month
            yield strength


def _plain(text: str) -> str:
    return normalize("NFC", " ".join(text.replace("’", "'").split()))


@cache
def _wordings() -> dict[str, Wording]:
    tables = tomllib.loads(WORDS.read_text("utf-8"))
    return {language: _wording(table) for language, table in tables.items()}


def _wording(table: dict[str, list[str]]) -> Wording:
    strengths: dict[str, Strength | None] = dict.fromkeys(table["possible"])
    strengths |= {phrase: strength for strength in _STRENGTHS for phrase in table[strength]}
    kinds = (_any_of(table[kind]) for kind in _KINDS)
    return Wording(strengths, _any_of(strengths), _reported(table), *kinds)


def _reported(table: dict[str, list[str]]) -> re.Pattern[str]:
    """Return what finds "how the guards must": a clause that tells of a duty and lays down none."""
    verbs = _any_of(one for strength in _STRENGTHS for one in table[strength]).pattern
    return re.compile(rf"{_any_of(table['reports']).pattern} (?:\w+ ){{1,4}}{verbs}", re.IGNORECASE)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    return re.compile(rf"\b(?:{longest_first})\b", re.IGNORECASE)
