"""The library that a benchmark asks, by the command line, and its passages."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from assistant.config import Settings
from assistant.engine import Assistant
from assistant.questions import holding
from index.snapshot import Snapshot


def opened(description: str | None) -> tuple[Assistant, bool]:
    """Return an assistant over the folder DATA_DIR, and whether `--show` is set."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    return Assistant.open(Settings(data_dir=arguments.data_dir)), arguments.show


def passages_with(quotes: Iterable[tuple[str, str]], snapshot: Snapshot) -> frozenset[str]:
    """Return the ids of the passages that have one of some quotes, each given with its work."""
    found: set[str] = set()
    for work, quote in quotes:
        own = {
            passage.id
            for document in snapshot.documents.values()
            if document.source.work == work
            for passage in holding(document.id, quote, snapshot)
        }
        if not own:
            raise SystemExit(f"{quote!r}: no passage of {work} has these words any more.")
        found |= own
    return frozenset(found)
