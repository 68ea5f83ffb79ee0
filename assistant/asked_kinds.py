"""A question and texts in, whether they lack the kind of thing that it asks for out.

No text without a figure says how many, none without money what it costs. In English, French and
Spanish.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple


class _Kind(NamedTuple):
    """What a question asks with, and what a text has that may answer it."""

    asks: re.Pattern[str]
    has: re.Pattern[str]


def _kind(asks: str, has: str) -> _Kind:
    return _Kind(re.compile(asks, re.IGNORECASE), re.compile(has, re.IGNORECASE))


_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    "|hundred|thousand|million|half|dozen|once|twice|single|no"
    "|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|cent|mille|aucune?"
    "|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien|mil|ning[uú]n"
)
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_PAID = "(?:price|costs?|fees?|salary|salaries|wages?|premium)"
_TIMES = (
    "minutes?|hours?|days?|nights?|weeks?|months?|years?"
    "|heures?|jours?|semaines?|mois|ans|années?|minutos?|horas?|días?|semanas?|mes|meses|años?"
)
_KINDS = (
    _kind(  # an address for mail
        r"\be-?mail address|\b(?:the|his|her|their) e-?mail of\b|\badresse (?:e-?mail|électronique)"
        r"|\bcorreo electrónico\b|\bdirección de correo",
        "@",
    ),
    _kind(  # a telephone number
        r"^(?:(?:what|which) (?:is|are) )?(?:the )?(?:phone|telephone|mobile|hotline) numbers?\b"
        r"|\bnuméro de téléphone (?:de|du|des)\b|\bnúmero de teléfono (?:de|del)\b",
        r"\+?\d[\d ()/-]{5,}\d",
    ),
    _kind(  # money
        rf"\b(?:what|which)(?:[’']s)? (?:(?:is|are|was|were) )?(?:the )?(?:[\w-]+ ){{0,2}}{_PAID}\b"
        rf"|\bhow much\b.*\b{_PAID}\b"
        r"|\bhow much (?:does|do|did|is|are|was|were|money|rent|pay)\b"
        r"|\bwhat (?:does|do|would)\b.*\b(?:charge|cost)\b"
        r"|\bwhat (?:rent|(?:hourly|daily|monthly) pay)\b"
        r"|\b(?:price|fee|salary|wage|premium) for\b"
        r"|\bcombien (?:coûte|coûtent|gagne|paie)|\bquel(?:le)? (?:prix|tarif|salaire)"
        r"|\bcuánto (?:cuesta|cuestan|cobra|gana|vale)|\bqué (?:precio|tarifa|salario|sueldo)",
        r"[$€£¥%]|\b(?:USD|EUR|GBP|CHF|dollars?|euros?|pounds?|francs?|soles|pesos|per ?cent)\b",
    ),
    _kind(  # a share
        r"\b(?:what|which|how many) per ?cent|\bquel(?:le)? pourcentage|\bqué porcentaje",
        r"%|\bper ?cent\b|\bpour cent\b|\bpor ciento\b",
    ),
    _kind(  # a place in a law
        r"\b(?:what|which) article\b|\bquel article\b|\bqué artículo\b",
        r"\b(?:art(?:icle|ículo)?s?\.?) ?\d",
    ),
    _kind(  # a length of time
        rf"\b(?:how many|combien d[e’']|cu[aá]nt[oa]s) ?(?:{_TIMES})\b",
        rf"(?:\d|\b(?:{_NUMBERS})\b)\W*(?:\w+ )?(?:{_TIMES})\b",
    ),
    _kind(r"\bhow many\b|\bcombien d[e’']|\bcu[aá]nt[oa]s\b", rf"\d|\b(?:{_NUMBERS})\b"),
    _kind(  # a time in the past
        r"\bwhen (?:was|were|did)\b|\b(?:what|which) year\b"
        r"|\bquand (?:a|ont|fut)\b|\bquelle année\b|\ben qué año\b"
        r"|\bcu[aá]ndo (?:se (?:adopt|aprob|cre|firm|fund)ó|fue|fueron)\b",
        rf"\b1\d{{3}}\b|\b20\d\d\b|\bcentur|siècle|siglo|\b(?:{_MONTHS})\b|day\b"
        r"|\d+ (?:BC|AD|years?|days?|months?|hours?)\b",
    ),
)


def lacks_kind(question: str, texts: Iterable[str]) -> bool:
    """Tell whether none of the texts has the kind of thing that the question asks for."""
    asked = [kind.has for kind in _KINDS if kind.asks.search(question)]
    if not asked:
        return False
    texts = tuple(texts)
    return any(not any(has.search(text) for text in texts) for has in asked)
