"""What a reader compares in, the view of what changed out; Gradio-free like the desk."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from assistant.changes import compare_editions, find_changes, release_before
from assistant.config import Settings
from assistant.live import LiveAssistant
from assistant.pages.changes import Compared, EditionPair, changes_view
from assistant.places import Place
from assistant.session import Session
from assistant.snapshot_facts import snapshot_facts
from assistant.steps import Act, Step, acted
from assistant.texts import texts_of
from index.snapshot import Snapshot, SnapshotStore


class ChangesDesk:
    """Compares the snapshots of a data folder, and the editions of the live one."""

    def __init__(self, toolkit: LiveAssistant, settings: Settings) -> None:
        """Compare what the toolkit serves with the other snapshots of its data folder."""
        self._toolkit = toolkit
        self._store = SnapshotStore(settings.snapshots)
        self.steps: Mapping[str, Act] = {"changes": self._changes}
        # Snapshots never change, so what changed between two of them does not either.
        self._compared = lru_cache(maxsize=4)(self._compare)

    def act(self, session: Session, name: object, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield what changes when a reader does something, as `acted` does."""
        return acted(self.steps, session, name, data)

    def _changes(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the view of two snapshots or editions; by default of the last release."""
        compared = self._wanted(data)
        view = changes_view(
            texts_of(session.language),
            snapshots=snapshot_facts(self._store),
            editions=_edition_pairs(self._toolkit.snapshot),
            compared=compared,
        )
        yield Step(session, changes=view)

    def _wanted(self, data: Mapping[str, Any]) -> Compared | None:
        if data.get("editions"):
            old_document, new_document = str(data["editions"]).split("\n")
            snapshot = self._toolkit.snapshot
            changes = compare_editions(snapshot, old_document, new_document)
            return Compared(changes, _places(snapshot, {old_document, new_document}))
        document = str(data["document"]) if data.get("document") else None
        new_id = str(data.get("new") or self._toolkit.snapshot.id)
        if data.get("passage"):  # of a citation, whose card carries its place
            place = json.loads(str(data["place"]))
            new_id, document = str(place["snapshot"]), str(place["document"])
        old_id = data.get("old") or release_before(self._store, new_id)
        if old_id is None:
            return None
        changes, places = self._compared(str(old_id), new_id)
        passage = str(data["passage"]) if data.get("passage") else None
        return Compared(changes, places, document, passage)

    def _compare(self, old_id: str, new_id: str) -> tuple[Any, Mapping[str, Place]]:
        old, new = self._snapshot(old_id), self._snapshot(new_id)
        changes = find_changes(old, new)
        ids = {one for each in changes.documents for one in (each.before, each.after) if one}
        return changes, {**_places(old, ids), **_places(new, ids)}

    def _snapshot(self, snapshot_id: str) -> Snapshot:
        live = self._toolkit.snapshot
        return live if snapshot_id == live.id else self._store.open(snapshot_id)


def _places(snapshot: Snapshot, documents: set[str]) -> dict[str, Place]:
    """Return where the passages of some documents stand, by their ids."""
    return {
        one.id: Place(snapshot.id, one.document_id, one.span)
        for one in snapshot.passages
        if one.document_id in documents
    }


def _edition_pairs(snapshot: Snapshot) -> list[EditionPair]:
    """Return the superseded documents, each with the current one of its work and language."""
    documents = snapshot.documents.values()
    current = {
        (one.source.work, one.source.language): one
        for one in documents
        if one.source.status == "current"
    }
    pairs = [
        (one, current.get((one.source.work, one.source.language)))
        for one in documents
        if one.source.status == "superseded"
    ]
    return [(old, new) for old, new in pairs if new is not None]
