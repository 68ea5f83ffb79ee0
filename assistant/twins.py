"""A passage in, what it says out: so that passages which say the same are told as twins.

Twins have the same words, or differ in so little that no reader would act otherwise: letter case,
punctuation, endings of words, spelling, small words. A figure, a negation, or any word of weight
is never little: passages that differ in one are both worth showing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from unicodedata import category

from corpus.documents import Passage
from index.lexical import stem

# What is not compared: all but letters, figures, signs such as currencies, and points in figures.
_NOT_COMPARED = re.compile(r"(?:(?!(?<=\d)[.,](?=\d)|(?<!\w)-(?=\d))[\W_])+")
# What may be there or not (English), written out and not taken from a list of stop words, which
# would have "not", "if" and "or" in it.
_SMALL_WORDS = frozenset({
    "a", "also", "an", "are", "as", "at", "be", "in", "is", "it", "its", "of", "on", "that", "the",
    "then", "there", "these", "this", "was", "were", "when", "which", "while",
})  # fmt: skip
# Fewer words than this have to be the same ones.
_FEWEST_WORDS = 12
# Stems are only compared of passages about as long as each other that have most words in common.
_LONGER = 1.15
_MARKS = 12  # characters of punctuation that may be beside that
_COMMON = 0.6
# Of texts longer than this many characters a rough look at the words comes first.
_LONG_TEXT = 200
_COMMON_RAW = 0.4


@dataclass(frozen=True)  # no slots: each part is worked out once, when it is asked for
class Saying:
    """What a passage says, so that it can be compared with others."""

    passage: Passage

    @cached_property
    def size(self) -> int:
        """Return how many characters it has."""
        return len(self.passage.text)

    @cached_property
    def words(self) -> str:
        """Return its words and signs, letter case and punctuation aside."""
        return _NOT_COMPARED.sub(_signs_of, self.passage.text.casefold()).strip()

    @cached_property
    def raw_words(self) -> frozenset[str]:
        """Return what stands between its spaces, each once; quicker than `word_set`."""
        return frozenset(self.passage.text.casefold().split())

    @cached_property
    def word_set(self) -> frozenset[str]:
        """Return each of its words once."""
        return frozenset(self.words.split())

    @cached_property
    def essence(self) -> tuple[str, ...]:
        """Return the stems of its words in order, small ones left out."""
        return tuple(_stems(self.words, self.passage.language))

    @cached_property
    def counts(self) -> Counter[str]:
        """Return how often each stem stands in it."""
        return Counter(self.essence)

    def is_twin_of(self, other: "Saying") -> bool:
        """Tell whether both say the same: a word more of weight narrows or turns what is said."""
        size, other_size = self.size, other.size
        if size > _LONGER * other_size + _MARKS or other_size > _LONGER * size + _MARKS:
            return False
        if size > _LONG_TEXT and not _share(self.raw_words, other.raw_words, _COMMON_RAW):
            return False
        if self.words == other.words:
            return True
        if not _share(self.word_set, other.word_set, _COMMON):
            return False
        return len(self.essence) >= _FEWEST_WORDS and self.essence == other.essence

    def share_in(self, other: "Saying") -> float:
        """Return the share of its words that also stand in another passage."""
        return (self.counts & other.counts).total() / max(1, len(self.essence))


def _share(one: frozenset[str], other: frozenset[str], least: float) -> bool:
    """Tell whether the larger of two sets has at least this share in common with the other."""
    return len(one & other) >= least * max(len(one), len(other))


def _stems(words: str, language: str) -> Iterator[str]:
    for word in words.split():
        if word not in _SMALL_WORDS:
            yield _one_spelling(stem(word, language))


def _one_spelling(word: str) -> str:
    """Return a stem as American English spells it: organis to organiz, labour to labor."""
    return re.sub(r"our$", "or", re.sub(r"is$", "iz", word)) if len(word) > 5 else word


def _signs_of(match: re.Match[str]) -> str:
    """Return the signs and marks of letters in what stands between words, or a space."""
    return "".join(c for c in match[0] if category(c)[0] in "MS" or c == "%") or " "
