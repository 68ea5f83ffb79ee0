"""Texts in, the acronyms out that they explain: "private security provider (PSP)", "PSP (…)".

The letters of an acronym begin the words that it stands for, small words skipped where they have
no letter. Looser rules, as letters from inside words, find more and much that is wrong.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SHORT = r"[A-Z][A-Za-z0-9&/-]{1,9}"
_IN_BRACKETS = re.compile(rf"\(({_SHORT})\)")
# "PSP (private security provider)" and, at the beginning of a line, "PSP: private security …".
_EXPLAINED = re.compile(
    rf"\b({_SHORT}) \(([^()\n]{{5,80}})\)|^\W*({_SHORT}): ([^.\n;:]{{5,80}})", re.MULTILINE
)
_WORD = re.compile(r"[^\W_][\w’']*")
_SMALL_WORDS = frozenset({
    "a", "an", "and", "by", "de", "del", "des", "du", "e", "et", "for", "in", "la", "las", "le",
    "les", "los", "of", "on", "or", "the", "to", "with", "y",
})  # fmt: skip
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short form as it is written, in the singular, and the words that it stands for."""

    short: str
    long: str


def find_acronyms(texts: Iterable[str]) -> tuple[Acronym, ...]:
    """Return the acronyms that the texts explain, each explanation once, in order."""
    found: dict[tuple[str, str], Acronym] = {}
    for text in texts:
        for one in _explained(text):
            found.setdefault((one.short, one.long.casefold()), one)
    return tuple(found.values())


def _explained(text: str) -> Iterator[Acronym]:
    for match in _IN_BRACKETS.finditer(text):
        before = text[max(0, match.start() - _LONGEST) : match.start()].rpartition("\n")[2]
        yield from _spelt(match[1], before)
    for match in _EXPLAINED.finditer(text):
        yield from _spelt(match[1] or match[3], match[2] or match[4], whole=True)


def _spelt(short: str, words: str, *, whole: bool = False) -> Iterator[Acronym]:
    """Yield the acronym if the last of the words, or all of them, spell it."""
    short = short[:-1] if short[-1] == "s" and short[-2].isupper() else short
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    if sum(letter.isupper() for letter in short) < 2:
        return
    start = _start_of_spelling(letters, words)
    if start is None or (whole and words[:start].strip()):
        return
    long = " ".join(words[start:].split())
    if " " in long:
        yield Acronym(short, long)


def _start_of_spelling(letters: list[str], words: str) -> int | None:
    """Return where the words begin that spell the letters, from the end of `words` backwards."""
    return _spelt_by(letters, list(_WORD.finditer(words)), words)


def _spelt_by(letters: list[str], found: list[re.Match[str]], words: str) -> int | None:
    """Return where the run of words begins, up to the last one, that spells the letters."""
    if not found:
        return None
    word = found[-1]
    is_small = word[0].casefold() in _SMALL_WORDS
    if word[0][0].casefold() == letters[-1]:
        if len(letters) == 1 and not is_small:
            return word.start()
        start = _spelt_by(letters[:-1], found[:-1], words) if len(letters) > 1 else None
        if start is not None:
            return start
    if is_small or words[word.start() - 1 : word.start()] == "-":  # may have no letter
        return _spelt_by(letters, found[:-1], words)
    return None
