"""A situations.toml in, situations with the passages that answer or help out.

A practitioner tells what happened in words that the guidance does not use. An editor who knows both
writes down situations, and which passages answer them or help beside an answer. The ranking learns
from them, and they are never shown.

A passage is told by a quote from it, and what it answers may be listed there. So is a sentence, by
a quote that begins in it: short answers learn from those, and do not leave out what keeps people
from harm. Situations for which there are several
name them, first those that answer, after a stroke those that help. What is asked about the subject
and no passage answers comes first of all:

    unanswered = ["what does a background check cost"]

    [[passage]]
    name = "vetting.2"
    work = "vetting"
    quote = "certificate of good conduct"
    situations = ["one of our watchmen was in a militia"]

    [[sentence]]
    name = "contract.4.1"
    work = "contract"
    quote = "The provider vets each guard"

    [[sentence]]
    name = "incident.1.2"
    work = "incident"
    quote = "Ask the guards to step back"
    protects = true

    [situations]
    "who checks the new guards" = "vetting.2 contract.4.1 / training.1"
"""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType
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


class AnsweringSentence(Situations):
    """A sentence of the file: it answers its situations, and so does the passage it stands in.

    One that `protects` keeps somebody from harm that would come within hours or days: it is told
    first where it may answer at all.
    """

    protects: bool = False


class Unanswered(NamedTuple):
    """Situations of the file that no passage answers."""

    situations: tuple[str, ...]


Entry = Situations | Unanswered


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    unanswered: tuple[_Words, ...] = ()
    passage: tuple[Situations, ...] = ()
    sentence: tuple[AnsweringSentence, ...] = ()
    situations: dict[_Words, _Words] = {}


class Beginning(NamedTuple):
    """Where in its document a sentence begins, or words in it, and whether it protects."""

    start: int
    protects: bool = False


class Situation(NamedTuple):
    """A line, and by row the grade of the passages for it: 2 for what answers, 1 for what helps.

    `sentences` has by row where those sentences begin that answer it, as far as they are told. A
    line without grades is answered by nothing.
    """

    text: str
    grades: dict[int, int]
    sentences: Mapping[int, tuple[Beginning, ...]] = MappingProxyType({})


def load_situations(folder: Path) -> tuple[Entry, ...]:
    """Return the entries of a documents folder: of the file in it, or beside it; none without one.

    Raises `CatalogueError`, naming file and entry, for a file that cannot be used.
    """
    path = situations_path(folder)
    return _load(path) if path.is_file() else ()


def situations_path(folder: Path) -> Path:
    """Return where the file of a documents folder is: in it if it is there, else beside it."""
    within = folder / SITUATIONS_NAME
    return within if within.is_file() else folder.resolve().parent / SITUATIONS_NAME


def _load(path: Path) -> tuple[Entry, ...]:
    try:
        file = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ", ".join(str(one + 1 if isinstance(one, int) else one) for one in fault["loc"])
        raise CatalogueError(f"{path}: {place}: {fault['msg']}") from error
    unanswered = [Unanswered(file.unanswered)] if file.unanswered else []
    return (*_named(file, path), *unanswered)


def _named(file: _File, path: Path) -> tuple[Situations, ...]:
    """Return the passages and sentences of a file, each with the situations that name it."""
    entries = (*file.passage, *file.sentence)
    known = {one.name for one in entries if one.name}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, names in file.situations.items():
        for field, name in _fields_and_names(names):
            if name not in known:
                message = (
                    f"{path}: situations, {text!r}: no [[passage]] and no [[sentence]] has the "
                    f"name {name!r}."
                )
                raise CatalogueError(message)
            found[field, name].append(text)
    return tuple(
        one.model_copy(
            update={
                field: (*getattr(one, field), *found[field, one.name])
                for field in ("situations", "helps")
            }
        )
        for one in entries
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
    entries: Sequence[Entry], passages: Iterable[tuple[str, Passage]]
) -> tuple[list[Situation], list[Situations]]:
    """Return the situations of passages given with their work, and the entries of no passage.

    The row is a passage's place among them; each line comes once, in the order of entries, those
    that nothing answers last.
    """
    if not entries:  # and passages need not be looked at
        return [], []
    told = [entry for entry in entries if isinstance(entry, Situations)]
    by_work: dict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(told):
        by_work[entry.work].append(number)
    quotes = [without_space(entry.quote) for entry in told]
    found: dict[int, dict[int, int]] = defaultdict(dict)  # by entry and row, where the quote begins
    for row, (work, passage) in enumerate(passages):
        text = without_space(passage.text) if work in by_work else ""
        for number in by_work.get(work, ()):
            place = text.find(quotes[number])
            if place >= 0:
                found[number][row] = passage.span.start + _with_space(passage.text, place)
    unused = [entry for number, entry in enumerate(told) if number not in found]
    answered = _merged((told[number], rows) for number, rows in sorted(found.items()))
    lines = (line for one in entries if isinstance(one, Unanswered) for line in one.situations)
    known = {one.text for one in answered}
    unanswered = [Situation(line, {}) for line in dict.fromkeys(lines) if line not in known]
    return [*answered, *unanswered], unused


def _merged(found: Iterable[tuple[Situations, Mapping[int, int]]]) -> list[Situation]:
    """Return each line with the best grade of each row that an entry gives it."""
    lines: dict[str, Situation] = {}
    begun: dict[str, dict[int, tuple[Beginning, ...]]] = defaultdict(dict)
    for entry, starts in found:
        for grade, texts in ((2, entry.situations), (1, entry.helps)):
            for text in texts:
                line = lines.setdefault(text, Situation(text, {}, begun[text]))
                for row, start in starts.items():
                    line.grades[row] = max(grade, line.grades.get(row, 0))
                    if grade == 2 and isinstance(entry, AnsweringSentence):
                        one = Beginning(start, entry.protects)
                        begun[text][row] = (*begun[text].get(row, ()), one)
    return list(lines.values())


def _with_space(text: str, place: int) -> int:
    """Return where in a text the character stands that is at a place without its white space."""
    places = (number for number, letter in enumerate(text) if not letter.isspace())
    return next(islice(places, place, None))


def without_space(text: str) -> str:
    """Return a text without its white space, to compare what was broken into lines otherwise."""
    return "".join(text.split())
