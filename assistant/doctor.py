"""A data folder in, everything that is wrong with it out, each with what mends it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.citations import is_verbatim
from assistant.config import Settings
from assistant.folder_checks import Problem, folder_problems
from assistant.readability import BROKEN_FROM, broken_share, pages_without_text
from corpus.documents import Document, sha256_of_file
from corpus.errors import ToolkitError
from index.embedding import load_embedder
from index.search import Searcher
from index.snapshot import Snapshot, SnapshotStore

BUILD = "toolkit-assistant build"


@dataclass(frozen=True, slots=True)
class Facts:
    """How a document was read; `broken` is the share of characters that are none.

    `recognised_pages` counts the pages whose text was read from a picture, `taken_out` is what was
    left out as running heads or round a page's text, `twins` are the files with the same text,
    `attachments` the names of files inside it, which are not read.
    """

    file: str
    document_id: str
    language: str
    pages: int
    pages_without_text: int
    headings: int
    rows: int
    passages: int
    broken: float
    recognised_pages: int = 0
    taken_out: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """What an examination found."""

    snapshot_id: str | None
    problems: tuple[Problem, ...]
    documents: tuple[Facts, ...]


def examine(settings: Settings, documents: Path | None = None) -> Health:
    """Return the health of a data folder, and of the live snapshot against its documents folder.

    `documents` is the folder it was built from if that is not the data folder's own.
    """
    store = SnapshotStore(settings.snapshots)
    problems = [*folder_problems(settings, documents or settings.documents), *_damaged(store)]
    try:
        snapshot = store.open()
        Searcher(snapshot, load_embedder(settings.model))
    except ToolkitError as error:
        problems += [Problem(str(error), BUILD), *_altered(store)]
        return Health(store.current_id(), tuple(problems), ())
    problems += _stale(snapshot, documents or settings.documents)
    facts = tuple(_facts(snapshot))
    problems += [problem for one in facts for problem in _unreadable(one)]
    return Health(snapshot.id, tuple(problems), facts)


def _damaged(store: SnapshotStore) -> Iterator[Problem]:
    """Yield what is wrong with the snapshots that are kept besides the live one."""
    for snapshot_id in store.ids():
        if snapshot_id == store.current_id():
            continue
        try:
            store.open(snapshot_id)
        except ToolkitError as error:
            remedy = f"It cannot be gone back to; delete {store.folder / snapshot_id}"
            yield Problem(str(error).split(" Build it again")[0], remedy)


def _altered(store: SnapshotStore) -> Iterator[Problem]:
    """Yield the documents of the live snapshot whose stored text is not as it was indexed."""
    live_id = store.current_id()
    if live_id not in store.ids():
        return
    try:
        snapshot = store.open_unchecked(live_id)
        altered = {
            passage.document_id
            for passage in snapshot.passages
            if not is_verbatim(snapshot.documents[passage.document_id], passage)
        }
    except (ToolkitError, OSError, ValueError, KeyError):  # a record that cannot even be read
        return
    for document_id in sorted(altered):
        file = snapshot.documents[document_id].source.file
        what = f"The stored text of {file} is not as it was indexed; its quotes are withheld"
        yield Problem(what, BUILD)


def _stale(snapshot: Snapshot, folder: Path) -> Iterator[Problem]:
    """Yield the documents that changed or went since the snapshot was built; not those in archives.

    None if the folder is not there: the snapshot was built from another one.
    """
    if not folder.is_dir():
        return
    for document in snapshot.documents.values():
        path = folder / document.source.file
        if path.is_file():
            if sha256_of_file(path) != document.file_sha256:
                yield Problem(f"{document.source.file} has changed since it was indexed", BUILD)
        elif not any(parent.is_file() for parent in path.parents):
            yield Problem(f"{document.source.file} is indexed, but not in {folder}", BUILD)


def _facts(snapshot: Snapshot) -> Iterator[Facts]:
    passages = Counter(passage.document_id for passage in snapshot.passages)
    for document in snapshot.documents.values():
        yield facts_of(document, passages[document.id])


def facts_of(document: Document, passages: int) -> Facts:
    """Return how a document was read, which has so many passages."""
    kinds = Counter(block.kind for block in document.blocks)
    return Facts(
        file=document.source.file,
        document_id=document.id,
        language=document.source.language,
        pages=len(document.pages),
        pages_without_text=pages_without_text(document),
        headings=kinds["heading"],
        rows=kinds["row"],
        passages=passages,
        broken=round(broken_share(document.text), 4),
        recognised_pages=len(document.recognised_pages),
        taken_out=document.taken_out,
        twins=tuple(source.file for source in document.twins),
        attachments=document.attachments,
    )


def _unreadable(facts: Facts) -> Iterator[Problem]:
    remedy = f"{BUILD} --recognise, with ocrmypdf installed; or add a copy with recognised text"
    if facts.pages_without_text:
        pages = f"{facts.pages_without_text} of {facts.pages} pages"
        yield Problem(f"{facts.file}: {pages} carry no text, so nothing is found on them", remedy)
    if facts.broken >= BROKEN_FROM:
        share = f"{100 * facts.broken:.0f} % of its characters"
        yield Problem(f"{facts.file}: {share} cannot be read", remedy)
