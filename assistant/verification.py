"""Text from anyone's memo in; for each quotation in it: exact, altered or not found, and where.

"[…]" stands for what was left out, which is told. All editions are looked through, in the live
snapshot and in those before it that are kept.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np

from assistant.answer import Citation, RankedPassage
from assistant.citations import cite
from assistant.engine import Assistant
from assistant.matching import Difference, Plain, compare, find_exactly, find_likest, plain
from corpus.documents import Document, Passage, Span, sha256_of
from corpus.errors import SnapshotError
from index.lexical import terms_of
from index.search import Hit
from index.snapshot import Snapshot, SnapshotStore

logger = logging.getLogger(__name__)

Verdict = Literal["exact", "altered", "not_found"]

# A stretch in quotation marks is taken for a quotation from this many words on; shorter ones are
# terms.
FEWEST_WORDS = 4
# Passages looked through for what was altered; see tests/benchmarks/check_verdicts.py.
CANDIDATES = 10

# A quotation ends before an empty line; an apostrophe in a word does not end one.
_QUOTED = re.compile(
    r"“((?:(?!\n\s*\n)[^“”])+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|‹([^‹›]+)›"
    r"|\"((?:(?!\n\s*\n)[^\"])+)\"|(?<!\w)‘((?:[^‘’]|’(?=\w))+)’(?!\w)"
)
_LEFT_OUT = re.compile(r"\s*(?:\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\.\.)\s*")


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of one quotation.

    The citation's quote is what stands, word for word; None if nothing like it was found. The
    differences are empty unless it was altered. `left_out` has what stands where an exact
    quotation has "[…]": it may be the word that turns it. `retyped` tells that an exact one
    differs in typography.

    `snapshot_id` is where the citation is from, None without one. If that is not the live
    snapshot, `current` is what stands in `live_snapshot_id` instead, None if nothing like it does,
    and `differences_now` are the words in which the quotation differs from that.
    """

    quotation: str
    verdict: Verdict
    citation: Citation | None
    differences: tuple[Difference, ...] = ()
    left_out: tuple[str, ...] = ()
    retyped: bool = False
    snapshot_id: str | None = None
    live_snapshot_id: str | None = None
    current: Citation | None = None
    differences_now: tuple[Difference, ...] = ()


def verify(
    text: str, *, assistant: Assistant, store: SnapshotStore | None = None
) -> tuple[Verification, ...]:
    """Return the verification of each quotation of a text, in order; none for a blank text.

    Quotations are what stands in quotation marks; without any the whole text is one. All
    editions are looked through, the current ones first; then the older snapshots of the store,
    the newest first, for what does not stand in the live one.
    """
    verified = (_verify(one, assistant, store) for one in find_quotations(text))
    return tuple(replace(one, live_snapshot_id=assistant.snapshot.id) for one in verified)


def find_quotations(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, else the text; terms of a few words are left out."""
    quoted = [next(filter(None, groups)).strip() for groups in _QUOTED.findall(text)]
    long_enough = [one for one in quoted if len(terms_of(one, "")) >= FEWEST_WORDS]
    whole = text.strip().strip("“”„«»\"'‘’ \n")
    return tuple(long_enough) or ((whole,) if whole else ())


def _verify(quotation: str, assistant: Assistant, store: SnapshotStore | None) -> Verification:
    live = assistant.snapshot
    if exact := _exact(quotation, live):
        return exact
    now = _altered(quotation, live, _nearest_passages(quotation, assistant))
    older = list(_older(live, store))
    for snapshot in older:
        if exact := _exact(quotation, snapshot):
            current, differences = (now.citation, now.differences) if now else (None, ())
            return replace(exact, current=current, differences_now=differences)
    if now:
        return now
    before = (_altered(quotation, one, _matching_passages(quotation, one)) for one in older)
    return next(filter(None, before), Verification(quotation, "not_found", None))


def _older(live: Snapshot, store: SnapshotStore | None) -> Iterator[Snapshot]:
    """Yield the other kept snapshots, the newest first, those left out that cannot be opened."""
    read = {live.manifest.files["documents.jsonl"]}
    for snapshot_id in reversed(store.ids() if store else ()):
        if store is None or snapshot_id == live.id:
            continue
        try:
            snapshot = _opened(store.folder, snapshot_id)
        except (SnapshotError, OSError) as error:  # OSError: removed while it is being opened
            logger.warning("Snapshot %s cannot be looked through: %s", snapshot_id, error)
            continue
        documents = snapshot.manifest.files["documents.jsonl"]
        if documents not in read:  # the same documents, built again, say nothing new
            read.add(documents)
            yield snapshot


@lru_cache(maxsize=8)  # checking all files of a snapshot takes a while
def _opened(folder: Path, snapshot_id: str) -> Snapshot:
    return SnapshotStore(folder).open(snapshot_id)


def _exact(quotation: str, snapshot: Snapshot) -> Verification | None:
    parts = [part for part in _LEFT_OUT.split(quotation) if part.strip()]
    for document in _current_first(snapshot):
        stored = plain_documents(snapshot)[document.id]
        if stretches := find_exactly(parts, document, stored):
            span = Span(stretches[0].start, stretches[-1].end)
            between = [Span(one.end, other.start) for one, other in pairwise(stretches)]
            return Verification(
                quotation,
                "exact",
                cite_span(document, span, snapshot),
                left_out=tuple(gap.of(document.text).strip() for gap in between),
                retyped=len(parts) == 1 and quotation != span.of(document.text),
                snapshot_id=snapshot.id,
            )
    return None


def _current_first(snapshot: Snapshot) -> list[Document]:
    documents = snapshot.documents.values()
    return sorted(documents, key=lambda document: document.source.status != "current")


@lru_cache(maxsize=8)  # the live snapshot and those before it
def plain_documents(snapshot: Snapshot) -> dict[str, Plain]:
    """Return what is compared of each document of a snapshot, by its id."""
    return {key: plain(document.text) for key, document in snapshot.documents.items()}


def _altered(
    quotation: str, snapshot: Snapshot, passages: Iterable[Passage]
) -> Verification | None:
    """Return the verification by the stretch that is most like a quotation; None without one."""
    likest: tuple[float, Document, Span] | None = None
    for passage in passages:
        document = snapshot.documents[passage.document_id]
        found = find_likest(quotation, document, passage.span)
        if found and (likest is None or found.likeness > likest[0]):
            likest = (found.likeness, document, found.span)
    if likest is None:
        return None
    _, document, span = likest
    differences = tuple(compare(quotation, span.of(document.text)))
    citation = cite_span(document, span, snapshot)
    return Verification(quotation, "altered", citation, differences, snapshot_id=snapshot.id)


def _nearest_passages(quotation: str, assistant: Assistant) -> list[Passage]:
    statuses = {"status": ("current", "superseded", "withdrawn")}
    found = assistant.search(quotation, filters=statuses, k=CANDIDATES)
    by_id = {one.id: one for one in assistant.snapshot.passages}
    return [by_id[one.passage_id] for one in found]


def _matching_passages(quotation: str, snapshot: Snapshot) -> list[Passage]:
    """Return the best passages by BM25, for which no model is needed."""
    bm25 = snapshot.lexical.bm25(quotation)
    best = np.argsort(-bm25, kind="stable")[:CANDIDATES]
    return [snapshot.passages[row] for row in best if bm25[row] > 0]


def cite_span(document: Document, span: Span, snapshot: Snapshot) -> Citation:
    """Return the citation of a span, placed by the passage that holds its beginning."""
    passages = [one for one in snapshot.passages if one.document_id == document.id]
    holding = next((one for one in passages if span.start < one.span.end), passages[-1])
    text = span.of(document.text)
    passage = replace(
        holding,
        span=span,
        text=text,
        lead_in=None,
        lead_in_sha256=None,
        sha256=sha256_of(text),
    )
    hit = Hit(0, passage, cosine=0, bm25=0, phrases=0, late_interaction=0, fused=0)
    return cite(RankedPassage(1, hit), document, snapshot_id=snapshot.id, highlights=(span,))
