"""Files and addresses in, documents with catalogue entries out; all or nothing is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from pydantic import TypeAdapter, ValidationError

from assistant.config import Settings
from corpus.catalogue import load_catalogue
from corpus.catalogue_editing import with_sources, write_catalogue
from corpus.documents import Document, Source, sha256_of_file
from corpus.errors import CatalogueError, FetchError, SettingsError, UnreadableFileError
from corpus.fetch import Fetcher, Reply
from corpus.ledger import Entry, Ledger, load_ledger, replace_file, save_ledger
from corpus.reading import guess_source, make_document
from corpus.worker import ParserProcess

# What of a source can be set; its file and its name follow from what is added.
KEYS = tuple(field.name for field in fields(Source) if field.name != "file")

# Where a document tells its edition: in the characters of about its first page.
_FIRST_PAGE = 1500
_ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|revised"
_EDITION = re.compile(
    rf"\b(?:(?:{_ORDINAL}|\d+(?:st|nd|rd|th)) edition(?:,? \(?\d{{4}}\)?)?|version \d+(?:\.\d+)*)",
    re.IGNORECASE,
)
_SOURCE = TypeAdapter(Source)

Confirm = Callable[[Source], Source]


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was added: its entry, and other current editions of the same work."""

    source: Source
    other_editions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """A file that is read and not yet written; `reply` tells where it was fetched."""

    source: Source
    content: bytes
    reply: Reply | None = None


def add(
    settings: Settings,
    items: Sequence[str],
    *,
    fetcher: Fetcher,
    given: Mapping[str, str] | None = None,
    confirm: Confirm = lambda source: source,
    replace_existing: bool = False,
) -> tuple[Added, ...]:
    """Return what was added to the documents folder and the catalogue.

    What a file says of itself is guessed, `given` values win over that, and `confirm` has the
    last word on each source. Raises `ToolkitError` before anything is written.
    """
    given = check_values(given or {})
    if "id" in given and len(items) > 1:
        raise SettingsError("--set id=… is for one document; add them one by one.")
    catalogue = load_catalogue(settings.catalogue) if settings.catalogue.is_file() else {}
    with ParserProcess() as parser, TemporaryDirectory() as folder:
        taken = [
            _taken(item, Path(folder), parser, fetcher, given, catalogue, confirm) for item in items
        ]
    _refuse_repeated([one.source for one in taken])
    for one in taken:
        _refuse_conflicts(one, settings, catalogue, replace_existing)
    ledger = load_ledger(settings.ledger)
    text = with_sources(settings.catalogue, [one.source for one in taken])
    for one in taken:
        replace_file(settings.documents / one.source.file, one.content)
    write_catalogue(settings.catalogue, text)
    _remember(settings, ledger, taken)
    return tuple(Added(one.source, _other_editions(one.source, catalogue)) for one in taken)


def check_values(values: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values if a source can have them; raises `SettingsError` if not."""
    for key in values:
        if key not in KEYS:
            raise SettingsError(f"--set knows no {key!r}; set one of {', '.join(KEYS)}.")
    try:
        _SOURCE.validate_python({"id": "x", "file": "x", "work": "x", "title": "x", **values})
    except ValidationError as error:
        fault = error.errors()[0]
        raise SettingsError(f"--set {fault['loc'][0]}={fault['input']}: {fault['msg']}.") from error
    empty = [key for key in ("id", "work", "title") if not values.get(key, "x").strip()]
    if empty:
        raise SettingsError(f"--set {empty[0]}= needs a value.")
    return values


def _taken(
    item: str,
    folder: Path,
    parser: ParserProcess,
    fetcher: Fetcher,
    given: Mapping[str, str],
    catalogue: Mapping[str, Source],
    confirm: Confirm,
) -> _Item:
    reply: Reply | None = None
    path, name = Path(item).expanduser(), PurePosixPath(Path(item).name).as_posix()
    if re.match(r"\w+://", item):
        reply = _fetched(item, fetcher, folder)
        name = _name_of(item, reply)
        path = folder / name
        (folder / "part").rename(path)
    elif not path.is_file():
        raise SettingsError(f"There is no file {item}. Give a file or an address with https://.")
    try:
        parsed = parser.parse(path)
        guessed = guess_source(name, parsed)
        document = make_document(parsed, guessed, file_sha256="")
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{item}: {error}") from error
    url = reply.url if reply else guessed.url
    source = _guess(document, replace(guessed, url=url), catalogue)
    source = _SOURCE.validate_python(
        {field.name: getattr(source, field.name) for field in fields(Source)} | dict(given)
    )
    return _Item(confirm(source), path.read_bytes(), reply)


def _fetched(url: str, fetcher: Fetcher, folder: Path) -> Reply:
    try:
        reply = fetcher.fetch(url, folder / "part")
    except FetchError as error:
        raise FetchError(f"{url}: {error}") from error
    if reply.outcome == "gone":
        raise FetchError(f"{url}: the publisher answers {reply.status}. Check the address.")
    return reply


def _name_of(url: str, reply: Reply) -> str:
    """Return a name for the file of an address: its last part, with the suffix of what came."""
    last = PurePosixPath(unquote(urlsplit(url).path)).name or urlsplit(url).hostname or ""
    stem = PurePosixPath(last).stem if PurePosixPath(last).suffix else last
    return (re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "document") + reply.suffix


def _guess(document: Document, guessed: Source, catalogue: Mapping[str, Source]) -> Source:
    """Return the source with language, edition and work as far as they can be told.

    The work is that of an entry with the same title: another edition or language of it.
    """
    edition = _EDITION.search(f"{guessed.title}\n{document.text[:_FIRST_PAGE]}")
    title = guessed.title.casefold()
    works = [one.work for one in catalogue.values() if one.title.casefold() == title]
    return replace(
        guessed,
        language=document.source.language,
        edition=edition[0] if edition else None,
        work=works[0] if works else guessed.work,
    )


def _refuse_repeated(sources: Sequence[Source]) -> None:
    for field in ("file", "id"):
        values = [getattr(source, field) for source in sources]
        if twice := [value for value in values if values.count(value) > 1]:
            raise SettingsError(f"Two of these would have the {field} {twice[0]!r}; rename one.")


def _refuse_conflicts(
    item: _Item, settings: Settings, catalogue: Mapping[str, Source], replace_existing: bool
) -> None:
    """Raise `CatalogueError` if a file or an entry of another document would be lost."""
    path = settings.documents / item.source.file
    if replace_existing:
        return
    if path.exists() and (not path.is_file() or path.read_bytes() != item.content):
        message = f"{path} is there with other content. Rename the new file, or use --replace."
        raise CatalogueError(message)
    other = next((one for one in catalogue.values() if one.id == item.source.id), None)
    if other and other.file != item.source.file:
        message = (
            f"The catalogue has {item.source.id!r} for {other.file}. Give the new one another id: "
            "--set id=…"
        )
        raise CatalogueError(message)


def _other_editions(source: Source, catalogue: Mapping[str, Source]) -> tuple[str, ...]:
    same = (source.work, source.language, "current")
    return tuple(
        one.id
        for one in catalogue.values()
        if (one.work, one.language, one.status) == same
        and one.id != source.id
        and source.status == "current"
    )


def _remember(settings: Settings, ledger: Ledger, items: Sequence[_Item]) -> None:
    """Enter what was fetched in the ledger, so that sync goes on from there."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for one in items:
        if reply := one.reply:
            entry = Entry(
                file=one.source.file,
                sha256=sha256_of_file(settings.documents / one.source.file),
                size=len(one.content),
                content_type=reply.content_type,
                url=reply.url,
                hops=reply.hops,
                known=reply.known,
                fetched=now,
                checked=now,
            )
            ledger = ledger.with_entry(one.source.id, entry)
    if ledger.entries:
        save_ledger(ledger, settings.ledger)
