"""Questions as programs write them, in a file of JSON lines or as options, out as records."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answer import History
from assistant.config import MOST_PASSAGES
from corpus.errors import SettingsError
from index.search import Filters

OneOrMore = str | tuple[str, ...]


class BatchQuestion(BaseModel):
    """A line of a batch: a turn of its history is a question, or a role and a text."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)

    id: str | int | None = None
    question: str
    history: tuple[str | tuple[str, str], ...] = ()
    filter: dict[str, OneOrMore] = {}
    limit: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] | None = None

    @property
    def turns(self) -> History:
        """Return the history as (role, text), the oldest first."""
        return tuple(("user", turn) if isinstance(turn, str) else turn for turn in self.history)

    @property
    def filters(self) -> Filters:
        """Return the filters, each with all its values."""
        return {
            key: (value,) if isinstance(value, str) else value for key, value in self.filter.items()
        }


def read_batch(path: Path) -> list[BatchQuestion]:
    """Return the questions of a file of JSON lines, blank lines left out.

    Raises `SettingsError`, naming the line, if one cannot be used.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The batch {path} cannot be read: {error}") from error
    return [
        _question(text, f"{path}, line {number}")
        for number, text in enumerate(lines, start=1)
        if text.strip()
    ]


def _question(text: str, place: str) -> BatchQuestion:
    try:
        return BatchQuestion.model_validate(json.loads(text))
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(map(str, fault["loc"])) or "the line"
        message = f'{place}: {key}: {fault["msg"]}. A line is {{"id", "question", …}}.'
        raise SettingsError(message) from error
    except ValueError as error:
        raise SettingsError(f"{place} is not JSON: {error}") from error


def parse_filters(pairs: Iterable[str]) -> Filters:
    """Return the filters of key=value options; a key given twice takes either value."""
    filters: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise SettingsError(f"--filter takes key=value, not {pair!r}.")
        filters[key] = (*filters.get(key, ()), value)
    return filters
