"""The records of the corpus: what a source, a document and its parts are.

Positions are code points of `Document.text`, half-open: `document.text[span.start:span.end]`.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text; empty when start equals end."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]

    def contains(self, other: "Span") -> bool:
        """Tell whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of the catalogue: one text in one edition and language.

    `file` is the path relative to the documents folder, with forward slashes. `language` is an
    ISO 639-1 code, empty where it is to be found out from the text. `url` is where the text
    itself is published, `counterpart` the address of an official publication on the same subject.
    What is not known is None.
    """

    id: str
    file: str
    work: str
    title: str
    edition: str | None = None
    language: str = ""
    kind: str = "document"
    status: Literal["current", "superseded", "withdrawn"] = "current"
    area: str | None = None
    topic: str | None = None
    publisher: str | None = None
    licence: str | None = None
    url: str | None = None
    counterpart: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paged document: `number` counts from 1, `label` is what is printed on it."""

    number: int
    label: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row.

    `level` is 1–6 for a heading, the depth from 1 for an item, and 0 otherwise. `anchor` is the
    id that opens a web page at this block.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading path, from the outermost heading inwards, and the text that stands under it.

    The span starts at the innermost heading and ends where the next heading starts; text before
    the first heading is a section with no headings. Sections do not overlap and are in order.
    `language` is that of the document, unless the section is clearly in another.
    """

    headings: tuple[str, ...]
    span: Span
    anchor: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Document:
    """A source once read. Its text is repaired before any span exists and never changes after.

    `pages` is empty for formats without pages; otherwise the pages cover the text without a gap
    (a page without text has an empty span). `blocks` are in reading order and do not overlap.
    `recognised_pages` are the numbers of the pages whose text a program read from a picture;
    `taken_out` is what was left out: running heads and foots, each once, "#" for its numbers; of a
    web page what surrounds its text, each part by its first words. `attachments` are the names of
    files inside the file, which are not read.
    `twins` are the sources of other files with the same text, which are not read twice.
    """

    source: Source
    text: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    file_sha256: str
    recognised_pages: tuple[int, ...] = ()
    taken_out: tuple[str, ...] = ()
    twins: tuple[Source, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the id of the source."""
        return self.source.id

    def pages_of(self, span: Span) -> tuple[Page, ...]:
        """Return the pages that hold a part of `span`, in order; empty without pages."""
        return tuple(
            page for page in self.pages if page.span.start < span.end and span.start < page.span.end
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: a span of one document, inside one section.

    `text` equals the span of the document's text and `sha256` is the hash of that text. `lead_in`
    is the span of the sentence that introduces the list or table which the passage continues,
    when that sentence lies outside the passage, and `lead_in_sha256` the hash of its text. The
    words of a passage that `is_recognised` were read from a picture, and may be misread.
    """

    id: str
    document_id: str
    span: Span
    text: str
    headings: tuple[str, ...]
    anchor: str | None
    lead_in: Span | None
    sha256: str
    lead_in_sha256: str | None = None
    language: str = "en"
    is_recognised: bool = False


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
