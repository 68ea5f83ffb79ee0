"""The starter documents, built once for all tests that ask them with real weights."""

from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.engine import Assistant
from assistant.rebuild import rebuild
from index.embedding import SentenceTransformerEmbedder
from index.snapshot import SnapshotStore


@pytest.fixture(scope="session")
def starter_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a live snapshot of the starter documents; leave it unchanged."""
    folder = tmp_path_factory.mktemp("starter")
    rebuild(Settings(data_dir=folder))
    return folder


@pytest.fixture(scope="session")
def starter(starter_data: Path, default_embedder: SentenceTransformerEmbedder) -> Assistant:
    """Return the assistant over the starter documents."""
    return Assistant(SnapshotStore(starter_data / "snapshots").open(), default_embedder)
