"""What the tests of the commands share besides fixtures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from fakes import WordEmbedder, document_of

from corpus.documents import Document
from corpus.lock import LOCK_NAME
from index.build import build_snapshot
from index.snapshot import SnapshotStore

DOCUMENTS = (
    document_of("# Gate\nGuards stand at the gate. A lamp burns.", source_id="gate"),
    document_of("# River\nThe river is far.", source_id="river", language="fr"),
)


class Ran(NamedTuple):
    """What a command left behind."""

    status: int | str | None
    out: str
    err: str


Run = Callable[..., Ran]


def built(data: Path, *documents: Document) -> str:
    """Return the id of a live snapshot of the documents."""
    store = SnapshotStore(data / "snapshots")
    snapshot, _ = build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)
    store.promote(snapshot.id)
    return snapshot.id


def files_in(folder: Path) -> dict[Path, bytes]:
    """Return the files of a folder with their content, the lock of its writers left out."""
    paths = [path for path in sorted(folder.rglob("*")) if path.name != LOCK_NAME]
    return {path: path.read_bytes() for path in paths if path.is_file()}


def one_object(ran: Ran) -> dict[str, Any]:
    """Return the one JSON object that is all of standard output, on one line."""
    assert ran.status == 0, ran.err
    (line,) = ran.out.splitlines()
    values = json.loads(line)
    assert isinstance(values, dict)
    return values


def written(folder: Path, **files: str) -> Path:
    """Return a folder with files, each named by its stem and suffix as in `notes_md`."""
    folder.mkdir()
    for name, text in files.items():
        (folder / ".".join(name.rsplit("_", 1))).write_text(text, "utf-8")
    return folder
