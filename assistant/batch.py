"""Questions as programs write them, in a file of JSON lines or as options, out as records."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.answer import History
from assistant.config import MOST_PASSAGES
from assistant.jsonlines import read_json_lines
from corpus.errors import SettingsError
from index.search import Filters, check_filter_key

OneOrMore = str | tuple[str, ...]


class BatchQuestion(BaseModel):
    """A line of a batch: a turn of its history is a question, or a role and a text."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)

    id: str | int | None = None
    question: str
    history: tuple[str | tuple[str, str], ...] = ()
    filter: dict[Annotated[str, AfterValidator(check_filter_key)], OneOrMore] = {}
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

    Raises `SettingsError`, naming file and line, if one cannot be used.
    """
    return read_json_lines(path, BatchQuestion, fault=SettingsError)


def parse_filters(pairs: Iterable[str]) -> Filters:
    """Return the filters of key=value options; a key given twice takes either value."""
    filters: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise SettingsError(f"--filter takes key=value, not {pair!r}.")
        filters[key] = (*filters.get(key, ()), value)
    return filters
