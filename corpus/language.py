"""Text in, its language out.

By py3langid, the naive Bayes of Lui and Baldwin, "langid.py" (2012), over byte n-grams; the model
comes with the package and knows 140 languages.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# In all files of the shared collection that have a page of text (2026-11-24) the language found
# is right from these on; short lists of names and forms stay below.
SURE = 0.9
FEWEST_LETTERS = 40
# A section is only said to be in another language than its document where there is no doubt: at
# 0.9 one of the 3,244 sections of the shared collections and the starter documents would be so
# wrongly, at these none is.
SECTION_SURE = 0.98
SECTION_FEWEST_LETTERS = 100

# Enough to tell; the chance that is given falls again where a text repeats itself for long.
_LONGEST = 4000
_LETTER = re.compile(r"[^\W\d_]")


def detect_language(
    text: str, *, sure: float = SURE, fewest_letters: int = FEWEST_LETTERS
) -> str | None:
    """Return the ISO 639-1 code of a text's language; None if it is too short or unclear."""
    text = text[:_LONGEST]
    if len(_LETTER.findall(text)) < fewest_letters:
        return None
    language, chance = _identifier().classify(text)
    return str(language) if chance >= sure else None


def main_language(parts: Iterable[str]) -> str | None:
    """Return the language of most letters of those parts whose language is clear; None if none."""
    letters: Counter[str] = Counter()
    for part in parts:
        if language := detect_language(part):
            letters[language] += len(part)
    return letters.most_common(1)[0][0] if letters else None


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Those with a code of three letters are dialects and neighbours that share in the chance.
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])
    return identifier
