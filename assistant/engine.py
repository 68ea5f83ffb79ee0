"""The assistant: a question in, a cited answer out — the whole walk on one screen."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, Self

from assistant.answer import Answer, Citation, History, NoteKey, Query, RankedPassage
from assistant.asked_kinds import lacks_kind
from assistant.bare_words import is_bare_word
from assistant.citations import ReadPassage, answering, cite, is_verbatim, sentences_of, where
from assistant.confidence import calibration_for, confidence, of_follow_up, outcome
from assistant.config import Settings
from assistant.coverage import STRANGE, lacking, nearest_topics
from assistant.evidence import Evidence, evidence_of
from assistant.lexicon import Lexicon
from assistant.neighbours import Neighbours, neighbours, next_in_section
from assistant.notices import notices
from assistant.queries import MAX_CHARACTERS, is_cut, standing_alone, to_query
from assistant.ranking import rank_passages
from assistant.respelling import Respelling
from assistant.short_answer import short_answer
from assistant.translations import Translations
from assistant.wording import exceptions_in
from corpus.documents import Document
from index.embedding import Embedder, load_embedder
from index.lexical import UNSPACED_WORD
from index.reranking import RERANKED, Reranker, load_reranker, rerank
from index.search import Filters, Hit, Results, Searcher, passes
from index.snapshot import Snapshot, SnapshotStore

logger = logging.getLogger(__name__)

# Hits looked at for each passage shown: enough to replace the twins among them.
_HITS_PER_PASSAGE = 10
# A question that is answered alone with this confidence does not lean on the one before: it suits
# questions that stand alone and follow-ups together; see tests/benchmarks/RETRIEVAL_LOG.md.
STANDS_ALONE_FROM = 0.95


class Found(NamedTuple):
    """What a query found: every candidate, the passages worth showing, how sure they answer.

    `query` is what was searched in the end, and `evidence` what that found: what the confidence
    follows from, but for a query that leans on the one before.
    """

    query: Query
    results: Results
    ranked: tuple[RankedPassage, ...]
    confidence: float
    evidence: Evidence | None
    also_searched: tuple[str, ...] = ()


class Assistant:
    """Answers questions from one snapshot."""

    def __init__(
        self, snapshot: Snapshot, embedder: Embedder, reranker: Reranker | None = None
    ) -> None:
        self.snapshot = snapshot
        self._reranker = reranker
        self._searcher = Searcher(snapshot, embedder)
        self.calibration = calibration_for(snapshot)

    @classmethod
    def open(cls, settings: Settings, snapshot_id: str | None = None) -> Self:
        """Return the assistant over a snapshot, the live one by default.

        Raises `ToolkitError` if it cannot serve.
        """
        snapshot = SnapshotStore(settings.snapshots).open(snapshot_id)
        return cls(snapshot, load_embedder(settings.model), load_reranker(settings.reranker))

    def ask(
        self,
        question: str,
        *,
        history: History = (),
        filters: Filters | None = None,
        limit: int = 5,
        without: Iterable[str] = (),
    ) -> Answer:
        """Return the answer to a question: at most `limit` quotes, none if it is not covered.

        `history` holds the turns before, the oldest first. `without` are words of an earlier
        answer's `also_searched` that shall be left out. Any text is a question; one without
        words is not covered. Raises `SettingsError` for a filter that does not exist.
        """
        started = time.perf_counter()
        asked = to_query(question, history=history, filters=filters, without=without)
        found = self.find(asked, limit=limit)
        query = found.query
        verdict = outcome(found.confidence, self.calibration)
        shown = found.ranked if verdict != "not_covered" else ()
        verbatim = tuple(one for one in shown if self._is_verbatim(one))
        read = [self._read(one, found.results) for one in verbatim]
        if not read:
            verdict = "not_covered"
        short = short_answer(read) if verdict == "answered" else ()
        if verdict == "answered" and (
            is_bare_word(query, short) or lacks_kind(query.question, _texts(verbatim))
        ):
            verdict, short = "related", ()
        note_key, note = self._note(question, found)
        return Answer(
            question=question,
            query=query.text,
            outcome=verdict,
            confidence=round(found.confidence, 4),
            citations=tuple(map(self._cite, read)),
            snapshot_id=self.snapshot.id,
            seconds=round(time.perf_counter() - started, 4),
            withheld=tuple(one.hit.passage.id for one in shown if one not in verbatim),
            short_answer=short,
            lacks=lacking(query, found.results, verbatim, self._searcher)
            if verdict == "related"
            else (),
            nearest_topics=nearest_topics(found.results.hits, self.snapshot)
            if verdict == "not_covered"
            else (),
            also_searched=found.also_searched,
            note=note,
            note_key=note_key,
            after=query.after,
        )

    def find(self, query: Query, *, limit: int) -> Found:
        """Return the passages that an answer to the query is made of, at most `limit`.

        A query that leans on the one before stands alone if what it finds alone answers it for
        sure, or one of its few words is strange to all of that; else how sure it is follows from
        both. One that finds nothing is searched with its misspelt words mended if that finds more.
        """
        found = self._find(query, limit)
        if outcome(found.confidence, self.calibration) != "not_covered":
            return found
        text, mended = self._respelling.mended(query.text, without=query.without)
        if not mended:
            return found
        again = self._find(replace(query, text=text), limit)
        if again.confidence <= found.confidence:
            return found
        return again._replace(also_searched=(*mended, *again.also_searched))

    def _find(self, query: Query, limit: int) -> Found:
        if query.leans_by is None:
            return self.find_as_it_is(query, limit)
        alone = self.find_as_it_is(standing_alone(query), limit)
        if self._stands_alone(query, alone):
            return alone
        together = self.find_as_it_is(query, limit)
        sure = of_follow_up(together.confidence, alone.confidence)
        return together._replace(confidence=sure)

    def _stands_alone(self, query: Query, alone: Found) -> bool:
        if query.leans_by == "opening":
            return False
        few = query.leans_by == "few_words"
        return alone.confidence >= STANDS_ALONE_FROM or (few and self._is_strange(alone))

    def find_as_it_is(self, query: Query, limit: int) -> Found:
        """Return the passages that a query finds, whether it leans on the one before or not."""
        query, spelt_out, added = self._worded(query)
        results = self._search(query, added, k=limit * _HITS_PER_PASSAGE)
        ranked = rank_passages(
            results.hits,
            limit=limit,
            is_current=self._is_current,
            adds_nothing=self._adding_nothing(query, results),
        )
        evidence = evidence_of(query, results, self._searcher)
        sure = confidence(evidence, self.calibration)
        also_searched = tuple(dict.fromkeys((*spelt_out, *added)))
        return Found(query, results, ranked, sure, evidence, also_searched)

    def search(
        self, text: str, *, filters: Filters | None = None, k: int = 10
    ) -> tuple[Citation, ...]:
        """Return the k nearest passages, twins included, whatever the confidence."""
        query, _, added = self._worded(to_query(text, filters=filters))
        results = self._search(query, added, k=k)
        ranked = [RankedPassage(number, hit) for number, hit in enumerate(results.hits, start=1)]
        verbatim = [one for one in ranked if self._is_verbatim(one)]
        return tuple(self._cite(self._read(one, results)) for one in verbatim)

    def neighbours(self, passage_id: str) -> Neighbours:
        """Return the passages before and after one, to read on.

        Raises `SettingsError` for a passage that the snapshot does not have.
        """
        return neighbours(self.snapshot, passage_id)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Return the words that the snapshot's documents are also searched with."""
        return Lexicon.of(document.text for document in self.snapshot.documents.values())

    @cached_property
    def _respelling(self) -> Respelling:
        texts = (document.text for document in self.snapshot.documents.values())
        return Respelling(texts, self._searcher.has_token)

    @cached_property
    def _translations(self) -> Translations:
        return Translations(self.snapshot.documents.values())

    @cached_property
    def _notices(self) -> frozenset[str]:
        documents = self.snapshot.documents
        return notices(
            (documents[one.document_id].source.work, one) for one in self.snapshot.passages
        )

    def _adding_nothing(self, query: Query, results: Results) -> Callable[[Hit], bool]:
        """Return what tells of a hit whether it is a translation, or a notice that is not meant."""
        elsewhere = self._translations.instead_of(query)
        nearest = results.most_situated
        is_meant = nearest is not None and self.snapshot.passages[nearest].id in self._notices
        unmeant = frozenset[str]() if is_meant else self._notices
        return lambda hit: hit.passage.document_id in elsewhere or hit.passage.id in unmeant

    def _search(self, query: Query, added: tuple[str, ...], *, k: int) -> Results:
        results = self._searcher.search(query.text, k=k, filters=query.filters, added=added)
        if self._reranker is None:
            return results
        texts = [self._read_again(hit) for hit in results.hits[:RERANKED]]
        hits = rerank(results.hits, texts, query=query.text, reranker=self._reranker)
        return results._replace(hits=hits)

    def _read_again(self, hit: Hit) -> str:
        """Return what a reranker reads of a hit."""
        head = (self._document_of(hit).source.title, *hit.passage.headings)
        return "\n".join((" › ".join(dict.fromkeys(filter(None, head))), hit.passage.text))

    def _is_strange(self, found: Found) -> bool:
        """Tell whether a word of a query is strange to all that it finds, if words are spaced."""
        if UNSPACED_WORD.search(found.query.text):
            return False
        hits = found.results.hits[:_HITS_PER_PASSAGE]  # whatever the limit
        nearest = [RankedPassage(0, hit) for hit in hits]
        query, results = found.query, found.results
        return bool(lacking(query, results, nearest, self._searcher, like_it=STRANGE))

    def _worded(self, query: Query) -> tuple[Query, tuple[str, ...], tuple[str, ...]]:
        """Return the query with acronyms spelt out, what they stand for, and words beside it."""
        added = self.lexicon.words_for(query.text, without=query.without)
        text, spelt_out = self.lexicon.spelt_out(query.text, without=query.without)
        return replace(query, text=text), spelt_out, added

    def _note(self, question: str, found: Found) -> tuple[NoteKey, str]:
        """Return why not all was searched or nothing found, as a key and in words; else empty."""
        query = found.query
        if found.results.hits:
            told = f"Only the first {MAX_CHARACTERS} characters of the question were searched."
            return ("cut", told) if is_cut(question) else ("", "")
        sources = [document.source for document in self.snapshot.documents.values()]
        if any(passes(source, query.filters) for source in sources):
            return "no_words", "The question has no word that could be searched."
        wanted = "; ".join(f"{key}={', '.join(own)}" for key, own in query.filters.items())
        note = f"No document passes the filters: {wanted}. Ask without one of them."
        return "no_document", note

    def _is_verbatim(self, ranked: RankedPassage) -> bool:
        passage = ranked.hit.passage
        verbatim = is_verbatim(self.snapshot.documents[passage.document_id], passage)
        if not verbatim:
            logger.error("Passage %s is not as it was indexed and is withheld", passage.id)
        return verbatim

    def _is_current(self, hit: Hit) -> bool:
        return self._document_of(hit).source.status == "current"

    def _read(self, ranked: RankedPassage, results: Results) -> ReadPassage:
        document = self._document_of(ranked.hit)
        sentences = sentences_of(document, ranked.hit, results, self._searcher)
        return ReadPassage(ranked, document, sentences)

    def _cite(self, read: ReadPassage) -> Citation:
        hit, snapshot_id = read.ranked.hit, self.snapshot.id
        twins = (
            cite(RankedPassage(0, twin), self._document_of(twin), snapshot_id=snapshot_id)
            for twin in read.ranked.twins
        )
        after = next_in_section(self.snapshot, hit.row)
        passages = (hit.passage, after) if after else (hit.passage,)
        marks = [one.span for one in answering(read.sentences)]
        elsewhere = (source.url or source.file for source in read.document.twins)
        citation = cite(
            read.ranked,
            read.document,
            snapshot_id=snapshot_id,
            highlights=marks,
            exceptions=exceptions_in(read.document, passages, marks),
            also_in=dict.fromkeys((*elsewhere, *map(where, twins))),
        )
        return replace(citation, changed=self.snapshot.changed.get(citation.passage_id))

    def _document_of(self, hit: Hit) -> Document:
        return self.snapshot.documents[hit.passage.document_id]


def _texts(ranked: Iterable[RankedPassage]) -> Iterable[str]:
    return (one.hit.passage.text for one in ranked)
