"""The same questions asked twice in, out: was the second time worse than chance explains."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# One-sided; and a mean loss below this is not worth stopping a release for.
SIGNIFICANT = 0.05
SMALLEST_LOSS = 0.01

# Up to so many questions that differ all their signs are tried, above that a fixed sample.
_MOST_EXACT = 14
_SAMPLES = 20_000


def chance_of_loss(differences: Sequence[float]) -> float:
    """Return how likely a mean as low as this one is if before and after are alike.

    The paired sign-flip (Fisher's randomisation) test, one-sided: were there no difference, each
    question's difference could as well have the other sign. 1.0 without any difference.
    """
    values = np.array([value for value in differences if value], dtype=np.float64)
    if not len(values):
        return 1.0
    means = _signs(len(values)) @ values
    return float(np.mean(means <= values.sum() + 1e-12))


def is_significant_loss(differences: Sequence[float]) -> bool:
    """Tell whether the differences, after less before, are a loss that chance does not explain."""
    if not differences or float(np.mean(differences)) > -SMALLEST_LOSS:
        return False
    return chance_of_loss(differences) < SIGNIFICANT


def _signs(count: int) -> NDArray[np.float64]:
    """Return rows of signs: every one there is, or a sample that is the same every time."""
    if count <= _MOST_EXACT:
        bits = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    else:
        bits = np.random.default_rng(0).integers(2, size=(_SAMPLES, count))
    return np.asarray(1.0 - 2.0 * bits, dtype=np.float64)
