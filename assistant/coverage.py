"""A question and what was found in, what the passages lack and the nearest topics out."""

import re
from collections.abc import Iterable, Sequence

from bm25s.stopwords import STOPWORDS_EN_PLUS, STOPWORDS_FRENCH, STOPWORDS_SPANISH

from assistant.answer import Query, RankedPassage
from index.lexical import terms_of
from index.search import Hit, Results, Searcher
from index.snapshot import Snapshot

MOST_WORDS = 5
MOST_TOPICS = 3
# A word counts as there if a passage has one that the model finds this near to it. Read off the
# starter questions (2026-11-26): army, cops, firm, trader and raped come out at 0.58 and more;
# razor, calibre, teenager, VAT and all that is off topic below 0.5.
LIKE_IT = 0.55
# A word this far from all words of the ten best passages is strange to the library. Of 59 short
# questions off topic 49 have such a word over the starter documents, of 71 short follow-ups 5, four
# of which the library says nothing of (drones, Peru); at 0.4 it is 43 and 3, at 0.5 52 and 10
# (2026-11-27).
STRANGE = 0.45

_WORD = re.compile(r"\w+")
# Words that say nothing of the subject: those of grammar, and those that make a question.
_NOT_TELLING = frozenset({
    *STOPWORDS_EN_PLUS, *STOPWORDS_FRENCH, *STOPWORDS_SPANISH,
    "ask", "call", "come", "get", "give", "go", "happen", "help", "keep", "know", "let", "look",
    "make", "mean", "must", "need", "next", "ok", "one", "okay", "please", "put", "really",
    "right", "say", "should", "sure", "take", "tell", "thing", "think", "try", "two", "use",
    "want", "way", "work", "would",
})  # fmt: skip


def lacking(
    query: Query,
    results: Results,
    shown: Sequence[RankedPassage],
    searcher: Searcher,
    *,
    like_it: float = LIKE_IT,
) -> tuple[str, ...]:
    """Return the telling words of a query that no passage shown has, in their order.

    A passage has a word if it has it in any form, or one that is at least so much like it. Of
    more than `MOST_WORDS` those that are farthest from all words of the passages.
    """
    there = {
        term
        for one in shown
        for term in terms_of(_text_of(one.hit, searcher.snapshot), one.hit.passage.language)
    }
    languages = {one.hit.passage.language for one in shown}
    likeness = searcher.word_matches(query.text, results.query, [one.hit for one in shown])
    words = [
        word
        for word in telling_words(query.text)
        if likeness.get(word.casefold(), 0.0) < like_it
        and not any(there.issuperset(terms_of(word, language)) for language in languages)
    ]
    farthest = sorted(words, key=lambda word: likeness.get(word.casefold(), 0.0))[:MOST_WORDS]
    return tuple(word for word in words if word in farthest)


def nearest_topics(hits: Iterable[Hit], snapshot: Snapshot) -> tuple[str, ...]:
    """Return the titles of the documents that the best hits are from, at most `MOST_TOPICS`."""
    titles = (snapshot.documents[hit.passage.document_id].source.title for hit in hits)
    return tuple(filter(None, dict.fromkeys(titles)))[:MOST_TOPICS]


def telling_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that say something of its subject, each once, in their order."""
    return tuple(word for word in dict.fromkeys(_WORD.findall(text)) if _is_telling(word))


def _is_telling(word: str) -> bool:
    return word.casefold() not in _NOT_TELLING and (len(word) > 2 or not word.isalpha())


def _text_of(hit: Hit, snapshot: Snapshot) -> str:
    document = snapshot.documents[hit.passage.document_id]
    lead_in = hit.passage.lead_in.of(document.text) if hit.passage.lead_in else ""
    return "\n".join([document.source.title, *hit.passage.headings, lead_in, hit.passage.text])
