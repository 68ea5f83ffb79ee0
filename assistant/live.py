"""The assistant over whichever snapshot is live: a new one is taken up when it is promoted."""

import logging
import threading
from typing import Any, Self

from assistant.answer import Answer
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.neighbours import Neighbours, neighbours
from assistant.reopening import ReopenedQuote, reopen
from assistant.verification import Verification, verify
from corpus.documents import Document
from corpus.errors import ToolkitError
from index.embedding import Embedder, load_embedder
from index.reranking import Reranker, load_reranker
from index.snapshot import Snapshot, SnapshotStore

logger = logging.getLogger(__name__)


class LiveAssistant:
    """Answers every question from one snapshot, the one that is live when it is asked.

    While a new snapshot cannot be opened the one before stays in use, and that is logged.
    """

    def __init__(
        self, store: SnapshotStore, embedder: Embedder, reranker: Reranker | None = None
    ) -> None:
        """Open the live snapshot; raises `ToolkitError` if there is none that can serve."""
        self._store = store
        self._embedder = embedder
        self._reranker = reranker
        self._assistant = Assistant(store.open(), embedder, reranker)
        self._earlier: Assistant | None = None  # the last one that a permalink asked for
        self._tried = self._assistant.snapshot.id
        self._opening = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Return the assistant for the settings' data folder."""
        embedder, reranker = load_embedder(settings.model), load_reranker(settings.reranker)
        return cls(SnapshotStore(settings.snapshots), embedder, reranker)

    @property
    def snapshot(self) -> Snapshot:
        """Return the live snapshot."""
        return self._current().snapshot

    def ask(self, question: str, **options: Any) -> Answer:  # noqa: ANN401  # those of Assistant.ask
        """Return the answer to a question, as `Assistant.ask` does."""
        return self._current().ask(question, **options)

    def assistant_of(self, snapshot_id: str) -> Assistant:
        """Return the assistant over a snapshot; raises `SnapshotError` if it cannot serve."""
        current = self._current()
        if snapshot_id == current.snapshot.id:
            return current
        earlier = self._earlier  # another reader may put theirs there at any time
        if earlier is None or earlier.snapshot.id != snapshot_id:
            snapshot = self._store.open(snapshot_id)
            earlier = self._earlier = Assistant(snapshot, self._embedder, self._reranker)
        return earlier

    def verify(self, text: str) -> tuple[Verification, ...]:
        """Return the verification of each quotation of a text, as `verify` does."""
        return verify(text, assistant=self._current(), store=self._store)

    def reopen(self, permalink: str) -> ReopenedQuote:
        """Return the quote of a permalink and what it says now, as `reopen` does."""
        return reopen(permalink, self._store)

    def neighbours(self, snapshot_id: str, passage_id: str) -> Neighbours:
        """Return the passages before and after one, as an answer's snapshot has them.

        Raises `SnapshotMissingError` if that snapshot is not kept any more.
        """
        return neighbours(self._snapshot(snapshot_id), passage_id)

    def document(self, snapshot_id: str, document_id: str) -> Document:
        """Return a document as an answer's snapshot has it, live or not.

        Raises `SnapshotMissingError` if that snapshot is not kept any more.
        """
        return self._snapshot(snapshot_id).documents[document_id]

    def _snapshot(self, snapshot_id: str) -> Snapshot:
        live = self.snapshot
        return live if live.id == snapshot_id else self._store.open(snapshot_id)

    def _current(self) -> Assistant:
        if self._opening.acquire(blocking=False):  # who comes meanwhile is served by the one before
            try:
                self._take_up()
            finally:
                self._opening.release()
        return self._assistant

    def _take_up(self) -> None:
        try:
            live_id = self._store.current_id()
            if live_id is not None and live_id != self._tried:
                self._tried = live_id
                snapshot = self._store.open(live_id)
                self._assistant = Assistant(snapshot, self._embedder, self._reranker)
        except (ToolkitError, OSError) as error:  # OSError: removed while it is being opened
            logger.warning("The new snapshot cannot serve, the one before stays: %s", error)
