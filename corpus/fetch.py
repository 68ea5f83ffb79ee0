"""An address in, its file out: whole, of a format that is read, and asked for politely."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Literal, Self

import httpx

from corpus.addresses import GuardedTransport, IsAllowed, Resolve, check_address, is_public, resolve
from corpus.documents import sha256_of_file
from corpus.errors import FetchError
from corpus.manners import USER_AGENT, Manners, Patience, retry_after
from corpus.readers.formats import MAX_FILE_BYTES, SUFFIXES

MOST_HOPS = 5

_SUFFIX_OF = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".html",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
# Types that say nothing; the address's own suffix does then.
_SAY_NOTHING = ("", "application/octet-stream", "binary/octet-stream", "application/force-download")
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_GONE = (404, 410)
_HTML_START = re.compile(rb"<html\b", re.IGNORECASE)
_HTML_END = re.compile(rb"</html\b", re.IGNORECASE)
_PERMANENT = (301, 308)


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an earlier answer, to ask whether it has changed since."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request (RFC 9110, 13.1)."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect: the address that was asked, and the status with which it pointed elsewhere."""

    url: str
    status: int

    @property
    def permanent(self) -> bool:
        """Tell whether the address is to be replaced for good."""
        return self.status in _PERMANENT


@dataclass(frozen=True, slots=True)
class Reply:
    """What a publisher said of an address.

    Only of what was *fetched* there is a `path` with its hash, size and suffix; *offered* is what
    would be fetched when only the headers were wanted. `url` is where the redirects ended.
    """

    outcome: Literal["fetched", "unchanged", "gone", "offered"]
    url: str
    status: int
    hops: tuple[Hop, ...]
    known: Known = Known()
    content_type: str = ""
    suffix: str = ""
    path: Path | None = None
    sha256: str = ""
    size: int = 0


@dataclass(slots=True)
class _Part:
    """A download as far as it has come; what is here was all sent under the strong `etag`."""

    path: Path
    etag: str | None = None
    size: int = 0
    hops: list[Hop] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        if not (self.size and self.etag):
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.etag}


class _TryAgainError(Exception):
    """The address may answer later; `wait` is what it asked for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Fetcher:
    """Fetches addresses one after the other; use it in a `with` statement."""

    def __init__(
        self,
        *,
        is_allowed: IsAllowed = is_public,
        resolve: Resolve = resolve,
        patience: Patience | None = None,
        pace_seconds: float = 1.0,
        most_bytes: int = MAX_FILE_BYTES,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._patience = patience or Patience()
        self._most_bytes = most_bytes
        self._sleep = sleep
        self._client = httpx.Client(
            transport=GuardedTransport(is_allowed, resolve),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, identity"},
            timeout=self._patience.timeout_seconds,
            max_redirects=MOST_HOPS,
        )
        self._manners = Manners(self._robots, pace_seconds=pace_seconds, sleep=sleep)
        self._silent: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def fetch(
        self, url: str, into: Path, *, known: Known | None = None, headers_only: bool = False
    ) -> Reply:
        """Return what became of an address; what is fetched lies in the file `into`.

        Raises `FetchError` with the reason when it cannot be had whole, or may not be had.
        """
        asked, part = check_address(url), _Part(into)
        if asked.host in self._silent:
            raise FetchError(f"{asked.host} did not answer before; try again later")
        for attempt in range(self._patience.attempts):
            try:
                return self._attempt(asked, part, known or Known(), headers_only)
            except _TryAgainError as fault:
                wait = self._patience.wait(attempt, fault.wait)
                if attempt + 1 == self._patience.attempts:
                    self._note_silence(asked.host, fault)
                    tries = f"tried {self._patience.attempts} times"
                    raise FetchError(f"{fault} ({tries}); try again later") from fault
                if wait > self._patience.most_wait_seconds:
                    message = f"{fault}; it asks to come back in {wait / 60:.0f} minutes"
                    raise FetchError(message) from fault
                self._sleep(wait)
        raise ValueError("patience without an attempt")

    def _note_silence(self, host: str, fault: _TryAgainError) -> None:
        """Ask a host that cannot be reached no more in this run: offline, each would take long."""
        if isinstance(fault.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
            self._silent.add(host)

    def _attempt(self, url: httpx.URL, part: _Part, known: Known, headers_only: bool) -> Reply:
        part.hops.clear()
        while True:
            self._manners.wait_for(url)
            with self._asked(url, part.headers() or known.headers()) as response:
                if not response.has_redirect_location:
                    return self._reply(response, part, headers_only)
                part.hops.append(Hop(str(url), response.status_code))
                url = _next(url, response, part.hops)

    @contextmanager
    def _asked(self, url: httpx.URL, headers: dict[str, str]) -> Iterator[httpx.Response]:
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                yield response
        except httpx.TimeoutException as error:
            raise _TryAgainError(f"{url.host} took too long to answer") from error
        except httpx.TransportError as error:
            raise _TryAgainError(f"{error or type(error).__name__}".rstrip(".")) from error
        except httpx.HTTPError as error:
            raise FetchError(f"what came cannot be understood: {error}") from error

    def _robots(self, url: httpx.URL) -> httpx.Response:
        # A text of ordinary size; what is longer is cut by whoever reads it.
        return self._client.get(url, follow_redirects=True)

    def _reply(self, response: httpx.Response, part: _Part, headers_only: bool) -> Reply:
        url, status, hops = str(response.url), response.status_code, tuple(part.hops)
        if status == httpx.codes.NOT_MODIFIED:
            return Reply("unchanged", url, status, hops)
        if status in _GONE:
            return Reply("gone", url, status, hops)
        if status in _TRY_AGAIN:
            raise _TryAgainError(f"the publisher answers {status}", retry_after(response))
        if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and part.size:
            part.size = 0
            raise _TryAgainError("the publisher cannot go on where the download was cut")
        if not response.is_success:
            raise FetchError(f"the publisher answers {status} {response.reason_phrase}".rstrip())
        content_type, suffix = _format_of(response)
        known = Known(response.headers.get("etag"), response.headers.get("last-modified"))
        if headers_only:
            return Reply("offered", url, status, hops, known, content_type, suffix)
        self._download(response, part)
        check_whole(part.path, suffix)
        return Reply(
            "fetched", url, status, hops, known, content_type, suffix,
            part.path, sha256_of_file(part.path), part.size,
        )  # fmt: skip

    def _download(self, response: httpx.Response, part: _Part) -> None:
        """Write what comes, after what is there if the publisher goes on where it was cut."""
        goes_on = response.status_code == httpx.codes.PARTIAL_CONTENT
        if goes_on and not response.headers.get("content-range", "").startswith(
            f"bytes {part.size}-"
        ):
            part.size = 0
            raise _TryAgainError("the publisher sent another part than was asked for")
        part.size = part.size if goes_on else 0
        part.etag = _strong_etag(response)
        self._refuse_above_limit(part.size + int(response.headers.get("content-length") or 0))
        ends = time.monotonic() + self._patience.most_seconds
        with part.path.open("ab" if goes_on else "wb") as file:
            for data in response.iter_bytes():
                file.write(data)
                part.size += len(data)
                self._refuse_above_limit(part.size)
                if time.monotonic() > ends:
                    minutes = self._patience.most_seconds / 60
                    raise FetchError(f"it took longer than {minutes:.0f} minutes to come")

    def _refuse_above_limit(self, size: int) -> None:
        if size > self._most_bytes:
            most = self._most_bytes / 2**20
            raise FetchError(f"it is larger than the {most:.0f} MiB that are allowed")


def _next(url: httpx.URL, response: httpx.Response, hops: list[Hop]) -> httpx.URL:
    if len(hops) > MOST_HOPS:
        raise FetchError(f"it redirects more than {MOST_HOPS} times")
    target = check_address(str(url.join(response.headers["location"])))
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError(f"it redirects from a safe connection to an open one, {target}")
    return target


def _format_of(response: httpx.Response) -> tuple[str, str]:
    """Return the type that was declared, and the suffix of the files of that type."""
    declared = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    suffix = _SUFFIX_OF.get(declared, "")
    own = PurePosixPath(response.url.path).suffix.lower()
    if declared in _SAY_NOTHING or (declared == "text/plain" and own in SUFFIXES):
        suffix = own if own in SUFFIXES else ""
    if not suffix:
        raise FetchError(f"it is of the type {declared or 'that it does not say'}, not a document")
    return declared, suffix


def _strong_etag(response: httpx.Response) -> str | None:
    """Return what the rest of a cut download may be asked by; none for compressed ones."""
    etag = response.headers.get("etag")
    usable = etag and not etag.startswith("W/") and "content-encoding" not in response.headers
    return etag if usable else None


def check_whole(path: Path, suffix: str) -> None:
    """Raise `FetchError` for a file that is empty, another than its type says, or cut off."""
    data = path.read_bytes()
    if not data.strip():
        raise FetchError("it is empty")
    start, end = data[:1024], data[-2048:]
    if (suffix == ".pdf") != (b"%PDF-" in start) or (suffix == ".docx") != start.startswith(b"PK"):
        raise FetchError(f"it is declared to be a {suffix} file, but is none")
    if suffix == ".pdf" and b"%%EOF" not in end:
        raise FetchError("it is cut off: the end of the PDF is missing")
    if suffix == ".html" and _HTML_START.search(start) and not _HTML_END.search(data):
        raise FetchError("it is cut off: the end of the page is missing")
