"""The library that a benchmark asks, by the command line."""

import argparse
from pathlib import Path

from assistant.config import Settings
from assistant.engine import Assistant


def opened(description: str | None) -> tuple[Assistant, bool]:
    """Return an assistant over the folder DATA_DIR, and whether `--show` is set."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    return Assistant.open(Settings(data_dir=arguments.data_dir)), arguments.show
