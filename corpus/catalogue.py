"""A catalogue.toml in, sources out: what the files of a documents folder are."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.documents import Source
from corpus.errors import CatalogueError

CATALOGUE_NAME = "catalogue.toml"

_SOURCES = TypeAdapter(tuple[Source, ...], config={"extra": "forbid"})


def catalogue_path(folder: Path) -> Path | None:
    """Return the catalogue of a documents folder: in it, or beside it; None if it has none."""
    for path in (folder / CATALOGUE_NAME, folder.resolve().parent / CATALOGUE_NAME):
        if path.is_file():
            return path
    return None


def load_catalogue(path: Path) -> dict[str, Source]:
    """Return the sources of a catalogue by their file, in its order.

    A catalogue is TOML with a `[[source]]` table for each, whose keys are the fields of `Source`.
    Raises `CatalogueError`, naming the entry, for one that cannot be read or contradicts itself.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        sources = _SOURCES.validate_python(table.get("source", []))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        raise CatalogueError(f"{path}: {_first_fault(error)}") from error
    unknown = [key for key in table if key != "source"]
    if unknown:
        raise CatalogueError(f"{path}: {unknown[0]!r} is unknown; write [[source]] tables only.")
    for field in ("id", "file"):
        _refuse_repeated(path, field, sources)
    return {source.file: source for source in sources}


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    if not fault["loc"]:
        return "source is no list of tables; write [[source]] before each entry."
    number, *field = fault["loc"]
    return f"source {int(number) + 1}, {'.'.join(map(str, field)) or 'entry'}: {fault['msg']}"


def _refuse_repeated(path: Path, field: str, sources: Sequence[Source]) -> None:
    values = Counter(getattr(source, field) for source in sources)
    repeated = [value for value, times in values.items() if times > 1]
    if repeated:
        message = (
            f"{path}: {field} {repeated[0]!r} stands {values[repeated[0]]} times; make it unique."
        )
        raise CatalogueError(message)
