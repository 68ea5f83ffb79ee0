"""A situations.toml in, for each passage the situations it helps in out.

A practitioner tells what happened in words that the guidance does not use. An editor who knows both
writes down, beside a passage, situations that it helps in. They are searched and never shown.
"""

import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from corpus.documents import Passage
from corpus.errors import CatalogueError

SITUATIONS_NAME = "situations.toml"

_Words = Annotated[str, Field(pattern=r"\w")]


class Situations(BaseModel):
    """An entry of the file: what passages of a work that hold a quote help in.

    The quote stands verbatim, white space aside, in the passages that are meant, whatever the
    edition or the way that passages are cut; its language tells translations apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    work: str
    quote: _Words
    situations: tuple[_Words, ...]


_ENTRIES = TypeAdapter(tuple[Situations, ...])


def load_situations(folder: Path) -> tuple[Situations, ...]:
    """Return the entries of a documents folder: of the file in it, or beside it; none without one.

    Raises `CatalogueError`, naming file and entry, for a file that cannot be used.
    """
    path = situations_path(folder)
    return _load(path) if path.is_file() else ()


def situations_path(folder: Path) -> Path:
    """Return where the file of a documents folder is: in it if it is there, else beside it."""
    within = folder / SITUATIONS_NAME
    return within if within.is_file() else folder.resolve().parent / SITUATIONS_NAME


def _load(path: Path) -> tuple[Situations, ...]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        unknown = [key for key in table if key != "passage"]
        if unknown:
            raise CatalogueError(f"{path}: {unknown[0]!r} is unknown; write [[passage]] tables.")
        return _ENTRIES.validate_python(table.get("passage", []))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        number, *field = (*fault["loc"], "")
        entry = f"passage {int(number) + 1}" if isinstance(number, int) else "passage"
        place = ".".join(str(one) for one in field if one != "")
        message = f"{path}: {entry}, {place or 'entry'}: {fault['msg']}"
        raise CatalogueError(message) from error


def as_toml(entry: Situations) -> str:
    """Return an entry as the lines that `load_situations` reads."""
    # A string of JSON is one of TOML, but for the one control character that JSON leaves as it is.
    work, quote, *lines = (
        json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
        for text in (entry.work, entry.quote, *entry.situations)
    )
    listed = "".join(f"    {line},\n" for line in lines)
    return f"\n[[passage]]\nwork = {work}\nquote = {quote}\nsituations = [\n{listed}]"


def attach(
    entries: Sequence[Situations], passages: Iterable[tuple[str, Passage]]
) -> tuple[list[tuple[int, str]], list[Situations]]:
    """Return (row, situation) for passages given with their work, and the entries of no passage.

    The row is a passage's place among them; pairs come in the order of rows.
    """
    if not entries:  # and passages need not be looked at
        return [], []
    by_work: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        by_work.setdefault(entry.work, []).append(number)
    quotes = [without_space(entry.quote) for entry in entries]
    pairs: list[tuple[int, str]] = []
    used: set[int] = set()
    for row, (work, passage) in enumerate(passages):
        text = without_space(passage.text) if work in by_work else ""
        for number in by_work.get(work, ()):
            if quotes[number] in text:
                used.add(number)
                pairs += [(row, situation) for situation in entries[number].situations]
    return pairs, [entry for number, entry in enumerate(entries) if number not in used]


def without_space(text: str) -> str:
    """Return a text without its white space, to compare what was broken into lines otherwise."""
    return "".join(text.split())
