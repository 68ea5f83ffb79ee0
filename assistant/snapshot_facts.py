"""A data folder's snapshots in, what each of them holds out, for whoever lists them."""

from dataclasses import dataclass, replace

from corpus.errors import SnapshotError
from index.snapshot import SnapshotStore


@dataclass(frozen=True, slots=True)
class SnapshotFacts:
    """What a snapshot is; when it was built and its counts are None for one that is damaged.

    `earlier` is one that a rollback leads to: not one that was never live, or was rolled back.
    """

    id: str
    live: bool
    pinned: bool
    created: str | None = None
    documents: int | None = None
    passages: int | None = None
    earlier: bool = False


def snapshot_facts(store: SnapshotStore) -> tuple[SnapshotFacts, ...]:
    """Return what is known of each snapshot, the oldest first."""
    live, pins = store.current_id(), store.pins()
    before = store.ids_before(live or "")
    return tuple(
        replace(_held(store, one), live=one == live, pinned=one in pins, earlier=one in before)
        for one in store.ids()
    )


def _held(store: SnapshotStore, snapshot_id: str) -> SnapshotFacts:
    facts = SnapshotFacts(snapshot_id, live=False, pinned=False)
    try:
        found = store.manifest(snapshot_id)
    except SnapshotError:
        return facts
    return replace(
        facts, created=found.created, documents=found.documents, passages=found.passages
    )  # fmt: skip
