"""Texts in, how alike they are word by word out: the cosine of their terms, pairs and pieces.

To a model of one language the words of another are all much the same; here they stay apart. Terms
are weighted by how rare they are (Salton and Buckley, "Term-weighting approaches in automatic text
retrieval", 1988) and hashed instead of listed.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, load_npz, save_npz
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from index.lexical import pairs_of, terms_of

_FEATURES = 2**18
# Letters of a piece of a word, so that one that is misspelt or bent is still partly the same.
_PIECE = 4

_TEXTS, _RARITY = "words.npz", "rarity.npy"

Floats = NDArray[np.float32]


class WordIndex:
    """The words of n texts, and how rare each is."""

    def __init__(self, texts: csr_matrix, rarity: Floats) -> None:
        self._texts = texts  # (n, features), rows of unit length
        self._by_feature = texts.T.tocsr()
        self._rarity = rarity  # (features,)

    @classmethod
    def of(cls, texts: Sequence[str]) -> "WordIndex":
        """Return an index over texts."""
        counted = _counted(texts)
        held = np.bincount(counted.indices, minlength=_FEATURES)
        rarity = (np.log((1 + len(texts)) / (1 + held)) + 1).astype(np.float32)
        return cls(_weighted(counted, rarity), rarity)

    @classmethod
    def load(cls, folder: Path) -> "WordIndex":
        """Return the index that `save` wrote."""
        return cls(load_npz(folder / _TEXTS), np.load(folder / _RARITY))

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        save_npz(folder / _TEXTS, self._texts, compressed=False)
        np.save(folder / _RARITY, self._rarity)

    def alike(self, text: str) -> Floats:
        """Return how alike each text is to another, (n,), from 0 to 1; 0 without words."""
        asked = _weighted(_counted([text]), self._rarity)
        return np.asarray((asked @ self._by_feature).toarray()[0], dtype=np.float32)

    def some(self, rows: NDArray[np.int64]) -> "WordIndex":
        """Return the index of some of the texts, the rarity of words as among all."""
        return WordIndex(self._texts[rows], self._rarity)

    def alike_among(self, rows: slice) -> Floats:
        """Return how alike some of the texts are to all, (rows, n)."""
        return np.asarray((self._texts[rows] @ self._by_feature).toarray(), dtype=np.float32)


def _counted(texts: Sequence[str]) -> csr_matrix:
    """Return the logarithm of how often each text has each feature, and 1."""
    hashing = HashingVectorizer(
        analyzer=_features_of, n_features=_FEATURES,
        alternate_sign=False, norm=None, dtype=np.float32,
    )  # fmt: skip
    counted = hashing.transform(texts)
    counted.data = 1 + np.log(counted.data)
    return counted


def _features_of(text: str) -> list[str]:
    terms = terms_of(text)
    framed = (f"_{term}_" for term in terms)
    pieces = (
        f"#{word[at : at + _PIECE]}"
        for word in framed
        for at in range(max(1, len(word) - _PIECE + 1))
    )
    return [*terms, *pairs_of(terms), *pieces]


def _weighted(counted: csr_matrix, rarity: Floats) -> csr_matrix:
    """Return what was counted with its weights, in its place, rows of unit length."""
    counted.data *= rarity[counted.indices]
    return normalize(counted, copy=False)
