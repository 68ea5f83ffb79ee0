"""The records of an answer, and how they become JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from index.search import Filters, Hit

Outcome = Literal["answered", "related", "not_covered"]

# A conversation before the question: (role, text), the oldest first; role is "user" or another.
History = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: `text` may carry over words of earlier turns."""

    text: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A hit worth showing, `number` from 1; `twins` are later hits with the same words."""

    number: int
    hit: Hit
    twins: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote, word for word, and where it stands.

    `start`, `end` and `highlights` are code points of the document's text, half-open; `quote` is
    that text from start to end and `sha256` its hash. `highlights` are the sentences in it that
    answer. `page_number` counts from 1 and `page_label` is what is printed, both of the page on
    which the quote begins; `last_page_number` is the page on which it ends. `anchor` is the id
    that opens a web page there. `url` is the published text, opened at the page or anchor.
    `also_in` tells what opens the other places where the same words stand. `changed` says that
    the passage is "reworded" or "added" since the release before, None that it is as it was. The
    words of a quote that `is_recognised` were read from a picture by a program, and may be misread.
    """

    number: int
    document_id: str
    work: str
    title: str
    edition: str | None
    language: str
    kind: str
    status: str
    headings: tuple[str, ...]
    page_number: int | None
    page_label: str | None
    last_page_number: int | None
    anchor: str | None
    url: str | None
    counterpart: str | None
    also_in: tuple[str, ...]
    file: str
    passage_id: str
    start: int
    end: int
    quote: str
    lead_in: str | None
    highlights: tuple[tuple[int, int], ...]
    sha256: str
    cosine: float
    bm25: float
    phrases: float
    late_interaction: float
    fused: float
    changed: str | None = None
    is_recognised: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: quotes with citations, never a sentence that nobody wrote.

    `confidence` is the estimated chance that the citations answer the question. `citations` is
    empty when the outcome is *not covered*. `withheld` names passages whose stored text no longer
    has the hash it was built with.
    """

    question: str
    query: str
    outcome: Outcome
    confidence: float
    citations: tuple[Citation, ...]
    snapshot_id: str
    seconds: float
    withheld: tuple[str, ...] = ()


def to_json(record: Answer | Citation) -> Mapping[str, Any]:
    """Return a record as values that `json.dumps` takes."""
    return asdict(record)
