"""What a snapshot says of itself, and whether its files are as they were written."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.documents import sha256_of_file
from corpus.errors import SnapshotDamagedError

# Raised whenever the files of a snapshot change their meaning; others are refused.
FORMAT = 5

ORIGIN_NAME = "origin.json"
REBUILD = "Build it again: toolkit-assistant build"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds and what made it; `files` maps each other file to its SHA-256."""

    id: str
    created: str
    format: int
    model: str
    embedder: str
    splitter: str
    documents: int
    passages: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a snapshot's documents were read from: the folder, and the version of the reader.

    `guessed` are the files that no catalogue named, `detected` those whose language was found out.
    """

    folder: str
    reader: str
    guessed: tuple[str, ...] = ()
    detected: tuple[str, ...] = ()


MANIFEST_JSON = TypeAdapter(Manifest)
ORIGIN_JSON = TypeAdapter(Origin)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a snapshot's folder; raises `SnapshotDamagedError`."""
    try:
        manifest = MANIFEST_JSON.validate_json((folder / "manifest.json").read_bytes())
    except (OSError, ValidationError) as error:
        message = f"Snapshot {folder.name} is damaged: manifest.json cannot be read. {REBUILD}"
        raise SnapshotDamagedError(message) from error
    if manifest.format != FORMAT or manifest.id != folder.name:
        message = (
            f"Snapshot {folder.name} was made by another version of this program "
            f"(format {manifest.format}, this one reads {FORMAT}). {REBUILD}"
        )
        raise SnapshotDamagedError(message)
    if not manifest.id.endswith(f"-{fingerprint(manifest)}"):
        message = f"Snapshot {folder.name} is damaged: manifest.json is not as written. {REBUILD}"
        raise SnapshotDamagedError(message)
    return manifest


def fingerprint(manifest: Manifest) -> str:
    """Return the start of the hash of all that a manifest says, its id aside."""
    content = MANIFEST_JSON.dump_json(replace(manifest, id=""))
    return hashlib.sha256(content).hexdigest()[:8]


def verify(folder: Path, manifest: Manifest) -> None:
    """Raise `SnapshotDamagedError` unless every file is there as it was written."""
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            message = f"Snapshot {manifest.id} is damaged: {name} is missing. {REBUILD}"
            raise SnapshotDamagedError(message)
        if sha256_of_file(path) != expected:
            message = f"Snapshot {manifest.id} is damaged: {name} is not as written. {REBUILD}"
            raise SnapshotDamagedError(message)


def file_names(folder: Path) -> list[str]:
    """Return the paths of all files in a folder, relative to it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path.relative_to(folder).as_posix() for path in paths]


def hash_and_sync(path: Path) -> str:
    """Return the SHA-256 of a file that is safely on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return sha256_of_file(path)


def write_and_sync(path: Path, content: bytes) -> None:
    """Write a file that is safely on disk afterwards."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last; systems that cannot open a folder do without."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
