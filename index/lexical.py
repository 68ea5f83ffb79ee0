"""Words in, BM25 out: exact terms, stemmed for the language of each passage.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
in the variant of Lucene, computed by bm25s.
"""

import json
import logging
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG when imported

K1 = 1.2
B = 0.75

# ISO 639-1 code -> Snowball stemmer; other languages are indexed word by word as they stand.
_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_STOP_WORDS = {"en": frozenset(STOPWORDS_EN)}
# Scripts that are written without spaces are indexed by overlapping pairs of characters.
_UNSPACED = r"぀-ヿ㐀-䶿一-鿿豈-﫿ก-๿"
# Vowel signs and accents, which \w leaves out.
_MARKS = "".join(chr(code) for code in range(0x10000) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[{_MARKS}])*")
_UNSPACED_WORD = re.compile(rf"[{_UNSPACED}]")


def terms_of(text: str, language: str = "en") -> list[str]:
    """Return the terms of a text in order: folded, without stop words, stemmed."""
    stop_words = _STOP_WORDS.get(language, frozenset())
    terms: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text.casefold())):
        if _UNSPACED_WORD.match(word):
            terms += [word[n : n + 2] for n in range(max(1, len(word) - 1))]
        elif word not in stop_words:
            terms.append(_stem(word, language))
    return terms


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    return Stemmer.Stemmer(_STEMMERS[language]) if language in _STEMMERS else None


def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    return stemmer.stemWord(word) if stemmer else word


class LexicalIndex:
    """BM25 over the terms of all passages, in their order."""

    def __init__(self, bm25: bm25s.BM25 | None, languages: Sequence[str], size: int) -> None:
        self._bm25 = bm25  # None when no passage has a term, which bm25s cannot index
        self._languages = tuple(languages)
        self._size = size

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> "LexicalIndex":
        """Return an index over (text, language) pairs."""
        languages: set[str] = set()
        terms: list[list[str]] = []
        for text, language in texts:
            languages.add(language)
            terms.append(terms_of(text, language))
        bm25 = None
        if any(terms):
            bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
            bm25.index(terms, show_progress=False)
        return cls(bm25, sorted(languages), len(terms))

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Return the index that `save` wrote."""
        described = json.loads((folder / "languages.json").read_text("utf-8"))
        bm25 = bm25s.BM25.load(str(folder)) if described["has_terms"] else None
        return cls(bm25, described["languages"], described["passages"])

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._bm25:
            self._bm25.save(str(folder), show_progress=False)
        described = {
            "languages": self._languages,
            "passages": self._size,
            "has_terms": self._bm25 is not None,
        }
        (folder / "languages.json").write_text(json.dumps(described), "utf-8")

    def __len__(self) -> int:
        return self._size

    def bm25(self, query: str) -> NDArray[np.float32]:
        """Return the BM25 of every passage for a query; all 0 if they share no term."""
        terms = self._known_terms(query)
        if not terms or self._bm25 is None:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(terms), dtype=np.float32)

    def _known_terms(self, query: str) -> list[str]:
        """Return the query's terms that stand in a passage, as each indexed language has them."""
        vocabulary = self._bm25.vocab_dict if self._bm25 else {}
        terms = [term for language in self._languages for term in terms_of(query, language)]
        return [term for term in dict.fromkeys(terms) if term in vocabulary]
