"""Hits in, the few passages worth showing out: twins once, best first."""

import re
from collections.abc import Iterable
from unicodedata import category

from assistant.answer import RankedPassage
from corpus.documents import Passage
from index.search import Hit

# What is not compared: all but letters, figures, signs such as currencies, and points in figures.
_NOT_COMPARED = re.compile(r"(?:(?!(?<=\d)[.,](?=\d)|(?<!\w)-(?=\d))[\W_])+")


def rank_passages(hits: Iterable[Hit], *, limit: int) -> tuple[RankedPassage, ...]:
    """Return at most `limit` hits, numbered from 1, the same words only once.

    Of passages that differ in nothing but punctuation, spaces and letter case the best ranked
    stays, with the others as its twins.
    """
    alike: dict[str, list[Hit]] = {}
    for hit in hits:
        alike.setdefault(_words_of(hit.passage), []).append(hit)
    best = list(alike.values())[:limit]
    return tuple(
        RankedPassage(number, first, tuple(twins))
        for number, (first, *twins) in enumerate(best, start=1)
    )


def _words_of(passage: Passage) -> str:
    return _NOT_COMPARED.sub(_signs_of, passage.text.casefold()).strip()


def _signs_of(match: re.Match[str]) -> str:
    """Return the signs and marks of letters in what stands between words, or a space."""
    return "".join(c for c in match[0] if category(c)[0] in "MS" or c == "%") or " "
