"""Two snapshots in, what changed out: passage by passage, by document and section."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from assistant.matching import compare
from corpus.documents import Document, Passage
from corpus.errors import SettingsError, SnapshotError
from index.snapshot import Snapshot, SnapshotStore

Kind = Literal["same", "moved", "reworded", "added", "removed"]

# From 0 to 100: how alike the letters of two passages of one document must be for the one to be
# the other reworded. Passages on the same subject that were written apart come out below 50.
REWORDED_FROM = 60.0
# What numbers a heading: the same section may have another letter in the next edition.
_NUMBER = re.compile(r"^\W*\w{1,3}[.)]\s+")


@dataclass(frozen=True, slots=True)
class PassageChange:
    """What became of a passage: its words before and after, None where it was not or is not.

    `headings` are those it stands under now, or stood under. `words` are those that differ, before
    and after; empty unless it was reworded. `headings_before` are those that it stood under, empty
    if it was added; `id_before` and `id_after` are its passage ids in the two snapshots.
    """

    kind: Kind
    headings: tuple[str, ...]
    before: str | None
    after: str | None
    words: tuple[tuple[str, str], ...] = ()
    headings_before: tuple[str, ...] = ()
    id_before: str | None = None
    id_after: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What became of a document; `before` or `after` is None if it was added or removed.

    A document that took the place of another edition of the same work and language is compared
    with that one. `changes` leaves out the passages that stayed the same. `language` is its
    text's.
    """

    before: str | None
    after: str | None
    title: str
    edition_before: str | None
    edition_after: str | None
    status_before: str | None
    status_after: str | None
    same: int
    changes: tuple[PassageChange, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two snapshots; documents without any change are left out.

    A change of what the catalogue says of a document, such as its status, is one too.
    """

    old_id: str
    new_id: str
    counts: Mapping[Kind, int]
    documents: tuple[DocumentChange, ...]


def find_changes(old: Snapshot, new: Snapshot) -> Changes:
    """Return what changed from one snapshot to another, documents in the order of the new one."""
    before, after = _by_document(old.passages), _by_document(new.passages)
    pairs = list(_pairs(old.documents, new.documents))
    documents = [
        _compare_documents(
            one, other, before[one.id] if one else (), after[other.id] if other else ()
        )
        for one, other in pairs
    ]
    changed = tuple(
        document
        for document, (one, other) in zip(documents, pairs, strict=True)
        if document.changes or one is None or other is None or one.source != other.source
    )
    return Changes(old.id, new.id, _counts(documents), changed)


def compare_editions(snapshot: Snapshot, old_id: str, new_id: str) -> Changes:
    """Return what changed from one document of a snapshot to another, such as its next edition.

    Raises `SettingsError` for a document that is not in it.
    """
    for one in (old_id, new_id):
        if one not in snapshot.documents:
            message = f"There is no snapshot and no document {one!r}. `info --json` lists them."
            raise SettingsError(message)
    by_document = _by_document(snapshot.passages)
    change = _compare_documents(
        snapshot.documents[old_id],
        snapshot.documents[new_id],
        by_document[old_id],
        by_document[new_id],
    )
    return Changes(old_id, new_id, _counts([change]), (change,))


def by_section(changes: Iterable[PassageChange]) -> Iterator[PassageChange]:
    """Yield the changes in their order, each removed passage before others of its section."""
    waiting = list(changes)
    removed = [change for change in waiting if change.kind == "removed"]
    for change in waiting:
        if change.kind != "removed":
            here = [one for one in removed if _section(one) == _section(change)]
            yield from here
            removed = [one for one in removed if one not in here]
            yield change
    yield from removed


def _section(change: PassageChange) -> str:
    return _NUMBER.sub("", change.headings[-1]).casefold() if change.headings else ""


def _counts(documents: Iterable[DocumentChange]) -> dict[Kind, int]:
    counts: Counter[Kind] = Counter(dict.fromkeys(get_args(Kind), 0))
    for document in documents:
        counts["same"] += document.same
        counts.update(change.kind for change in document.changes)
    return dict(counts)


def release_before(store: SnapshotStore, snapshot_id: str) -> str | None:
    """Return the id of the kept snapshot that a release came after, None without one.

    That is the last that was live before it with other passages, if any has.
    """
    before = store.ids_before(snapshot_id)
    own = _passages_hash(store, snapshot_id)
    others = (one for one in before if _passages_hash(store, one) != own)
    return next(others, before[0] if before else None)


def _passages_hash(store: SnapshotStore, snapshot_id: str) -> str | None:
    """Return the hash of a snapshot's passages; None where it cannot be read any more."""
    try:
        return store.manifest(snapshot_id).files["passages.jsonl"]
    except SnapshotError:
        return None


def changed_passages(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """Return by passage id what changed from one release to the next: "reworded" or "added".

    A snapshot with the same passages is no new release: what had changed before still has.
    """
    if old.manifest.files["passages.jsonl"] == new.manifest.files["passages.jsonl"]:
        return old.changed
    before, after = _by_document(old.passages), _by_document(new.passages)
    changed: dict[str, str] = {}
    for one, other in _pairs(old.documents, new.documents):
        passages = after[other.id] if other else []
        kinds = _compare_passages(before[one.id] if one else (), passages)
        for passage, change in zip(passages, kinds, strict=False):  # the removed ones come last
            if change.kind in ("reworded", "added"):
                changed[passage.id] = change.kind
    return changed


def _by_document(passages: Iterable[Passage]) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        found[passage.document_id].append(passage)
    return found


def _pairs(
    old: Mapping[str, Document], new: Mapping[str, Document]
) -> Iterator[tuple[Document | None, Document | None]]:
    """Yield each document with the one it comes from: the same id, else the same work."""
    gone = [document for key, document in old.items() if key not in new]
    for key, document in new.items():
        before = old.get(key) or next((one for one in gone if _work(one) == _work(document)), None)
        if before in gone:
            gone.remove(before)
        yield before, document
    for document in gone:
        yield document, None


def _work(document: Document) -> tuple[str, str]:
    return document.source.work, document.source.language


def _compare_documents(
    before: Document | None,
    after: Document | None,
    old: Sequence[Passage],
    new: Sequence[Passage],
) -> DocumentChange:
    changes = list(_compare_passages(old, new))
    shown = after or before
    return DocumentChange(
        before=before.id if before else None,
        after=after.id if after else None,
        title=shown.source.title if shown else "",
        edition_before=before.source.edition if before else None,
        edition_after=after.source.edition if after else None,
        status_before=before.source.status if before else None,
        status_after=after.source.status if after else None,
        same=sum(change.kind == "same" for change in changes),
        changes=tuple(change for change in changes if change.kind != "same"),
        language=shown.source.language if shown else "en",
    )


def _compare_passages(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[PassageChange]:
    """Yield what became of the passages of a document in their order, the removed ones last."""
    same = _with_same_text(old, new)
    matched = {passage.id for passage in same.values()}
    left = [passage for passage in old if passage.id not in matched]
    reworded = _reworded(left, [passage for passage in new if passage.id not in same])
    for passage in new:
        if was := same.get(passage.id):
            kind: Kind = "same" if was.headings == passage.headings else "moved"
            yield _change(kind, was, passage)
        elif was := reworded.get(passage.id):
            words = tuple((one.quoted, one.stands) for one in compare(was.text, passage.text))
            yield replace(_change("reworded", was, passage), words=words)
        else:
            yield _change("added", None, passage)
    taken = {passage.id for passage in reworded.values()}
    for passage in left:
        if passage.id not in taken:
            yield _change("removed", passage, None)


def _change(kind: Kind, before: Passage | None, after: Passage | None) -> PassageChange:
    shown = after or before
    return PassageChange(
        kind,
        shown.headings if shown else (),
        before.text if before else None,
        after.text if after else None,
        headings_before=before.headings if before else (),
        id_before=before.id if before else None,
        id_after=after.id if after else None,
    )


def _reworded(old: Sequence[Passage], new: Sequence[Passage]) -> dict[str, Passage]:
    """Return by the ids of new passages the old ones they were made of, the likest pairs first."""
    left, waiting = {one.id: one.text for one in old}, list(new)
    by_id = {one.id: one for one in old}
    found: dict[str, Passage] = {}
    while waiting and left:
        pairs = [(one, _likest(one.text, left)) for one in waiting]
        likest = sorted(((pair, one) for one, pair in pairs if pair), key=lambda it: -it[0][0])
        for (_, key), one in likest:
            if key in left:
                found[one.id] = by_id[key]
                del left[key]
        waiting = [one for _, one in likest if one.id not in found]
    return found


def _likest(text: str, texts: Mapping[str, str]) -> tuple[float, str] | None:
    best = process.extractOne(text, texts, scorer=ratio, score_cutoff=REWORDED_FROM)
    return (best[1], best[2]) if best else None


def _with_same_text(old: Sequence[Passage], new: Sequence[Passage]) -> dict[str, Passage]:
    """Return by the ids of new passages the old ones with the same text, each at most once."""
    waiting: dict[str, list[Passage]] = defaultdict(list)
    for passage in old:
        waiting[passage.sha256].append(passage)
    return {one.id: waiting[one.sha256].pop(0) for one in new if waiting[one.sha256]}
