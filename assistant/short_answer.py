"""Numbered citations with their sentences in, the short answer out: the best sentences of all.

Each is a sentence of its passage, word for word; they are never joined. The best of the first
passage is always one of them: the whole ranking, situations included, holds it best.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from assistant.answer import ShortSentence
from assistant.citations import ReadPassage
from assistant.wording import points_back
from corpus.documents import Span
from corpus.sentences import Part, without_marker

MOST_SENTENCES = 3
# A sentence is as near as its own late interaction, this share of its passage's, and this at most
# for how high its passage stands; those chosen are at least this share as near as the nearest. On
# 600 questions of squad2 the answer is in the short answer of 92.1 % with these (1.69 sentences),
# and a judged sentence in that of 75 % of the answered starter questions; 92.4 % (1.72) and 71 % at
# 0.5 and 0, 91.6 % (1.65) and 75 % at 0 and 0.3.
PASSAGE_SHARE = 0.25
RANKING_SHARE = 0.2
NEAR_THE_BEST = 0.9
# From 0 to 100: sentences whose letters are so much alike say the same.
REPEATED_FROM = 80.0

# What makes a sentence no answer by itself: the colon before a list, the address of a publication.
_NO_ANSWER = re.compile(r":$|https?://")
# How a question ends, also one that is quoted or in brackets.
_ASKS = re.compile(r"[?？؟፧⁇⁈][\s\"'”’»」』)\]]*$")


class _Candidate(NamedTuple):
    number: int
    place: int
    nearness: float
    span: Span
    text: str
    part: Part
    points_back: bool


def short_answer(passages: Iterable[ReadPassage]) -> tuple[ShortSentence, ...]:
    """Return the one to three best sentences, by citation and place; none without passages.

    Neither a question, of a checklist or a conversation, nor the head of a table is an answer
    unless there is nothing else. A sentence that points back comes with the one before it.
    """
    found = _answers(tuple(_candidates(passages)))
    chosen: list[_Candidate] = []
    for one in _nearest_first(found):
        said = [part for part in _understood(one, found) or [one] if part not in chosen]
        if len(chosen) + len(said) <= MOST_SENTENCES and not _repeats(one, chosen):
            chosen += said
    chosen.sort(key=lambda one: (one.number, one.span.start))
    return tuple(
        ShortSentence(one.number, one.span.start, one.span.end, one.text) for one in chosen
    )


def _candidates(passages: Iterable[ReadPassage]) -> Iterator[_Candidate]:
    read = tuple(passages)
    highest = max((one.ranked.hit.fused for one in read), default=0.0)
    for ranked, document, sentences in read:
        number, hit, language = ranked.number, ranked.hit, ranked.hit.passage.language
        ranking = max(0.0, hit.fused / highest) if highest > 0 else 0.0
        passage = PASSAGE_SHARE * hit.late_interaction + RANKING_SHARE * ranking
        for place, sentence in enumerate(sentences):
            span = without_marker(document.text, sentence.span)
            text, nearness = span.of(document.text), sentence.likeness + passage
            back = points_back(text, language)
            if text and not _NO_ANSWER.search(text):
                yield _Candidate(number, place, nearness, span, text, sentence.part, back)


def _answers(found: Sequence[_Candidate]) -> Sequence[_Candidate]:
    """Return those that can be an answer; each kind that cannot, if there is nothing else."""
    found = [one for one in found if one.part != "head"] or found
    found = [one for one in found if not _ASKS.search(one.text)] or found
    return [one for one in found if _understood(one, found)] or found


def _understood(one: _Candidate, found: Sequence[_Candidate]) -> list[_Candidate]:
    """Return a sentence after those that it points back to; none if they are not there."""
    if not one.points_back:
        return [one]
    place = (one.number, one.place - 1)
    before = next((other for other in found if (other.number, other.place) == place), None)
    needed = _understood(before, found) if before else []
    return [*needed, one] if 0 < len(needed) < MOST_SENTENCES else []


def _nearest_first(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the best of the first passage, then all near the best; rows if there is no text."""
    if not found:
        return []
    ordered = sorted(found, key=lambda one: (-one.nearness, one.number))
    first = min(ordered, key=lambda one: one.number)
    near = [one for one in ordered if one.nearness >= NEAR_THE_BEST * ordered[0].nearness]
    readable = [one for one in near if one.part != "row"] or near
    return [first, *(one for one in readable if one is not first)]


def _repeats(candidate: _Candidate, chosen: Iterable[_Candidate]) -> bool:
    return any(ratio(candidate.text, one.text) >= REPEATED_FROM for one in chosen)
