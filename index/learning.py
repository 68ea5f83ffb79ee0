"""Texts and what they are worth in, weights by which the worth of any text follows out.

Kernel ridge regression (Murphy, "Probabilistic Machine Learning: An Introduction", 2022, 17.3.9):
a text is worth what texts near it are, those that say the same together no more than one. Texts are
as near as they say each other, token by token.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from index.mutual import Block, Floats, said

# How far a text tells of others, in how much they say each other, and how little a single one is
# trusted; see tests/benchmarks/RETRIEVAL_LOG.md.
WIDTH = 0.2
DOUBT = 0.2
# Directions kept of the vectors of tokens: no worse than all 384 of the default model, and the
# texts are multiplied in a third of the time.
DIRECTIONS = 128


def directions(vectors: Floats) -> Floats:
    """Return the directions that hold most of some vectors, shape (d, at most `DIRECTIONS`)."""
    _, found = np.linalg.eigh(vectors.T @ vectors)  # in the order of what they hold
    return np.ascontiguousarray(found[:, ::-1][:, :DIRECTIONS], dtype=np.float32)


def along(vectors: NDArray[Any], basis: Floats) -> Floats:
    """Return vectors, (..., d), of any length in the directions of a basis, of unit length."""
    found = vectors.astype(np.float32) @ basis
    lengths = np.linalg.norm(found, axis=-1, keepdims=True)
    return np.asarray(found / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def nearness_of(both: Floats) -> Floats:
    """Return how much texts tell of each other that say so much of each other, at most 1."""
    return np.asarray(np.exp((both - 1) / WIDTH), dtype=np.float32)


def learn(blocks: Sequence[Block], worth: Floats, progress: Callable[[int, int], None]) -> Floats:
    """Return the weights of n texts, shape (n, p), given with the p things they are worth.

    Another text is worth its nearness to each of them times their weights.
    `progress` is told how many blocks of the texts are compared with all others, and of how many.
    """
    nearness = _nearness(blocks, len(worth), progress)
    doubt = DOUBT
    while True:
        nearness[np.diag_indices_from(nearness)] = 1 + doubt
        try:
            return np.asarray(cho_solve(cho_factor(nearness), worth), dtype=np.float32)
        except LinAlgError:  # what texts say of each other is not quite an inner product
            doubt *= 2


def _nearness(blocks: Sequence[Block], count: int, progress: Callable[[int, int], None]) -> Floats:
    """Return how near each text is to each, shape (count, count)."""
    both = np.zeros((count, count), dtype=np.float32)
    for place, one in enumerate(blocks):
        progress(place, len(blocks))
        for other in blocks[place:]:
            there, back = said(one, other)
            both[np.ix_(one.rows, other.rows)] = (there + back) / 2
            both[np.ix_(other.rows, one.rows)] = (there + back).T / 2
    progress(len(blocks), len(blocks))
    return nearness_of(both)
