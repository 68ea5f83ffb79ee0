"""Hits in, the few passages worth showing out: twins once, best first."""

import re
from collections.abc import Iterable

from assistant.answer import RankedPassage
from index.search import Hit

_NOT_A_WORD = re.compile(r"\W+")


def rank_passages(hits: Iterable[Hit], *, limit: int) -> tuple[RankedPassage, ...]:
    """Return at most `limit` hits, numbered from 1, the same words only once.

    Of passages that differ in nothing but punctuation, spaces and letter case the best ranked
    stays.
    """
    shown: dict[str, Hit] = {}
    for hit in hits:
        if len(shown) == limit:
            break
        shown.setdefault(_NOT_A_WORD.sub(" ", hit.passage.text.casefold()).strip(), hit)
    return tuple(RankedPassage(number, hit) for number, hit in enumerate(shown.values(), start=1))
