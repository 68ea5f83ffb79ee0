"""A question in, a turn of the conversation out: its answer, and what may be asked next."""

from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer, History
from assistant.choices import choices_of, followups_of, limits_of
from assistant.live import LiveAssistant
from assistant.session import Turn
from index.search import Filters


def make_turn(
    toolkit: LiveAssistant,
    question: str,
    *,
    history: History,
    filters: Filters,
    limit: int,
    without: Sequence[str] = (),
    snapshot_id: str | None = None,
) -> Turn:
    """Return the turn of a question after others, from the live snapshot or the one that is named.

    Raises `ToolkitError` if it cannot be answered.
    """
    options: dict[str, Any] = {"history": history, "limit": limit}
    options |= {"filters": filters} if filters else {}
    options |= {"without": tuple(without)} if without else {}
    if snapshot_id is None:
        answer: Answer = toolkit.ask(question, **options)
    else:
        answer = toolkit.assistant_of(snapshot_id).ask(question, **options)
    # Another snapshot may have been promoted since.
    snapshot = toolkit.assistant_of(answer.snapshot_id).snapshot
    return Turn(
        answer,
        filters,
        tuple(without),
        after=answer.after,
        choices=choices_of(answer, snapshot) if not filters else (),
        followups=followups_of(answer, snapshot),
        limits=limits_of(answer, snapshot),
    )
