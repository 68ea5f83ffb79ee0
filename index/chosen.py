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
from corpus.situations import Situation
from index.learning import learn
from index.mutual import Floats


class Chosen(NamedTuple):
    """What one passage learnt: of m situations which of its k sentences answer them."""

    lines: NDArray[np.int64]  # (m,) of the situations among all
    starts: NDArray[np.int64]  # (k,) where the sentences begin, or words in them, ascending
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
        told: dict[int, dict[int, tuple[int, ...]]] = defaultdict(dict)
        for line, situation in enumerate(situations):
            for row, starts in situation.sentences.items():
                told[row][line] = starts
        return cls({row: _learnt(own, nearness) for row, own in sorted(told.items())})

    @classmethod
    def load(cls, path: Path) -> "ChosenSentences":
        """Return what `save` wrote."""
        with np.load(path) as saved:
            rows, sizes = saved["rows"].tolist(), saved["sizes"]
            lines = _parted(saved["lines"], sizes[:, 0])
            starts = _parted(saved["starts"], sizes[:, 1])
            flat = _parted(saved["weights"].astype(np.float32), sizes.prod(axis=1))
        weights = map(np.reshape, flat, sizes.tolist())
        return cls(dict(zip(rows, map(Chosen, lines, starts, weights), strict=True)))

    def save(self, path: Path) -> None:
        """Write what was learnt."""
        all_of = list(self._by_row.values())
        sizes = np.array([one.weights.shape for one in all_of], dtype=np.int64).reshape(-1, 2)
        lines = np.concatenate([_NONE, *(one.lines for one in all_of)])
        starts = np.concatenate([_NONE, *(one.starts for one in all_of)])
        weights = np.concatenate([_NONE, *(one.weights.ravel() for one in all_of)])
        np.savez(
            path, rows=np.array(list(self._by_row), dtype=np.int64), sizes=sizes,
            lines=lines, starts=starts, weights=weights.astype(np.float16),
        )  # fmt: skip

    def worth(self, row: int, sentences: Sequence[Span], nearness: Floats) -> Floats:
        """Return how much sentences of a row are expected to answer a query, shape (sentences,).

        Near 1 for one that answers, near 0 for another. `nearness` is that of the query to all
        situations. 0 for a row of which nothing was learnt.
        """
        found = np.zeros(len(sentences), dtype=np.float32)
        own = self._by_row.get(row)
        if own is not None:
            of_starts = nearness[own.lines] @ own.weights
            for place, one in enumerate(sentences):
                first, end = np.searchsorted(own.starts, (one.start, one.end))
                found[place] = of_starts[first:end].max(initial=0)
        return found


_NONE = np.zeros(0, dtype=np.int64)


def _learnt(
    told: Mapping[int, Sequence[int]], nearness: Callable[[NDArray[np.int64]], Floats]
) -> Chosen:
    """Return what a passage learns, given the beginnings of the sentences chosen for each line."""
    lines = np.array(sorted(told), dtype=np.int64)
    starts = np.unique([start for own in told.values() for start in own])
    is_chosen = np.array([np.isin(starts, told[line]) for line in lines.tolist()], np.float32)
    return Chosen(lines, starts, learn(nearness(lines), is_chosen))


def _parted(all_of: NDArray[Any], counts: NDArray[np.int64]) -> list[NDArray[Any]]:
    """Return so many of an array for each count, in order."""
    return np.split(all_of, np.cumsum(counts))[: len(counts)]
