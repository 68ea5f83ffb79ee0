"""Passages in, out which of them are notices: what many works say in nearly the same words.

An imprint, a disclaimer or a list of the same references names the subject of its text and tells
nothing of it. It is near to every short question on the subject.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import count

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from corpus.documents import Passage

Runs = NDArray[np.uint64]

# Words in a row that are compared, the works from which on they are said by many, and the share of
# a passage that is. In the six public sets no passage is a notice so.
_RUN = 4
_MANY = 3
_SHARE = 0.5
# What a run is numbered by, modulo 2 ** 64: powers of an odd number without a pattern.
_POWERS = np.uint64(6364136223846793005) ** np.arange(_RUN, dtype=np.uint64)
_WORD = re.compile(r"\w+")


def notices(passages: Iterable[tuple[str, Passage]]) -> frozenset[str]:
    """Return the ids of notices among passages given with their work.

    The only passage of a document is none, however common its words are.
    """
    given = list(passages)
    numbers: dict[str, int] = defaultdict(count().__next__)  # of words
    runs = [
        _runs([numbers[word] for word in _WORD.findall(passage.text.casefold())])
        for _, passage in given
    ]
    common = _said_by_many(runs, [work for work, _ in given])
    of_document = Counter(passage.document_id for _, passage in given)
    return frozenset(
        passage.id
        for (_, passage), own in zip(given, runs, strict=True)
        if len(own) and of_document[passage.document_id] > 1
        if np.isin(own, common).mean() >= _SHARE
    )


def _runs(words: Sequence[int]) -> Runs:
    """Return a number for each different run of words, in ascending order."""
    if len(words) < _RUN:
        return np.empty(0, dtype=np.uint64)
    windows = sliding_window_view(np.array(words, dtype=np.uint64), _RUN)
    return np.unique((windows + np.uint64(1)) @ _POWERS)


def _said_by_many(runs: Sequence[Runs], works: Sequence[str]) -> Runs:
    """Return the runs that stand in passages of `_MANY` works, in ascending order."""
    if not runs:
        return np.empty(0, dtype=np.uint64)
    every = np.concatenate(runs)
    _, owners = np.unique(works, return_inverse=True)
    owner = np.repeat(owners, [len(own) for own in runs])
    order = np.lexsort((owner, every))
    every, owner = every[order], owner[order]
    is_new = np.ones(len(every), dtype=np.bool_)  # and no second passage of the same work
    is_new[1:] = (every[1:] != every[:-1]) | (owner[1:] != owner[:-1])
    different, times = np.unique(every[is_new], return_counts=True)
    return np.asarray(different[times >= _MANY])
