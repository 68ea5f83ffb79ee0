"""A turn in, what a link or the browser keeps of it out, with which it is asked again; and back."""

import json
from dataclasses import asdict, dataclass, field
from typing import Self

from assistant.narrowing import filter_key
from assistant.queries import KEPT_CHARACTERS
from assistant.session import Turn
from index.search import Filters


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question and all that it was asked with, its snapshot by its id; nothing of the answer."""

    question: str
    snapshot: str
    filters: Filters = field(default_factory=dict)
    without: tuple[str, ...] = ()
    after: str = ""

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """Return what is kept of a turn."""
        answer = turn.answer
        return cls(answer.question, answer.snapshot_id, turn.filters, turn.without, turn.after)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what a browser sends, cut to what a question may be.

        Raises what Python does for a text that is not of this kind, and `SettingsError` for a
        filter that does not exist.
        """
        kept = json.loads(text)
        return cls(
            question=str(kept["question"]).strip()[:KEPT_CHARACTERS],
            snapshot=str(kept["snapshot"]),
            filters={
                filter_key(key): tuple(map(str, values)) for key, values in kept["filters"].items()
            },
            without=tuple(map(str, kept.get("without", ()))),
            after=str(kept.get("after", ""))[:KEPT_CHARACTERS],
        )

    def to_json(self) -> str:
        """Return it as text for the browser."""
        return json.dumps(asdict(self), ensure_ascii=False)
