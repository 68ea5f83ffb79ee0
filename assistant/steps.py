"""What happens on the page: a step's name and data from the browser in, what changes out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.session import Session
from corpus.errors import SettingsError

# What anything but the page's own script makes of a step.
_UNUSABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Step:
    """What changes on the page; what is None stays as it is.

    `file` is a link that the browser follows at once, `message` is read out and shown.
    """

    session: Session
    question: str | None = None
    conversation: str | None = None
    narrowing: str | None = None
    library: str | None = None
    checker: str | None = None
    side: str | None = None
    message: str | None = None
    file: str | None = None
    masthead: str | None = None
    foot: str | None = None
    caveat: str | None = None
    changes: str | None = None
    editor: str | None = None
    building: str | None = None


Act = Callable[[Session, Mapping[str, Any]], Iterator[Step]]


def acted(
    steps: Mapping[str, Act], session: Session, name: object, data: Mapping[str, Any]
) -> Iterator[Step]:
    """Yield what a step changes; raises `ToolkitError` with the reason.

    `name` and `data` are as the browser sends them.
    """
    step = steps.get(str(name))
    if step is None:
        raise SettingsError(f"The page has no step {str(name)[:40]!r}.", key="unusable")
    try:
        yield from step(session, data)
    except _UNUSABLE as error:
        raise SettingsError(
            "The page sent something that cannot be used. Reload it.", key="unusable"
        ) from error


class ActingDesk(Protocol):
    """A desk: the steps that it knows, and what they change."""

    @property
    def steps(self) -> Mapping[str, Act]:
        """Return its steps by their names."""

    def act(self, session: Session, name: object, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield what a step changes, as `acted` does."""
