"""One writer at a time in a data folder, any number of readers.

The lock is the system's own, so it ends with its process however that ends. Beside it stands who
holds it, for whoever is refused: `.writing.json` with the process, the machine, what it does and
since when.
"""

import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from corpus.errors import BusyError
from corpus.ledger import replace_file

logger = logging.getLogger(__name__)

LOCK_NAME = ".writing.lock"
OWNER_NAME = ".writing.json"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who writes: process id, name of the machine, what it does, and since when (UTC, ISO 8601)."""

    pid: int
    host: str
    doing: str
    started: str

    @property
    def minutes(self) -> int:
        """Return for how many whole minutes it has been at it."""
        return int((datetime.now(UTC) - datetime.fromisoformat(self.started)).total_seconds() // 60)


_OWNER_JSON = TypeAdapter(Owner)


@contextmanager
def writing(data_dir: Path, doing: str, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the data folder's lock meanwhile.

    Raises `BusyError`, naming who holds it, if it is not free within the seconds. What a process
    that was killed left behind is taken over.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data_dir / LOCK_NAME)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise BusyError(_busy(data_dir)) from error
    try:
        if left := owner(data_dir):
            logger.warning("%s of process %s did not end; taken over", left.doing, left.pid)
        own = Owner(os.getpid(), socket.gethostname(), doing, _now())
        replace_file(data_dir / OWNER_NAME, json.dumps(asdict(own)).encode())
        yield
    finally:
        (data_dir / OWNER_NAME).unlink(missing_ok=True)
        lock.release()


def owner(data_dir: Path) -> Owner | None:
    """Return who holds the lock, or held it when it was killed; None if nobody."""
    try:
        return _OWNER_JSON.validate_json((data_dir / OWNER_NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def is_held(data_dir: Path) -> bool:
    """Tell whether somebody is writing now."""
    if not (data_dir / LOCK_NAME).exists():
        return False
    lock = FileLock(data_dir / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def _busy(data_dir: Path) -> str:
    held = owner(data_dir)
    who = "Another process"
    if held:
        who = f"{held.doing} of process {held.pid} on {held.host}, {held.minutes} minutes old,"
    return (
        f"{who} is writing in {data_dir}. Try again when it is done, or let this wait for it with "
        "--wait SECONDS."
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
