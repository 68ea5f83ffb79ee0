"""Hits in, the same hits out in the order of a second model that reads query and passage together.

An optional last stage: slower by a forward pass a passage, and off by default.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.embedding import model_folder
from index.models import prepare_library
from index.search import Hit

# How many of the best hits are read again; those after them keep their places.
RERANKED = 20


class Reranker(Protocol):
    """What tells how well passages answer a query, better ones higher."""

    def likeness(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a value for each text, in order."""


class CrossEncoderReranker:
    """A `Reranker` over a folder with a cross-encoder that sentence-transformers can load."""

    def __init__(self, folder: Path) -> None:
        prepare_library()
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        except Exception as error:  # whatever a broken folder provokes in three libraries
            message = f"The reranker in {folder} cannot be loaded: {error}"
            raise ModelError(message) from error
        if self._model.num_labels != 1:
            message = (
                f"The model in {folder} tells {self._model.num_labels} classes apart, it does not "
                "rank. Give a cross-encoder with one output, or leave `reranker` empty."
            )
            raise ModelError(message)

    def likeness(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a value for each text, in order."""
        pairs = [(query, text) for text in texts]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32)


def load_reranker(model: str) -> CrossEncoderReranker | None:
    """Return the cross-encoder of a folder or a published name; None for an empty one.

    Raises `ModelError` if there is none or it is no cross-encoder.
    """
    return CrossEncoderReranker(model_folder(model)) if model else None


def rerank(
    hits: Sequence[Hit], texts: Sequence[str], *, query: str, reranker: Reranker
) -> tuple[Hit, ...]:
    """Return the hits, the first `RERANKED` in the order of the second model, with its values.

    `texts` are what the model reads of those first hits.
    """
    first = hits[: len(texts)]
    values = reranker.likeness(query, texts) if texts else np.zeros(0, dtype=np.float32)
    read = [replace(hit, reranked=float(own)) for hit, own in zip(first, values, strict=True)]
    order = np.argsort(-values, kind="stable")
    return (*(read[place] for place in order), *hits[len(texts) :])
