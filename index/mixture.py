"""What each signal says of the candidates of a query in, the mixture that ranks them out."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# The mixture of standardised signals; see tests/benchmarks/RETRIEVAL_LOG.md.
LATE_INTERACTION_WEIGHT = 1.0
BM25_WEIGHT = 0.3
PHRASES_WEIGHT = 0.1
COSINE_WEIGHT = 0.3
# The words searched beside the question's own add a little where they stand, and take nothing away.
ADDED_WEIGHT = 0.1
# Where no candidate is near the question as a whole, it is asked in other words than the texts are
# written in, and the words that both happen to have say little: below the first best late
# interaction BM25 and phrases have no weight, from the second on all of it, and the words searched
# beside the question make up for them. Below the second are 4 % of the public sets' questions and
# 90 % of the starter ones; see tests/benchmarks/RETRIEVAL_LOG.md.
FAR, NEAR = 0.4, 0.5
ADDED_WEIGHT_WHERE_FAR = 0.2
# The help that is expected of passages counts where the question is far from the texts, up to the
# first best late interaction all of it, from the second on nothing. It is what it is, none for all
# passages of a question that no situation is like: it counts in deviations that are usual. Chosen
# on situations left out; see tests/benchmarks/RETRIEVAL_LOG.md.
SITUATIONS_WEIGHT = 3.0
SITUATIONS_DEVIATION = 0.03
SITUATIONS_FAR, SITUATIONS_NEAR = 0.5, 0.65

# What a language has a share in.
_MADE_BY_THE_MODEL = frozenset({"late_interaction", "cosine"})

# The mixture for a model without token vectors, best on average of the compared ones.
WITHOUT_LATE_INTERACTION = {"bm25": 1.0, "cosine": 1.0, "phrases": 0.3}


class Signals(NamedTuple):
    """What each signal says of the candidate rows of one query, as arrays of one length.

    `added` is the BM25 of words that were searched beside the question's own, None without any.
    `late_interaction` is the cosine where `has_token_vectors` is not true of the model.
    `situations` is how much each passage is expected to help, see `index.situations`, None without
    any situations. `languages` is 0 for a passage in the main language of the snapshot, another
    number for each other language; None if that is not told.
    """

    rows: NDArray[np.int64]
    cosine: NDArray[np.float32]
    bm25: NDArray[np.float32]
    phrases: NDArray[np.float32]
    late_interaction: NDArray[np.float32]
    added: NDArray[np.float32] | None = None
    has_token_vectors: bool = True
    situations: NDArray[np.float32] | None = None
    languages: NDArray[np.int64] | None = None

    @property
    def weights(self) -> dict[str, float]:
        """Return the weight of each signal in the mixture."""
        near = self._nearness(FAR, NEAR) if self.has_token_vectors else 1.0
        beside: dict[str, float] = {}
        if self.added is not None:
            beside["added"] = near * ADDED_WEIGHT + (1 - near) * ADDED_WEIGHT_WHERE_FAR
        if self.situations is not None:
            far = 1 - self._nearness(SITUATIONS_FAR, SITUATIONS_NEAR)
            beside["situations"] = far * SITUATIONS_WEIGHT
        if not self.has_token_vectors:
            return {**WITHOUT_LATE_INTERACTION, **beside}
        return {
            "late_interaction": LATE_INTERACTION_WEIGHT,
            "bm25": near * BM25_WEIGHT,
            "phrases": near * PHRASES_WEIGHT,
            "cosine": COSINE_WEIGHT,
            **beside,
        }

    def _nearness(self, far: float, near: float) -> float:
        """Return 0 if the best candidate is far from the question, 1 if it is near."""
        best = float(self.late_interaction.max()) if len(self.rows) else far
        return min(1.0, max(0.0, (best - far) / (near - far)))

    def standardised(self, signal: str) -> NDArray[np.float32]:
        """Return a signal with mean 0 and deviation 1 over the candidates; 0 if all are equal.

        Of `situations` the usual deviation is 1, and no help is 0. Where there are any, what stands
        in another language is not as near as all of that language is.
        """
        if self.situations is None:
            return standardised(getattr(self, signal))
        if signal == "situations":
            return self.situations / np.float32(SITUATIONS_DEVIATION)
        values: NDArray[np.float32] = getattr(self, signal)
        if signal in _MADE_BY_THE_MODEL and self.languages is not None:
            values = without_language(values, self.languages)
        return standardised(values)

    @property
    def fused(self) -> NDArray[np.float32]:
        """Return the mixture by which candidates are ranked."""
        fused = np.zeros(len(self.rows), dtype=np.float32)
        for signal, weight in self.weights.items():
            fused += weight * self.standardised(signal)
        return fused


def without_language(
    values: NDArray[np.float32], languages: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return values of passages, those in a language that is on average higher than 0 lowered.

    To a model of English all French is alike: a French question is near to all French passages.
    Lowered, each language is on average as high as the language 0.
    """
    main = languages == 0
    lowered = values.copy()
    for language in set(languages[~main].tolist()) if main.any() else ():
        own = languages == language
        lowered[own] -= max(np.float32(0), values[own].mean() - values[main].mean())
    return lowered


def standardised(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the values with mean 0 and deviation 1; all 0 where they do not differ."""
    if not len(values):
        return values
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 0 else np.zeros_like(values)
