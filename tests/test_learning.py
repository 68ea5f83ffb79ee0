"""Texts that say the same are near; what they are worth follows for others."""

import numpy as np
import pytest
from numpy.typing import NDArray

from index import learning, mutual
from index.learning import (
    DOUBT,
    WIDTH,
    WORDS_SHARE,
    along,
    directions,
    learn,
    nearness_among,
    nearness_of,
)
from index.mutual import Block, Texts, blocks_of, said
from index.words import WordIndex

EAST, NORTH, UP = np.eye(3, dtype=np.float32)


def text(*tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.array(tokens, dtype=np.float32)


def block_list(
    texts: list[NDArray[np.float32]], weights: list[NDArray[np.float32]] | None = None
) -> list[Block]:
    """Return the blocks of texts whose tokens count alike if no weights are given."""
    lengths = np.array([len(one) for one in texts])
    given = np.ones(lengths.sum(), np.float32) if weights is None else np.concatenate(weights)
    return list(blocks_of(Texts(np.concatenate(texts), given, lengths)))


def test_a_text_says_of_another_what_it_has_of_its_tokens() -> None:
    texts = [text(EAST), text(EAST, NORTH)]
    [block] = block_list(texts)
    there, back = said(block, block)
    assert there.tolist() == [[1, 1], [0.5, 1]]  # of the second, the first says half
    assert (back == there.T).all()


def test_tokens_count_by_their_weight() -> None:
    weights = [np.array([3, 1], np.float32), np.array([1, 1], np.float32)]
    [block] = block_list([text(EAST, NORTH), text(NORTH, UP)], weights)
    there, _ = said(block, block)
    assert there[0].tolist() == [1, 0.25]
    assert there[1].tolist() == [0.5, 1]


def test_blocks_hold_every_text_with_tokens_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutual, "_MOST", 2)
    texts = [text(EAST, NORTH, UP), text(EAST), text()[:0].reshape(0, 3), text(UP), text(NORTH, UP)]
    blocks = block_list(texts)
    assert [block.rows.tolist() for block in blocks] == [[1, 3], [4, 0]]
    # The shorter one of the second block is filled up with what counts nothing.
    there, back = said(blocks[1], blocks[0])
    assert there.tolist() == [[0, 0.5], pytest.approx([1 / 3, 1 / 3])]
    assert back.tolist() == [[0, 1], [1, 1]]


def test_directions_keep_what_there_is() -> None:
    vectors = text(EAST, NORTH, EAST + NORTH)
    basis = directions(vectors)[:, :2]
    kept = along(127 * vectors, basis)
    assert np.linalg.norm(kept, axis=1).tolist() == pytest.approx([1, 1, 1])
    assert float(kept[0] @ kept[1]) == pytest.approx(0, abs=1e-6)
    assert float(kept[0] @ kept[2]) == pytest.approx(0.5**0.5)
    assert along(np.zeros((1, 3)), basis).tolist() == [[0, 0]]


def test_a_text_is_worth_what_it_was_learnt_with_but_for_a_doubt() -> None:
    texts = [text(EAST), text(NORTH), text(UP)]
    worth = np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32)
    told: list[tuple[int, int]] = []
    words = WordIndex.of(["east", "north", "up"])
    among = nearness_among(block_list(texts), words, 3, lambda done, of: told.append((done, of)))
    weights = learn(among, worth)
    nearness = nearness_of(np.array([1, 0, 0], np.float32), words.alike("east"))
    expected = nearness[None] @ weights
    assert expected[0].tolist() == pytest.approx([1 / (1 + DOUBT), 0], abs=0.01)
    assert told == [(0, 1), (1, 1)]


@pytest.mark.parametrize("rows", [1, 2, 256])
@pytest.mark.parametrize(
    ("odd", "doublings"),
    [
        ([[1, 1, 0], [1, 1, 1], [0, 1, 1]], 4),  # -0.41 is an eigenvalue
        ([[1, 0.9999 + DOUBT], [0.9999 + DOUBT, 1]], 2),  # solved at once, but next to not
    ],
)
def test_what_is_no_inner_product_is_doubted_until_it_can_be_solved(
    odd: list[list[float]], doublings: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "_ROWS", rows)
    doubted = np.array(odd) + DOUBT * 2**doublings * np.eye(len(odd))
    worth = np.eye(len(odd), dtype=np.float32)
    weights = learn(np.array(odd, dtype=np.float32), worth)
    assert weights == pytest.approx(np.linalg.inv(doubted), rel=1e-3)


def test_nearness_falls_with_what_is_not_said_and_with_words_that_differ() -> None:
    both, alike = np.array([1, 1 - WIDTH, 1, 0]), np.array([1, 1, 0.5, 1])
    expected = [1, WORDS_SHARE + (1 - WORDS_SHARE) * np.exp(-1), 1 - WORDS_SHARE / 2, WORDS_SHARE]
    assert nearness_of(both, alike).tolist() == pytest.approx(expected, abs=0.01)
