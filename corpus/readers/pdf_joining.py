"""Lines -> the running text of a block, in one piece a page.

Whether a hyphen at a line end belongs to the word is decided by how the file spells it elsewhere.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from corpus.readers.parsed import Piece

Vocabulary = Counter[str]

_LETTERS = r"[^\W\d_]+"
_WORD = re.compile(rf"{_LETTERS}(?:[-‐‑]{_LETTERS})*")
# ASCII, but for letters in lower case and hyphens, as spaces.
_TO_WORDS = {n: chr(n).lower() if chr(n).isalpha() or chr(n) == "-" else " " for n in range(128)}
_BROKEN = re.compile(rf"({_LETTERS}(?:[-‐‑]{_LETTERS})*)[-‐‑]$")
# A dash or stroke that closes up with the word before it does so with the one after.
_CLOSING_UP = "-‐‑–—/"
_FIRST_LETTERS = re.compile(_LETTERS)
# What these begin is spelt with the hyphen far more often than without.
_PREFIXES = ("non", "self")
# Scripts written without spaces between words: Chinese and Japanese, with their punctuation.
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff65]")
_UNSPACED_OR_FIGURE = re.compile(rf"{_UNSPACED.pattern}|\d")


def count_words(texts: Iterable[str]) -> Vocabulary:
    """Return how often each word occurs, in lower case, hyphenated ones as one word."""
    lines: dict[bool, list[str]] = {True: [], False: []}
    for text in texts:
        lines[text.isascii()].append(text)
    # What stands between spaces is a word in ASCII: to split it takes a fifth of the time.
    words = Counter("\n".join(lines[True]).translate(_TO_WORDS).split())
    for word in [word for word in words if "-" in word]:
        count = words.pop(word)
        for part in _WORD.findall(word):
            words[part] += count
    words.update(_WORD.findall(_plain_hyphens("\n".join(lines[False]).lower())))
    return words


def join_lines(lines: Sequence[tuple[str, int]], vocabulary: Vocabulary) -> tuple[Piece, ...]:
    """Return the text of lines, each given with its page's number, as one piece a page.

    The space between two lines stands at the end of the first one's piece.
    """
    ready = [
        (_ready_to_join(text, following, vocabulary), page_number)
        for (text, page_number), (following, _) in pairwise(lines)
    ]
    return tuple(
        Piece("".join(text for text, _ in group), page_number)
        for page_number, group in groupby([*ready, lines[-1]], key=itemgetter(1))
    )


def _ready_to_join(text: str, following: str, vocabulary: Vocabulary) -> str:
    """Return the text so that what follows can be put right after it."""
    if _are_unspaced(text, following):
        return text
    if text[-1] not in _CLOSING_UP or text[-2:-1].isspace():
        return text + " "
    broken, second = _BROKEN.search(text.rsplit(" ", 1)[-1]), _FIRST_LETTERS.match(following)
    if broken and second and not _keeps_hyphen(broken[1], second[0], vocabulary):
        return text[:-1]
    return text


def _are_unspaced(text: str, following: str) -> bool:
    """Tell whether lines of an unspaced script meet; one of figures alone is a label beside it."""
    if text.isascii() or following.isascii():
        return False
    ends = (text[-1], following[0])
    return all(map(_UNSPACED.search, (text, following))) and (
        any(map(_UNSPACED.match, ends)) and all(map(_UNSPACED_OR_FIGURE.match, ends))
    )


def _plain_hyphens(text: str) -> str:
    return text.replace("‐", "-").replace("‑", "-")


def _keeps_hyphen(first: str, second: str, vocabulary: Vocabulary) -> bool:
    start, end = _plain_hyphens(first.lower()), second.lower()
    whole, hyphenated = vocabulary[start + end], vocabulary[f"{start}-{end}"]
    if whole or hyphenated:
        return hyphenated > whole
    return "-" in start or start in _PREFIXES or not (first[-1].islower() and second[0].islower())
