"""A query and the documents in, which of them are translations of one in its language out."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property

from assistant.answer import Query
from corpus.documents import Document
from corpus.language import detect_language
from index.search import passes

# A question is short, and a wrong guess only puts some passages further down: of the 408 starter
# questions and 50 shorter ones in six languages none is taken for another language from here on,
# all but some of two or three words for theirs (2026-11-27).
SURE = 0.6
FEWEST_LETTERS = 12
# How often a word that a language does not have is counted, and how many times likelier than in
# any other the words of a query must be in a language. "Human rights" is 8,000 times likelier in
# the starter library's English texts than in its Spanish ones, which name it in a title.
_RARE = 1e-5
_LIKELIER = 20.0
_WORD = re.compile(r"[^\W\d_]+")


class Translations:
    """The documents whose work is there in more than one language."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Keep those of all documents that there are."""
        by_work: dict[str, list[Document]] = defaultdict(list)
        for one in documents:
            by_work[one.source.work].append(one)
        several = (own for own in by_work.values() if len({one.source.language for one in own}) > 1)
        self.documents = tuple(one for own in several for one in own)

    def instead_of(self, query: Query) -> Collection[str]:
        """Return the ids of those whose work passes the filters in the query's language too.

        Those in that language are not among them, nor any whose work is only in another.
        """
        passing = [one for one in self.documents if passes(one.source, query.filters)]
        language = (language_of(query) or self._likeliest(query.text)) if passing else None
        works = {one.source.work for one in passing if one.source.language == language}
        return {
            one.id
            for one in passing
            if one.source.work in works and one.source.language != language
        }

    def _likeliest(self, text: str) -> str | None:
        """Return the language whose texts have the words of a few far oftener than all others."""
        words = _WORD.findall(text.casefold())
        found = sorted(
            (sum(math.log(max(often.get(word, 0), _RARE)) for word in words), language)
            for language, often in self._often.items()
        )
        if not words or len(found) < 2 or found[-1][0] - found[-2][0] < math.log(_LIKELIER):
            return None
        return found[-1][1]

    @cached_property
    def _often(self) -> dict[str, dict[str, float]]:
        """Return for each language the share that each word has of its texts."""
        words: dict[str, Counter[str]] = defaultdict(Counter)
        for one in self.documents:
            if one.source.language:
                words[one.source.language].update(_WORD.findall(one.text.casefold()))
        return {
            language: {word: times / counts.total() for word, times in counts.items()}
            for language, counts in words.items()
        }


def language_of(query: Query) -> str | None:
    """Return the language of a question, else that of the turns that it leans on; None if unclear.

    The language of the page tells nothing of it.
    """
    texts = (query.question, query.text)
    found = (detect_language(text, sure=SURE, fewest_letters=FEWEST_LETTERS) for text in texts)
    return next(filter(None, found), None)
