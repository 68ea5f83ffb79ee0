"""The page's own words in each language it speaks; the documents' words are never translated."""

import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from itertools import chain
from pathlib import Path

_FOLDER = Path(__file__).parent

# Languages of the page, each by its own name.
LANGUAGES = {"en": "English", "fr": "Français", "es": "Español", "zh": "中文"}


class Texts:
    """The words of one language; `texts("answer.answered")` returns them, fit for HTML."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language = language
        self.words = words

    def __call__(self, key: str, **values: object) -> str:
        """Return the escaped words of a key, the escaped values in their places."""
        safe = {name: escape(str(value)) for name, value in values.items()}
        return escape(self.words[key]).format(**safe)

    def plain(self, key: str, **values: object) -> str:
        """Return the words of a key as they are, for what escapes by itself."""
        return self.words[key].format(**values)

    def known(self, group: str, word: str) -> str:
        """Return the words for a catalogue's word, escaped; the word itself if it has none."""
        return escape(self.words.get(f"{group}.{word}", word))

    def count(self, key: str, number: int) -> str:
        """Return the words of `key.one` or `key.many` for a number of things."""
        return self(f"{key}.{'one' if number == 1 else 'many'}", number=number)


@cache
def texts_of(language: str) -> Texts:
    """Return the words of a language; English for one that the page does not speak."""
    if language not in LANGUAGES:
        language = "en"
    files = (_FOLDER / f"{language}.toml", _FOLDER / f"releases_{language}.toml")
    tables = [tomllib.loads(file.read_text("utf-8")) for file in files]
    return Texts(language, dict(chain.from_iterable(map(_flat, tables))))


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    words: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        words += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, str(value))]
    return words
