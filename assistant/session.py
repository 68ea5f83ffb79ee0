"""What a reader's visit holds on the server, in memory only: the turns, filters and language."""

from dataclasses import dataclass, field

from assistant.answer import Answer, History
from assistant.choices import Choice
from index.search import Filters


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was answered, how it was narrowed, and what else may be asked.

    `after` is the question before that it was searched together with, empty if it stands alone.
    `without` are the words that were dropped from what was searched besides the question's own.
    `limits` are for each citation the sentences that limit what it says, in it or after it.
    """

    answer: Answer
    filters: Filters = field(default_factory=dict)
    without: tuple[str, ...] = ()
    after: str = ""
    choices: tuple[Choice, ...] = ()
    followups: tuple[str, ...] = ()
    limits: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A visit: the language of the page, what questions are narrowed by, and the conversation."""

    language: str = "en"
    filters: Filters = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()


def history_of(turns: tuple[Turn, ...]) -> History:
    """Return the turns so far: what was asked, and the quotes that answered."""
    history: list[tuple[str, str]] = []
    for turn in turns:
        quotes = "\n".join(citation.quote for citation in turn.answer.citations)
        history += [("user", turn.answer.question), ("assistant", quotes)]
    return tuple(history)
