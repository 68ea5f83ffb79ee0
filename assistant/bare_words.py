"""A query and its short answer in, whether it is one bare word that they do not explain out.

A single word names a topic and asks nothing of it, so that no passage can be said to answer: what
is found is there to browse. Only what the word means can be meant by it alone.
"""

import re
from collections.abc import Iterable

from assistant.answer import Query, ShortSentence
from index.lexical import UNSPACED

_WORD = re.compile(rf"[^\W{UNSPACED}][\w’'-]*|[{UNSPACED}]")
_ARTICLES = frozenset({"a", "an", "the", "le", "la", "les", "l", "un", "une", "el", "los", "las"})


def is_bare_word(query: Query, sentences: Iterable[ShortSentence]) -> bool:
    """Tell whether a query is a single word that none of the sentences explains.

    Scripts that are written without spaces do not show what is one word, so there is none.
    """
    words = [word for word in _WORD.findall(query.text) if word.casefold() not in _ARTICLES]
    if len(words) != 1:
        return False
    return not any(_explains(one.text, words[0]) for one in sentences)


def _explains(sentence: str, word: str) -> bool:
    """Tell whether a sentence is "Word (…): what it is" or has "what it is short for (Word)"."""
    said = re.escape(word)
    return bool(re.search(rf"\({said}\)|^\W*{said}\b[^.:|]*:", sentence, re.IGNORECASE))
