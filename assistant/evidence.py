"""What a search found in, the few figures out by which it is judged whether that answers."""

import math
import re
from typing import NamedTuple

from assistant.answer import Query
from assistant.citations import sentences_of
from assistant.coverage import telling_words
from assistant.wording import asks_for_a_fact, denies
from index.lexical import UNSPACED
from index.search import Results, Searcher

# Passages in which the sentence is looked for that answers best.
_PASSAGES = 3
# Up to so many words a question is one sentence, and its length says nothing. Of 8, 10, 12, 14, 16
# and 20 it tells well on all libraries that were left out (as tests/benchmarks/calibrate.py asks
# them, 250 questions of each, 2026-11-27): fewer suit the starter library, more mtrag_un.
SHORT = 14
_WORD = re.compile(rf"[^\W{UNSPACED}]+|[{UNSPACED}]{{1,2}}")
# So many known words are added to those of a question, lest a rare one in a short one count much.
# Of 3, 5 and 8 the last is best on squad2 by a hair, and 5 and 3 on French and Spanish questions.
_KNOWN = 8
_FIGURE = re.compile(r"\d+")
# A capital letter that does not begin a sentence.
_NAME = re.compile(r"(?<=[\w,'’] )[^\W\d_a-zß-öø-ÿ][\w-]+")


class Evidence(NamedTuple):
    """How well the best passages fit a question.

    `late_interaction` is that of the best hit, `cosine` the highest of all candidates. `words` is
    the logarithm of how many different words the query has, or of `SHORT` if they are fewer: the
    more, the lower the late interaction of a passage that answers. `strange` is the share of its
    words that the model has no token for and puts together from pieces: to a model that hardly
    knows a language all that is said in it is alike. `mismatch` is 1 if the question
    asks for a fact and the nearest sentence lacks a name, a figure or the denial that the question
    has, else 0; an incident that is told has names and figures that no guidance has, and does not
    count. `situation` is how much of one of the library's situations the query says, or where that
    is more, as of a question in the words of the text, the mean of the late interaction and the
    cosine of the best hit, or the late interaction of one of the best times the share of the words
    that it has; 0 in a library without situations. `shared` is how alike its words are to those of
    one situation, or that product: to a model that hardly knows a language all texts are near.
    `help` is how much the passage is expected to help of which most help is, and `unanswered` how
    near the query is to situations that nothing answers, but for what stands first and has no
    situations: nothing is known of that.
    """

    late_interaction: float
    cosine: float
    words: float
    mismatch: float
    situation: float = 0.0
    strange: float = 0.0
    shared: float = 0.0
    help: float = 0.0
    unanswered: float = 0.0


def evidence_of(query: Query, results: Results, searcher: Searcher) -> Evidence | None:
    """Return the evidence that a search found; None if it found nothing."""
    if not results.hits:
        return None
    best = results.hits[0]
    situation, shared = _said(query.text, results, searcher)
    helps, unanswered = _told_by_situations(results)
    return Evidence(
        late_interaction=best.late_interaction,
        cosine=float(results.signals.cosine.max()),
        words=math.log(max(SHORT, len(set(_WORD.findall(query.text.casefold()))))),
        mismatch=float(_mismatches(query.question or query.text, results, searcher)),
        situation=situation,
        strange=_strange(query.text, searcher),
        shared=shared,
        help=helps,
        unanswered=unanswered,
    )


def _said(text: str, results: Results, searcher: Searcher) -> tuple[float, float]:
    """Return how much of a situation or of a passage a query says, and how many of the words."""
    expected = results.expected
    if expected is None:
        return 0.0, 0.0
    hits = results.hits[:_PASSAGES]
    words = " ".join(telling_words(text))  # "a" is a rare word where all else is English
    shares = searcher.snapshot.lexical.shares(words, [hit.row for hit in hits])
    near = (hits[0].late_interaction + hits[0].cosine) / 2
    said = max(hit.late_interaction * share for hit, share in zip(hits, shares, strict=True))
    return float(max(expected.covered, near, said)), float(max(expected.shared, said))


def _told_by_situations(results: Results) -> tuple[float, float]:
    """Return the most help expected of a passage, and how near the query is to the unanswered."""
    expected, helps = results.expected, results.signals.situations
    if expected is None or helps is None:
        return 0.0, 0.0
    has_situations = results.hits[0].row in expected.rows
    return float(helps.max(initial=0)), expected.unanswered if has_situations else 0.0


def _strange(text: str, searcher: Searcher) -> float:
    words = _WORD.findall(text)
    strange = sum(not searcher.has_token(word) for word in words)
    return strange / (len(words) + _KNOWN)


def _mismatches(question: str, results: Results, searcher: Searcher) -> bool:
    language = results.hits[0].passage.language
    if not asks_for_a_fact(question, language):
        return False
    figures, names = _FIGURE.findall(question), _NAME.findall(question)
    denied = denies(question, language)
    if not (figures or names or denied):
        return False
    sentence = _nearest_sentence(results, searcher)
    return (
        (denied and not denies(sentence, language))
        or any(figure not in sentence for figure in figures)
        or any(name.casefold() not in sentence.casefold() for name in names)
    )


def _nearest_sentence(results: Results, searcher: Searcher) -> str:
    documents = searcher.snapshot.documents
    found = [
        (sentence.likeness, sentence.span.of(documents[hit.passage.document_id].text))
        for hit in results.hits[:_PASSAGES]
        for sentence in sentences_of(documents[hit.passage.document_id], hit, results, searcher)
    ]
    return max(found, key=lambda one: one[0], default=(0.0, ""))[1]
