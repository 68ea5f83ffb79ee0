"""An earlier reading of a folder: what of it stands for files that need not, or cannot, be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from corpus.documents import Document, Source


@dataclass(frozen=True, slots=True)
class Earlier:
    """The documents of an earlier reading of the same folder, by file.

    `same_reader` tells whether the same file would be read the same way now.
    """

    documents: Mapping[str, Document] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()
    detected: frozenset[str] = frozenset()
    same_reader: bool = False

    def document(self, file: str, sha256: str, entry: Source | None) -> Document | None:
        """Return what reading these bytes again would give, None if that cannot be told."""
        known = self.documents.get(file)
        if known is None or not self.same_reader or known.file_sha256 != sha256:
            return None
        if entry is None:  # its guessed work is its guessed id before that was numbered
            guessed = replace(known.source, id=known.source.work)
            is_guessed = file in self.guessed
            return replace(known, source=guessed, twins=()) if is_guessed else None
        detected, language = file in self.detected, known.source.language
        same = entry.language == language if entry.language else detected
        source = replace(entry, language=language)
        return replace(known, source=source, twins=()) if same else None

    def last_good(self, file: str, entry: Source | None) -> Document | None:
        """Return the document as it was read last, None if it never was."""
        known = self.documents.get(file)
        if known is None:
            return None
        source = replace(entry, language=known.source.language) if entry else known.source
        return replace(known, source=source, twins=())


NOTHING_READ = Earlier()
