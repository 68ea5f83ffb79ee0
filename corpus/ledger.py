"""The ledger: of every fetched file what came, when, from where, with which hash.

It lies in the data folder as `ledger.json` and is replaced in one atomic step. Nothing is ever
taken out of it: what disappeared at its publisher is marked.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import FetchError
from corpus.fetch import Hop, Known

LEDGER_NAME = "ledger.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one source's file; times are UTC in ISO 8601.

    `fetched` is when these bytes came, `checked` when the publisher was last asked, `url` where
    they were found and `hops` the redirects on the way there. `gone` is when the publisher
    first said that it has the text no more; the file stays. `fault` is why the last try failed.
    """

    file: str
    sha256: str
    size: int
    content_type: str
    url: str
    hops: tuple[Hop, ...]
    known: Known
    fetched: str
    checked: str
    gone: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries by the id of their source."""

    format: int = FORMAT
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def with_entry(self, source_id: str, entry: Entry) -> "Ledger":
        """Return the ledger with one entry put in or replaced."""
        return Ledger(self.format, {**self.entries, source_id: entry})


_LEDGER_JSON = TypeAdapter(Ledger)


def load_ledger(path: Path) -> Ledger:
    """Return the ledger of a file, an empty one if there is none.

    Raises `FetchError` if it cannot be read: without it files would be fetched over others.
    """
    try:
        ledger = _LEDGER_JSON.validate_json(path.read_bytes())
    except FileNotFoundError:
        return Ledger()
    except (OSError, ValidationError) as error:
        message = (
            f"{path} cannot be read. Put it aside and sync again: every address is then asked anew."
        )
        raise FetchError(message) from error
    if ledger.format != FORMAT:
        raise FetchError(f"{path} was written by another version (format {ledger.format}).")
    return ledger


def save_ledger(ledger: Ledger, path: Path) -> None:
    """Write the ledger in one atomic step."""
    replace_file(path, _LEDGER_JSON.dump_json(ledger, indent=1))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that is there whole or as it was, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
