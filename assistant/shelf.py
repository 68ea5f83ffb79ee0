"""Places in documents in; out of the snapshots and files what a reader sees of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from assistant.answer import Citation
from assistant.live import LiveAssistant
from assistant.originals import original_of
from assistant.pages.source import Opened
from assistant.pictures import picture_of
from assistant.places import Place, cite_place, fitted
from corpus.errors import SettingsError, SnapshotError, UnreadableFileError

# Quotes in a dossier beyond this are left out: a browser's memory is no archive.
MOST_KEPT = 200


class Shelf:
    """The documents of all kept snapshots, and the files that they were read from."""

    def __init__(self, toolkit: LiveAssistant, documents: Path) -> None:
        """Look files up in `documents`, the folder that the toolkit's were read from."""
        self._toolkit = toolkit
        self._documents = documents

    def open(self, place: Place, *, number: int = 0, as_text: bool = False) -> Opened:
        """Return a source at a place; of a PDF the page with a number, or that of the place.

        Raises `SettingsError` if there is no such place, `SnapshotError` without its snapshot.
        """
        snapshot = self._toolkit.assistant_of(place.snapshot_id).snapshot
        citation = cite_place(snapshot, place)
        document = snapshot.documents[place.document_id]
        opened = Opened(document, fitted(place, document), citation)
        if not document.pages:
            return opened
        path = original_of(document, self._documents)
        if path is None:
            return replace(opened, fallback="source.no_file")
        opened = replace(opened, original=_address(place, citation.page_number or 1))
        return opened if as_text else _with_picture(opened, path, number)

    def kept(self, places: Sequence[Place]) -> Iterator[tuple[Place, Citation]]:
        """Yield places with their citations, numbered; one in no snapshot any more is left out."""
        number = 1
        for place in places:
            try:
                snapshot = self._toolkit.assistant_of(place.snapshot_id).snapshot
                yield place, cite_place(snapshot, place, number=number)
                number += 1
            except (SnapshotError, SettingsError):
                continue

    def original(self, snapshot_id: str, document_id: str) -> Path | None:
        """Return the PDF that a document was read from; None if it cannot be served."""
        try:
            document = self._toolkit.document(snapshot_id, document_id)
        except (SnapshotError, KeyError):
            return None
        path = original_of(document, self._documents)
        return path if path is not None and path.suffix.lower() == ".pdf" else None


def places_from_json(sent: object) -> tuple[Place, ...]:
    """Return the places of a list that a browser sends, the first `MOST_KEPT` of them."""
    return tuple(Place.from_json(json.dumps(one)) for one in json.loads(str(sent))[:MOST_KEPT])


def _address(place: Place, page_number: int) -> str:
    """Return the address at which the page serves the PDF of a place, opened at a page."""
    parts = (quote(place.snapshot_id, safe=""), quote(place.document_id, safe=""))
    return f"original/{'/'.join(parts)}#page={page_number}"


def _with_picture(opened: Opened, path: Path, number: int) -> Opened:
    """Return the source with its page as a picture, or with the reason why it is shown as text."""
    try:
        picture = picture_of(path, opened.document, opened.place, number=number)
    except UnreadableFileError:
        return replace(opened, fallback="source.no_picture")
    return replace(opened, picture=picture)
