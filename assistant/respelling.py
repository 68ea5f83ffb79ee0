"""A question in, out its text with misspelt words mended by those of the documents.

To a model that knows words by their pieces "gaurds" is like nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.lexicon import LETTERS, with_others

# Shorter words have too many neighbours, and rarer ones in the documents may be misspelt as well.
_SHORTEST = 5
_OFTEN = 3


class Respelling:
    """Knows the words of a library's documents."""

    def __init__(self, texts: Iterable[str], is_known: Callable[[str], bool]) -> None:
        """Mend no word that `is_known` to the model."""
        self._words = Counter(word for text in texts for word in LETTERS.findall(text.casefold()))
        self._often = [
            word
            for word, times in self._words.items()
            if times >= _OFTEN and len(word) >= _SHORTEST
        ]
        self._is_known = is_known

    def mended(self, text: str, *, without: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
        """Return the text with its misspelt words mended, and what was put in, in order.

        Nothing is put in that is one of `without`, letter case aside.
        """
        return with_others(text, self._mended, without)

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
            one
            for one, _, _ in near
            if one[0] == word[0] and not one.startswith(word) and not word.startswith(one)
        ]
        return max(mended, key=self._words.__getitem__, default=None)
