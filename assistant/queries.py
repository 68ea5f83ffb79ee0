"""A question and the turns before it in, the query to search out."""

import re
from collections.abc import Iterable
from dataclasses import replace
from unicodedata import name

from assistant.answer import History, Leaning, Query
from corpus.text import one_line
from index.lexical import UNSPACED
from index.search import Filters, check_filter_key

# More than anyone asks; the model reads some 200 words and BM25 needs no more.
MAX_CHARACTERS = 4000
# What is kept of a question: one more, by which a longer one is known.
KEPT_CHARACTERS = MAX_CHARACTERS + 1

# Filters that name documents or editions: with one of them the reader has chosen, without, only
# current editions are searched.
_CHOOSING_KEYS = frozenset({"status", "edition", "document_id", "file"})

# What makes a question lean on the one before it: an opening that goes on, a word that points back
# and has less than five words of more than three letters before it, to which it might point as
# well, or at most three such words in all. Compared on mtrag_un, which is English, with other
# numbers of words: see tests/benchmarks/RETRIEVAL_LOG.md. French, Spanish and Chinese have only
# words that always point back: "le", "la" and "su" also begin what stands alone.
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|him|her|his|one|ones|there|such|same"
    r"|other|others|another|else|too|also"
    r"|celui|celle|ceux|celles|ceci|cela|ça|eux|leur|leurs|aussi|autres"
    r"|eso|esto|esos|esas|aquello|ellos|ellas|también|otros|otras)\b"
    r"|这个|那个|这些|那些|这样|那样|他们|她们|它们|它的|其他",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(and|but|or|so|why|also|then|what about|how about|what if|what else"
    r"|et|mais|ou|alors|pourquoi|y|e|pero|o|entonces|por qué|qué tal)\b"
    r"|那么|那|还有|而且|但是|为什么",
    re.IGNORECASE,
)
_LONG_WORD = re.compile(rf"[^\W{UNSPACED}]{{4,}}|[{UNSPACED}]{{2}}")
_FEW_LONG_WORDS = 3
_LONG_WORDS_POINTED_TO = 5


def to_query(
    question: str,
    *,
    history: History = (),
    filters: Filters | None = None,
    without: Iterable[str] = (),
) -> Query:
    """Return the query for a question; its text is empty if the question has no words.

    A question that leans on the one before it is searched together with that one, and with the one
    that it goes back to in the end. Whether it can stand alone all the same is not known here.
    Superseded and withdrawn editions are left out unless the filters ask for a status, an edition
    or a document. Raises `SettingsError` for a filter that does not exist.
    """
    asked = _clean(question)
    query = Query(asked, _with_default_status(filters or {}), asked, tuple(without))
    before = _before(history, is_covered=_leaning_words(asked) is None)
    leaning = _leaning(asked, before)
    if not asked or not before or leaning is None:
        return query
    # twice, so that it weighs more
    return replace(query, text=f"{asked} {before} {asked}", after=before, leans_by=leaning)


def is_cut(question: str) -> bool:
    """Tell whether a question is longer than what is searched of it."""
    return len(question.strip()) > MAX_CHARACTERS


def standing_alone(query: Query) -> Query:
    """Return the query without the question that it is asked after."""
    return replace(query, text=query.question, after="", leans_by=None)


def _leaning(question: str, before: str) -> Leaning | None:
    """Return what shows that a question leans on the one before, None if nothing does."""
    return _leaning_words(question) or ("few_words" if _is_short(question, before) else None)


def _leaning_words(question: str) -> Leaning | None:
    """Return by which words a question leans on another, None if it has no such words."""
    if _GOES_ON.match(question):
        return "opening"
    pointing = _POINTS_BACK.search(question)
    if pointing is None:
        return None
    before = _LONG_WORD.findall(question[: pointing.start()])
    return "pointing" if len(before) < _LONG_WORDS_POINTED_TO else None


def _before(history: History, *, is_covered: bool) -> str:
    """Return the latest question, or the latest that was covered, empty if there is none.

    If it leans on others itself, after the latest of them that does not. What is short only goes
    on with an answer: nothing stands after a question that has none.
    """
    after = [*history, ("", "")][1:]
    questions = [
        _clean(text)
        for (role, text), answer in zip(reversed(history), reversed(after), strict=True)
        if role == "user" and not (is_covered and answer == ("assistant", ""))
    ]
    subjects = (
        question
        for question, before in zip(questions, [*questions, ""][1:], strict=True)
        if _leaning(question, before) is None
    )
    subject = next(subjects, questions[-1] if questions else "")
    return " ".join(dict.fromkeys([subject, *questions[:1]]))


def _script_of(text: str) -> str:
    """Return the script of the first letter, as its name begins; empty without letters."""
    return next((name(one, "").split(" ")[0] for one in text if one.isalpha()), "")


def _is_short(question: str, before: str) -> bool:
    # Few words in another script are a question of their own.
    is_alike = _script_of(question) in ("", _script_of(before))
    return is_alike and len(_LONG_WORD.findall(question)) <= _FEW_LONG_WORDS


def _with_default_status(filters: Filters) -> Filters:
    """Return the filters, those for current editions added unless the reader has chosen."""
    for key in filters:
        check_filter_key(key)
    return filters if _CHOOSING_KEYS & set(filters) else {**filters, "status": ("current",)}


def _clean(question: str) -> str:
    """Return the question as one line, repaired as the documents are so that words meet."""
    return one_line(question[:MAX_CHARACTERS])
