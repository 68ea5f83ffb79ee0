from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.dense import DenseIndex


def unit_vectors(seed: int, n: int, d: int = 8) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(n, d))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


VECTORS = unit_vectors(1, 200)
QUERIES = unit_vectors(2, 10)


@pytest.mark.parametrize("k", [1, 7, 200, 1000])
def test_rows_are_those_of_brute_force(k: int) -> None:
    index = DenseIndex.of(VECTORS)
    for query in QUERIES:
        expected = np.argsort(-(VECTORS @ query))[:k]
        assert index.top(query, k).tolist() == expected.tolist()


@pytest.mark.parametrize("k", [1, 5, 200])
@pytest.mark.parametrize("allowed", [[], [7], [3, 50, 51, 199], list(range(0, 200, 2))])
def test_only_allowed_rows_are_searched(k: int, allowed: list[int]) -> None:
    index = DenseIndex.of(VECTORS)
    rows = np.array(allowed, dtype=np.int64)
    for query in QUERIES:
        expected = rows[np.argsort(-(VECTORS[rows] @ query))][:k]
        assert index.top(query, k, rows).tolist() == expected.tolist()


def test_without_vectors_nothing_is_found() -> None:
    index = DenseIndex.of(np.zeros((0, 8), dtype=np.float32))
    assert len(index) == 0
    assert index.top(QUERIES[0], 5).shape == (0,)
    assert index.cosines(QUERIES[0], np.empty(0, dtype=np.int64)).shape == (0,)
    assert index.vectors(np.empty(0, dtype=np.int64)).shape == (0, 8)


def test_cosines_are_in_the_order_of_the_rows() -> None:
    index = DenseIndex.of(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    query = np.array([0.8, 0.6], dtype=np.float32)
    cosines = index.cosines(query, np.array([2, 0, 1, 0]))
    assert cosines.tolist() == pytest.approx([0.96, 0.8, 0.6, 0.8])
    assert cosines.dtype == np.float32


def test_an_index_is_the_same_after_saving(tmp_path: Path) -> None:
    DenseIndex.of(VECTORS).save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss")
    assert len(loaded) == 200
    rows = np.array([4, 2, 2])
    assert np.array_equal(loaded.vectors(rows), VECTORS[rows])
