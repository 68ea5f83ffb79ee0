"""Texts and what they are worth in, weights by which the worth of any text follows out.

Kernel ridge regression (Murphy, "Probabilistic Machine Learning: An Introduction", 2022, 17.3.9):
a text is worth what texts near it are, those that say the same together no more than one. Texts are
as near as they say each other, token by token, and to a share as their words are the same.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from threadpoolctl import threadpool_limits

from index.mutual import Block, Floats, said
from index.words import WordIndex

# How far a text tells of others, in how much they say each other, and how little a single one is
# trusted; see tests/benchmarks/RETRIEVAL_LOG.md.
WIDTH = 0.17
DOUBT = 0.1
# How much of nearness is that of words.
WORDS_SHARE = 0.2
# Directions kept of the vectors of tokens: no worse than all 384 of the default model, and the
# texts are multiplied in a third of the time.
DIRECTIONS = 128
# Vectors that are taken as 32-bit numbers at a time, and rows of a square that are mirrored.
_VECTORS = 10_000
_ROWS = 256


def directions(vectors: NDArray[Any]) -> Floats:
    """Return the directions that hold most of some vectors, shape (d, at most `DIRECTIONS`)."""
    held = np.zeros((vectors.shape[1],) * 2, dtype=np.float32)
    for start in range(0, len(vectors), _VECTORS):
        some = vectors[start : start + _VECTORS].astype(np.float32)
        held += some.T @ some
    _, found = np.linalg.eigh(held)  # in the order of what they hold
    return np.ascontiguousarray(found[:, ::-1][:, :DIRECTIONS], dtype=np.float32)


def along(vectors: NDArray[Any], basis: Floats) -> Floats:
    """Return vectors, (..., d), of any length in the directions of a basis, of unit length."""
    found = vectors.astype(np.float32) @ basis
    lengths = np.linalg.norm(found, axis=-1, keepdims=True)
    return np.asarray(found / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def nearness_of(both: Floats, alike: Floats) -> Floats:
    """Return how much texts tell of each other, at most 1.

    `both` is how much they say of each other, `alike` how alike their words are, of one shape.
    """
    said_so = np.exp((both - 1) / WIDTH)
    return np.asarray((1 - WORDS_SHARE) * said_so + WORDS_SHARE * alike, dtype=np.float32)


def nearness_among(
    blocks: Sequence[Block],
    words: WordIndex,
    count: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Floats:
    """Return how much n texts tell of each other, shape (n, n).

    `progress` is told how many blocks of the texts are compared with all others, and of how many.
    """
    nearness = _said_by_all(blocks, count, progress)
    for start in range(0, count, _ROWS):
        rows = slice(start, start + _ROWS)
        nearness[rows] = nearness_of(nearness[rows], words.alike_among(rows))
    return nearness


def learn(nearness: Floats, worth: Floats) -> Floats:
    """Return the weights of n texts, shape (n, p), given with the p things they are worth.

    Another text is worth its nearness to each of them times their weights. `nearness` is that
    among the texts, and is used up.
    """
    doubt = DOUBT
    while (weights := _solved(nearness, doubt, worth)) is None:
        doubt *= 2
        _mirror(nearness)
    return weights


def _solved(nearness: Floats, doubt: float, worth: Floats) -> Floats | None:
    """Return the weights of texts, None if they are doubted too little for them to be found.

    What texts say of each other is not quite an inner product. If it were, what is doubted of
    their worth could not be more than all of it. The lower half of `nearness` is used up.
    """
    nearness[np.diag_indices_from(nearness)] = 1 + doubt
    try:  # in the lower half, which is the upper one of the transposed
        factor = cho_factor(nearness.T, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return None
    weights = np.asarray(cho_solve(factor, worth, check_finite=False), dtype=np.float32)
    is_found = doubt * np.linalg.norm(weights) <= np.linalg.norm(worth)
    return weights if is_found else None


def _mirror(square: Floats) -> None:
    """Make the lower half of a square the same as its upper half, in its place."""
    for start in range(0, len(square), _ROWS):
        rows = slice(start, start + _ROWS)
        square[rows, :start] = square[:start, rows].T
        corner = square[rows, rows]
        corner[:] = np.triu(corner) + np.triu(corner, 1).T


def _said_by_all(
    blocks: Sequence[Block], count: int, progress: Callable[[int, int], None]
) -> Floats:
    """Return how much each text and each say of each other, (count, count).

    Nothing for one without tokens.
    """
    both = np.zeros((count, count), dtype=np.float32)

    def compare(place: int) -> None:
        one = blocks[place]
        for other in blocks[place:]:
            there, back = said(one, other)
            found = (there + back) / 2
            both[np.ix_(one.rows, other.rows)] = found
            both[np.ix_(other.rows, one.rows)] = found.T

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(os.cpu_count()) as threads:
        for done, _ in enumerate(threads.map(compare, range(len(blocks)))):
            progress(done, len(blocks))
    progress(len(blocks), len(blocks))
    return both
