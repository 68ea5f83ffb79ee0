"""A quote's place in, a token out that opens it in the same snapshot later; and back.

A permalink is snapshot/document/start-end/hash: the snapshot's id, the document's id as in an
address, the span, and the beginning of the quote's SHA-256.
"""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote

from corpus.documents import Document, Span, sha256_of
from corpus.errors import SettingsError

_HASH_LENGTH = 12
_PERMALINK = re.compile(
    r"(?P<snapshot>[\w-]+)/(?P<document>[^/\s]+)/(?P<start>\d{1,12})-(?P<end>\d{1,12})/"
    rf"(?P<hash>[0-9a-f]{{{_HASH_LENGTH}}})"
)


def permalink(snapshot_id: str, document_id: str, span: Span, sha256: str) -> str:
    """Return the permalink of a quote, given with its hash."""
    place = f"{quote(document_id, safe='')}/{span.start}-{span.end}"
    return f"{snapshot_id}/{place}/{sha256[:_HASH_LENGTH]}"


@dataclass(frozen=True, slots=True)
class Permalink:
    """What a permalink says."""

    snapshot_id: str
    document_id: str
    span: Span
    sha256_start: str

    @classmethod
    def parse(cls, token: str) -> Self:
        """Return what a token says; raises `SettingsError` for one that is no permalink."""
        match = _PERMALINK.fullmatch(token.strip())
        if match is None or int(match["start"]) >= int(match["end"]):
            message = (
                f"{token!r} is not a permalink of a quote. Copy the whole of it: "
                "SNAPSHOT/DOCUMENT/START-END/HASH."
            )
            raise SettingsError(message, key="permalink")
        span = Span(int(match["start"]), int(match["end"]))
        return cls(match["snapshot"], unquote(match["document"]), span, match["hash"])

    def stands_in(self, document: Document) -> bool:
        """Tell whether a document still has the quote's very words at its place."""
        return sha256_of(self.span.of(document.text)).startswith(self.sha256_start)
