"""Token vectors in, late interaction out.

Late interaction (MaxSim) as in Khattab and Zaharia, "ColBERT" (2020): every token of the query
looks for its best match among the tokens of a passage. The token vectors are those of the pooled
model, so they cost no second model. They are kept as int8 and memory-mapped.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.embedding import Encoding

# Tokens of half a window. A passage is as near as its nearest window, so that a match of the whole
# question in one place beats its words spread over a page; see tests/benchmarks/RETRIEVAL_LOG.md.
HALF_WINDOW = 32

# Passages whose vectors are multiplied at a time.
_BLOCK = 32

# The largest int8; a unit vector's components are at most 1 in size.
_SCALE = 127


class StoredVectors(NamedTuple):
    """What is kept of a passage's encoding: t tokens, d dimensions."""

    vector: NDArray[np.float32]  # (d,)
    token_vectors: NDArray[np.int8]  # (t, d), 127 standing for 1
    token_ids: NDArray[np.int32]  # (t,)

    @classmethod
    def of(cls, encoding: Encoding) -> "StoredVectors":
        """Return an encoding with its token vectors as int8."""
        quantised = np.round(encoding.token_vectors * _SCALE).astype(np.int8)
        return cls(encoding.vector, quantised, encoding.token_ids)


class LateIndex:
    """The token vectors of all passages, and how telling each token of the vocabulary is."""

    def __init__(
        self,
        tokens: NDArray[np.int8],
        token_ids: NDArray[np.int32],
        offsets: NDArray[np.int64],
        weights: NDArray[np.float32],
    ) -> None:
        self._tokens = tokens  # (all tokens, d)
        self._token_ids = token_ids  # (all tokens,)
        self._offsets = offsets  # (passages + 1,): where each passage's tokens start
        self._weights = weights  # (largest token id + 2,): the last one is for unseen tokens

    @classmethod
    def load(cls, folder: Path) -> "LateIndex":
        """Return the index that `LateWriter` wrote, its token vectors memory-mapped."""
        token_ids = np.fromfile(folder / "token_ids.int32", dtype=np.int32)
        offsets = np.load(folder / "offsets.npy")
        weights = np.load(folder / "weights.npy")
        tokens = np.zeros((len(token_ids), 0), dtype=np.int8)
        if (folder / "tokens.int8").stat().st_size:  # an empty file cannot be mapped
            tokens = np.memmap(folder / "tokens.int8", np.int8, mode="r")
            tokens = tokens.reshape(len(token_ids), -1)
        return cls(tokens, token_ids, offsets, weights)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @property
    def has_vectors(self) -> bool:
        """Tell whether there is anything to interact with: not every model has token vectors."""
        return self._tokens.size > 0

    def stored(self, row: int) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """Return a passage's token vectors as they are kept, (t, d), and their ids, (t,)."""
        tokens = slice(self._offsets[row], self._offsets[row + 1])
        return self._tokens[tokens], self._token_ids[tokens]

    def all_of(
        self, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int8], NDArray[np.int32], NDArray[np.int64]]:
        """Return the token vectors of some passages and their ids, and how many each has."""
        vectors, ids = zip(*map(self.stored, rows.tolist()), strict=True)
        return np.concatenate(vectors), np.concatenate(ids), np.array([*map(len, ids)])

    def all_stored(self) -> tuple[NDArray[np.int8], NDArray[np.int32], NDArray[np.int64]]:
        """Return the token vectors of all passages and their ids, and how many each passage has."""
        return self._tokens, self._token_ids, np.diff(self._offsets)

    def weights(self, token_ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the square root of each token's inverse document frequency."""
        unseen = len(self._weights) - 1
        return np.asarray(self._weights[np.minimum(token_ids, unseen)], dtype=np.float32)

    def late_interactions(self, query: Encoding, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the late interaction of a query with the best window of each row.

        A weighted mean of cosines, between -1 and 1; 0 for a query or row without tokens.
        """
        values = np.zeros(len(rows), dtype=np.float32)
        lengths = self._offsets[rows + 1] - self._offsets[rows]
        rows, filled = rows[lengths > 0], np.flatnonzero(lengths > 0)
        if not len(filled) or not self.has_vectors:
            return values
        cosines = np.concatenate([self._cosines(query, block) for block in _blocks(rows)])
        halves, first = _halves(lengths[filled])
        best = np.maximum.reduceat(cosines, halves, axis=0)
        last = np.append(first[1:], len(best)) - 1  # has no half after it and stands for itself
        after = np.arange(1, len(best) + 1)
        after[last] = last
        windows = np.maximum(best, best[after])
        values[filled] = np.maximum.reduceat(windows @ self._share(query), first)
        return values

    def _cosines(self, query: Encoding, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of each query token with each token of the rows, shape (tokens, t)."""
        vectors = np.concatenate([self.stored(int(row))[0] for row in rows])
        return np.asarray(vectors.astype(np.float32) @ (query.token_vectors.T / _SCALE), np.float32)

    def part_interactions(
        self, query: Encoding, row: int, counts: Sequence[int]
    ) -> NDArray[np.float32]:
        """Return the late interaction of a query with parts of a row, shape (len(counts),).

        The parts are the row's last tokens, `counts` of them each, in order.
        """
        vectors, _ = self.stored(row)
        ends = len(vectors) - sum(counts) + np.cumsum(counts)
        starts = ends - counts
        best = [
            _best(query, vectors[max(0, start) : max(0, end)])
            for start, end in zip(starts, ends, strict=True)
        ]
        matches = np.array(best, np.float32).reshape(len(counts), len(query.token_ids))
        return np.asarray(matches @ self._share(query), np.float32)

    def token_matches(self, query: Encoding, row: int) -> NDArray[np.float32]:
        """Return the best cosine of each query token anywhere in a row, shape (t,)."""
        return _best(query, self.stored(row)[0])

    def _share(self, query: Encoding) -> NDArray[np.float32]:
        """Return the weight of each query token, in sum 1; all 0 if none has any."""
        weights = self.weights(query.token_ids)
        return np.asarray(weights / (weights.sum() or 1), dtype=np.float32)


def _blocks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows in blocks whose vectors fit a processor's cache."""
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]


def _halves(lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each half window starts, passages in a row, and the first of each passage."""
    counts = -(-lengths // HALF_WINDOW)
    first = np.cumsum(counts) - counts
    place = np.arange(counts.sum()) - np.repeat(first, counts)
    starts = np.repeat(np.cumsum(lengths) - lengths, counts) + place * HALF_WINDOW
    return starts, first


def _best(query: Encoding, vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return the best cosine of each query token among quantised vectors; 0 if there are none."""
    if not len(vectors):
        return np.zeros(len(query.token_ids), dtype=np.float32)
    cosines = vectors.astype(np.float32) @ query.token_vectors.T
    return np.asarray(cosines.max(axis=0) / _SCALE, dtype=np.float32)


class LateWriter:
    """Writes token vectors passage by passage, so that they never all are in memory."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._tokens = (folder / "tokens.int8").open("wb")
        self._token_ids = (folder / "token_ids.int32").open("wb")
        self._lengths: list[int] = []
        self._frequencies: Counter[int] = Counter()

    def add(self, passage: StoredVectors) -> None:
        """Append a passage's token vectors."""
        self._tokens.write(np.ascontiguousarray(passage.token_vectors).tobytes())
        self._token_ids.write(passage.token_ids.tobytes())
        self._lengths.append(len(passage.token_ids))
        self._frequencies.update(np.unique(passage.token_ids).tolist())

    def close(self) -> None:
        """Finish the files; `LateIndex.load` reads them."""
        self._tokens.close()
        self._token_ids.close()
        offsets = np.concatenate([[0], np.cumsum(self._lengths)]).astype(np.int64)
        np.save(self._folder / "offsets.npy", offsets)
        np.save(self._folder / "weights.npy", self._token_weights())

    def _token_weights(self) -> NDArray[np.float32]:
        largest = max(self._frequencies, default=-1)
        frequencies = np.zeros(largest + 2)
        frequencies[list(self._frequencies)] = list(self._frequencies.values())
        return weights_of(frequencies, len(self._lengths))


def weights_of(frequencies: NDArray[np.float64], passages: int) -> NDArray[np.float32]:
    """Return sqrt(ln(1 + (N - n + 0.5) / (n + 0.5))): the root of BM25's idf.

    The root, because the whole frequency drowns the small words that turn a question.
    """
    inverse = np.log1p((passages - frequencies + 0.5) / (frequencies + 0.5))
    return np.sqrt(inverse).astype(np.float32)
