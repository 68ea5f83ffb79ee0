"""PDFs that a system program made, kept with the pages of their sentences."""

import json
from pathlib import Path

from paging import Pages

FOLDER = Path(__file__).parent / "kept"


def keep(name: str, data: bytes, pages: Pages) -> None:
    """Write a PDF, and beside it the pages of its sentences."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.pdf").write_bytes(data)
    (FOLDER / f"{name}.json").write_text(f"{json.dumps(pages)}\n", "utf-8")


def load_kept(name: str) -> tuple[bytes, Pages]:
    """Return a kept PDF and the pages of each of its truths."""
    pages = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return (FOLDER / f"{name}.pdf").read_bytes(), tuple(tuple(numbers) for numbers in pages)
