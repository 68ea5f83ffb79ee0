"""A question and the turns before it in, the query to search out."""

from assistant.answer import History, Query
from corpus.errors import SettingsError
from index.search import FILTER_KEYS, Filters

# More than anyone asks; the model reads some 200 words and BM25 needs no more.
MAX_CHARACTERS = 4000

# Filters that name documents or editions: with one of them the reader has chosen, without, only
# current editions are searched.
_CHOOSING_KEYS = frozenset({"status", "edition", "document_id", "file"})


def to_query(question: str, *, history: History = (), filters: Filters | None = None) -> Query:
    """Return the query for a question; its text is empty if the question has no words.

    Superseded and withdrawn editions are left out unless the filters ask for a status, an edition
    or a document. Raises `SettingsError` for a filter that does not exist.
    """
    filters = dict(filters or {})
    for key in filters:
        if key not in FILTER_KEYS:
            message = f"Cannot filter by {key!r}. Use one of: {', '.join(FILTER_KEYS)}."
            raise SettingsError(message)
    if not _CHOOSING_KEYS & set(filters):
        filters["status"] = ("current",)
    return Query(_clean(question), filters)


def _clean(question: str) -> str:
    """Return the question as one line that holds nothing but what can be read."""
    readable = "".join(character if character.isprintable() else " " for character in question)
    return " ".join(readable[:MAX_CHARACTERS].split())
