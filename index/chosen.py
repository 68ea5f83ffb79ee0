"""A query in, how much each sentence of a passage is expected to answer it out.

Editors say of situations which sentences answer them, see `corpus.situations`. Each passage learns
from those of its own situations, as all passages do from all; see `index.learning`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Span
from corpus.situations import Beginning, Situation
from index.learning import learn
from index.mutual import Floats


class Worth(NamedTuple):
    """How much a sentence is expected to answer a query, and whether it keeps people from harm.

    `answers` is near 1 for one that answers, near 0 for another, and 0 where nothing was learnt.
    """

    answers: float = 0.0
    protects: bool = False


UNKNOWN = Worth()


class Chosen(NamedTuple):
    """What one passage learnt: of m situations which of its k sentences answer them."""

    lines: NDArray[np.int64]  # (m,) of the situations among all
    starts: NDArray[np.int64]  # (k,) where the sentences begin, or words in them, ascending
    protects: NDArray[np.bool_]  # (k,) which of them keep people from harm
    weights: Floats  # (m, k)


class ChosenSentences:
    """What all passages learnt, by row."""

    def __init__(self, by_row: Mapping[int, Chosen]) -> None:
        self._by_row = by_row

    @classmethod
    def learnt(
        cls, situations: Sequence[Situation], nearness: Callable[[NDArray[np.int64]], Floats]
    ) -> "ChosenSentences":
        """Return what is learnt from situations, given how near some are to each other, (m, m)."""
        told: dict[int, dict[int, tuple[Beginning, ...]]] = defaultdict(dict)
        for line, situation in enumerate(situations):
            for row, beginnings in situation.sentences.items():
                told[row][line] = beginnings
        return cls({row: _learnt(own, nearness) for row, own in sorted(told.items())})

    @classmethod
    def load(cls, path: Path) -> "ChosenSentences":
        """Return what `save` wrote."""
        with np.load(path) as saved:
            rows, sizes = saved["rows"].tolist(), saved["sizes"]
            lines = _parted(saved["lines"], sizes[:, 0])
            starts, protects = (_parted(saved[key], sizes[:, 1]) for key in ("starts", "protects"))
            flat = _parted(saved["weights"].astype(np.float32), sizes.prod(axis=1))
        weights = map(np.reshape, flat, sizes.tolist())
        return cls(dict(zip(rows, map(Chosen, lines, starts, protects, weights), strict=True)))

    def save(self, path: Path) -> None:
        """Write what was learnt."""
        all_of = list(self._by_row.values())
        sizes = np.array([one.weights.shape for one in all_of], dtype=np.int64).reshape(-1, 2)
        lines = np.concatenate([_NONE, *(one.lines for one in all_of)])
        starts = np.concatenate([_NONE, *(one.starts for one in all_of)])
        protects = np.concatenate([_NONE, *(one.protects for one in all_of)]).astype(np.bool_)
        weights = np.concatenate([_NONE, *(one.weights.ravel() for one in all_of)])
        np.savez(
            path, rows=np.array(list(self._by_row), dtype=np.int64), sizes=sizes,
            lines=lines, starts=starts, protects=protects, weights=weights.astype(np.float16),
        )  # fmt: skip

    def worth(self, row: int, sentences: Sequence[Span], nearness: Floats) -> list[Worth]:
        """Return how much each of some sentences of a row is expected to answer a query.

        `nearness` is that of the query to all situations.
        """
        own = self._by_row.get(row)
        if own is None:
            return [UNKNOWN] * len(sentences)
        of_starts = nearness[own.lines] @ own.weights
        places = (np.searchsorted(own.starts, (one.start, one.end)) for one in sentences)
        return [
            Worth(float(of_starts[first:end].max(initial=0)), bool(own.protects[first:end].any()))
            for first, end in places
        ]


_NONE = np.zeros(0, dtype=np.int64)


def _learnt(
    told: Mapping[int, Sequence[Beginning]], nearness: Callable[[NDArray[np.int64]], Floats]
) -> Chosen:
    """Return what a passage learns, given the beginnings of the sentences chosen for each line."""
    lines = np.array(sorted(told), dtype=np.int64)
    protects = {one.start: one.protects for own in told.values() for one in own}
    starts = np.array(sorted(protects), dtype=np.int64)
    chosen = [[one.start for one in told[line]] for line in lines.tolist()]
    is_chosen = np.array([np.isin(starts, own) for own in chosen], dtype=np.float32)
    protecting = np.array([protects[start] for start in starts.tolist()], dtype=np.bool_)
    return Chosen(lines, starts, protecting, learn(nearness(lines), is_chosen))


def _parted(all_of: NDArray[Any], counts: NDArray[np.int64]) -> list[NDArray[Any]]:
    """Return so many of an array for each count, in order."""
    return np.split(all_of, np.cumsum(counts))[: len(counts)]
