"""The records of an answer, and how they become JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from index.search import Filters, Hit

Outcome = Literal["answered", "related", "not_covered"]
Strength = Literal["must", "should", "may"]
Leaning = Literal["opening", "pointing", "few_words"]
NoteKey = Literal["", "no_document", "no_words", "cut"]

# A conversation before the question: (role, text), the oldest first; role is "user" or another.
History = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: `text` may carry over the question `after` which `question` is asked.

    `without` are words that shall not be searched beside it. `leans_by` tells what shows that it
    goes on from the one before; it is None without one.
    """

    text: str
    filters: Filters
    question: str = ""
    without: tuple[str, ...] = ()
    after: str = ""
    leans_by: Leaning | None = None


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A hit worth showing, `number` from 1; `twins` are other hits that say the same."""

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
    `also_in` tells what opens the other places where the same, or as good as the same, words
    stand. `changed` says that the passage is "reworded" or "added" since the release before, None
    that it is as it was. The words of a quote that `is_recognised` were read from a picture by a
    program, and may be misread.

    `strength` is the strongest wording of the marked sentences, None if they neither oblige nor
    allow. `exceptions` are the sentences that limit what the marked ones say ("unless",
    "however"): the marked ones themselves, those right after them and the others of their list
    items, as spans of the document's text. `document_sha256` is the hash of the file that was
    read, and `permalink` opens this quote in this snapshot later.
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
    strength: Strength | None = None
    exceptions: tuple[tuple[int, int], ...] = ()
    document_sha256: str = ""
    permalink: str = ""


@dataclass(frozen=True, slots=True)
class ShortSentence:
    """A sentence of the short answer, or what introduces it in the same citation or its lead-in.

    The number of the citation, and the span and text in its document.
    """

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: quotes with citations, never a sentence that nobody wrote.

    `confidence` is the estimated chance that the citations answer the question; one bare word that
    they do not explain, and a question for a kind of thing that none of them has, are at most
    *related*, whatever the chance. `citations` is empty when the outcome is *not covered*.
    `withheld` names passages whose stored text no longer has the hash it was built with.
    `also_searched` are words that were searched beside those of the question or in place of
    misspelt ones: what an acronym stands for, the field's own words, or those of the documents.
    `after` is the question before that it was searched together with, empty if it stands alone.
    `note` says what there is to know of the search, and `note_key` names it for other languages:
    "no_document" passes the filters, the question has "no_words" to search, or was too long and its
    end was "cut" off; else both are empty.

    `short_answer` has the one to three best sentences of all citations, and what introduces those
    of lists and tables, when it is *answered*.
    `lacks` are the telling words of a question that no passage shown has when it is *related*, and
    `nearest_topics` the titles and headings nearest to a question that is *not covered*.
    """

    question: str
    query: str
    outcome: Outcome
    confidence: float
    citations: tuple[Citation, ...]
    snapshot_id: str
    seconds: float
    withheld: tuple[str, ...] = ()
    short_answer: tuple[ShortSentence, ...] = ()
    lacks: tuple[str, ...] = ()
    nearest_topics: tuple[str, ...] = ()
    also_searched: tuple[str, ...] = ()
    note: str = ""
    note_key: NoteKey = ""
    after: str = ""


def to_json(record: Answer | Citation) -> Mapping[str, Any]:
    """Return a record as values that `json.dumps` takes."""
    return asdict(record)
