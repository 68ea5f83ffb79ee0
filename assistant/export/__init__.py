"""Quotes in, a file out that a memo, a word processor or a reference manager opens.

Quotes are verbatim in every format, the answering sentences marked where a format can; each comes
with its edition, page, address, snapshot and hash, so that it can be checked again later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.export.entries import Entry, Export, make_export
from assistant.export.markdown import to_markdown
from assistant.export.pdf import to_pdf
from assistant.export.references import to_bibtex, to_csl, to_ris
from assistant.export.word import to_docx
from assistant.texts import Texts
from corpus.errors import SettingsError

__all__ = ["FORMATS", "Entry", "ExportedFile", "export"]


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to be saved: its name, media type and content."""

    name: str
    media_type: str
    data: bytes


# Suffix, media type and writer of each format.
FORMATS: dict[str, tuple[str, str, Callable[[Export, Texts], bytes]]] = {
    "md": ("md", "text/markdown;charset=utf-8", to_markdown),
    "docx": (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        to_docx,
    ),
    "pdf": ("pdf", "application/pdf", to_pdf),
    "ris": ("ris", "application/x-research-info-systems;charset=utf-8", to_ris),
    "bibtex": ("bib", "application/x-bibtex;charset=utf-8", to_bibtex),
    "csl": ("json", "application/vnd.citationstyles.csl+json", to_csl),
}


def export(
    entries: Sequence[Entry], kind: str, texts: Texts, *, question: str | None = None
) -> ExportedFile:
    """Return a file of quotes, each with the id of its snapshot; of an answer with its question.

    Raises `SettingsError` for a format that there is not, and without quotes.
    """
    if kind not in FORMATS:
        raise SettingsError(f"There is no format {kind[:40]!r}; take one of {', '.join(FORMATS)}.")
    if not entries:
        raise SettingsError("There is no quote to save.", key="no_quote")
    suffix, media_type, write = FORMATS[kind]
    contents = make_export(entries, question)
    return ExportedFile(
        f"toolkit-quotes-{contents.saved}.{suffix}", media_type, write(contents, texts)
    )
