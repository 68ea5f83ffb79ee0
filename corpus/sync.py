"""What is published in, documents out: what is new or changed is fetched, the rest left alone.

A file takes its place in the documents folder whole and only after it has been read; the ledger
remembers it after that. Whatever stops a run, the next one goes on from there.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol, get_args

from corpus.catalogue import CATALOGUE_NAME
from corpus.catalogue_editing import with_sources, write_catalogue
from corpus.documents import Source, sha256_of_file
from corpus.errors import FetchError, UnreadableFileError
from corpus.fetch import Fetcher, Reply
from corpus.ledger import LEDGER_NAME, Entry, load_ledger, replace_file, save_ledger
from corpus.progress import Progress, untold
from corpus.published import Published, file_name, published
from corpus.worker import ParserProcess

Outcome = Literal["new", "changed", "unchanged", "gone", "differs", "failed", "offered"]


class Parser(Protocol):
    """What reads a file to see whether it is a document."""

    def parse(self, path: Path) -> object:
        """Return what the file holds; raises `UnreadableFileError` if it is no document."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of one source.

    *new* and *changed* files lie in the documents folder, *offered* ones would be fetched without
    `--dry-run`. *gone* is a text that its publisher has no more; a file that is there stays.
    *differs* is one that was changed by hand, and is not replaced. `note` tells the reason, or
    that the address has moved for good.
    """

    outcome: Outcome
    source_id: str
    url: str
    file: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What became of every source that is published."""

    sources: tuple[Synced, ...]
    counts: dict[Outcome, int]

    @property
    def brought(self) -> bool:
        """Tell whether a file was brought, so that the index is behind."""
        return bool(self.counts["new"] or self.counts["changed"])

    def to_json(self) -> dict[str, Any]:
        """Return the report as values that `json.dumps` takes."""
        return asdict(self)


def sync(
    data_dir: Path,
    *,
    fetcher: Fetcher,
    dry_run: bool = False,
    replace_changed: bool = False,
    sources: tuple[Published, ...] | None = None,
    parser: Parser | None = None,
    progress: Progress = untold,
) -> SyncReport:
    """Return what became of every published source, new and changed files brought.

    `dry_run` only asks. `replace_changed` takes the published text also for files that were
    changed by hand. Raises `ToolkitError` for a catalogue or ledger that cannot be used; an
    address that cannot be fetched is in the report.
    """
    sources = published(data_dir / CATALOGUE_NAME) if sources is None else sources
    synced: list[Synced] = []
    with ParserProcess() as process, TemporaryDirectory() as downloads:
        run = _Run(
            data_dir,
            fetcher,
            parser or process,
            Path(downloads),
            dry_run=dry_run,
            replace_changed=replace_changed,
        )
        for number, one in enumerate(sources):
            progress("fetch", number, len(sources))
            synced.append(run.take(one))
    progress("fetch", len(sources), len(sources))
    return SyncReport(tuple(synced), _counts(synced))


def _counts(synced: Iterable[Synced]) -> dict[Outcome, int]:
    counts = Counter(one.outcome for one in synced)
    return {outcome: counts[outcome] for outcome in get_args(Outcome)}


class _Run:
    """One run over the sources; the ledger is written after each of them."""

    def __init__(
        self,
        data_dir: Path,
        fetcher: Fetcher,
        parser: Parser,
        downloads: Path,
        *,
        dry_run: bool,
        replace_changed: bool,
    ) -> None:
        self._folder = data_dir / "documents"
        self._catalogue = data_dir / CATALOGUE_NAME
        self._ledger_path = data_dir / LEDGER_NAME
        self._ledger = load_ledger(self._ledger_path)
        self._fetcher = fetcher
        self._dry_run = dry_run
        self._replace_changed = replace_changed
        self._parser = parser
        self._downloads = downloads

    def take(self, one: Published) -> Synced:
        """Return what became of a source, its file and the ledger brought up to date."""
        before = self._ledger.entries.get(one.source.id)
        try:
            reply = self._ask(one, before)
            synced = self._took(one.source, reply, before)
        except (FetchError, UnreadableFileError) as error:
            self._remember(one.source, before and replace(before, checked=_now(), fault=str(error)))
            file = (before.file if before else one.source.file) or None
            return Synced("failed", one.source.id, one.addresses[0], file, str(error))
        return replace(synced, note=synced.note or _moved(reply))

    def _ask(self, one: Published, before: Entry | None) -> Reply:
        """Return the reply of the first address that still has the text."""
        known = before.known if before and self._is_as_fetched(before) else None
        into = self._downloads / "part"
        for address in one.addresses:
            first = address == one.addresses[0]
            reply = self._fetcher.fetch(
                address, into, known=known if first else None, headers_only=self._dry_run
            )
            if reply.outcome != "gone":
                return reply
        return reply

    def _is_as_fetched(self, entry: Entry) -> bool:
        path = self._folder / entry.file
        return path.is_file() and sha256_of_file(path) == entry.sha256

    def _took(self, source: Source, reply: Reply, before: Entry | None) -> Synced:
        if reply.outcome == "gone":
            gone = before and replace(before, gone=before.gone or _now(), checked=_now())
            self._remember(source, gone)
            note = f"the publisher answers {reply.status}"
            return _synced("gone", source, reply, before.file if before else None, note)
        if reply.outcome == "unchanged" and before:
            self._remember(source, replace(before, checked=_now(), gone=None, fault=None))
            return _synced("unchanged", source, reply, before.file)
        file = self._file_for(source, reply, before)
        if reply.outcome == "offered":
            same = before is not None and before.known.etag == reply.known.etag is not None
            return _synced("unchanged" if same else "offered", source, reply, file)
        return self._put(source, reply, before, file)

    def _file_for(self, source: Source, reply: Reply, before: Entry | None) -> str:
        """Return the name of the file; a text does not become another format unnoticed."""
        file = source.file or (before.file if before else file_name(source, reply.suffix))
        if not _same_format(Path(file).suffix.lower(), reply.suffix):
            raise FetchError(f"it comes as {reply.suffix}, but {file} is there or was expected")
        if not (self._folder / file).resolve().is_relative_to(self._folder.resolve()):
            raise FetchError(f"the catalogue names {file}, outside the documents folder")
        return file

    def _put(self, source: Source, reply: Reply, before: Entry | None, file: str) -> Synced:
        path = self._folder / file
        there = sha256_of_file(path) if path.is_file() else None
        entry = _entry(file, reply)
        if there == reply.sha256:
            same = before is not None and before.sha256 == there
            fetched = before.fetched if before and same else entry.fetched
            self._settle(source, replace(entry, fetched=fetched))
            return _synced("unchanged", source, reply, file)
        by_hand = there is not None and (before is None or before.sha256 != there)
        if by_hand and not self._replace_changed:
            note = "it was changed or put there by hand; sync --replace takes the published text"
            return _synced("differs", source, reply, file, note)
        self._read(reply, file)
        if reply.path:
            replace_file(path, reply.path.read_bytes())
        self._settle(source, entry)
        return _synced("changed" if there else "new", source, reply, file)

    def _read(self, reply: Reply, file: str) -> None:
        """Raise `UnreadableFileError` if what came is no document: an error page, a scan."""
        named = self._downloads / f"read{Path(file).suffix}"
        if reply.path:
            named.write_bytes(reply.path.read_bytes())
            self._parser.parse(named)

    def _settle(self, source: Source, entry: Entry) -> None:
        """Enter what has come in the ledger, and in the catalogue if that does not name it yet."""
        if not source.file:
            known = replace(source, file=entry.file)
            write_catalogue(self._catalogue, with_sources(self._catalogue, [known]))
        self._remember(source, entry)

    def _remember(self, source: Source, entry: Entry | None) -> None:
        if entry and not self._dry_run:
            self._ledger = self._ledger.with_entry(source.id, entry)
            save_ledger(self._ledger, self._ledger_path)


def _entry(file: str, reply: Reply) -> Entry:
    return Entry(
        file=file,
        sha256=reply.sha256,
        size=reply.size,
        content_type=reply.content_type,
        url=reply.url,
        hops=reply.hops,
        known=reply.known,
        fetched=_now(),
        checked=_now(),
    )


def _synced(
    outcome: Outcome, source: Source, reply: Reply, file: str | None, note: str | None = None
) -> Synced:
    return Synced(outcome, source.id, reply.url, file, note)


def _moved(reply: Reply) -> str | None:
    """Return the advice for an address that has moved for good, None for any other."""
    if reply.hops and all(hop.permanent for hop in reply.hops):
        return f"it has moved for good from {reply.hops[0].url}; change the catalogue"
    return None


def _same_format(one: str, other: str) -> bool:
    return _FORMAT.get(one, one) == _FORMAT.get(other, other)


_FORMAT = {".htm": ".html", ".xhtml": ".html", ".markdown": ".md", ".text": ".txt", ".md": ".txt"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
