"""Files and addresses in, documents with catalogue entries out; all or nothing is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, mkdtemp
from urllib.parse import unquote, urlsplit

from pydantic import TypeAdapter, ValidationError

from assistant.config import Settings
from corpus.addresses import any_address, is_public
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
# What every source has: an empty value leaves these as they were guessed.
_NEEDED = {"id", "work", "title", "language", "kind", "status"}

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
class Considered:
    """A file that was read and is not yet entered; `reply` tells where it was fetched."""

    source: Source
    path: Path
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
    with ParserProcess() as parser, TemporaryDirectory() as folder:
        taken = [
            consider(settings, item, Path(folder), parser=parser, fetcher=fetcher, given=given)
            for item in items
        ]
        confirmed = [replace(one, source=confirm(one.source)) for one in taken]
        return enter(settings, confirmed, replace_existing=replace_existing)


def fetcher_of(settings: Settings, *, allow_private: bool = False) -> Fetcher:
    """Return what fetches addresses; those in private networks only where that is allowed."""
    private = allow_private or settings.allow_private_addresses
    return Fetcher(is_allowed=any_address if private else is_public)


def consider(
    settings: Settings,
    item: str,
    folder: Path,
    *,
    parser: ParserProcess,
    fetcher: Fetcher,
    given: Mapping[str, str] | None = None,
) -> Considered:
    """Return what a file or address says of itself; what is fetched lies in the folder.

    Raises `ToolkitError` if there is no such thing or it cannot be read.
    """
    reply: Reply | None = None
    path, name = Path(item).expanduser(), PurePosixPath(Path(item).name).as_posix()
    if re.match(r"\w+://", item):
        own = Path(mkdtemp(dir=folder))  # two addresses may end in the same name
        reply = _fetched(item, fetcher, own)
        name = _name_of(item, reply)
        path = own / name
        (own / "part").rename(path)
    elif not path.is_file():
        raise SettingsError(f"There is no file {item}. Give a file or an address with https://.")
    try:
        parsed = parser.parse(path)
        guessed = guess_source(name, parsed)
        document = make_document(parsed, guessed, file_sha256="")
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{item}: {error}") from error
    url = reply.url if reply else guessed.url
    source = _guess(document, replace(guessed, url=url), _catalogue(settings))
    return Considered(_with_values(source, given or {}), path, reply)


def described(item: Considered, values: Mapping[str, str]) -> Considered:
    """Return the file with what a person says of it; an empty value means that it is not known.

    Raises `SettingsError` for a value that cannot be.
    """
    known = {key: value.strip() for key, value in values.items() if value.strip()}
    unknown = dict.fromkeys(set(values) - set(known) - _NEEDED)
    return replace(item, source=_with_values(item.source, {**unknown, **check_values(known)}))


def enter(
    settings: Settings, items: Sequence[Considered], *, replace_existing: bool = False
) -> tuple[Added, ...]:
    """Return what was added to the documents folder and the catalogue; all of it, or nothing.

    Raises `ToolkitError` before anything is written.
    """
    catalogue = _catalogue(settings)
    _refuse_repeated([one.source for one in items])
    for one in items:
        _refuse_conflicts(one, settings, catalogue, replace_existing)
    ledger = load_ledger(settings.ledger)
    text = with_sources(settings.catalogue, [one.source for one in items])
    for one in items:
        replace_file(settings.documents / one.source.file, one.path.read_bytes())
    write_catalogue(settings.catalogue, text)
    _remember(settings, ledger, items)
    return tuple(Added(one.source, _other_editions(one.source, catalogue)) for one in items)


def _catalogue(settings: Settings) -> Mapping[str, Source]:
    return load_catalogue(settings.catalogue) if settings.catalogue.is_file() else {}


def _with_values(source: Source, values: Mapping[str, str | None]) -> Source:
    every = {field.name: getattr(source, field.name) for field in fields(Source)}
    return _SOURCE.validate_python(every | dict(values))


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
    item: Considered, settings: Settings, catalogue: Mapping[str, Source], replace_existing: bool
) -> None:
    """Raise `CatalogueError` if a file or an entry of another document would be lost."""
    path = settings.documents / item.source.file
    if replace_existing:
        return
    if path.exists() and not _same_file(path, item.path):
        message = f"{path} is there with other content. Rename the new file, or use --replace."
        raise CatalogueError(message)
    other = next((one for one in catalogue.values() if one.id == item.source.id), None)
    if other and other.file != item.source.file:
        message = (
            f"The catalogue has {item.source.id!r} for {other.file}. Give the new one another id: "
            "--set id=…"
        )
        raise CatalogueError(message)


def _same_file(one: Path, other: Path) -> bool:
    return one.is_file() and sha256_of_file(one) == sha256_of_file(other)


def _other_editions(source: Source, catalogue: Mapping[str, Source]) -> tuple[str, ...]:
    same = (source.work, source.language, "current")
    return tuple(
        one.id
        for one in catalogue.values()
        if (one.work, one.language, one.status) == same
        and one.id != source.id
        and source.status == "current"
    )


def _remember(settings: Settings, ledger: Ledger, items: Sequence[Considered]) -> None:
    """Enter what was fetched in the ledger, so that sync goes on from there."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for one in items:
        if reply := one.reply:
            entry = Entry(
                file=one.source.file,
                sha256=sha256_of_file(settings.documents / one.source.file),
                size=one.path.stat().st_size,
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
