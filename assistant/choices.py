"""An answer in; out of it what a reader may have meant, where that changes the answer.

Guidance on public forces and on private guards differs, and an older edition may say otherwise.
A question that names neither is not guessed at: both are offered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from corpus.documents import Document, Source
from index.snapshot import Snapshot

# Words by which a question says whom it means, beginnings of words in the page's languages.
_PUBLIC = (
    r"\b(?:polic|soldier|army|militar|troop|gendarm|public (?:security )?forces?|state forces?"
    r"|soldat|arm[ée]e|forces? publi|soldad|ej[ée]rcito|fuerzas? p[úu]blic|navy|marines)|军|警"
)
_PRIVATE = (
    r"\b(?:private|guards?\b|psc|psp|provider|contractor|gardien|vigil|guardi|seguridad privad"
    r"|s[ée]curit[ée] priv)|保安|私营"
)
_SIDES = (("public", _PUBLIC), ("private", _PRIVATE))

# Headings offered to go on with.
MOST_FOLLOWUPS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that one reading of the question asks for; `status` is that of what it leads to."""

    key: str
    value: str
    status: str = "current"


def choices_of(answer: Answer, snapshot: Snapshot) -> tuple[Choice, ...]:
    """Return the readings that an answer leaves open: whose conduct is meant, which edition."""
    documents = [
        snapshot.documents[one.document_id]
        for one in answer.citations
        if one.document_id in snapshot.documents
    ]
    sources = [document.source for document in documents]
    return (*_sides(answer.question, sources, snapshot), *_editions(sources, snapshot))


def _sides(question: str, sources: Sequence[Source], snapshot: Snapshot) -> Iterator[Choice]:
    """Yield the areas on public and on private forces if the answer leans on one or on both.

    All passages may be on one of them and none on the one that was meant.
    """
    if any(re.search(words, question, re.IGNORECASE) for _, words in _SIDES):
        return
    cited = [_side(source) for source in sources]
    if not cited or not (cited[0] or len(set(cited) - {""}) > 1):
        return
    library = (one.source for one in snapshot.documents.values() if one.source.status == "current")
    areas = {_side(source): source.area for source in library if source.area}
    if all(areas.get(side) for side, _ in _SIDES):
        yield from (Choice("area", str(areas[side])) for side, _ in _SIDES)


def _side(source: Source) -> str:
    """Return which of the two sides a source is on; empty if on neither."""
    area = (source.area or "").lower()
    return next((side for side, _ in _SIDES if side in area), "")


def _editions(sources: Iterable[Source], snapshot: Snapshot) -> Iterator[Choice]:
    """Yield the other editions of the work cited first, in its language."""
    first = next(iter(sources), None)
    if first is None:
        return
    for other in snapshot.documents.values():
        source = other.source
        same = (source.work, source.language) == (first.work, first.language)
        if same and source.edition and source.edition != first.edition:
            yield Choice("edition", source.edition, source.status)


def followups_of(answer: Answer, snapshot: Snapshot) -> tuple[str, ...]:
    """Return headings that stand next to those cited first, in the words of the document."""
    if answer.outcome != "answered":
        return ()
    best = answer.citations[0]
    document = snapshot.documents.get(best.document_id)
    if document is None:
        return ()
    cited = {one.headings[-1] for one in answer.citations if one.headings}
    return tuple(
        [one for one in _next_headings(document, best.start) if one not in cited][:MOST_FOLLOWUPS]
    )


def _next_headings(document: Document, start: int) -> list[str]:
    """Return the innermost headings of the sections after a place, then of those before it."""
    with_headings = [one for one in document.sections if len(one.headings) > 1]
    after = [one.headings[-1] for one in with_headings if one.span.start > start]
    before = [one.headings[-1] for one in with_headings if one.span.end <= start]
    return list(dict.fromkeys(after + before))


def limits_of(answer: Answer, snapshot: Snapshot) -> tuple[tuple[str, ...], ...]:
    """Return for each citation the sentences that limit what its marks say."""
    return tuple(
        tuple(snapshot.documents[one.document_id].text[start:end] for start, end in one.exceptions)
        for one in answer.citations
    )
