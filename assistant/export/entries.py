"""What every format of an export is written from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.answer import Citation
from assistant.citations import describe, where
from assistant.texts import Texts

# A citation and the id of the snapshot that it is taken from.
Entry = tuple[str, Citation]


@dataclass(frozen=True, slots=True)
class Export:
    """Quotes to be written down, numbered anew; `question` is None for a dossier."""

    entries: tuple[Entry, ...]
    question: str | None
    saved: str


def make_export(entries: Sequence[Entry], question: str | None) -> Export:
    """Return the quotes as they are on this day."""
    return Export(tuple(entries), question, f"{datetime.now(UTC):%Y-%m-%d}")


def heading(contents: Export, texts: Texts) -> str:
    """Return what stands at the head: the question, or that it is a dossier."""
    return contents.question or texts.plain("dossier.title")


def caveat(texts: Texts) -> str:
    """Return what an export is not, which stands at its foot."""
    return f"{texts.plain('frame.caveat')} {texts.plain('frame.independent')}"


def parts(citation: Citation) -> Iterator[tuple[str, bool]]:
    """Yield the quote in pieces, each with whether it is a sentence that answers."""
    end = citation.start
    for start, stop in sorted(citation.highlights):
        yield citation.quote[end - citation.start : start - citation.start], False
        yield citation.quote[start - citation.start : stop - citation.start], True
        end = stop
    yield citation.quote[end - citation.start :], False


def source_lines(entry: Entry, texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield the label and the value of what is known of a quote's source."""
    snapshot_id, citation = entry
    yield texts.plain("export.source"), describe(citation)
    yield (
        texts.plain("filter.language"),
        texts.words.get(f"language.{citation.language}", citation.language),
    )
    yield texts.plain("export.opens"), where(citation)
    if citation.counterpart:
        yield texts.plain("source.official"), citation.counterpart
    yield texts.plain("export.snapshot"), snapshot_id
    yield "SHA-256", citation.sha256
    yield texts.plain("export.permalink"), citation.permalink
