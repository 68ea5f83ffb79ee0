"""Two texts in, what they have in common out, white space and typography aside.

Typography makes no difference: quotation marks, dashes, bullets, line ends, ligatures. Any other
letter, figure or mark does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import NamedTuple
from unicodedata import decomposition, normalize

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio_alignment

from corpus.documents import Document, Span
from index.lexical import MARKS, UNSPACED

_RUN = re.compile(
    rf"(?:[^\W{UNSPACED}]|[{MARKS}])+(?:(?:[-‐‑’']|(?<=\d)[.,](?=\d))(?:[^\W{UNSPACED}]|[{MARKS}])+)*"
)
_WORD = re.compile(r"\w+(?:(?:[’']|(?<=\d)[.,](?=\d))\w+)*|[^\w\s]")

# How alike, from 0 to 100, the letters of what was altered must be; see
# tests/benchmarks/check_verdicts.py.
ALIKE = 70.0

_SAME = {
    **dict.fromkeys(map(ord, "“”„‟«»‹›″"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "•|"), ""),  # bullets, and what parts the cells of a row
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), ""),
}

# Raised figures and fractions are no typography: 10\u00b3 is not 103.
_NOT_THE_SAME = ("<super>", "<sub>", "<fraction>")
# Characters that "[…]" may stand for: about a long paragraph.
MOST_LEFT_OUT = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ: as they were quoted, and as they stand; one of them may be empty."""

    quoted: str
    stands: str


class Plain(NamedTuple):
    """A text without white space and differences of typography.

    `places` has for each character where it stands in the text it was made of.
    """

    text: str
    places: NDArray[np.int64]


def plain(text: str) -> Plain:
    """Return what is compared of a text."""
    characters = [_plain_character(character) for character in text]
    lengths = np.fromiter(map(len, characters), dtype=np.int64, count=len(text))
    return Plain("".join(characters), np.repeat(np.arange(len(text)), lengths))


@cache
def _plain_character(character: str) -> str:
    if decomposition(character).startswith(_NOT_THE_SAME):
        return character
    whole = normalize("NFKC", character.translate(_SAME))
    return "".join(whole.translate(_SAME).split())


def find_exactly(
    parts: Sequence[str], document: Document, stored: Plain
) -> tuple[Span, ...] | None:
    """Return where the parts stand, in their order and as near together as they do; None without.

    Between two of them at most `MOST_LEFT_OUT` characters are left out.
    """
    runs = []
    for first in _stretches(parts[0], document.text, stored, 0) if parts else ():
        run = [first]
        for part in parts[1:]:
            following = next(_stretches(part, document.text, stored, run[-1].end), None)
            if following is None or following.start - run[-1].end > MOST_LEFT_OUT:
                break
            run.append(following)
        if len(run) == len(parts):
            runs.append(tuple(run))
    return min(runs, key=lambda run: run[-1].end - run[0].start, default=None)


@lru_cache(maxsize=256)
def _plain_part(part: str) -> str:
    return plain(normalize("NFC", part)).text


def _stretches(part: str, text: str, stored: Plain, start: int) -> Iterator[Span]:
    """Yield where a part stands from a place in the text on, word by word."""
    wanted = _plain_part(part)
    place = stored.text.find(wanted, int(np.searchsorted(stored.places, start))) if wanted else -1
    while place >= 0:
        span = Span(int(stored.places[place]), int(stored.places[place + len(wanted) - 1]) + 1)
        cuts_a_word = _runs_on(text, span.start - 1) or _runs_on(text, span.end - 1)
        if not cuts_a_word and not any(compare(part, span.of(text))):
            yield span
        place = stored.text.find(wanted, place + 1)


def _runs_on(text: str, place: int) -> bool:
    """Tell whether a word or a figure goes on from a place to the one after it."""
    around = text[max(0, place - 1) : place + 3]
    cut = place + 1 - max(0, place - 1)
    return place >= 0 and any(match.start() < cut < match.end() for match in _RUN.finditer(around))


class Likest(NamedTuple):
    """A stretch of a document, and how alike a quotation's letters are to it, from 0 to 100."""

    likeness: float
    span: Span


def find_likest(quotation: str, document: Document, near: Span) -> Likest | None:
    """Return the words of a document that are most like a quotation, in or beside a span.

    None if they are not as much as `ALIKE` like it.
    """
    start = max(0, near.start - len(quotation))  # it may begin or end in a neighbour
    text = document.text[start : near.end + len(quotation)]
    if len(text) < ALIKE / 100 * len(quotation):
        return None
    aligned = partial_ratio_alignment(quotation, text, score_cutoff=ALIKE)
    if aligned is None:
        return None
    span = _to_words(quotation, text, Span(aligned.dest_start, aligned.dest_end))
    return Likest(aligned.score, Span(start + span.start, start + span.end))


def _to_words(quotation: str, text: str, rough: Span) -> Span:
    """Return the words of a text that a quotation was made of, found near a rough span."""
    margin = len(quotation) // 3
    near = range(rough.start - margin, rough.end + margin)
    words = [word for word in _WORD.finditer(text) if word.start() in near]
    opcodes = _opcodes(_WORD.findall(quotation), [word[0] for word in words])
    same = [code for code in opcodes if code[0] == "equal"]
    if not same:
        return rough
    # Quoted words before the first and after the last that are the same stand for as many.
    first = max(0, same[0][3] - same[0][1])
    last = min(len(words), same[-1][4] + len(_WORD.findall(quotation)) - same[-1][2])
    return Span(words[first].start(), words[last - 1].end())


def compare(quoted: str, stands: str) -> Iterator[Difference]:
    """Yield the words and marks in which two texts differ, typography aside."""
    ours, theirs = _words(quoted), _words(stands)
    for kind, start, end, other_start, other_end in _opcodes(ours, theirs):
        if kind != "equal":
            yield Difference(" ".join(ours[start:end]), " ".join(theirs[other_start:other_end]))


def _words(text: str) -> list[str]:
    """Return the words and marks of a text, without those that are typography alone."""
    return [word for word in _WORD.findall(normalize("NFC", text)) if plain(word).text]


def _opcodes(
    ours: Sequence[str], theirs: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    plain_ours, plain_theirs = ([plain(word).text for word in words] for words in (ours, theirs))
    return SequenceMatcher(None, plain_ours, plain_theirs, autojunk=False).get_opcodes()
