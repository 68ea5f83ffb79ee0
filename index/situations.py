"""A query in, how much each passage is expected to help out, learnt from situations.

Situations are what editors say that passages help in, see `corpus.situations`: texts of a line,
each with the passages that answer it or help beside an answer, if there are any. What they teach of
any other text is worked out once, when they are written; see `index.learning`.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.documents import sha256_of
from corpus.progress import Progress, untold
from corpus.situations import Situation
from index.chosen import ChosenSentences
from index.dense import DenseIndex
from index.embedding import Encoding
from index.late import LateIndex
from index.learning import along, directions, learn, nearness_among, nearness_of
from index.mixture import standardised
from index.mutual import Block, Floats, Texts, blocks_of, said
from index.vectors import Vectors, write_vectors
from index.words import WordIndex

# What a passage is worth in a situation: nothing is known of it, it helps, it answers; see
# tests/benchmarks/RETRIEVAL_LOG.md.
WORTH = np.array([0.0, 0.7, 1.0], dtype=np.float32)

# What a passage is worth for each deviation that its late interaction is above that of the other
# candidates, from the second number on: so it is on average for the starter questions.
HELP, FROM = 0.2, 1.6

# So many of the situations nearest to a query that nothing answers tell how near it is to them. The
# mean of five parts answered questions from 220 near-misses a little better than the nearest alone.
NEAREST = 5

# Another name whenever it is learnt in another way: what was learnt before is of no use then.
_LEARNT, _CHOSEN = "learnt-2.npz", "chosen-2.npz"


class Expected(NamedTuple):
    """What situations tell of a query: rows of passages, and how much each is expected to help.

    `help` is near 1 for a passage that answers, near 0 for one that is of no use. `covered` is how
    much of one situation that is answered the query says, of that of which it says most, at most 1,
    and `shared` how alike its words are to those of one, of that to which they are most alike.
    `unanswered` is how near it is to those that nothing answers, the mean of the nearest, and
    `nearness` how near to each of all, shape (n,).
    """

    rows: NDArray[np.int64]
    help: Floats
    covered: float
    shared: float
    unanswered: float
    nearness: Floats


class SituationIndex:
    """The n situations of a snapshot, and what was learnt from them of p passages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with np.load(folder / _LEARNT) as saved:
            self.rows: NDArray[np.int64] = saved["rows"]  # (p,) of the passages, ascending
            self.grades: NDArray[np.uint8] = saved["grades"]  # (n, p)
            self.weights: NDArray[np.float16] = saved["weights"]  # (n, p)
            self.basis: Floats = saved["basis"]  # (d, directions)

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Tell whether a folder has situations from which was learnt, as older snapshots do not."""
        return (folder / _LEARNT).is_file()

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return the situations."""
        lines = (self._folder / "texts.jsonl").read_text("utf-8").split("\n")
        return tuple(json.loads(line) for line in lines if line)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the hash of each situation."""
        return tuple(map(sha256_of, self.texts))

    @cached_property
    def dense(self) -> DenseIndex:
        """Return the pooled vectors."""
        return DenseIndex.load(self._folder / "dense.faiss")

    @cached_property
    def late(self) -> LateIndex:
        """Return the token vectors."""
        return LateIndex.load(self._folder / "late")

    @cached_property
    def _blocks(self) -> tuple[Block, ...]:
        return _blocks(_texts(self.dense, self.late), self.basis)

    @cached_property
    def _learnt(self) -> Floats:
        return self.weights.astype(np.float32)

    @cached_property
    def _is_answered(self) -> NDArray[np.bool_]:
        return np.asarray(self.grades.any(axis=1))

    @cached_property
    def chosen(self) -> ChosenSentences:
        """Return what was learnt of sentences."""
        path = self._folder / _CHOSEN  # which older snapshots do not have
        return ChosenSentences.load(path) if path.is_file() else ChosenSentences({})

    @cached_property
    def _words(self) -> WordIndex:
        return WordIndex.load(self._folder)

    def expected(
        self, text: str, query: Encoding, allowed: NDArray[np.int64] | None = None
    ) -> Expected:
        """Return how much passages, the allowed ones alone, are expected to help in a query.

        The query has tokens.
        """
        asked = self._asked(query)
        both, covered = np.zeros((2, len(self.grades)), dtype=np.float32)
        for block in self._blocks:
            there, back = said(asked, block)
            both[block.rows], covered[block.rows] = (there[0] + back[0]) / 2, back[0]
        alike = self._words.alike(text)
        nearness = nearness_of(both, alike)
        found = nearness @ self._learnt
        own = slice(None) if allowed is None else np.isin(self.rows, allowed)
        theirs = self._is_answered if allowed is None else self.grades[:, own].any(axis=1)
        return Expected(
            self.rows[own],
            found[own],
            covered=float(covered[theirs].max(initial=0)),
            shared=float(alike[theirs].max(initial=0)),
            unanswered=_mean_of_highest(nearness[~self._is_answered]),
            nearness=nearness,
        )

    def nearness_among(self, lines: NDArray[np.int64]) -> Floats:
        """Return how much some of the situations tell of each other, shape (m, m)."""
        blocks = _blocks(_texts(self.dense, self.late, lines), self.basis)
        return nearness_among(blocks, self._words.some(lines), len(lines))

    def _asked(self, query: Encoding) -> Block:
        """Return a query as a block of one text."""
        vectors, weights = query.vector[None, :], np.ones(1, dtype=np.float32)
        if self.late.has_vectors:
            vectors, weights = query.token_vectors, self.late.weights(query.token_ids)
        [block] = _blocks(Texts(vectors, weights, np.array([len(vectors)])), self.basis)
        return block


def help_of(
    rows: NDArray[np.int64], expected: Expected, likeness: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how much the passage of each row is expected to help.

    One for which there are no situations is expected to help as much as its likeness to the query
    tells, lest documents without situations stay behind all others, and no more than one that has
    situations and is as like. All 0 if none of the rows has situations.
    """
    values = np.zeros(len(rows), dtype=np.float32)
    has = np.isin(rows, expected.rows)
    if not has.any():
        return values
    values[has] = expected.help[np.searchsorted(expected.rows, rows[has])]
    by_likeness = HELP * np.maximum(0, standardised(likeness) - FROM)
    as_like = np.interp(likeness, np.sort(likeness[has]), np.sort(values[has]))
    values[~has] = np.minimum(by_likeness, as_like)[~has]
    return values


def write_situations(
    folder: Path,
    situations: Sequence[Situation],
    vectors: Vectors,
    *,
    dimension: int,
    earlier: SituationIndex | None = None,
    progress: Progress = untold,
) -> None:
    """Write the files of a `SituationIndex`; nothing without situations that are answered.

    What was learnt of passages is taken over from an earlier index, one made by the same embedder,
    if neither a situation nor a grade is another; of sentences it is learnt anew.
    """
    if not any(one.grades for one in situations):
        return
    texts = tuple(one.text for one in situations)
    write_vectors(
        folder, texts, vectors, dimension=dimension,
        progress=lambda done: progress("embed situations", done, len(texts)),
    )  # fmt: skip
    lines = "".join(f"{json.dumps(text, ensure_ascii=False)}\n" for text in texts)
    (folder / "texts.jsonl").write_text(lines, "utf-8")
    words = WordIndex.of(texts)
    words.save(folder)
    rows, grades = _grades(situations)
    if earlier and earlier.texts == texts and np.array_equal(earlier.grades, grades):
        weights, basis = earlier.weights, earlier.basis
    else:
        weights, basis = _learn(folder, words, grades, progress)
    np.savez(folder / _LEARNT, rows=rows, grades=grades, weights=weights, basis=basis)
    ChosenSentences.learnt(situations, SituationIndex(folder).nearness_among).save(folder / _CHOSEN)


def _grades(situations: Sequence[Situation]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the rows of the passages that help, ascending, and their grades, (n, p)."""
    rows = sorted({row for one in situations for row in one.grades})
    column = {row: place for place, row in enumerate(rows)}
    grades = np.zeros((len(situations), len(rows)), dtype=np.uint8)
    for place, one in enumerate(situations):
        for row, grade in one.grades.items():
            grades[place, column[row]] = grade
    return np.array(rows, dtype=np.int64), grades


def _learn(
    folder: Path, words: WordIndex, grades: NDArray[np.uint8], progress: Progress
) -> tuple[NDArray[np.float16], Floats]:
    """Return the weights of the situations of a folder, and the directions of their tokens."""
    texts = _texts(DenseIndex.load(folder / "dense.faiss"), LateIndex.load(folder / "late"))
    basis = directions(texts.vectors)
    blocks = _blocks(texts, basis)
    del texts  # comparing all with all needs the memory
    nearness = nearness_among(
        blocks, words, len(grades), lambda done, total: progress("learn situations", done, total)
    )
    return learn(nearness, WORTH[grades]).astype(np.float16), basis


def _texts(dense: DenseIndex, late: LateIndex, rows: NDArray[np.int64] | None = None) -> Texts:
    """Return the tokens of some texts or all; without token vectors a text is one token."""
    if not late.has_vectors:
        vectors = dense.vectors(np.arange(len(dense)) if rows is None else rows)
        return Texts(vectors, np.ones(len(vectors), np.float32), np.ones(len(vectors), np.int64))
    tokens, ids, lengths = late.all_stored() if rows is None else late.all_of(rows)
    return Texts(tokens, late.weights(ids), lengths)


def _mean_of_highest(values: Floats) -> float:
    """Return the mean of the `NEAREST` highest; 0 without values."""
    return float(np.sort(values)[-NEAREST:].mean()) if len(values) else 0.0


def _blocks(texts: Texts, basis: Floats) -> tuple[Block, ...]:
    """Return texts in blocks, their tokens in the directions of a basis."""
    blocks = blocks_of(texts)
    return tuple(block._replace(vectors=along(block.vectors, basis)) for block in blocks)
