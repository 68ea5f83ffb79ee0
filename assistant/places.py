"""A place in a snapshot's document: what the browser keeps of a quote, and how it is cited again.

A browser holds places, never quotes: what is shown or exported is always cut from the stored text.
"""

import json
from dataclasses import dataclass
from typing import Self

from assistant.answer import Citation, RankedPassage
from assistant.citations import cite, is_verbatim
from corpus.documents import Document, Passage, Span, sha256_of
from corpus.errors import SettingsError, SnapshotDamagedError
from index.search import Hit
from index.snapshot import Snapshot

# A place that a browser sends is a few hundred characters long.
_MOST_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """A quote's span of a document in a snapshot; `marks` are the sentences in it that answer."""

    snapshot_id: str
    document_id: str
    span: Span
    marks: tuple[Span, ...] = ()

    @classmethod
    def of(cls, snapshot_id: str, citation: Citation) -> Self:
        """Return where a citation's quote stands."""
        marks = tuple(Span(*edges) for edges in citation.highlights)
        return cls(snapshot_id, citation.document_id, Span(citation.start, citation.end), marks)

    @classmethod
    def from_json(cls, text: object) -> Self:
        """Return the place that a browser sends; raises `SettingsError` for anything else."""
        try:
            values = json.loads(str(text)[:_MOST_CHARACTERS])
            marks = tuple(Span(int(start), int(end)) for start, end in values.get("marks", ()))
            span = Span(int(values["start"]), int(values["end"]))
            return cls(str(values["snapshot"]), str(values["document"]), span, marks)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SettingsError("This is no place in a document.", key="place") from error

    def to_json(self) -> str:
        """Return the place on one line, as a browser keeps it."""
        values = {
            "snapshot": self.snapshot_id,
            "document": self.document_id,
            "start": self.span.start,
            "end": self.span.end,
            "marks": [[mark.start, mark.end] for mark in self.marks],
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def fitted(place: Place, document: Document) -> Place:
    """Return the place; raises `SettingsError` if it does not lie in the document's text."""
    whole = Span(0, len(document.text))
    inside = whole.contains(place.span) and all(place.span.contains(mark) for mark in place.marks)
    backwards = any(one.end < one.start for one in (place.span, *place.marks))
    if backwards or not inside:
        raise SettingsError("This place is not in the document.", key="place")
    return place


def cite_place(snapshot: Snapshot, place: Place, *, number: int = 1) -> Citation:
    """Return the citation of a place, its headings those of the passage that holds its beginning.

    Raises `SettingsError` if the snapshot has no such place, `SnapshotDamagedError` if its text is
    not as it was indexed.
    """
    document = snapshot.documents.get(place.document_id)
    if document is None:
        raise SettingsError("The snapshot has no such document.", key="place")
    span = fitted(place, document).span
    text = span.of(document.text)
    own = [one for one in snapshot.passages if one.document_id == document.id]
    holding = next((one for one in own if span.start < one.span.end), own[-1])
    if not is_verbatim(document, holding):
        message = f"Passage {holding.id} is not as it was indexed and is withheld. Build again."
        raise SnapshotDamagedError(message)
    is_whole = holding.span == span
    passage = Passage(
        id=holding.id,
        document_id=document.id,
        span=span,
        text=text,
        headings=holding.headings,
        anchor=holding.anchor,
        lead_in=holding.lead_in if is_whole else None,
        sha256=sha256_of(text),
        language=holding.language,
    )
    hit = Hit(0, passage, cosine=0, bm25=0, phrases=0, late_interaction=0, fused=0)
    return cite(
        RankedPassage(number, hit), document, snapshot_id=snapshot.id, highlights=place.marks
    )
