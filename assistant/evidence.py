"""What a search found in, the few figures out by which it is judged whether that answers."""

import math
import re
from typing import NamedTuple

from assistant.answer import Query
from assistant.citations import sentences_of
from assistant.wording import asks_for_a_fact, denies
from index.search import Results, Searcher

# Passages in which the sentence is looked for that answers best.
_PASSAGES = 3
# Up to so many tokens a question is one sentence, and its length says nothing. Of 6 to 24, and of
# length without such a limit, 16 tells best what is answered on sets that were left out (as
# tests/benchmarks/calibrate.py asks them, 250 questions of each, 2026-11-26): AUROC of squad2 0.677
# to 0.658 without it, clapnq_dev 0.852 to 0.839, mtrag_un 0.741 to 0.721, starter 0.837 to 0.805.
SHORT = 16
_FIGURE = re.compile(r"\d+")
# A capital letter that does not begin a sentence.
_NAME = re.compile(r"(?<=[\w,'’] )[^\W\d_a-zß-öø-ÿ][\w-]+")


class Evidence(NamedTuple):
    """How well the best passages fit a question.

    `late_interaction` is that of the best hit, `cosine` the highest of all candidates. `length` is
    the logarithm of how many different tokens the query has, or of `SHORT` if they are fewer: the
    more, the lower the late interaction of a passage that answers. `mismatch` is 1 if the question
    asks for a fact and the nearest sentence lacks a name, a figure or the denial that the question
    has, else 0; an incident that is told has names and figures that no guidance has, and does not
    count. `situation` is how much of one of the library's situations the query says, or the mean of
    the late interaction and the cosine of the best hit where that is more, as of a question in the
    words of the text; 0 in a library without situations.
    """

    late_interaction: float
    cosine: float
    length: float
    mismatch: float
    situation: float = 0.0


def evidence_of(query: Query, results: Results, searcher: Searcher) -> Evidence | None:
    """Return the evidence that a search found; None if it found nothing."""
    if not results.hits:
        return None
    best, said = results.hits[0], results.situation
    return Evidence(
        late_interaction=best.late_interaction,
        cosine=float(results.signals.cosine.max()),
        length=math.log(max(SHORT, len(set(results.query.token_ids.tolist())))),
        mismatch=float(_mismatches(query.question or query.text, results, searcher)),
        situation=0.0 if said is None else max(said, (best.late_interaction + best.cosine) / 2),
    )


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
        for sentence in sentences_of(
            documents[hit.passage.document_id], hit, results.query, searcher
        )
    ]
    return max(found, key=lambda one: one[0], default=(0.0, ""))[1]
