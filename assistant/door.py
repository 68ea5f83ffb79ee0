"""The editor's password in, a token out that opens the editor's tab for a while.

The password is compared in constant time. After a few wrong ones each further try has to wait, for
everybody: who tries from many addresses gains nothing, and whoever is inside stays there.
"""

import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256

from corpus.errors import AccessError

# Slips of the finger; after them the wait doubles with every wrong password.
FREE_TRIES = 3
LONGEST_WAIT_SECONDS = 900.0
# How long a token holds that is not used, and at most.
IDLE_SECONDS = 3600.0
LONGEST_SECONDS = 12 * 3600.0


class Door:
    """Lets in who knows the password; tokens are kept in memory and end with the process."""

    def __init__(self, password: str, *, now: Callable[[], float] = time.monotonic) -> None:
        """Guard with a password; with an empty one nobody gets in."""
        self._password = password
        self._now = now
        self._tokens: dict[bytes, tuple[float, float]] = {}  # by hash: when given, when last used
        self._wrong = 0
        self._closed_until = 0.0
        self._turn = threading.Lock()

    def enter(self, password: str) -> str:
        """Return a new token; raises `AccessError` for a wrong password, or a try too soon."""
        with self._turn:
            now = self._now()
            if now < self._closed_until:
                wait = self._closed_until - now
                raise AccessError(f"Too many wrong passwords. Try again in {wait:.0f} seconds.")
            if not self._password or not _same(password, self._password):
                self._count_wrong(now)
                raise AccessError("This is not the password.")
            self._wrong = 0
            token = secrets.token_urlsafe(32)
            self._tokens[_hash(token)] = (now, now)
            return token

    def check(self, token: object) -> None:
        """Raise `AccessError` unless a token was given and still holds."""
        with self._turn:
            now, key = self._now(), _hash(str(token))
            given, used = self._tokens.get(key, (-LONGEST_SECONDS, -IDLE_SECONDS))
            if now - given >= LONGEST_SECONDS or now - used >= IDLE_SECONDS:
                self._tokens.pop(key, None)
                raise AccessError("Enter the editor's password.")
            self._tokens[key] = (given, now)

    def leave(self, token: object) -> None:
        """Forget a token."""
        with self._turn:
            self._tokens.pop(_hash(str(token)), None)

    def _count_wrong(self, now: float) -> None:
        self._wrong += 1
        if self._wrong >= FREE_TRIES:
            wait = 2.0 ** min(self._wrong - FREE_TRIES + 1, 30)
            self._closed_until = now + min(wait, LONGEST_WAIT_SECONDS)


def _hash(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(_hash(one), _hash(other))
