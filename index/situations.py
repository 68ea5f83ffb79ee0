"""A query in, how near each passage's situations are out.

Situations are what editors say that a passage helps in, see `corpus.situations`: texts of a line,
embedded as passages are, of which each points to the row of its passage.
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.documents import sha256_of
from index.dense import DenseIndex
from index.embedding import Encoding
from index.late import LateIndex
from index.vectors import Vectors, write_vectors

# How many situations are looked at, the nearest by cosine, and what the first ones of a passage
# count; see tests/benchmarks/RETRIEVAL_LOG.md.
NEAREST = 300
PLACES = (1.0, 0.5, 0.25)


class Nearest(NamedTuple):
    """The situations nearest to a query: the rows of their passages, and how near they are.

    Both ways: the mean of how much of the query a situation says and how much of the situation the
    query says, late interaction and coverage. `covered` is the most coverage, from -1 to 1.
    """

    rows: NDArray[np.int64]
    likeness: NDArray[np.float32]
    covered: float


class SituationIndex:
    """The situations of a snapshot; there is at least one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.rows: NDArray[np.int64] = np.load(folder / "rows.npy")  # of their passages, ascending

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return the situations, in the order of `rows`."""
        lines = (self._folder / "texts.jsonl").read_text("utf-8").split("\n")
        return tuple(json.loads(line) for line in lines if line)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the hash of each situation."""
        return tuple(map(sha256_of, self.texts))

    @cached_property
    def dense(self) -> DenseIndex:
        """Return the pooled vectors."""
        return DenseIndex.load(self._folder / "dense.faiss")

    @cached_property
    def late(self) -> LateIndex:
        """Return the token vectors."""
        return LateIndex.load(self._folder / "late")

    def nearest(self, query: Encoding, allowed: NDArray[np.int64] | None = None) -> Nearest:
        """Return the situations nearest to a query with tokens, of the allowed passages alone."""
        own = None if allowed is None else np.flatnonzero(np.isin(self.rows, allowed))
        found = np.sort(self.dense.top(query.vector, NEAREST, own))
        if not self.late.has_vectors:
            likeness = self.dense.cosines(query.vector, found)
            return Nearest(self.rows[found], likeness, float(likeness.max(initial=0)))
        covered = self.late.coverage(query, found)
        likeness = np.float32(0.5) * (self.late.late_interactions(query, found) + covered)
        return Nearest(self.rows[found], likeness, float(covered.max(initial=0)))

    def likeness(
        self, rows: NDArray[np.int64], nearest: Nearest, otherwise: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return for each passage's row the mean of its nearest situations, weighted by `PLACES`.

        A situation that is not among the nearest counts as the farthest of them. A row that has no
        situations at all has what `otherwise` gives for it, an array of the same length.
        """
        farthest = float(nearest.likeness.min(initial=1))
        values = np.where(np.isin(rows, self.rows), np.float32(farthest), otherwise)
        for place in np.flatnonzero(np.isin(rows, nearest.rows)):
            own = np.sort(nearest.likeness[nearest.rows == rows[place]])[::-1][: len(PLACES)]
            missing = [farthest] * (len(PLACES) - len(own))
            values[place] = np.append(own, missing) @ PLACES / sum(PLACES)
        return values


def write_situations(
    folder: Path,
    situations: Sequence[tuple[int, str]],
    vectors: Vectors,
    *,
    dimension: int,
    progress: Callable[[int], None],
) -> None:
    """Write the files of a `SituationIndex`; nothing without situations.

    `situations` are a passage's row and a text each, by row; the rest as `write_vectors` has it.
    """
    if not situations:
        return
    texts = [text for _, text in situations]
    write_vectors(folder, texts, vectors, dimension=dimension, progress=progress)
    np.save(folder / "rows.npy", np.array([row for row, _ in situations], dtype=np.int64))
    lines = "".join(f"{json.dumps(text, ensure_ascii=False)}\n" for text in texts)
    (folder / "texts.jsonl").write_text(lines, "utf-8")
