"""Passages in, out which of them are notices: what many works say in nearly the same words.

An imprint, a disclaimer or a list of the same references names the subject of its text and tells
nothing of it. It is near to every short question on the subject.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from corpus.documents import Passage

# Words in a row that are compared, the works from which on they are said by many, and the share of
# a passage that is. In the six public sets no passage is a notice so.
_RUN = 4
_MANY = 3
_SHARE = 0.5
_WORD = re.compile(r"\w+")


def notices(passages: Iterable[tuple[str, Passage]]) -> frozenset[str]:
    """Return the ids of notices among passages given with their work.

    The only passage of a document is none, however common its words are.
    """
    runs = [(work, passage, _runs(passage.text)) for work, passage in passages]
    works: dict[int, set[str]] = defaultdict(set)
    for work, _, own in runs:
        for run in own:
            if len(works[run]) < _MANY:
                works[run].add(work)
    of_document = Counter(passage.document_id for _, passage, _ in runs)
    return frozenset(
        passage.id
        for _, passage, own in runs
        if own and of_document[passage.document_id] > 1
        if sum(len(works[run]) >= _MANY for run in own) >= _SHARE * len(own)
    )


def _runs(text: str) -> frozenset[int]:
    """Return the hashes of all runs of words, which take less room than the words."""
    words = _WORD.findall(text.casefold())
    starts = range(len(words) - _RUN + 1)
    return frozenset(hash(tuple(words[start : start + _RUN])) for start in starts)
