"""A data folder's snapshots in, what each of them holds out, for whoever lists them."""

from dataclasses import dataclass

from corpus.errors import SnapshotError
from index.snapshot import SnapshotStore


@dataclass(frozen=True, slots=True)
class SnapshotFacts:
    """What a snapshot is; when it was built and its counts are None for one that is damaged."""

    id: str
    live: bool
    pinned: bool
    created: str | None = None
    documents: int | None = None
    passages: int | None = None


def snapshot_facts(store: SnapshotStore) -> tuple[SnapshotFacts, ...]:
    """Return what is known of each snapshot, the oldest first."""
    live, pins = store.current_id(), store.pins()
    return tuple(_facts(store, one, one == live, one in pins) for one in store.ids())


def _facts(store: SnapshotStore, snapshot_id: str, live: bool, pinned: bool) -> SnapshotFacts:
    try:
        found = store.manifest(snapshot_id)
    except SnapshotError:
        return SnapshotFacts(snapshot_id, live, pinned)
    return SnapshotFacts(
        snapshot_id, live, pinned, found.created, found.documents, found.passages
    )  # fmt: skip
