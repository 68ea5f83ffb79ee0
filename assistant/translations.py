"""A query and the documents in, which of them are translations of one in its language out."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from assistant.answer import Query
from corpus.documents import Document
from corpus.language import detect_language
from index.search import passes

# A question is short, and a wrong guess only puts some passages further down: of the 408 starter
# questions and 50 shorter ones in six languages none is taken for another language from here on,
# all but some of two or three words for theirs (2026-11-27).
SURE = 0.6
FEWEST_LETTERS = 12


def in_several_languages(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Return the documents whose work is there in more than one language."""
    by_work: dict[str, list[Document]] = defaultdict(list)
    for one in documents:
        by_work[one.source.work].append(one)
    several = (own for own in by_work.values() if len({one.source.language for one in own}) > 1)
    return tuple(one for own in several for one in own)


def translated(query: Query, documents: Iterable[Document]) -> Collection[str]:
    """Return the ids of the documents whose work passes the filters in the query's language too.

    Those in that language are not among them, nor any whose work is only in another.
    """
    passing = [one for one in documents if passes(one.source, query.filters)]
    language = language_of(query) if passing else None
    works = {one.source.work for one in passing if one.source.language == language}
    return {
        one.id for one in passing if one.source.work in works and one.source.language != language
    }


def language_of(query: Query) -> str | None:
    """Return the language of a question, else that of the turns that it leans on; None if unclear.

    The language of the page tells nothing of it.
    """
    texts = (query.question, query.text)
    found = (detect_language(text, sure=SURE, fewest_letters=FEWEST_LETTERS) for text in texts)
    return next(filter(None, found), None)
