"""Words in, BM25 out: exact terms and pairs of them, stemmed for the language of each passage.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
in the variant of Lucene, computed by bm25s.
"""

import json
import logging
import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG when imported

K1 = 1.2
B = 0.75
# A pair counts once, however often it stands in a passage and however long that is.
PAIRS_K1 = 0.0

# ISO 639-1 code -> Snowball stemmer; other languages are indexed word by word as they stand.
_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_STOP_WORDS = {"en": frozenset(STOPWORDS_EN)}
# Scripts that are written without spaces are indexed by overlapping pairs of characters.
UNSPACED = r"぀-ヿ㐀-䶿一-鿿豈-﫿ก-๿"
# Vowel signs and accents, which \w leaves out.
MARKS = "".join(chr(code) for code in range(0x10000) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}](?:[^\W{UNSPACED}]|[{MARKS}])*")
UNSPACED_WORD = re.compile(rf"[{UNSPACED}]")


def terms_of(text: str, language: str = "en") -> list[str]:
    """Return the terms of a text in order: folded, without stop words, stemmed."""
    stop_words = _STOP_WORDS.get(language, frozenset())
    terms: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text.casefold())):
        if UNSPACED_WORD.match(word):
            terms += [word[n : n + 2] for n in range(max(1, len(word) - 1))]
        elif word not in stop_words:
            terms.append(stem(word, language))
    return terms


def pairs_of(terms: Sequence[str]) -> list[str]:
    """Return each two neighbouring terms as one; a pair never equals a term, which has no space."""
    return [f"{first} {second}" for first, second in pairwise(terms)]


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    return Stemmer.Stemmer(_STEMMERS[language]) if language in _STEMMERS else None


def stem(word: str, language: str) -> str:
    """Return the stem of a casefolded word; the word itself where no stemmer is known."""
    stemmer = _stemmer(language)
    return stemmer.stemWord(word) if stemmer else word


class LexicalIndex:
    """BM25 over the terms of all passages and over their pairs, in the order of the passages."""

    def __init__(
        self,
        words: bm25s.BM25 | None,
        pairs: bm25s.BM25 | None,
        languages: Sequence[str],
        size: int,
    ) -> None:
        self._words = words  # None when no passage has a term, which bm25s cannot index
        self._pairs = pairs
        self._languages = tuple(languages)
        self._size = size

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> "LexicalIndex":
        """Return an index over (text, language) pairs."""
        languages: set[str] = set()
        words, pairs = _Numbered(), _Numbered()
        for text, language in texts:
            languages.add(language)
            terms = terms_of(text, language)
            words.add(terms)
            pairs.add(pairs_of(terms))
        size = len(words.rows)
        return cls(words.indexed(K1), pairs.indexed(PAIRS_K1), sorted(languages), size)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Return the index that `save` wrote."""
        described = json.loads((folder / "languages.json").read_text("utf-8"))
        words, pairs = _load(folder / "words"), _load(folder / "pairs")
        return cls(words, pairs, described["languages"], described["passages"])

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, bm25 in (("words", self._words), ("pairs", self._pairs)):
            if bm25:
                bm25.save(str(folder / name), show_progress=False)
        described = {"languages": self._languages, "passages": self._size}
        (folder / "languages.json").write_text(json.dumps(described), "utf-8")

    def __len__(self) -> int:
        return self._size

    def bm25(self, query: str) -> NDArray[np.float32]:
        """Return the BM25 of every passage for a query; all 0 if they share no term."""
        return self._values(self._words, [t for terms in self._terms(query) for t in terms])

    def phrases(self, query: str) -> NDArray[np.float32]:
        """Return for every passage how telling the query's pairs of neighbouring terms in it are.

        The sum of their inverse document frequencies.
        """
        return self._values(self._pairs, [p for t in self._terms(query) for p in pairs_of(t)])

    def shares(self, query: str, rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the share of a query's terms that each row has, by their rarity, from 0 to 1.

        In the language in which it is most; 0 where no passage has a term.
        """
        shares = [self._shares(terms, rows) for terms in self._terms(query)]
        return np.max(shares, axis=0) if shares else np.zeros(len(rows), dtype=np.float32)

    def _shares(self, terms: Sequence[str], rows: Sequence[int]) -> NDArray[np.float32]:
        holding = [self._rows_with(term) for term in dict.fromkeys(terms)]
        rarity = np.log((1 + self._size) / (1 + np.array([len(own) for own in holding])))
        held = np.array([np.isin(rows, own) for own in holding]).reshape(len(holding), len(rows))
        whole = rarity.sum()
        return (rarity @ held / whole if whole else np.zeros(len(rows))).astype(np.float32)

    def _rows_with(self, term: str) -> NDArray[np.int32]:
        if self._words is None or term not in self._words.vocab_dict:
            return np.empty(0, dtype=np.int32)
        number = self._words.vocab_dict[term]
        start, end = self._words.scores["indptr"][number : number + 2]
        return self._words.scores["indices"][start:end]  # type: ignore[no-any-return]

    def _terms(self, query: str) -> list[list[str]]:
        """Return the query's terms as each indexed language has them."""
        return [terms_of(query, language) for language in self._languages]

    def _values(self, bm25: bm25s.BM25 | None, terms: Sequence[str]) -> NDArray[np.float32]:
        known = [term for term in dict.fromkeys(terms) if bm25 and term in bm25.vocab_dict]
        if not known or bm25 is None:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(bm25.get_scores(known), dtype=np.float32)


class _Numbered:
    """The terms of each passage as numbers, so that every term is in memory once."""

    def __init__(self) -> None:
        self.rows: list[array[int]] = []
        self._numbers: dict[str, int] = {}

    def add(self, terms: Sequence[str]) -> None:
        """Add a passage by its terms in order."""
        numbers = self._numbers
        self.rows.append(array("i", [numbers.setdefault(term, len(numbers)) for term in terms]))

    def indexed(self, k1: float) -> bm25s.BM25 | None:
        """Return BM25 over the passages; None when no passage has a term."""
        if not self._numbers:
            return None
        bm25 = bm25s.BM25(k1=k1, b=B, method="lucene")
        bm25.index((self.rows, self._numbers), show_progress=False)
        return bm25


def _load(folder: Path) -> bm25s.BM25 | None:
    return bm25s.BM25.load(str(folder)) if folder.is_dir() else None
