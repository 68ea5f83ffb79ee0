"""How sure it is that the passages found answer: answered, related or not covered.

A logistic regression on a few figures of evidence. Its coefficients and thresholds are in
confidence.toml beside this file, which says how and on what they were fitted; a library may have
its own beside its snapshots.
"""

import logging
import math
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.answer import Outcome
from assistant.evidence import Evidence
from corpus.errors import SettingsError
from index.snapshot import Snapshot

logger = logging.getLogger(__name__)

COEFFICIENTS = Path(__file__).with_name("confidence.toml")
# A library's own calibration, in the folder of its snapshots.
OWN_CALIBRATION = "confidence.toml"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The regression and the confidences from which an answer is related or answered."""

    intercept: float
    late_interaction: float
    cosine: float
    related_from: float
    answered_from: float
    length: float = 0.0
    mismatch: float = 0.0


def load_calibration(path: Path = COEFFICIENTS) -> Calibration:
    """Return the calibration that a file holds; raises `SettingsError` for one that holds none."""
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return Calibration(**values["calibration"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = (
            f"{path} is no calibration: {error}. Delete it; to make it again: toolkit-assistant "
            "calibrate"
        )
        raise SettingsError(message) from error


def calibration_for(snapshot: Snapshot) -> Calibration:
    """Return the library's own calibration if there is one for the model, else the usual one."""
    path = snapshot.folder.parent / OWN_CALIBRATION
    if not path.is_file():
        return load_calibration()
    own = load_calibration(path)
    made_with = tomllib.loads(path.read_text("utf-8")).get("embedder")
    if made_with != snapshot.manifest.embedder:
        logger.warning("%s was made with another model and is not used", path)
        return load_calibration()
    return own


def as_toml(calibration: Calibration, *, notes: str, embedder: str) -> str:
    """Return the file of a calibration; `notes` say where it comes from."""
    comment = "".join(f"# {line}\n" for line in notes.splitlines())
    values = "".join(f"{name} = {value:.4f}\n" for name, value in asdict(calibration).items())
    return f'{comment}\nembedder = "{embedder}"\n\n[calibration]\n{values}'


def confidence(evidence: Evidence | None, calibration: Calibration) -> float:
    """Return the estimated chance, 0 to 1, that the best hits answer; 0 if nothing was found."""
    if evidence is None:
        return 0.0
    terms = (getattr(calibration, name) * value for name, value in evidence._asdict().items())
    return 1 / (1 + math.exp(-(calibration.intercept + sum(terms))))


def outcome(chance: float, calibration: Calibration) -> Outcome:
    """Return the outcome for a confidence."""
    if chance >= calibration.answered_from:
        return "answered"
    return "related" if chance >= calibration.related_from else "not_covered"
