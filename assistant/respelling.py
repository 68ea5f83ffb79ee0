"""A question in, the text out that is searched for it: misspelt words mended, acronyms spelt out.

To a model that knows words by their pieces "gaurds" and "PSP" are like nothing. What was changed is
shown, and can be taken back.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.acronyms import Acronym
from index.lexical import UNSPACED

# Shorter words have too many neighbours, and rarer ones in the documents may be misspelt as well.
_SHORTEST = 5
_OFTEN = 3
# A phrase of so few words hangs on its acronym, and one alone asks what it means. In longer
# questions the glossary's explanation gets in the way: spelt out, nDCG@10 of the 21 starter ones
# with an acronym falls from 0.705 to 0.671.
_LEAST, _PHRASE = 2, 6
_WORD = re.compile(rf"[^\W\d_{UNSPACED}]+")


class Respelling:
    """Knows the words of a library's documents, and the acronyms that they explain."""

    def __init__(
        self,
        texts: Iterable[str],
        acronyms: Iterable[Acronym],
        is_known: Callable[[str], bool],
    ) -> None:
        """Mend no word that `is_known` to the model."""
        words = Counter(word for text in texts for word in _WORD.findall(text.casefold()))
        self._words = words
        self._often = [
            word for word, times in words.items() if times >= _OFTEN and len(word) >= _SHORTEST
        ]
        self._long: dict[str, str] = {}
        for one in acronyms:
            self._long.setdefault(one.short, one.long)
            if one.short.casefold() not in words:  # as written only, if a word as well
                self._long.setdefault(one.short.casefold(), one.long)
        self._is_known = is_known

    def mended(self, text: str, *, without: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
        """Return the text with its misspelt words mended, and what was put in, in order.

        Nothing is put in that is one of `without`, letter case aside.
        """
        return _replaced(text, self._mended, without)

    def spelt_out(self, text: str, *, without: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
        """Return a phrase with its acronyms spelt out, and what was put in; others unchanged."""
        if not _LEAST <= len(_WORD.findall(text)) <= _PHRASE:
            return text, ()
        return _replaced(text, self._spelt_out, without)

    def _mended(self, word: str) -> str | None:
        """Return the word of the documents that one letter off, or two changed over, makes of it.

        The most frequent with the same first letter, which is seldom mistyped; none for a name, or
        for what only ends in another way.
        """
        if len(word) < _SHORTEST or not word.islower() or word in self._words:
            return None
        if self._is_known(word):
            return None
        near = process.extract(word, self._often, scorer=OSA.distance, score_cutoff=1, limit=None)
        mended = [
            one for one, _, _ in near if not one.startswith(word) and not word.startswith(one)
        ]
        return max(mended, key=self._words.__getitem__, default=None)

    def _spelt_out(self, word: str) -> str | None:
        singular = word.removesuffix("s")
        return next(
            (
                self._long[one]
                for one in (word, singular, word.casefold(), singular.casefold())
                if one in self._long
            ),
            None,
        )


def _replaced(
    text: str, other: Callable[[str], str | None], without: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    left_out = {word.casefold() for word in without}
    put_in: list[str] = []

    def put(match: re.Match[str]) -> str:
        found = other(match[0])
        if found is None or found.casefold() in left_out:
            return match[0]
        put_in.append(found)
        return found

    return _WORD.sub(put, text), tuple(dict.fromkeys(put_in))
