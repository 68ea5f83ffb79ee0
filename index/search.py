"""A query in, hits out: candidates from both indexes, late interaction, fusion."""

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Passage, Source, Span
from corpus.errors import SettingsError, SnapshotError
from index.chosen import UNKNOWN, Worth
from index.embedding import Embedder, Encoding
from index.mixture import Signals
from index.situations import Expected, help_of
from index.snapshot import Snapshot

# How many candidates each of BM25, cosine and situations brings.
CANDIDATES = 100
# How many come because of words searched beside the question's own.
ADDED_CANDIDATES = 20

# What a search can be narrowed by, and what of a source it is compared with.
FILTER_KEYS = (
    "work", "kind", "area", "topic", "language", "edition", "status", "document_id", "file"
)  # fmt: skip

Filters = Mapping[str, tuple[str, ...]]

# Words and marks, which models cut into tokens each on its own.
_WORDS = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with what each signal says of it; all of them rise with likeness.

    `fused` is only comparable between the hits of one search. `reranked` is what a second model
    says of it, None if there is none or the hit was too far down.
    """

    row: int
    passage: Passage
    cosine: float
    bm25: float
    phrases: float
    late_interaction: float
    fused: float
    reranked: float | None = None


class Results(NamedTuple):
    """What a search found: hits best first, the query as the model sees it, all candidates.

    `milliseconds` tells what each stage took, in their order. `expected` is what situations tell of
    the query, None if there are none.
    """

    query: Encoding
    signals: Signals
    hits: tuple[Hit, ...]
    milliseconds: Mapping[str, float] = {}
    expected: Expected | None = None

    @property
    def most_situated(self) -> int | None:
        """Return the row of the passage of which most help is expected; None if of none."""
        expected = self.signals.situations
        if expected is None or not len(expected):
            return None
        return int(self.signals.rows[expected.argmax()])


class Searcher:
    """Searches one snapshot."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        """Refuse a snapshot whose vectors another model made, with `SnapshotError`."""
        if snapshot.manifest.embedder != embedder.identity:
            message = (
                f"Snapshot {snapshot.id} was built with the model {snapshot.manifest.model}, which "
                "is not the one that is set now. Build it again: toolkit-assistant build"
            )
            raise SnapshotError(message)
        self.snapshot = snapshot
        self._embedder = embedder
        self._document_rows = _rows_by_document(snapshot)
        self._languages = _numbered_languages(snapshot)

    def search(
        self, text: str, *, k: int, filters: Filters | None = None, added: Sequence[str] = ()
    ) -> Results:
        """Return the k best passages for a query, best first; equal ones in the order of their id.

        `added` are words to look for beside those of the query. Fewer than k if there are fewer,
        none for a query or a snapshot without words.
        """
        clock = _Clock()
        query = self._embedder.encode_query(text)
        clock.ends("embed")
        allowed = self._allowed(filters or {})
        expected = self._expected(text, query, allowed)
        clock.ends("situations")
        signals = self._signals(text, query, allowed, " ".join(added), expected, clock)
        columns = (*signals[: signals._fields.index("added")], signals.fused)
        hits = [
            Hit(int(row), self.snapshot.passages[row], *map(float, values))
            for row, *values in zip(*columns, strict=True)
        ]
        hits.sort(key=lambda hit: (-hit.fused, hit.passage.id))
        clock.ends("mix")
        return Results(query, signals, tuple(hits[:k]), clock.milliseconds, expected)

    def part_interactions(
        self, query: Encoding, hit: Hit, parts: Sequence[str]
    ) -> NDArray[np.float32]:
        """Return the late interaction of a query with each of the parts that make up a hit's text.

        No part is embedded anew: the tokens of a passage's text are the last that were embedded
        for it, and the parts share them in order. Only where the model has no token vectors, or
        chooses among them, it is the cosine of each part.
        """
        late = self.snapshot.late
        if late.has_vectors and getattr(self._embedder, "vectors_follow_text", True):
            counts = [self._embedder.count_tokens(part) for part in parts]
            return late.part_interactions(query, hit.row, counts)
        encodings = self._embedder.encode_passages(parts)
        return np.array([one.vector @ query.vector for one in encodings], dtype=np.float32)

    def worth(self, results: Results, hit: Hit, sentences: Sequence[Span]) -> list[Worth]:
        """Return how much each sentence of a hit is expected to answer, as situations tell."""
        situations = self.snapshot.situations
        if situations is None or results.expected is None:
            return [UNKNOWN] * len(sentences)
        return situations.chosen.worth(hit.row, sentences, results.expected.nearness)

    def has_token(self, word: str) -> bool:
        """Tell whether the model has a token for a word, and need not put it together."""
        return self._embedder.count_tokens(word) == 1

    def word_matches(self, text: str, query: Encoding, hits: Sequence[Hit]) -> dict[str, float]:
        """Return for each word of a query, in lower case, how near the nearest word in hits is.

        The best cosine of its tokens, the least of them where it has several. Empty without hits,
        or if the words of the text are not what the query was encoded from.
        """
        words = _WORDS.findall(text)
        ends = np.cumsum([self._embedder.count_tokens(word) for word in words])
        late = self.snapshot.late
        if not hits or not late.has_vectors or not len(ends) or ends[-1] != len(query.token_ids):
            return {}
        best = np.max([late.token_matches(query, hit.row) for hit in hits], axis=0)
        matches = np.split(best, ends[:-1])
        return {
            word.casefold(): float(own.min())
            for word, own in zip(words, matches, strict=True)
            if len(own)
        }

    def _expected(
        self, text: str, query: Encoding, allowed: NDArray[np.int64] | None
    ) -> Expected | None:
        situations = self.snapshot.situations
        if situations is None or not len(query.token_ids):
            return None
        return situations.expected(text, query, allowed)

    def _signals(
        self,
        text: str,
        query: Encoding,
        allowed: NDArray[np.int64] | None,
        added: str,
        expected: Expected | None,
        clock: "_Clock",
    ) -> Signals:
        """Return every signal for the candidates of a query, given with its encoding."""
        lexical, late = self.snapshot.lexical, self.snapshot.late
        bm25 = lexical.bm25(text)
        bm25_added = lexical.bm25(added) if added else None
        rows = self._candidates(query, bm25, bm25_added, allowed)
        if expected is not None:
            rows = np.union1d(rows, _best(expected.rows, expected.help, CANDIDATES))
        cosine = self.snapshot.dense.cosines(query.vector, rows)
        phrases = lexical.phrases(text)[rows]
        clock.ends("candidates")
        interactions = late.late_interactions(query, rows) if late.has_vectors else cosine
        clock.ends("late_interaction")
        return Signals(
            rows,
            cosine=cosine,
            bm25=bm25[rows],
            phrases=phrases,
            late_interaction=interactions,
            added=None if bm25_added is None else bm25_added[rows],
            has_token_vectors=late.has_vectors,
            situations=None if expected is None else help_of(rows, expected, interactions),
            languages=self._languages[rows],
        )

    def _candidates(
        self,
        query: Encoding,
        bm25: NDArray[np.float32],
        added: NDArray[np.float32] | None,
        allowed: NDArray[np.int64] | None,
    ) -> NDArray[np.int64]:
        """Return the rows that BM25 or cosine puts among its best, in ascending order."""
        nearest = np.empty(0, dtype=np.int64)
        if len(query.token_ids):
            nearest = self.snapshot.dense.top(query.vector, CANDIDATES, allowed)
        found = np.union1d(nearest, _best_matching(bm25, CANDIDATES, allowed))
        if added is None:
            return found
        return np.union1d(found, _best_matching(added, ADDED_CANDIDATES, allowed))

    def _allowed(self, filters: Filters) -> NDArray[np.int64] | None:
        """Return the rows of the documents that pass the filters, None if all do."""
        if not filters:
            return None
        documents = self.snapshot.documents.values()
        passing = [
            self._document_rows[document.id]
            for document in documents
            if any(passes(source, filters) for source in (document.source, *document.twins))
        ]
        if len(passing) == len(documents):
            return None
        return np.concatenate([np.empty(0, dtype=np.int64), *passing])


class _Clock:
    """What each stage of a search took, in milliseconds."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}
        self._started = time.perf_counter()

    def ends(self, stage: str) -> None:
        """Take down what a stage took that ends now."""
        now = time.perf_counter()
        self.milliseconds[stage] = 1000 * (now - self._started)
        self._started = now


def _best_matching(
    bm25: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return the k rows with the highest BM25; fewer if fewer match."""
    matching = np.flatnonzero(bm25) if allowed is None else allowed[bm25[allowed] > 0]
    return _best(matching, bm25[matching], k)


def _best(rows: NDArray[np.int64], values: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the k rows with the highest values, best first; fewer if there are fewer."""
    return rows[np.argsort(-values, kind="stable")[:k]]


def check_filter_key(key: str) -> str:
    """Return a key to filter by; raises `SettingsError` for any other."""
    if key not in FILTER_KEYS:
        raise SettingsError(f"Cannot filter by {key!r}. Use one of: {', '.join(FILTER_KEYS)}.")
    return key


def passes(source: Source, filters: Filters) -> bool:
    """Tell whether a source has one of the wanted values for every key, letter case aside.

    A file passes by its path or its name. Raises `SettingsError` for a key that is none of
    `FILTER_KEYS`.
    """
    for key in filters:
        check_filter_key(key)
    for key, wanted in filters.items():
        value = source.id if key == "document_id" else getattr(source, key)
        values = {value.casefold()} if value else set()
        if key == "file":
            values.add(value.rsplit("/", 1)[-1].casefold())
        if values.isdisjoint(one.casefold() for one in wanted):
            return False
    return True


def _numbered_languages(snapshot: Snapshot) -> NDArray[np.int64]:
    """Return a number for the language of each passage, 0 for that of most."""
    languages = [one.language for one in snapshot.passages]
    numbers = {name: number for number, (name, _) in enumerate(Counter(languages).most_common())}
    return np.array([numbers[name] for name in languages], dtype=np.int64)


def _rows_by_document(snapshot: Snapshot) -> dict[str, NDArray[np.int64]]:
    rows: dict[str, list[int]] = {document_id: [] for document_id in snapshot.documents}
    for row, passage in enumerate(snapshot.passages):
        rows[passage.document_id].append(row)
    return {document_id: np.array(own, dtype=np.int64) for document_id, own in rows.items()}
