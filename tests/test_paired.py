import pytest

from assistant.paired import chance_of_loss, is_significant_loss


@pytest.mark.parametrize(
    ("differences", "chance"),
    [
        ([], 1.0),
        ([0.0, 0.0], 1.0),
        ([-1.0], 1 / 2),
        ([-1.0, -1.0, -1.0], 1 / 8),
        ([-1.0, -1.0, 0.0, 1.0], 4 / 8),  # sums of three signs at or below -1: all but 1, 1 and 3
        ([1.0, 1.0, 1.0], 1.0),
        ([-0.5, -1.0], 1 / 4),
    ],
)
def test_the_chance_is_the_share_of_signs_that_are_as_bad(
    differences: list[float], chance: float
) -> None:
    assert chance_of_loss(differences) == chance


@pytest.mark.parametrize(
    ("differences", "loss"),
    [
        ([-1.0] * 4, False),  # 1 in 16
        ([-1.0] * 5, True),  # 1 in 32
        ([-1.0] * 5 + [0.0] * 400, True),
        ([-1.0] * 5 + [0.0] * 600, False),  # too small a loss to stop for
        ([-0.1] * 30 + [0.1] * 10, True),
        ([-0.1] * 20 + [0.1] * 20, False),
        ([0.1] * 30, False),
        ([], False),
    ],
)
def test_a_loss_is_one_that_chance_does_not_explain(differences: list[float], loss: bool) -> None:
    assert is_significant_loss(differences) is loss
