"""Numbered citations with their sentences in, the short answer out: the best sentences of all.

Each is a sentence of its passage, word for word; they are never joined. The best of the first
passage is always one of them: the whole ranking, situations included, holds it best. So is what
that passage says to keep people from harm, if it may answer.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from assistant.answer import ShortSentence
from assistant.citations import ReadPassage
from assistant.wording import goes_on, limits, points_back
from corpus.documents import Span
from corpus.sentences import Part, introductions, without_marks
from index.chosen import Worth

MOST_SENTENCES = 3
# A sentence is as near as it is by itself, with this share of its passage's late interaction and at
# most this for how high that stands; those chosen are at least this share as near as the nearest.
# Of those chosen for 295 situations left out, assessors called 71 % good and 1.3 % misleading (2.4
# sentences), and one of the best was there for 82 %; at 0.2 and 0.9 it was 68 and 1.4 % and for
# 78 % (2.1); without what situations tell of sentences 52 and 2.1 % and for 63 %. Of 729 answers to
# squad2, without situations, 93.4 % have the answer (2.3), at 0.2 and 0.9 92.6 % (2026-11-27).
PASSAGE_SHARE = 0.25
RANKING_SHARE = 0.4
NEAR_THE_BEST = 0.85
# A row of this worth does not yield to text: editors chose it for situations like the question.
TOLD_FROM = 0.3
# From this worth on, what keeps people from harm in the first passage is not left out.
PROTECTS_FROM = 0.2
# From 0 to 100: sentences whose letters are so much alike say the same.
REPEATED_FROM = 80.0

# What makes a sentence no answer by itself: the colon before a list, the address of a publication.
_NO_ANSWER = re.compile(r"[:：]$|https?://")
# How a note begins, set apart from the text that has its mark.
_BEGINS_A_NOTE = re.compile(r"\d{1,3}\s+(?=\W?[A-ZÀ-ÖØ-Þ])")
# How a question ends, also one that is quoted or in brackets.
_ASKS = re.compile(r"[?？؟፧⁇⁈][\s\"'”’»」』)\]]*$")


class _Candidate(NamedTuple):
    sentence: ShortSentence
    place: int
    nearness: float
    worth: Worth
    part: Part
    points_back: bool
    adds_to_last: bool


def short_answer(passages: Iterable[ReadPassage]) -> tuple[ShortSentence, ...]:
    """Return the one to three best sentences, by citation and place; none without passages.

    Neither a question, of a checklist or a conversation, nor a note, nor the head of a table is an
    answer unless there is nothing else. A sentence that points back comes with the one before it,
    and any with the next one, if there is room, that limits it or points back to it. What
    introduces a list item or a row comes with it and is not counted.
    """
    read = {one.ranked.number: one for one in passages}
    found = _answers(tuple(_candidates(tuple(read.values()))))
    chosen: list[_Candidate] = []
    for one in _nearest_first(found):
        said = [part for part in _understood(one, found) or [one] if part not in chosen]
        if len(chosen) + len(said) <= MOST_SENTENCES and not _repeats(one, chosen):
            chosen += said
            after = _after(one, found)
            if after and after not in chosen and len(chosen) < MOST_SENTENCES:
                chosen.append(after)
    sentences = {one.sentence for one in chosen}
    said_in_all = sentences.union(*(_introductions(read[one.number], one) for one in sentences))
    return tuple(sorted(_outermost(said_in_all), key=lambda one: (one.number, one.start)))


def _candidates(passages: Sequence[ReadPassage]) -> Iterator[_Candidate]:
    highest = max((one.ranked.hit.fused for one in passages), default=0.0)
    for one in passages:
        hit = one.ranked.hit
        ranking = max(0.0, hit.fused / highest) if highest > 0 else 0.0
        passage = PASSAGE_SHARE * hit.late_interaction + RANKING_SHARE * ranking
        for place in range(len(one.sentences)):
            candidate = _candidate(one, place, passage)
            if candidate.sentence.text and not _NO_ANSWER.search(candidate.sentence.text):
                yield candidate


def _candidate(read: ReadPassage, place: int, nearness: float) -> _Candidate:
    """Return the sentence at a place of its passage; `nearness` is what the passage adds."""
    document, language = read.document, read.ranked.hit.passage.language
    sentence = read.sentences[place]
    said = _sentence(read, without_marks(document.text, sentence.span))
    back = points_back(said.text, language)
    adds = back or limits(said.text, language)
    return _Candidate(
        said,
        place,
        sentence.nearness + nearness,
        sentence.worth,
        sentence.part,
        back,
        adds and place > 0 and goes_on(document, read.sentences[place - 1].span, sentence.span),
    )


def _sentence(read: ReadPassage, span: Span) -> ShortSentence:
    number, text = read.ranked.number, span.of(read.document.text)
    return ShortSentence(number, span.start, span.end, text)


def _introductions(read: ReadPassage, sentence: ShortSentence) -> Iterator[ShortSentence]:
    """Yield what introduces a list item or a row, as far as the citation shows it."""
    passage = read.ranked.hit.passage
    shown = (passage.span, passage.lead_in or passage.span)
    said = Span(sentence.start, sentence.end)
    for span in introductions(read.document, said, passage.language):
        if any(one.contains(span) for one in shown):
            yield _sentence(read, span)


def _answers(found: Sequence[_Candidate]) -> Sequence[_Candidate]:
    """Return those that can be an answer; each kind that cannot, if there is nothing else."""
    found = [one for one in found if one.part != "head"] or found
    found = [one for one in found if not _BEGINS_A_NOTE.match(one.sentence.text)] or found
    found = [one for one in found if not _ASKS.search(one.sentence.text)] or found
    return [one for one in found if _understood(one, found)] or found


def _understood(one: _Candidate, found: Sequence[_Candidate]) -> list[_Candidate]:
    """Return a sentence after those that it points back to; none if they are not there."""
    if not one.points_back:
        return [one]
    before = _beside(one, -1, found)
    needed = _understood(before, found) if before else []
    return [*needed, one] if 0 < len(needed) < MOST_SENTENCES else []


def _after(one: _Candidate, found: Sequence[_Candidate]) -> _Candidate | None:
    """Return the next sentence if it limits what is said, or goes on about it."""
    after = _beside(one, 1, found)
    return after if after and after.adds_to_last else None


def _beside(one: _Candidate, step: int, found: Sequence[_Candidate]) -> _Candidate | None:
    place = (one.sentence.number, one.place + step)
    return next((other for other in found if (other.sentence.number, other.place) == place), None)


def _nearest_first(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the best of the first passage, what of it keeps people from harm, all near the best.

    Rows yield to text, but for those that situations tell of.
    """
    if not found:
        return []
    ordered = sorted(found, key=lambda one: (-one.nearness, one.sentence.number))
    first = min(ordered, key=lambda one: one.sentence.number)
    protecting = (one for one in ordered if one is not first and _must_be_told(one, first))
    near = [one for one in ordered if one.nearness >= NEAR_THE_BEST * ordered[0].nearness]
    readable = [one for one in near if one.part != "row" or one.worth.answers >= TOLD_FROM] or near
    return list(dict.fromkeys([first, *islice(protecting, 1), *readable]))


def _must_be_told(one: _Candidate, first: _Candidate) -> bool:
    """Tell whether a sentence stands in the first passage and keeps people from harm."""
    is_beside = one.sentence.number == first.sentence.number
    return is_beside and one.worth.protects and one.worth.answers >= PROTECTS_FROM


def _repeats(candidate: _Candidate, chosen: Iterable[_Candidate]) -> bool:
    texts = (one.sentence.text for one in chosen)
    return any(ratio(candidate.sentence.text, text) >= REPEATED_FROM for text in texts)


def _outermost(sentences: Collection[ShortSentence]) -> Iterator[ShortSentence]:
    """Yield the sentences that stand in no other: an item may introduce and answer."""
    for one in sentences:
        others = (other for other in sentences if other.number == one.number and other != one)
        if not any(other.start <= one.start and one.end <= other.end for other in others):
            yield one
