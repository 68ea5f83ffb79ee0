"""A catalogue.toml and sources in, the catalogue with them out; what a person wrote in it stays."""

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from corpus.catalogue import load_catalogue
from corpus.documents import Source
from corpus.errors import CatalogueError
from corpus.ledger import replace_file

# Written even where they are what a source has anyway: an editor looks for them.
_ALWAYS = ("id", "file", "work", "title", "status")


def with_sources(path: Path, sources: Iterable[Source]) -> str:
    """Return the text of the catalogue with these sources added, comments and order kept.

    A source with the id of an entry fills in what that entry leaves out and replaces the rest.
    Raises `CatalogueError` if the result could not be used; nothing is written.
    """
    try:
        text = path.read_text("utf-8") if path.is_file() else ""
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    entries = document.setdefault("source", tomlkit.aot())
    if not isinstance(entries, AoT):
        raise CatalogueError(f"{path}: write [[source]] tables only.")
    by_id = {str(entry.get("id")): entry for entry in entries}
    for source in sources:
        if source.id in by_id:
            by_id[source.id].update(_values(source))
        else:
            entries.append(_table(source))
    changed = tomlkit.dumps(document)
    _check(path, changed)
    return changed


def write_catalogue(path: Path, text: str) -> None:
    """Write the catalogue in one atomic step."""
    replace_file(path, text.encode("utf-8"))


def _table(source: Source) -> Table:
    table = tomlkit.table()
    table.update(_values(source))
    table.add(tomlkit.nl())
    return table


def _values(source: Source) -> dict[str, str]:
    """Return the fields that say something."""
    return {
        field.name: getattr(source, field.name)
        for field in fields(source)
        if field.name in _ALWAYS or getattr(source, field.name) not in (field.default, None)
    }


def _check(path: Path, text: str) -> None:
    with TemporaryDirectory() as folder:
        written = Path(folder, path.name)
        written.write_text(text, "utf-8")
        try:
            load_catalogue(written)
        except CatalogueError as error:
            raise CatalogueError(str(error).replace(str(written), str(path))) from error
