"""How sure it is that the passages found answer: answered, related or not covered.

A logistic regression on the late interaction of the best passage and the highest cosine of all.
Its coefficients and thresholds are in confidence.toml beside this file, which says how and on
what they were fitted.
"""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answer import Outcome
from index.search import Results

COEFFICIENTS = Path(__file__).with_name("confidence.toml")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The regression and the confidences from which an answer is related or answered."""

    intercept: float
    late_interaction: float
    cosine: float
    related_from: float
    answered_from: float


@cache
def load_calibration(path: Path = COEFFICIENTS) -> Calibration:
    """Return the calibration that a file holds."""
    values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Calibration(**values["calibration"])


def confidence(results: Results, calibration: Calibration) -> float:
    """Return the estimated chance, 0 to 1, that the best hits answer; 0 if nothing was found."""
    if not results.hits:
        return 0.0
    evidence = calibration.late_interaction * results.hits[0].late_interaction
    evidence += calibration.cosine * float(results.signals.cosine.max())
    return 1 / (1 + math.exp(-(calibration.intercept + evidence)))


def outcome(chance: float, calibration: Calibration) -> Outcome:
    """Return the outcome for a confidence."""
    if chance >= calibration.answered_from:
        return "answered"
    return "related" if chance >= calibration.related_from else "not_covered"
