"""The catalogue and the list of official pages in, out: which texts are published where."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag

from pydantic import TypeAdapter, ValidationError

import corpus.starter
from corpus.catalogue import load_catalogue
from corpus.documents import Source
from corpus.errors import CatalogueError

OFFICIAL = Path(corpus.starter.__file__).parent / "official.toml"


@dataclass(frozen=True, slots=True)
class Published:
    """A source and the addresses of its text, the canonical one first.

    `source.file` is empty as long as its name is to be made of what comes.
    """

    source: Source
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Official:
    """An entry of official.toml; `variants` are other addresses of the same text."""

    id: str
    work: str
    title: str
    url: str
    edition: str | None = None
    language: str = ""
    kind: str = "document"
    status: str = "current"
    area: str | None = None
    topic: str | None = None
    publisher: str | None = None
    year: int | None = None
    variants: tuple[str, ...] = ()


_OFFICIAL = TypeAdapter(tuple[_Official, ...], config={"extra": "forbid"})
_SOURCE = TypeAdapter(Source)
_FIELDS = (
    "id", "work", "title", "url", "edition", "language", "kind", "status", "area", "topic",
    "publisher",
)  # fmt: skip


def published(catalogue: Path, official: Path = OFFICIAL) -> tuple[Published, ...]:
    """Return what is published: the catalogue's own sources with an address, then official ones.

    A source of the catalogue stands for the official one with the same id or address, whose
    other addresses it keeps. Either file may be absent. Raises `CatalogueError`.
    """
    own = load_catalogue(catalogue).values() if catalogue.is_file() else ()
    listed = load_official(official) if official.is_file() else ()
    by_id = {one.source.id: one for one in listed}
    first = [_own(source, by_id.get(source.id)) for source in own if source.url]
    taken_ids = {source.id for source in own}
    taken = {address for one in first for address in one.addresses}
    others = [
        one
        for one in listed
        if one.source.id not in taken_ids and not taken.intersection(one.addresses)
    ]
    return tuple(_without_repeated([*first, *others]))


def load_official(path: Path) -> tuple[Published, ...]:
    """Return the sources of a list of official pages, in its order; raises `CatalogueError`."""
    try:
        entries = _OFFICIAL.validate_python(tomllib.loads(path.read_text("utf-8"))["source"])
        return tuple(_published(entry) for entry in entries)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CatalogueError(f"{path}: source {place}: {first['msg']}") from error


def file_name(source: Source, suffix: str) -> str:
    """Return the name of the file that a source without one gets in the documents folder."""
    return (re.sub(r"[^\w.-]+", "-", source.id).strip("-.") or "document") + suffix


def _published(entry: _Official) -> Published:
    values = {name: getattr(entry, name) for name in _FIELDS}
    source = _SOURCE.validate_python({**values, "file": ""})
    return Published(source, _addresses(entry.url, entry.variants))


def _own(source: Source, official: Published | None) -> Published:
    return Published(source, _addresses(source.url or "", official.addresses if official else ()))


def _addresses(url: str, others: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses without their fragments, each once."""
    return tuple(dict.fromkeys(urldefrag(one).url for one in (url, *others)))


def _without_repeated(sources: Iterable[Published]) -> Iterable[Published]:
    """Yield the sources whose canonical address no earlier one has: one text is one document."""
    seen: set[str] = set()
    for one in sources:
        if one.addresses[0] not in seen:
            yield one
        seen.update(one.addresses)
