"""Hits in, the few passages worth showing out: twins once, best first."""

import re
from collections.abc import Iterable

from assistant.answer import RankedPassage
from corpus.documents import Passage
from index.search import Hit

_NOT_A_WORD = re.compile(r"\W+")


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
    return _NOT_A_WORD.sub(" ", passage.text.casefold()).strip()
