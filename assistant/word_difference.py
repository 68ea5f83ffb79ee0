"""Two wordings in, their words in order out: those that stay, that went and that came."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from index.lexical import UNSPACED

PartKind = Literal["same", "gone", "new"]
_Word = tuple[str, str]  # a word and the white space after it
_Step = tuple[list[_Word], list[_Word], bool]  # words before, words after, whether they stay

# A word, or a character of a script without spaces, and the white space after it.
_WORD = re.compile(rf"([{UNSPACED}]|[^\s{UNSPACED}]+)(\s*)")


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring words with the white space after each, as their wording has it."""

    kind: PartKind
    text: str


def word_parts(before: str, after: str) -> Iterator[Part]:
    """Yield the parts of both wordings in order, what went before what came in its place.

    The parts that stay or are new make up the wording after, but for white space at its start.
    Few words that stay between greater changes count as changed too: what is left of a sentence
    that was written anew cannot be read.
    """
    for old, new, stay in _without_islands(_steps(_WORD.findall(before), _WORD.findall(after))):
        if stay:
            yield Part("same", _joined(new))
            continue
        if old:
            yield Part("gone", _joined(old))
        if new:
            yield Part("new", _joined(new))


def _steps(old: Sequence[_Word], new: Sequence[_Word]) -> Iterator[_Step]:
    words = ([one for one, _ in old], [one for one, _ in new])
    for kind, start, end, new_start, new_end in SequenceMatcher(None, *words, False).get_opcodes():
        yield [*old[start:end]], [*new[new_start:new_end]], kind == "equal"


def _without_islands(steps: Iterator[_Step]) -> list[_Step]:
    """Return the steps; words that stay and are no more than what changes round them change too."""
    kept: list[_Step] = []
    for step in steps:
        kept.append(step)
        while len(kept) >= 3 and not step[2] and _is_island(*kept[-3:]):
            first, island, last = kept[-3:]
            old = [*first[0], *island[0], *last[0]]
            kept[-3:] = [(old, [*first[1], *island[1], *last[1]], False)]
    return kept


def _is_island(before: _Step, middle: _Step, after: _Step) -> bool:
    smaller = min(max(len(one[0]), len(one[1])) for one in (before, after))
    return middle[2] and len(middle[1]) < smaller


def _joined(words: Sequence[_Word]) -> str:
    return "".join(f"{word}{gap}" for word, gap in words)
