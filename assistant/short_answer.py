"""Numbered citations with their sentences in, the short answer out: the best sentences of all.

Each is a sentence of its passage, word for word; they are never joined.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from assistant.answer import ShortSentence
from assistant.citations import ReadPassage
from corpus.documents import Span

MOST_SENTENCES = 3
# A sentence is as near as its own late interaction and this share of its passage's; those chosen
# are at least this share as near as the nearest. On 300 questions of squad2 the answer is in the
# short answer of 92.2 % at 0.5 and 0.9 (1.65 sentences), 90.9 % at 0 and 0.9 (1.51), 92.6 % at 1
# and 0.9 (1.87).
PASSAGE_SHARE = 0.5
NEAR_THE_BEST = 0.9
# From 0 to 100: sentences whose letters are so much alike say the same.
REPEATED_FROM = 80.0

# What an item of a list begins with, and what makes a sentence no answer by itself: the colon
# before a list, and the address of a publication.
_MARKER = re.compile(r"(?:[•◦▪‣–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+")
_NO_ANSWER = re.compile(r":$|https?://")
# How a question ends, also one that is quoted or in brackets.
_ASKS = re.compile(r"[?？؟፧⁇⁈][\s\"'”’»」』)\]]*$")


class _Candidate(NamedTuple):
    number: int
    nearness: float
    span: Span
    text: str


def short_answer(passages: Iterable[ReadPassage]) -> tuple[ShortSentence, ...]:
    """Return the one to three best sentences, by citation and place; none without passages.

    A question, of a checklist or a conversation, is no answer unless there is nothing else.
    """
    found = list(_candidates(passages))
    stating = [one for one in found if not _ASKS.search(one.text)]
    ordered = sorted(stating or found, key=lambda one: (-one.nearness, one.number))
    chosen: list[_Candidate] = []
    for one in ordered:
        near = one.nearness >= NEAR_THE_BEST * ordered[0].nearness
        if near and len(chosen) < MOST_SENTENCES and not _repeats(one, chosen):
            chosen.append(one)
    chosen.sort(key=lambda one: (one.number, one.span.start))
    return tuple(
        ShortSentence(one.number, one.span.start, one.span.end, one.text) for one in chosen
    )


def _candidates(passages: Iterable[ReadPassage]) -> Iterator[_Candidate]:
    for ranked, document, sentences in passages:
        passage = PASSAGE_SHARE * ranked.hit.late_interaction
        for sentence in sentences:
            span = _without_marker(document.text, sentence.span)
            text = span.of(document.text)
            if text and not _NO_ANSWER.search(text):
                yield _Candidate(ranked.number, sentence.likeness + passage, span, text)


def _without_marker(text: str, span: Span) -> Span:
    marker = _MARKER.match(text, span.start, span.end)
    return Span(marker.end(), span.end) if marker else span


def _repeats(candidate: _Candidate, chosen: Iterable[_Candidate]) -> bool:
    return any(ratio(candidate.text, one.text) >= REPEATED_FROM for one in chosen)
