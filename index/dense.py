"""Pooled vectors in, cosines out: exact search with FAISS."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray


class DenseIndex:
    """The pooled vectors of all passages, row by row in the order of the passages."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> "DenseIndex":
        """Return an index over unit vectors, shape (passages, dimension)."""
        index = cls.empty(vectors.shape[1])
        index.add(vectors)
        return index

    @classmethod
    def empty(cls, dimension: int) -> "DenseIndex":
        """Return an index without vectors, to which some are added."""
        return cls(faiss.IndexFlatIP(dimension))

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Add rows of unit vectors, shape (passages, dimension)."""
        self._index.add(np.ascontiguousarray(vectors))

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        """Return the index that `save` wrote."""
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def top(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the rows nearest to a unit vector, nearest first; fewer than k if there are fewer.

        `allowed` limits the search to these rows.
        """
        k = min(k, len(self) if allowed is None else len(allowed))
        if k == 0:
            return np.empty(0, dtype=np.int64)
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters()
            parameters.sel = faiss.IDSelectorBatch(allowed)
        _, rows = self._index.search(vector[None, :], k, params=parameters)
        return np.asarray(rows[0], dtype=np.int64)

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of a unit vector with each of the rows, in their order."""
        return np.asarray(self.vectors(rows) @ vector, dtype=np.float32)

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of the rows, shape (len(rows), dimension)."""
        if not len(rows):
            return np.empty((0, self._index.d), dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)
