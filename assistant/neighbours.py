"""A passage in, the one before it and the one after it out, as citations: to read on."""

from dataclasses import dataclass

from assistant.answer import Citation, RankedPassage
from assistant.citations import cite, is_verbatim
from corpus.documents import Passage
from corpus.errors import SettingsError
from index.search import Hit
from index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The passages before and after one in its document; None where it begins or ends."""

    before: Citation | None
    after: Citation | None


def neighbours(snapshot: Snapshot, passage_id: str) -> Neighbours:
    """Return the neighbours of a passage, whatever section they are in.

    None stands for a neighbour whose text is not as it was indexed. Raises `SettingsError` for a
    passage that the snapshot does not have.
    """
    rows = [row for row, one in enumerate(snapshot.passages) if one.id == passage_id]
    if not rows:
        message = f"Snapshot {snapshot.id} has no passage {passage_id!r}. Ask again for its id."
        raise SettingsError(message)
    return Neighbours(
        _cited(snapshot, rows[0] - 1, rows[0]), _cited(snapshot, rows[0] + 1, rows[0])
    )


def next_in_section(snapshot: Snapshot, row: int) -> Passage | None:
    """Return the passage that goes on where that of a row ends; None at the end of a section.

    Nor is there one if its text is not as it was indexed.
    """
    passage, after = snapshot.passages[row], _at(snapshot, row + 1)
    if after is None or _section(after) != _section(passage):
        return None
    return after if is_verbatim(snapshot.documents[after.document_id], after) else None


def _section(passage: Passage) -> tuple[str, tuple[str, ...]]:
    return passage.document_id, passage.headings


def _at(snapshot: Snapshot, row: int) -> Passage | None:
    return snapshot.passages[row] if 0 <= row < len(snapshot.passages) else None


def _cited(snapshot: Snapshot, row: int, beside: int) -> Citation | None:
    passage = _at(snapshot, row)
    if passage is None or passage.document_id != snapshot.passages[beside].document_id:
        return None
    document = snapshot.documents[passage.document_id]
    if not is_verbatim(document, passage):
        return None
    hit = Hit(row, passage, cosine=0, bm25=0, phrases=0, late_interaction=0, fused=0)
    return cite(RankedPassage(0, hit), document, snapshot_id=snapshot.id)
