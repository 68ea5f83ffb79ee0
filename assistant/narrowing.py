"""What questions are narrowed by, and what of it is added or dropped together."""

from corpus.errors import SettingsError
from index.search import FILTER_KEYS, Filters

_ALL_STATUSES = ("current", "superseded", "withdrawn")
# An edition or a document that is asked for may be superseded: these go along with it.
_IMPLIED = {"edition": ("work", "status"), "document_id": ("work", "status")}


def filter_key(key: object) -> str:
    """Return the key of a filter; raises `SettingsError` for one that there is not."""
    if str(key) not in FILTER_KEYS:
        raise SettingsError(f"There is no filter {str(key)[:40]!r}.", key="unusable")
    return str(key)


def narrowed(filters: Filters, key: object, value: str) -> Filters:
    """Return the filters with one more, or with another value of it."""
    known = filter_key(key)
    implied = {"status": _ALL_STATUSES} if known in _IMPLIED else {}
    return {**filters, known: (value,), **implied}


def widened(filters: Filters, key: object) -> Filters:
    """Return the filters without one, and without what went along with it."""
    known = filter_key(key)
    gone = {known, *_IMPLIED.get(known, ())}
    return {name: values for name, values in filters.items() if name not in gone}
