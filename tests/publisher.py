"""A server on this machine that plays a publisher: pages that change, move, vanish or lie."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"


def page(text: str) -> bytes:
    """Return a web page with one paragraph."""
    return f"<!doctype html><html><body><h1>Gate</h1><p>{text}</p></body></html>".encode()


@dataclass
class Answer:
    """What is sent for an address: status, headers, body; `length` where it lies about it."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    content_type: str | None = HTML


class Asked(BaseHTTPRequestHandler):
    """One request; what it is answered is looked up in the publisher."""

    protocol_version = "HTTP/1.1"
    publisher: "Publisher"

    def do_GET(self) -> None:
        self.publisher.asked[self.path] += 1
        self.publisher.requests.append((self.path, dict(self.headers)))
        page = self.publisher.pages.get(self.path, Answer(status=404))
        answer = page(self) if callable(page) else page
        if answer is not None:
            self.send(answer)

    def send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.content_type and answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        length = len(answer.body) if answer.length is None else answer.length
        self.send_header("Content-Length", str(length))
        if length > len(answer.body):
            self.close_connection = True
        self.end_headers()
        self.wfile.write(answer.body[:length])

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Publisher:
    """The pages by their path, and how often each was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, Answer | Callable[[Asked], Answer | None]] = {}
        self.asked: Counter[str] = Counter()
        self.requests: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    def with_etag(self, path: str, body: bytes, etag: str, content_type: str = HTML) -> None:
        """Publish a page that answers conditional requests."""

        def answer(asked: Asked) -> Answer:
            if asked.headers.get("If-None-Match") == etag:
                return Answer(status=304, headers={"ETag": etag})
            return Answer(body, headers={"ETag": etag}, content_type=content_type)

        self.pages[path] = answer

    def headers_of(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers in self.requests if asked == path]


@contextmanager
def serving() -> Iterator[Publisher]:
    """Yield a publisher on a free port of 127.0.0.1."""
    handler = type("Handler", (Asked,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    publisher = Publisher(f"http://127.0.0.1:{server.server_address[1]}")
    handler.publisher = publisher  # type: ignore[attr-defined]  # of the class made here
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
