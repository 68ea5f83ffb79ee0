"""Short texts in, how much each says of each other out: late interaction, both ways."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Texts whose tokens are multiplied at a time.
_MOST = 64


class Texts(NamedTuple):
    """The tokens of n texts, one text after the other, d dimensions each."""

    vectors: NDArray[Any]  # (tokens, d)
    weights: Floats  # (tokens,), what each counts beside the others of its text
    lengths: NDArray[np.int64]  # (n,), how many each text has


class Block(NamedTuple):
    """Texts of about one length: n of them, the longest of t tokens, d dimensions.

    The tokens stand place by place, so that the best match of all texts is found at once. A text
    that is shorter than the longest repeats its first token with a share of 0.
    """

    rows: NDArray[np.int64]  # (n,) of the texts among all
    vectors: NDArray[Any]  # (t, n, d)
    shares: Floats  # (t, n), how much each token counts in its text, in sum 1


def blocks_of(texts: Texts) -> Iterator[Block]:
    """Yield the texts in blocks, the shortest first; those without tokens are left out."""
    firsts = np.cumsum(texts.lengths) - texts.lengths
    order = np.argsort(texts.lengths, kind="stable")
    order = order[texts.lengths[order] > 0]
    for start in range(0, len(order), _MOST):
        rows = order[start : start + _MOST]
        lengths = texts.lengths[rows]
        place = np.arange(lengths[-1])[:, None]
        is_own = place < lengths
        tokens = firsts[rows] + np.where(is_own, place, 0)
        shares = np.where(is_own, texts.weights[tokens], np.float32(0))
        shares /= np.maximum(shares.sum(axis=0), np.finfo(np.float32).tiny)
        yield Block(rows, texts.vectors[tokens], shares)


def said(of: Block, by: Block) -> tuple[Floats, Floats]:
    """Return how much of each text the texts of another block say, and how much of theirs it says.

    The mean of the best cosine of each token, weighted by its share; both of shape (n, m). The
    vectors are of unit length.
    """
    (t, n, d), (u, m, _) = of.vectors.shape, by.vectors.shape
    cosines = (of.vectors.reshape(-1, d) @ by.vectors.reshape(-1, d).T).reshape(t, n, u, m)
    there = np.einsum("tnm,tn->nm", cosines.max(axis=2), of.shares)
    back = np.einsum("num,um->nm", cosines.max(axis=0), by.shares)
    return there, back
