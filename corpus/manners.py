"""How a publisher's server is asked: what its robots.txt allows, not faster than it likes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from protego import Protego

from corpus.errors import FetchError

AGENT = "toolkit-assistant"
USER_AGENT = f"{AGENT}/0.1 (indexes public guidance for reading offline; respects robots.txt)"

# Seconds between two requests to one host, unless its robots.txt asks for more.
PACE_SECONDS = 1.0
# A robots.txt that asks for longer pauses is meant for others; RFC 9309 does not know the line.
MOST_PACE_SECONDS = 30.0
# What RFC 9309 wants to be read of a robots.txt at least.
_MOST_ROBOTS_BYTES = 500 * 1024

Get = Callable[[httpx.URL], httpx.Response]


class Manners:
    """Whether and when each host may be asked; rules are looked up once a run."""

    def __init__(
        self,
        get: Get,
        *,
        pace_seconds: float = PACE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`get` returns the response of a robots.txt, redirects followed."""
        self._get = get
        self._pace_seconds = pace_seconds
        self._sleep = sleep
        self._clock = clock
        self._rules: dict[tuple[str, str, int | None], Protego | None] = {}
        self._asked: dict[str, float] = {}

    def wait_for(self, url: httpx.URL) -> None:
        """Return when the host may be asked; raises `FetchError` if its rules forbid the address.

        RFC 9309: without a robots.txt all is allowed; where it cannot be had nothing is.
        """
        rules = self._rules_of(url)
        if rules is None:
            raise FetchError(f"the robots.txt of {url.host} cannot be had now; try again later")
        if not rules.can_fetch(str(url), AGENT):
            raise FetchError(f"the robots.txt of {url.host} does not allow to fetch it")
        asked_for = float(rules.crawl_delay(AGENT) or 0)
        self._pause(url.host, max(self._pace_seconds, min(asked_for, MOST_PACE_SECONDS)))

    def _rules_of(self, url: httpx.URL) -> Protego | None:
        origin = (url.scheme, url.host, url.port)
        if origin not in self._rules:
            self._pause(url.host, self._pace_seconds)
            self._rules[origin] = self._read(url.copy_with(raw_path=b"/robots.txt"))
        return self._rules[origin]

    def _read(self, url: httpx.URL) -> Protego | None:
        try:
            response = self._get(url)
        except httpx.HTTPError:
            return None
        if response.is_success:
            return Protego.parse(response.content[:_MOST_ROBOTS_BYTES].decode("utf-8", "replace"))
        return (
            None
            if response.status_code >= 500 or response.status_code == 429
            else Protego.parse("")
        )

    def _pause(self, host: str, seconds: float) -> None:
        if host in self._asked:
            self._sleep(max(0.0, self._asked[host] + seconds - self._clock()))
        self._asked[host] = self._clock()


@dataclass(frozen=True, slots=True)
class Patience:
    """How often an address is tried, and how long is waited in between and for all of it."""

    attempts: int = 4
    first_wait_seconds: float = 1.0
    most_wait_seconds: float = 120.0
    timeout_seconds: float = 30.0
    most_seconds: float = 600.0

    def wait(self, attempt: int, asked_for: float | None) -> float:
        """Return the seconds before the next attempt: twice as long each time, or as asked for."""
        return asked_for if asked_for is not None else self.first_wait_seconds * 2**attempt


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds that a server asks to be left alone (RFC 9110, 10.2.3), None if none."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
