"""What of a documents folder a build would take in."""

import os
from pathlib import Path
from zipfile import ZipFile

import pytest
from fakes import WordEmbedder

from assistant.waiting import Waiting, waiting
from corpus.reading import read_folder
from index.build import build_snapshot
from index.snapshot import Snapshot, SnapshotStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("gate", "river", "lamp"):
        (folder / f"{name}.md").write_text(f"# {name}\n\nThe {name} is here.", "utf-8")
    (folder / "twin.md").write_text("# lamp\n\nThe lamp is here.\n\n", "utf-8")
    with ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("in/well.md", "# Well\n\nThe well is deep.")
    for path in folder.iterdir():
        os.utime(path, (1e9, 1e9))
    return folder


@pytest.fixture
def snapshot(folder: Path, store: SnapshotStore) -> Snapshot:
    documents = read_folder(folder).documents
    found, _ = build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)
    return found


def test_nothing_waits_after_a_build(folder: Path, snapshot: Snapshot) -> None:
    assert waiting(folder, snapshot) == Waiting()
    assert not waiting(folder, snapshot)


def test_new_changed_and_gone_files_wait_and_so_does_what_is_beside_them(
    folder: Path, snapshot: Snapshot
) -> None:
    (folder / "new.md").write_text("# New", "utf-8")
    (folder / "river.md").write_text("# River\n\nIt is wide.", "utf-8")
    (folder / "gate.md").unlink()
    (folder / "catalogue.toml").write_text("", "utf-8")
    os.utime(folder / "catalogue.toml", (4e9, 4e9))
    (folder / "situations.toml").write_text("", "utf-8")
    os.utime(folder / "situations.toml", (4e9, 4e9))
    assert waiting(folder, snapshot) == Waiting(
        new=("new.md",), changed=("river.md",), gone=("gate.md",), catalogue=True, situations=True
    )


def test_of_an_archive_its_time_tells(folder: Path, snapshot: Snapshot) -> None:
    os.utime(folder / "more.zip", (4e9, 4e9))
    assert waiting(folder, snapshot) == Waiting(changed=("more.zip",))
    (folder / "more.zip").unlink()
    assert waiting(folder, snapshot) == Waiting(gone=("more.zip/in/well.md",))


def test_a_folder_that_is_gone_holds_nothing(tmp_path: Path, snapshot: Snapshot) -> None:
    assert len(waiting(tmp_path / "none", snapshot).gone) == 5
