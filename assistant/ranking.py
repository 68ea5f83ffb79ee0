"""Hits in, the few passages worth showing out: twins once, varied, best first."""

from collections.abc import Callable, Iterable, Sequence

from assistant.answer import RankedPassage
from assistant.twins import Saying
from index.search import Hit

# So many passages of one section that repeat this share of each other's words are shown where
# they stand; more come after the passages that say something else.
MOST_ALIKE = 2
REPEATED_SHARE = 0.6

IsCurrent = Callable[[Hit], bool]


def rank_passages(
    hits: Iterable[Hit], *, limit: int, is_current: IsCurrent = lambda hit: True
) -> tuple[RankedPassage, ...]:
    """Return at most `limit` hits, numbered from 1, those that say the same only once.

    Of twins the best ranked one of a current edition is shown, at the place of the best, with the
    others as its twins. Of passages of one section that repeat each other some come after the rest.
    """
    shown = _varied(_by_saying(hits))[:limit]
    return tuple(_ranked(number, twins, is_current) for number, twins in enumerate(shown, start=1))


class _Twins:
    """Hits that say the same, best first."""

    def __init__(self, hit: Hit, saying: Saying) -> None:
        self.hits = [hit]
        self.saying = saying
        passage = hit.passage
        self.section = (passage.document_id, passage.headings)


def _by_saying(hits: Iterable[Hit]) -> list[_Twins]:
    groups: list[_Twins] = []
    for hit in hits:
        saying = Saying(hit.passage)
        same = next((group for group in groups if saying.is_twin_of(group.saying)), None)
        if same:
            same.hits.append(hit)
        else:
            groups.append(_Twins(hit, saying))
    return groups


def _varied(groups: Sequence[_Twins]) -> list[_Twins]:
    """Return the groups in order, those last that repeat what enough of their section say."""
    first: list[_Twins] = []
    last: list[_Twins] = []
    for group in groups:
        alike = sum(
            other.section == group.section and group.saying.share_in(other.saying) >= REPEATED_SHARE
            for other in first
        )
        (last if alike >= MOST_ALIKE else first).append(group)
    return first + last


def _ranked(number: int, group: _Twins, is_current: IsCurrent) -> RankedPassage:
    shown = next((hit for hit in group.hits if is_current(hit)), group.hits[0])
    twins = tuple(hit for hit in group.hits if hit is not shown)
    return RankedPassage(number, shown, twins)
