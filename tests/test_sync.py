"""Syncing with a publisher that behaves well, badly, or not at all; all on 127.0.0.1."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from publisher import Answer, Asked, Publisher, page, serving

from corpus.addresses import any_address
from corpus.catalogue import load_catalogue
from corpus.documents import Source
from corpus.errors import FetchError
from corpus.fetch import Fetcher
from corpus.manners import Patience
from corpus.published import Published
from corpus.readers.formats import parse_file
from corpus.readers.parsed import ParsedFile
from corpus.sync import Synced, SyncReport, sync

Sync = Callable[..., SyncReport]
Waits = list[float]


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with serving() as served:
        yield served


@pytest.fixture
def waits() -> Waits:
    return []


@pytest.fixture
def run(publisher: Publisher, tmp_path: Path, waits: Waits) -> Sync:
    """Return what syncs the sources of the given paths."""

    def run(*paths: str, file: str = "", most_bytes: int = 10**6, **options: Any) -> SyncReport:
        sources = tuple(
            Published(
                Source(path.strip("/").partition(".")[0], file, "work", "Gate"),
                tuple(map(publisher.url, path.split(" "))),
            )
            for path in paths
        )
        patience = Patience(timeout_seconds=0.2, most_seconds=0.5)
        with Fetcher(
            is_allowed=any_address, patience=patience, pace_seconds=0, most_bytes=most_bytes,
            sleep=waits.append,
        ) as fetcher:  # fmt: skip
            return sync(tmp_path, fetcher=fetcher, sources=sources, parser=InProcess(), **options)

    return run


class InProcess:
    """Reads files here, where no process has to be started for it."""

    def parse(self, path: Path) -> ParsedFile:
        return parse_file(path)


def only(report: SyncReport) -> Synced:
    (one,) = report.sources
    return one


def outcome(report: SyncReport) -> tuple[str, str | None]:
    one = only(report)
    return one.outcome, one.note


def files(folder: Path) -> list[str]:
    """Return every file of the data folder, hidden ones too."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def ledger(folder: Path) -> dict[str, dict[str, object]]:
    entries = json.loads((folder / "ledger.json").read_text("utf-8"))["entries"]
    assert isinstance(entries, dict)
    return entries


SYNCED = ["catalogue.toml", "documents/gate.html", "ledger.json"]


def test_a_new_page_is_brought_with_its_entries(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.with_etag("/gate.html", page("Guards stand."), '"1"')
    report = run("/gate.html")
    assert outcome(report) == ("new", None)
    assert report.counts["new"] == 1
    assert report.brought
    assert files(tmp_path) == SYNCED
    assert (tmp_path / "documents/gate.html").read_bytes() == page("Guards stand.")
    source = load_catalogue(tmp_path / "catalogue.toml")["gate.html"]
    assert (source.id, source.work, source.status) == ("gate", "work", "current")
    entry = ledger(tmp_path)["gate"]
    assert entry["known"] == {"etag": '"1"', "last_modified": None}
    assert (entry["file"], entry["url"]) == ("gate.html", publisher.url("/gate.html"))
    assert entry["size"] == len(page("Guards stand."))


def test_what_has_not_changed_is_not_sent_again(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.with_etag("/gate.html", page("Guards stand."), '"1"')
    run("/gate.html")
    fetched = ledger(tmp_path)["gate"]["fetched"]
    report = run("/gate.html")
    assert outcome(report) == ("unchanged", None)
    assert not report.brought
    assert publisher.headers_of("/gate.html")[1]["If-None-Match"] == '"1"'
    assert ledger(tmp_path)["gate"]["fetched"] == fetched


def test_the_same_bytes_without_an_etag_are_unchanged(run: Sync, publisher: Publisher) -> None:
    publisher.pages["/gate.html"] = Answer(page("Guards stand."))
    assert outcome(run("/gate.html")) == ("new", None)
    assert outcome(run("/gate.html")) == ("unchanged", None)


def test_a_changed_page_takes_the_place_of_the_old_one(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.with_etag("/gate.html", page("Guards stand."), '"1"')
    run("/gate.html")
    publisher.with_etag("/gate.html", page("Guards greet."), '"2"')
    assert outcome(run("/gate.html")) == ("changed", None)
    assert (tmp_path / "documents/gate.html").read_bytes() == page("Guards greet.")
    assert ledger(tmp_path)["gate"]["known"] == {"etag": '"2"', "last_modified": None}


def test_a_dry_run_asks_and_writes_nothing(run: Sync, publisher: Publisher, tmp_path: Path) -> None:
    publisher.with_etag("/gate.html", page("Guards stand."), '"1"')
    assert outcome(run("/gate.html", dry_run=True)) == ("offered", None)
    assert files(tmp_path) == []


def test_redirects_are_followed_and_recorded(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.pages["/gate.html"] = Answer(status=301, headers={"Location": "/new.html"})
    publisher.pages["/new.html"] = Answer(page("Guards stand."))
    word, note = outcome(run("/gate.html"))
    assert word == "new"
    assert note
    assert "moved for good" in note
    entry = ledger(tmp_path)["gate"]
    assert entry["hops"] == [{"url": publisher.url("/gate.html"), "status": 301}]
    assert entry["url"] == publisher.url("/new.html")


def test_a_redirect_without_end_is_given_up(run: Sync, publisher: Publisher) -> None:
    publisher.pages["/gate.html"] = Answer(status=302, headers={"Location": "/gate.html"})
    assert outcome(run("/gate.html")) == ("failed", "it redirects more than 5 times")


@pytest.mark.parametrize("status", [404, 410])
def test_what_disappeared_is_marked_and_kept(
    run: Sync, publisher: Publisher, tmp_path: Path, status: int
) -> None:
    publisher.pages["/gate.html"] = Answer(page("Guards stand."))
    run("/gate.html")
    publisher.pages["/gate.html"] = Answer(status=status)
    assert outcome(run("/gate.html")) == ("gone", f"the publisher answers {status}")
    assert files(tmp_path) == SYNCED
    gone = ledger(tmp_path)["gate"]["gone"]
    assert gone
    run("/gate.html")
    assert ledger(tmp_path)["gate"]["gone"] == gone
    publisher.pages["/gate.html"] = Answer(page("Guards stand."))
    assert outcome(run("/gate.html")) == ("unchanged", None)
    assert ledger(tmp_path)["gate"]["gone"] is None


def test_another_address_of_the_text_is_asked_when_the_first_is_gone(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.pages["/copy.html"] = Answer(page("Guards stand."))
    assert outcome(run("/gate.html /copy.html")) == ("new", None)
    assert ledger(tmp_path)["gate"]["url"] == publisher.url("/copy.html")


def broken(body: bytes, content_type: str = "text/html", length: int | None = None) -> Answer:
    return Answer(body, content_type=content_type, length=length)


WHOLE = page("Guards stand at the gate.")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (broken(WHOLE, "image/png"), "it is of the type image/png, not a document"),
        (broken(WHOLE, "application/pdf"), "it is declared to be a .pdf file, but is none"),
        (broken(b"%PDF-1.7 x %%EOF", "application/pdf"), "comes as .pdf, but gate.html is there"),
        (broken(b"%PDF-1.7 half", "application/pdf"), "cut off: the end of the PDF is missing"),
        (broken(WHOLE, length=len(WHOLE) + 9), "tried 4 times"),
        (broken(WHOLE, length=len(WHOLE) - 9), "it is cut off: the end of the page is missing"),
        (broken(b""), "it is empty"),
        (broken(b"<html><body></body></html>"), "no text"),
        (broken(b"x" * 2000), "larger than"),
        (Answer(status=403), "the publisher answers 403 Forbidden"),
        (Answer(status=503), "the publisher answers 503"),
    ],
    ids=[
        "wrong type", "lying type", "other format", "half a PDF", "cut off", "lying length",
        "empty", "no text", "too large", "forbidden", "out of order",
    ],
)  # fmt: skip
def test_what_cannot_be_used_leaves_the_file_that_is_there(
    run: Sync, publisher: Publisher, tmp_path: Path, answer: Answer, reason: str
) -> None:
    publisher.pages["/gate.html"] = Answer(page("Guards stand."))
    run("/gate.html")
    publisher.pages["/gate.html"] = answer
    word, note = outcome(run("/gate.html", most_bytes=1000))
    assert (word, reason in (note or "")) == ("failed", True), note
    assert files(tmp_path) == SYNCED
    assert (tmp_path / "documents/gate.html").read_bytes() == page("Guards stand.")
    assert ledger(tmp_path)["gate"]["fault"] == note


def test_what_cannot_be_used_is_not_written_at_all(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.pages["/gate.html"] = broken(WHOLE, length=len(WHOLE) + 9)
    assert only(run("/gate.html")).outcome == "failed"
    assert files(tmp_path) == []


def test_a_server_that_is_out_of_order_for_a_moment_is_asked_again(
    run: Sync, publisher: Publisher, waits: Waits
) -> None:
    def answer(asked: Asked) -> Answer:
        first = publisher.asked["/gate.html"] == 1
        if first:
            return Answer(status=429, headers={"Retry-After": "7"})
        return Answer(status=503) if publisher.asked["/gate.html"] == 2 else Answer(WHOLE)

    publisher.pages["/gate.html"] = answer
    assert outcome(run("/gate.html")) == ("new", None)
    assert [wait for wait in waits if wait] == [7.0, 2.0]


def test_who_asks_to_be_left_alone_for_long_is_left_alone(
    run: Sync, publisher: Publisher, waits: Waits
) -> None:
    publisher.pages["/gate.html"] = Answer(status=503, headers={"Retry-After": "7200"})
    word, note = outcome(run("/gate.html"))
    assert (word, publisher.asked["/gate.html"]) == ("failed", 1)
    assert "come back in 120 minutes" in (note or "")


def test_a_slow_server_is_given_up(run: Sync, publisher: Publisher) -> None:
    def answer(asked: Asked) -> None:
        time.sleep(0.4)

    publisher.pages["/gate.html"] = answer
    word, note = outcome(run("/gate.html"))
    assert (word, publisher.asked["/gate.html"]) == ("failed", 4)
    assert "127.0.0.1 took too long to answer (tried 4 times)" in (note or "")


def test_a_page_that_comes_drop_by_drop_is_given_up(run: Sync, publisher: Publisher) -> None:
    def answer(asked: Asked) -> None:
        asked.send_response(200)
        asked.send_header("Content-Type", "text/html")
        asked.send_header("Connection", "close")
        asked.end_headers()
        for _ in range(40):
            time.sleep(0.05)
            try:
                asked.wfile.write(b"<p>drop</p>")
            except OSError:  # who asked has gone
                return

    publisher.pages["/gate.html"] = answer
    word, note = outcome(run("/gate.html"))
    assert (word, publisher.asked["/gate.html"]) == ("failed", 1)
    assert "it took longer than" in (note or "")


def test_a_download_that_was_cut_goes_on_where_it_was(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Answer:
        headers = {"ETag": '"1"'}
        if wanted := asked.headers.get("Range"):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            place = f"bytes {start}-{len(WHOLE) - 1}/{len(WHOLE)}"
            return Answer(WHOLE[start:], 206, {**headers, "Content-Range": place})
        return Answer(WHOLE[:30], headers=headers, length=len(WHOLE))

    publisher.pages["/gate.html"] = answer
    assert outcome(run("/gate.html")) == ("new", None)
    assert (tmp_path / "documents/gate.html").read_bytes() == WHOLE
    _, second = publisher.headers_of("/gate.html")
    assert (second["Range"], second["If-Range"]) == ("bytes=30-", '"1"')


def test_a_download_that_was_cut_and_cannot_go_on_starts_anew(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Answer:
        first = publisher.asked["/gate.html"] == 1
        return Answer(WHOLE[:30] if first else WHOLE, length=len(WHOLE))

    publisher.pages["/gate.html"] = answer
    assert outcome(run("/gate.html")) == ("new", None)
    assert (tmp_path / "documents/gate.html").read_bytes() == WHOLE


ROBOTS = b"User-agent: *\nDisallow: /gate\nDisallow: /*.pdf$\n"


def test_what_the_robots_rules_forbid_is_not_asked(run: Sync, publisher: Publisher) -> None:
    publisher.pages["/robots.txt"] = Answer(ROBOTS, content_type="text/plain")
    publisher.pages["/gate.html"] = publisher.pages["/open.html"] = Answer(WHOLE)
    gate, scan, door = run("/gate.html", "/scan.pdf", "/open.html").sources
    assert (gate.outcome, scan.outcome, door.outcome) == ("failed", "failed", "new")
    assert gate.note == "the robots.txt of 127.0.0.1 does not allow to fetch it"
    assert (publisher.asked["/gate.html"], publisher.asked["/scan.pdf"]) == (0, 0)
    assert publisher.asked["/robots.txt"] == 1


def test_a_redirect_leads_to_nothing_that_the_rules_forbid(run: Sync, publisher: Publisher) -> None:
    publisher.pages["/robots.txt"] = Answer(ROBOTS, content_type="text/plain")
    publisher.pages["/open.html"] = Answer(status=302, headers={"Location": "/gate.html"})
    assert only(run("/open.html")).outcome == "failed"
    assert publisher.asked["/gate.html"] == 0


def test_rules_that_cannot_be_had_forbid_all(run: Sync, publisher: Publisher) -> None:
    publisher.pages["/robots.txt"] = Answer(status=500)
    publisher.pages["/gate.html"] = Answer(WHOLE)
    assert only(run("/gate.html")).outcome == "failed"
    assert publisher.asked["/gate.html"] == 0


def test_a_host_is_asked_at_its_pace(run: Sync, publisher: Publisher, waits: Waits) -> None:
    robots = b"User-agent: *\nCrawl-delay: 9\n"
    publisher.pages["/robots.txt"] = Answer(robots, content_type="text/plain")
    publisher.pages["/gate.html"] = publisher.pages["/open.html"] = Answer(WHOLE)
    run("/gate.html", "/open.html")
    first, second = waits
    assert 1 < first <= 9
    assert 1 < second <= 9


def test_a_file_that_was_changed_by_hand_is_kept(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.with_etag("/gate.html", WHOLE, '"1"')
    run("/gate.html")
    path = tmp_path / "documents/gate.html"
    path.write_bytes(page("My own words."))
    assert only(run("/gate.html")).outcome == "differs"
    assert path.read_bytes() == page("My own words.")
    assert only(run("/gate.html", replace_changed=True)).outcome == "changed"
    assert path.read_bytes() == WHOLE


def test_a_run_that_was_stopped_before_the_ledger_was_written_goes_on(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.with_etag("/gate.html", WHOLE, '"1"')
    run("/gate.html")
    (tmp_path / "ledger.json").unlink()
    (tmp_path / "catalogue.toml").unlink()
    assert outcome(run("/gate.html")) == ("unchanged", None)
    assert files(tmp_path) == SYNCED


def test_a_file_of_the_catalogue_outside_the_folder_is_not_written(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    publisher.pages["/gate.html"] = Answer(WHOLE)
    word, note = outcome(run("/gate.html", file="../outside.html"))
    assert (word, "outside the documents folder" in (note or "")) == ("failed", True)
    assert files(tmp_path) == []


def test_a_damaged_ledger_is_told_before_anything_is_asked(
    run: Sync, publisher: Publisher, tmp_path: Path
) -> None:
    (tmp_path / "ledger.json").write_text("{", "utf-8")
    with pytest.raises(FetchError, match=r"ledger\.json cannot be read"):
        run("/gate.html")
    assert not publisher.requests


def test_a_host_that_does_not_answer_is_tried_for_the_first_address_only(
    tmp_path: Path, waits: Waits
) -> None:
    sources = tuple(
        Published(Source(name, "", name, name), (f"http://nowhere.example/{name}",))
        for name in ("a", "b")
    )

    def unknown(host: str, port: int) -> list[str]:
        raise OSError(host)

    with Fetcher(resolve=unknown, sleep=waits.append, pace_seconds=0) as fetcher:
        report = sync(tmp_path, fetcher=fetcher, sources=sources, parser=InProcess())
    first, second = report.sources
    assert "robots.txt of nowhere.example cannot be had" in (first.note or "")
    assert second.outcome == "failed"
