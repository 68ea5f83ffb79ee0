"""A permalink in, its quote out as it stood in its snapshot, and what it says now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Citation
from assistant.matching import Difference, compare, find_exactly, find_likest, plain
from assistant.permalinks import Permalink
from assistant.verification import cite_span
from corpus.documents import Document, Span
from corpus.errors import SettingsError, SnapshotError, SnapshotMissingError
from index.snapshot import Snapshot, SnapshotStore

State = Literal["unchanged", "reworded", "gone"]


@dataclass(frozen=True, slots=True)
class ReopenedQuote:
    """A quote as it stood, and what has become of it in the live snapshot.

    `snapshot_id` is the snapshot that `citation` is from. That is the permalink's own, or another
    one with the very words at the very place if `own_is_kept` is false. `current` is where the
    words stand now, or what stands in their place when they were reworded, with the words that
    differ (`quoted` before, `stands` now). Typography makes no difference.
    """

    permalink: str
    snapshot_id: str
    own_is_kept: bool
    live_snapshot_id: str
    citation: Citation
    state: State
    current: Citation | None
    differences: tuple[Difference, ...] = ()


def reopen(token: str, store: SnapshotStore) -> ReopenedQuote:
    """Return the quote of a permalink, and what it says now.

    Raises `SettingsError` for what is no permalink, and `SnapshotMissingError` if neither its
    snapshot nor another one with the same words at the same place is kept.
    """
    link = Permalink.parse(token)
    live = store.open()
    kept = link.snapshot_id in store.ids()
    snapshot = _own(link, store) if kept else _with_same_words(link, live, store)
    document = snapshot.documents[link.document_id]
    quote = link.span.of(document.text)
    state, current = _now(quote, link.span, document, live)
    return ReopenedQuote(
        permalink=token.strip(),
        snapshot_id=snapshot.id,
        own_is_kept=kept,
        live_snapshot_id=live.id,
        citation=cite_span(document, link.span, snapshot),
        state=state,
        current=current,
        differences=tuple(compare(quote, current.quote)) if current else (),
    )


def _own(link: Permalink, store: SnapshotStore) -> Snapshot:
    snapshot = store.open(link.snapshot_id)
    if not _has_words(link, snapshot):
        message = (
            f"The permalink is damaged: snapshot {snapshot.id} has no such quote. Copy the whole "
            "of it again from where it was kept."
        )
        raise SettingsError(message, key="permalink")
    return snapshot


def _has_words(link: Permalink, snapshot: Snapshot) -> bool:
    document = snapshot.documents.get(link.document_id)
    return document is not None and link.stands_in(document)


def _with_same_words(link: Permalink, live: Snapshot, store: SnapshotStore) -> Snapshot:
    """Return the newest kept snapshot that has the words at their place, the live one first."""
    found = next((one for one in _kept(live, store) if _has_words(link, one)), None)
    if found is None:
        message = (
            f"Snapshot {link.snapshot_id} is not kept any more, and none that is kept has the "
            f"quote at its place. If its words are at hand: toolkit-assistant verify"
        )
        raise SnapshotMissingError(message)
    return found


def _kept(live: Snapshot, store: SnapshotStore) -> Iterator[Snapshot]:
    yield live
    for snapshot_id in reversed(store.ids()):
        if snapshot_id != live.id:
            try:
                yield store.open(snapshot_id)
            except SnapshotError:  # `doctor` names it
                continue


def _now(quote: str, span: Span, before: Document, live: Snapshot) -> tuple[State, Citation | None]:
    document = live.documents.get(before.id) or _later_edition(before, live)
    if document is None:
        return "gone", None
    if document.text == before.text:
        return "unchanged", cite_span(document, span, live)
    if stretches := find_exactly([quote], document, plain(document.text)):
        return "unchanged", cite_span(document, stretches[0], live)
    passages = [one for one in live.passages if one.document_id == document.id]
    found = [find_likest(quote, document, passage.span) for passage in passages]
    likest = max(filter(None, found), key=lambda one: one.likeness, default=None)
    return ("reworded", cite_span(document, likest.span, live)) if likest else ("gone", None)


def _later_edition(before: Document, live: Snapshot) -> Document | None:
    """Return the current document of the same work and language, if there is one."""
    work = (before.source.work, before.source.language, "current")
    return next(
        (
            one
            for one in live.documents.values()
            if (one.source.work, one.source.language, one.source.status) == work
        ),
        None,
    )
