"""A situations.toml in, situations with the passages that answer or help out.

A practitioner tells what happened in words that the guidance does not use. An editor who knows both
writes down situations, and which passages answer them or help beside an answer. The ranking learns
from them, and they are never shown.

A passage is told by a quote from it, and what it answers may be listed there. Situations for which
there are several passages name them, first those that answer, after a stroke those that help:

    [[passage]]
    name = "vetting.2"
    work = "vetting"
    quote = "Ask for a certificate of good conduct"
    situations = ["one of our watchmen was in a militia"]

    [situations]
    "who checks the new guards" = "vetting.2 contract.4 / training.1"
"""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.documents import Passage
from corpus.errors import CatalogueError

SITUATIONS_NAME = "situations.toml"

_Words = Annotated[str, Field(pattern=r"\w")]


class Situations(BaseModel):
    """A passage of the file: the situations that it answers, and those in which it helps.

    The quote stands verbatim, white space aside, in the passages of a work that are meant, whatever
    the edition or the way that passages are cut; its language tells translations apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    work: str
    quote: _Words
    name: str = ""
    situations: tuple[_Words, ...] = ()
    helps: tuple[_Words, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    passage: tuple[Situations, ...] = ()
    situations: dict[_Words, _Words] = {}


class Situation(NamedTuple):
    """A line, and by row the grade of the passages for it: 2 for what answers, 1 for what helps."""

    text: str
    grades: dict[int, int]


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
        file = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ", ".join(str(one + 1 if isinstance(one, int) else one) for one in fault["loc"])
        raise CatalogueError(f"{path}: {place}: {fault['msg']}") from error
    return _named(file, path)


def _named(file: _File, path: Path) -> tuple[Situations, ...]:
    """Return the passages of a file, each with the situations that name it."""
    known = {one.name for one in file.passage if one.name}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, names in file.situations.items():
        for field, name in _fields_and_names(names):
            if name not in known:
                message = f"{path}: situations, {text!r}: no [[passage]] has the name {name!r}."
                raise CatalogueError(message)
            found[field, name].append(text)
    return tuple(
        one.model_copy(
            update={
                field: (*getattr(one, field), *found[field, one.name])
                for field in ("situations", "helps")
            }
        )
        for one in file.passage
    )


def _fields_and_names(names: str) -> Iterator[tuple[str, str]]:
    """Yield the names of passages in a line, each with the field in which the line stands there."""
    answers, _, helps = names.partition("/")
    yield from (("situations", name) for name in answers.split())
    yield from (("helps", name) for name in helps.split())


def as_toml(entry: Situations) -> str:
    """Return a passage without a name, with what it answers, as lines that are read here."""
    # A string of JSON is one of TOML, but for the one control character that JSON leaves as it is.
    work, quote, *lines = (
        json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
        for text in (entry.work, entry.quote, *entry.situations)
    )
    listed = "".join(f"    {line},\n" for line in lines)
    return f"\n[[passage]]\nwork = {work}\nquote = {quote}\nsituations = [\n{listed}]"


def attach(
    entries: Sequence[Situations], passages: Iterable[tuple[str, Passage]]
) -> tuple[list[Situation], list[Situations]]:
    """Return the situations of passages given with their work, and the entries of no passage.

    The row is a passage's place among them; each line comes once, in the order of entries.
    """
    if not entries:  # and passages need not be looked at
        return [], []
    by_work: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        by_work.setdefault(entry.work, []).append(number)
    quotes = [without_space(entry.quote) for entry in entries]
    graded: dict[int, list[int]] = {}  # the rows of each entry
    for row, (work, passage) in enumerate(passages):
        text = without_space(passage.text) if work in by_work else ""
        for number in by_work.get(work, ()):
            if quotes[number] in text:
                graded.setdefault(number, []).append(row)
    unused = [entry for number, entry in enumerate(entries) if number not in graded]
    return _merged((entries[number], rows) for number, rows in sorted(graded.items())), unused


def _merged(graded: Iterable[tuple[Situations, Sequence[int]]]) -> list[Situation]:
    """Return each line with the best grade of each row that an entry gives it."""
    found: dict[str, dict[int, int]] = {}
    for entry, rows in graded:
        for grade, texts in ((2, entry.situations), (1, entry.helps)):
            for text in texts:
                own = found.setdefault(text, {})
                own.update((row, max(grade, own.get(row, 0))) for row in rows)
    return [Situation(text, grades) for text, grades in found.items()]


def without_space(text: str) -> str:
    """Return a text without its white space, to compare what was broken into lines otherwise."""
    return "".join(text.split())
