"""Short texts in, how much each says of each other out: late interaction, both ways."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Texts whose tokens are multiplied at a time.
_MOST = 64


class Block(NamedTuple):
    """Texts of about one length: n of them, the longest of t tokens, d dimensions.

    The tokens stand place by place, so that the best match of all texts is found at once. A text
    that is shorter than the longest repeats its first token with a share of 0.
    """

    rows: NDArray[np.int64]  # (n,) of the texts among all
    vectors: Floats  # (t, n, d), unit vectors
    shares: Floats  # (t, n), how much each token counts in its text, in sum 1


def blocks_of(vectors: Sequence[Floats], weights: Sequence[Floats]) -> Iterator[Block]:
    """Yield the texts in blocks, the shortest first; those without tokens are left out.

    `vectors` has the unit vectors of a text's tokens, (t, d), `weights` what they count, (t,).
    """
    lengths = np.array([len(one) for one in vectors])
    order = np.argsort(lengths, kind="stable")
    order = order[lengths[order] > 0]
    for start in range(0, len(order), _MOST):
        rows = order[start : start + _MOST]
        yield _block(rows, [vectors[row] for row in rows], [weights[row] for row in rows])


def _block(rows: NDArray[np.int64], vectors: Sequence[Floats], weights: Sequence[Floats]) -> Block:
    longest, dimension = len(vectors[-1]), vectors[-1].shape[1]
    padded = np.empty((longest, len(rows), dimension), dtype=np.float32)
    shares = np.zeros((longest, len(rows)), dtype=np.float32)
    for place, (own, weight) in enumerate(zip(vectors, weights, strict=True)):
        padded[: len(own), place], padded[len(own) :, place] = own, own[0]
        shares[: len(own), place] = weight / (weight.sum() or 1)
    return Block(rows, padded, shares)


def said(of: Block, by: Block) -> tuple[Floats, Floats]:
    """Return how much of each text the texts of another block say, and how much of theirs it says.

    The mean of the best cosine of each token, weighted by its share; both of shape (n, m).
    """
    (t, n, d), (u, m, _) = of.vectors.shape, by.vectors.shape
    cosines = (of.vectors.reshape(-1, d) @ by.vectors.reshape(-1, d).T).reshape(t, n, u, m)
    there = np.einsum("tnm,tn->nm", cosines.max(axis=2), of.shares)
    back = np.einsum("num,um->nm", cosines.max(axis=0), by.shares)
    return there, back
