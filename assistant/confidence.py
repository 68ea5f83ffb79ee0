"""How sure it is that the passages found answer: answered, related or not covered.

A logistic regression on a few figures of evidence, one for libraries with situations and one for
those without. Its coefficients and thresholds are in confidence.toml beside this file, which says
how and on what they were fitted; a library may have its own beside its snapshots.
"""

import logging
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from assistant.answer import Outcome
from assistant.evidence import Evidence
from corpus.errors import SettingsError
from index.snapshot import Snapshot

logger = logging.getLogger(__name__)

COEFFICIENTS = Path(__file__).with_name("confidence.toml")
# A library's own calibration, in the folder of its snapshots.
OWN_CALIBRATION = "confidence.toml"


class FollowUp(NamedTuple):
    """What the log-odds of a question that leans on the one before it follow from."""

    intercept: float
    together: float
    alone: float


# Fitted by tests/benchmarks/conversations.py, 2026-11-27.
FOLLOW_UP = FollowUp(intercept=2.64, together=0.22, alone=0.92)

# The tables of such a file; a library's own has the one that it needs.
WITHOUT_SITUATIONS, WITH_SITUATIONS = "calibration", "with_situations"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The regression and the confidences from which an answer is related or answered."""

    intercept: float
    late_interaction: float
    cosine: float
    related_from: float
    answered_from: float
    words: float = 0.0
    mismatch: float = 0.0
    situation: float = 0.0
    strange: float = 0.0
    shared: float = 0.0
    help: float = 0.0
    unanswered: float = 0.0


_FIELDS = frozenset(field.name for field in fields(Calibration))


def load_calibration(path: Path = COEFFICIENTS, *, situations: bool = False) -> Calibration:
    """Return the calibration that a file holds, for a library with situations or one without.

    Raises `SettingsError` for a file that holds none.
    """
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return Calibration(**values[table_for(situations=situations)])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = (
            f"{path} is no calibration: {error}. Delete it; to make it again: toolkit-assistant "
            "calibrate"
        )
        raise SettingsError(message) from error


def calibration_for(snapshot: Snapshot) -> Calibration:
    """Return the library's own calibration if there is one for the model, else the usual one."""
    path = snapshot.folder.parent / OWN_CALIBRATION
    situations = snapshot.situations is not None
    if not path.is_file():
        return load_calibration(situations=situations)
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return load_calibration(path)  # which says what is wrong
    if tables.get("embedder") != snapshot.manifest.embedder:
        reason = "was made with another model and is not used"
    elif situations != (WITH_SITUATIONS in tables):
        reason = "was made with situations or without them and is not used now"
    elif set(tables.get(table_for(situations=situations), ())) != _FIELDS:
        reason = "was made by another version and is not used; calibrate again"
    else:
        return load_calibration(path, situations=situations)
    logger.warning("%s %s", path, reason)
    return load_calibration(situations=situations)


def table_for(*, situations: bool) -> str:
    """Return the name of the table for a library with situations or one without."""
    return WITH_SITUATIONS if situations else WITHOUT_SITUATIONS


def as_toml(calibrations: Mapping[str, Calibration], *, notes: str, embedder: str) -> str:
    """Return the file of calibrations by the name of their table; `notes` say where it is from."""
    comment = "".join(f"# {line}\n" for line in notes.splitlines())
    tables = "".join(
        f"\n[{table}]\n"
        + "".join(f"{name} = {value:.4f}\n" for name, value in asdict(calibration).items())
        for table, calibration in calibrations.items()
    )
    return f'{comment}\nembedder = "{embedder}"\n{tables}'


def confidence(evidence: Evidence | None, calibration: Calibration) -> float:
    """Return the estimated chance, 0 to 1, that the best hits answer; 0 if nothing was found."""
    if evidence is None:
        return 0.0
    terms = (getattr(calibration, name) * value for name, value in evidence._asdict().items())
    return _chance(calibration.intercept + sum(terms))


def of_follow_up(together: float, alone: float) -> float:
    """Return the confidence in what a question found together with the one before it, from both.

    What answers the question before is found with confidence whatever is asked after it, so what
    the question finds alone tells more.
    """
    odds = FOLLOW_UP.together * log_odds(together) + FOLLOW_UP.alone * log_odds(alone)
    return _chance(FOLLOW_UP.intercept + odds)


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def log_odds(chance: float) -> float:
    """Return the logarithm of the odds, of no less than one in ten thousand either way."""
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))


def outcome(chance: float, calibration: Calibration) -> Outcome:
    """Return the outcome for a confidence."""
    if chance >= calibration.answered_from:
        return "answered"
    return "related" if chance >= calibration.related_from else "not_covered"
