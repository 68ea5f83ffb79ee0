"""Texts in, their pooled and token vectors on disk out."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from index.dense import DenseIndex
from index.late import LateWriter, StoredVectors

# Texts embedded at a time: enough to sort by length, few enough to keep in memory (40 MB).
_BATCH = 128

Vectors = Callable[[Sequence[str]], Sequence[StoredVectors]]


def write_vectors(
    folder: Path,
    texts: Iterable[str],
    vectors: Vectors,
    *,
    dimension: int,
    progress: Callable[[int], None],
) -> None:
    """Write dense.faiss and late/ into a folder, row by row in the order of the texts.

    `vectors` gives those of some texts in their order; `progress` is told how many are done.
    """
    late, dense = LateWriter(folder / "late"), DenseIndex.empty(dimension)
    waiting = iter(texts)
    while batch := list(islice(waiting, _BATCH)):
        progress(len(dense))
        found = vectors(batch)
        dense.add(np.array([stored.vector for stored in found], dtype=np.float32))
        for stored in found:
            late.add(stored)
    late.close()
    progress(len(dense))
    dense.save(folder / "dense.faiss")
