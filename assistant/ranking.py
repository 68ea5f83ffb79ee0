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
    hits: Iterable[Hit],
    *,
    limit: int,
    is_current: IsCurrent = lambda hit: True,
    adds_nothing: Callable[[Hit], bool] = lambda hit: False,
) -> tuple[RankedPassage, ...]:
    """Return at most `limit` hits, numbered from 1, those that say the same only once.

    Of twins the best ranked one of a current edition is shown, at the place of the best, with the
    others as its twins. After the rest come some passages of one section that repeat each other,
    and those of which the caller knows that one `adds_nothing`.
    """
    shown = _by_saying(hits, limit, adds_nothing)
    return tuple(_ranked(number, twins, is_current) for number, twins in enumerate(shown, start=1))


class _Twins:
    """Hits that say the same, best first."""

    def __init__(self, hit: Hit, saying: Saying) -> None:
        self.hits = [hit]
        self.saying = saying
        passage = hit.passage
        self.section = (passage.document_id, passage.headings)


def _by_saying(
    hits: Iterable[Hit], limit: int, adds_nothing: Callable[[Hit], bool]
) -> list[_Twins]:
    """Return what is shown, each with its twins: first what differs, then what adds nothing."""
    first: list[_Twins] = []
    last: list[_Twins] = []
    for hit in hits:
        saying = Saying(hit.passage)
        same = next((one for one in first + last if saying.is_twin_of(one.saying)), None)
        if same:
            same.hits.append(hit)
        elif len(first) < limit:  # no hit further down is shown but as a twin
            group = _Twins(hit, saying)
            is_last = adds_nothing(hit) or _repeats(group, first)
            (last if is_last else first).append(group)
    return (first + last)[:limit]


def _repeats(group: _Twins, others: Sequence[_Twins]) -> bool:
    """Tell whether enough of the others are of the same section and say much of the same."""
    alike = sum(
        other.section == group.section and group.saying.share_in(other.saying) >= REPEATED_SHARE
        for other in others
    )
    return alike >= MOST_ALIKE


def _ranked(number: int, group: _Twins, is_current: IsCurrent) -> RankedPassage:
    shown = next((hit for hit in group.hits if is_current(hit)), group.hits[0])
    twins = tuple(hit for hit in group.hits if hit is not shown)
    return RankedPassage(number, shown, twins)
