import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import late
from index.embedding import Encoding
from index.late import LateIndex, LateWriter, StoredVectors, weights_of

EAST, NORTH, WEST, BETWEEN = (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.6, 0.8)


def encoding(*tokens: tuple[int, tuple[float, float]]) -> Encoding:
    """Return an encoding of (token id, token vector) pairs; its pooled vector does not matter."""
    ids = np.array([token_id for token_id, _ in tokens], dtype=np.int32)
    vectors = np.array([vector for _, vector in tokens], dtype=np.float32).reshape(-1, 2)
    return Encoding(np.array(EAST, dtype=np.float32), vectors, ids)


def index_of(folder: Path, passages: Sequence[Encoding]) -> LateIndex:
    writer = LateWriter(folder)
    for passage in passages:
        writer.add(StoredVectors.of(passage))
    writer.close()
    return LateIndex.load(folder)


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, dtype=np.int64)


# Token 0 stands in one of two passages, token 1 in both (twice in the first), 2 and 3 in none.
PASSAGES = [encoding((0, EAST), (1, NORTH), (1, NORTH)), encoding((1, BETWEEN))]
RARE = math.sqrt(math.log(2))  # ln(1 + (2 - 1 + 0.5) / (1 + 0.5))
COMMON = math.sqrt(math.log(1.2))  # ln(1 + (2 - 2 + 0.5) / (2 + 0.5))
UNSEEN = math.sqrt(math.log(6))  # ln(1 + (2 - 0 + 0.5) / (0 + 0.5))


def test_a_tokens_weight_is_the_root_of_its_inverse_document_frequency(tmp_path: Path) -> None:
    index = index_of(tmp_path, PASSAGES)
    found = index.weights(np.array([1, 0, 2, 3, 30_000], dtype=np.int32))
    assert found.tolist() == pytest.approx([COMMON, RARE, UNSEEN, UNSEEN, UNSEEN])
    assert weights_of(np.array([1.0, 2.0]), 2).tolist() == pytest.approx([0.832555, 0.426991])


def test_a_token_id_between_those_seen_is_unseen(tmp_path: Path) -> None:
    index = index_of(tmp_path, [encoding((5, EAST)), encoding((5, NORTH))])
    found = index.weights(np.array([5, 4, 6], dtype=np.int32))
    assert found.tolist() == pytest.approx([COMMON, UNSEEN, UNSEEN])


def test_late_interaction_is_the_weighted_mean_of_the_best_cosines(tmp_path: Path) -> None:
    index = index_of(tmp_path, PASSAGES)
    query = encoding((0, EAST), (1, NORTH), (9, BETWEEN))
    # The second passage's one token is 76/127 and 102/127 as int8; the first's are exact.
    east, north = 76 / 127, 102 / 127
    whole = RARE + COMMON + UNSEEN
    expected = [
        (RARE * east + COMMON * north + UNSEEN * (0.6 * east + 0.8 * north)) / whole,
        (RARE + COMMON + UNSEEN * 0.8) / whole,
    ]
    assert index.late_interactions(query, rows(1, 0)).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        pytest.param([EAST, WEST, NORTH], 0.5, id="a half too far apart"),
        pytest.param([WEST, EAST, NORTH], 1, id="in the last window"),
        pytest.param([NORTH, EAST, WEST], 1, id="in the first window"),
        pytest.param([EAST], 0.5, id="less than a window"),
        pytest.param([NORTH, EAST], 1, id="just a window"),
    ],
)
def test_only_matches_within_one_window_count_together(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tokens: list[tuple[float, float]],
    expected: float,
) -> None:
    monkeypatch.setattr(late, "HALF_WINDOW", 1)
    index = index_of(tmp_path, [encoding(*((7, token) for token in tokens))])
    query = encoding((0, EAST), (1, NORTH))  # both unseen, so of equal weight
    assert index.late_interactions(query, rows(0)).tolist() == pytest.approx([expected])


def test_a_match_in_the_last_half_window_of_a_long_passage_is_found(tmp_path: Path) -> None:
    for length in (31, 32, 33, 64, 65, 97):
        tokens = [*([WEST] * (length - 1)), EAST]
        passage = encoding(*((7, token) for token in tokens))
        index = index_of(tmp_path / str(length), [passage])
        assert index.late_interactions(encoding((0, EAST)), rows(0)).tolist() == [1]


def test_a_best_match_may_point_away(tmp_path: Path) -> None:
    index = index_of(tmp_path, [encoding((0, EAST))])
    query = encoding((0, WEST))
    assert index.late_interactions(query, rows(0)).tolist() == pytest.approx([-1])


def test_parts_are_the_last_tokens_in_order(tmp_path: Path) -> None:
    passage = encoding((0, EAST), (1, NORTH), (2, WEST), (3, (0.0, -1.0)))
    index = index_of(tmp_path, [encoding((0, NORTH)), passage])
    query = encoding((0, EAST))
    assert index.part_interactions(query, 1, [1, 2, 1]).tolist() == pytest.approx([1, 0, 0])
    assert index.part_interactions(query, 1, [1, 1]).tolist() == pytest.approx([-1, 0])
    assert index.part_interactions(query, 1, [2, 0]).tolist() == pytest.approx([0, 0])
    assert index.part_interactions(query, 1, [4]).tolist() == pytest.approx([1])


def test_parts_are_weighted_as_the_whole_is(tmp_path: Path) -> None:
    index = index_of(tmp_path, PASSAGES)
    query = encoding((0, EAST), (1, NORTH))
    whole = RARE + COMMON
    expected = [RARE / whole, COMMON / whole]
    assert index.part_interactions(query, 0, [1, 2]).tolist() == pytest.approx(expected)


def test_parts_with_more_tokens_than_the_row_share_its_last_ones(tmp_path: Path) -> None:
    index = index_of(tmp_path, [encoding((0, EAST), (1, NORTH))])
    query = encoding((0, EAST))
    assert index.part_interactions(query, 0, [1, 1, 2]).tolist() == pytest.approx([0, 0, 1])
    assert index.part_interactions(query, 0, [3, 1]).tolist() == pytest.approx([1, 0])


def test_a_query_or_a_passage_without_tokens_is_nothing_alike(tmp_path: Path) -> None:
    index = index_of(tmp_path, [*PASSAGES, encoding()])
    query = encoding((0, EAST))
    assert index.late_interactions(query, rows(2)).tolist() == [0]
    assert index.late_interactions(encoding(), rows(0, 1, 2)).tolist() == [0, 0, 0]
    assert index.late_interactions(query, rows()).shape == (0,)
    assert index.part_interactions(encoding(), 0, [1, 2]).tolist() == [0, 0]
    assert index.part_interactions(query, 2, [1, 2]).tolist() == [0, 0]


def test_without_parts_there_are_no_interactions(tmp_path: Path) -> None:
    index = index_of(tmp_path, PASSAGES)
    assert index.part_interactions(encoding((0, EAST)), 0, []).shape == (0,)


@pytest.mark.parametrize("passages", [[], [encoding()]], ids=["no passage", "no token"])
def test_an_index_without_tokens_can_be_loaded(tmp_path: Path, passages: list[Encoding]) -> None:
    index = index_of(tmp_path, passages)
    assert len(index) == len(passages)
    found = index.late_interactions(encoding((0, EAST)), rows(*range(len(passages))))
    assert found.tolist() == [0] * len(passages)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    index = index_of(tmp_path, PASSAGES)
    assert len(index) == 2
    for row, passage in enumerate(PASSAGES):
        tokens, token_ids = index.stored(row)
        assert token_ids.tolist() == passage.token_ids.tolist()
        assert np.abs(tokens / 127 - passage.token_vectors).max() <= 0.5 / 127
    assert index.stored(1)[0].tolist() == [[76, 102]]
