"""A question in, the reasons out why each passage shown stands where it stands."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from assistant.answer import History, RankedPassage
from assistant.engine import Assistant
from assistant.queries import to_query
from corpus.documents import Passage
from index.lexical import terms_of
from index.mixture import Signals
from index.search import Filters

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SignalShare:
    """What one signal says of a passage, and what that adds to its place.

    `standardised` is how many deviations `value` is above the mean of all candidates, `share` that
    times `weight`; the shares of a passage add up to its `fused`. `rank` counts from 1.
    """

    signal: str
    value: float
    standardised: float
    weight: float
    share: float
    rank: int


@dataclass(frozen=True, slots=True)
class ExplainedPassage:
    """A passage shown: the words of the query in it, and its signals.

    `lead` tells by how much each signal puts it before the next one shown, the most telling
    first; it is empty for the last. `twins` is how many passages that say the same stand behind it.
    `reranked` is what a second model says of it, which then decides; None without one.
    """

    number: int
    passage_id: str
    title: str
    headings: tuple[str, ...]
    matched: tuple[str, ...]
    fused: float
    signals: tuple[SignalShare, ...]
    lead: tuple[tuple[str, float], ...]
    twins: int
    reranked: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question finds what it finds; `candidates` is among how many passages it chose."""

    question: str
    query: str
    filters: Mapping[str, tuple[str, ...]]
    also_searched: tuple[str, ...]
    candidates: int
    confidence: float
    passages: tuple[ExplainedPassage, ...]


def explain(
    assistant: Assistant,
    question: str,
    *,
    history: History = (),
    filters: Filters | None = None,
    limit: int = 5,
    without: Iterable[str] = (),
) -> Explanation:
    """Return why the passages for a question rank as they do, shown or not for want of confidence.

    Raises `SettingsError` for a filter that does not exist.
    """
    asked = to_query(question, history=history, filters=filters, without=without)
    found = assistant.find(asked, limit=limit)
    query = found.query
    words = " ".join((query.text, *found.also_searched))
    shares = [_shares(found.results.signals, ranked) for ranked in found.ranked]
    leads = [_lead(first, second) for first, second in pairwise(shares)]
    passages = [
        _explained(assistant, ranked, words, own, lead)
        for ranked, own, lead in zip(found.ranked, shares, [*leads, ()], strict=False)
    ]
    return Explanation(
        question=question,
        query=query.text,
        filters=dict(query.filters),
        also_searched=found.also_searched,
        candidates=len(found.results.signals.rows),
        confidence=_rounded(found.confidence),
        passages=tuple(passages),
    )


def _shares(signals: Signals, ranked: RankedPassage) -> tuple[SignalShare, ...]:
    """Return what each signal says of a passage, the one with the largest share first."""
    place = int((signals.rows == ranked.hit.row).argmax())
    shares = []
    for signal, weight in signals.weights.items():
        values, standardised = getattr(signals, signal), signals.standardised(signal)
        shares.append(
            SignalShare(
                signal=signal,
                value=_rounded(values[place]),
                standardised=_rounded(standardised[place]),
                weight=weight,
                share=_rounded(weight * standardised[place]),
                rank=1 + int((values > values[place]).sum()),
            )
        )
    return tuple(sorted(shares, key=lambda one: -one.share))


def _lead(
    first: tuple[SignalShare, ...], second: tuple[SignalShare, ...]
) -> tuple[tuple[str, float], ...]:
    """Return by how much each signal puts the first before the second, the largest first."""
    of_second = {one.signal: one.share for one in second}
    lead = [(one.signal, _rounded(one.share - of_second[one.signal])) for one in first]
    return tuple(sorted(lead, key=lambda one: -one[1]))


def _explained(
    assistant: Assistant,
    ranked: RankedPassage,
    words: str,
    shares: tuple[SignalShare, ...],
    lead: tuple[tuple[str, float], ...],
) -> ExplainedPassage:
    passage = ranked.hit.passage
    title = assistant.snapshot.documents[passage.document_id].source.title
    return ExplainedPassage(
        number=ranked.number,
        passage_id=passage.id,
        title=title,
        headings=passage.headings,
        matched=_matched(words, passage, title),
        fused=_rounded(ranked.hit.fused),
        signals=shares,
        lead=lead,
        twins=len(ranked.twins),
        reranked=ranked.hit.reranked,
    )


def _matched(words: str, passage: Passage, title: str) -> tuple[str, ...]:
    """Return the words of a query whose stems stand in a passage, its headings or title."""
    language = passage.language
    standing = set(terms_of(" ".join((title, *passage.headings, passage.text)), language))
    found = dict.fromkeys(word.casefold() for word in _WORD.findall(words))
    return tuple(word for word in found if not standing.isdisjoint(terms_of(word, language)))


def _rounded(value: float) -> float:
    return round(float(value), 4)
