"""A question in, the words out that it could have been asked with: acronyms and the field's words.

Acronyms are those that the documents explain. The field's words are in words.toml beside this
file; of them only those are searched that the documents have.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from corpus.acronyms import find_acronyms
from index.lexical import terms_of

WORDS = Path(__file__).with_name("words.toml")

_WORD = re.compile(r"\w+")
_SMALL_LETTERS = re.compile(r"\b[a-z][a-z0-9]{1,9}\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """If one of `said` stands in a question, `means` is searched as well.

    A question says a word in any letter case, or, where `exactly` is set, in that of `said`.
    """

    said: tuple[str, ...]
    means: tuple[str, ...]
    exactly: bool = False


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


NO_WORDS = Lexicon()


@cache
def load_words(path: Path = WORDS) -> tuple[Entry, ...]:
    """Return the everyday words and what they mean in the field."""
    values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return tuple(Entry(tuple(one["said"]), tuple(one["means"])) for one in values["words"])


def _acronyms(texts: tuple[str, ...]) -> Iterator[Entry]:
    """Yield each acronym both ways; one that is also a common word only as it is written."""
    words = {word for text in texts for word in _SMALL_LETTERS.findall(text)}
    for one in find_acronyms(texts):
        exactly = one.short.lower() in words
        yield Entry((one.short, f"{one.short}s"), (one.long,), exactly=exactly)
        yield Entry((one.long, f"{one.long}s"), (one.short,))


def _says(exact: str, folded: str, words: str, exactly: bool) -> bool:
    """Tell whether words stand in a question, given as it is and in one letter case."""
    return (
        f" {' '.join(_WORD.findall(words))} " in exact
        if exactly
        else f" {_folded(words)} " in folded
    )


def _folded(text: str) -> str:
    """Return the words of a text in one letter case, a space between them."""
    return " ".join(_WORD.findall(text.casefold()))
