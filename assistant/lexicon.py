"""A question in, the words out that it could have been asked with: acronyms and the field's words.

Acronyms are those that the documents explain. The field's words are in words.toml beside this
file; of them only those are searched that the documents have.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from corpus.acronyms import find_acronyms
from index.lexical import UNSPACED, terms_of

WORDS = Path(__file__).with_name("words.toml")

# A phrase of so few words hangs on its acronym, and one alone asks what it means. In longer
# questions the glossary's explanation gets in the way: spelt out, nDCG@10 of the 21 starter ones
# with an acronym falls from 0.705 to 0.671.
_LEAST, _PHRASE = 2, 6

_WORD = re.compile(r"\w+")
LETTERS = re.compile(rf"[^\W\d_{UNSPACED}]+")
_SMALLLETTERS = re.compile(r"\b[a-z][a-z0-9]{1,9}\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """If one of `said` stands in a question, `means` is searched as well.

    A question says a word in any letter case, or, where `exactly` is set, in that of `said`. What
    `is_short` for another word may stand in a question in its place.
    """

    said: tuple[str, ...]
    means: tuple[str, ...]
    exactly: bool = False
    is_short: bool = False


class Lexicon:
    """The words that a library of documents is searched with beside those of a question."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = tuple(entries)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Return the lexicon of the documents' texts."""
        texts = tuple(texts)
        folded = f" {_folded(' '.join(texts))} "
        entries = list(_acronyms(texts))
        for entry in load_words():
            known = tuple(words for words in entry.means if f" {_folded(words)} " in folded)
            if known:
                entries.append(Entry(entry.said, known))
        return cls(entries)

    def words_for(self, question: str, *, without: Iterable[str] = ()) -> tuple[str, ...]:
        """Return what is searched beside the question, in order; nothing that it says already."""
        exact, folded = f" {' '.join(_WORD.findall(question))} ", f" {_folded(question)} "
        left_out = {_folded(word) for word in without}
        said = set(terms_of(question))
        added: dict[str, str] = {}
        for entry in self._entries:
            if any(_says(exact, folded, words, entry.exactly) for words in entry.said):
                for words in entry.means:
                    if not said.issuperset(terms_of(words)) and _folded(words) not in left_out:
                        added.setdefault(_folded(words), words)
        return tuple(added.values())

    def spelt_out(self, text: str, *, without: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
        """Return a phrase with its acronyms spelt out, and what was put in; others unchanged.

        Nothing is put in that is one of `without`, letter case aside.
        """
        if not _LEAST <= len(LETTERS.findall(text)) <= _PHRASE:
            return text, ()
        return with_others(text, self._spelt_out, without)

    def _spelt_out(self, word: str) -> str | None:
        exact, folded = f" {word} ", f" {_folded(word)} "
        return next(
            (
                entry.means[0]
                for entry in self._entries
                if entry.is_short
                if any(_says(exact, folded, words, entry.exactly) for words in entry.said)
            ),
            None,
        )


NO_WORDS = Lexicon()


@cache
def load_words(path: Path = WORDS) -> tuple[Entry, ...]:
    """Return the everyday words and what they mean in the field."""
    values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return tuple(Entry(tuple(one["said"]), tuple(one["means"])) for one in values["words"])


def _acronyms(texts: tuple[str, ...]) -> Iterator[Entry]:
    """Yield each acronym both ways; one that is also a common word only as it is written."""
    words = {word for text in texts for word in _SMALLLETTERS.findall(text)}
    for one in find_acronyms(texts):
        exactly = one.short.lower() in words
        yield Entry((one.short, f"{one.short}s"), (one.long,), exactly=exactly, is_short=True)
        yield Entry((one.long, f"{one.long}s"), (one.short,))


def _says(exact: str, folded: str, words: str, exactly: bool) -> bool:
    """Tell whether words stand in a question, given as it is and in one letter case."""
    return (
        f" {' '.join(_WORD.findall(words))} " in exact
        if exactly
        else f" {_folded(words)} " in folded
    )


def with_others(
    text: str, other: Callable[[str], str | None], without: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    """Return a text with another word for each that has one, and what was put in, in order.

    Nothing is put in that is one of `without`, letter case aside.
    """
    left_out = {word.casefold() for word in without}
    put_in: list[str] = []

    def put(match: re.Match[str]) -> str:
        found = other(match[0])
        if found is None or found.casefold() in left_out:
            return match[0]
        put_in.append(found)
        return found

    return LETTERS.sub(put, text), tuple(dict.fromkeys(put_in))


def _folded(text: str) -> str:
    """Return the words of a text in one letter case, a space between them."""
    return " ".join(_WORD.findall(text.casefold()))
