from pathlib import Path

import pytest
from fakes import WordEmbedder
from hypothesis import settings

from index.embedding import DEFAULT_MODEL, SentenceTransformerEmbedder, load_embedder
from index.snapshot import SnapshotStore

# A busy machine is no fault of the code.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


@pytest.fixture(scope="session")
def default_embedder() -> SentenceTransformerEmbedder:
    """Return the embedder with real weights; loading takes seconds, so once for all tests."""
    embedder = load_embedder(DEFAULT_MODEL)
    assert isinstance(embedder, SentenceTransformerEmbedder)
    return embedder
