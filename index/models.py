"""A folder in, a model of sentence-transformers out, and what all kinds of them share."""

import json
import math
import os
from pathlib import Path
from typing import Any

from corpus.errors import ModelError

# What is read where a model knows no limit.
_MOST_TOKENS = 8192


def load_model(folder: Path, *, several_vectors: bool) -> Any:  # noqa: ANN401  # two classes
    """Return the model in a folder; raises `ModelError` if it cannot be loaded."""
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        message = (
            f"{folder} is not a model folder: it has neither modules.json nor config.json. Give "
            "the folder that sentence-transformers saved."
        )
        raise ModelError(message)
    prepare_library()
    import sentence_transformers  # takes seconds, so only when needed

    kind = "MultiVectorEncoder" if several_vectors else "SentenceTransformer"
    try:
        model = getattr(sentence_transformers, kind)(
            str(folder), device="cpu", local_files_only=True
        )
    except Exception as error:  # whatever a broken folder provokes in three libraries
        message = f"The model in {folder} cannot be loaded: {error}"
        raise ModelError(message) from error
    if not _is_bare(model.tokenizer):
        model.tokenizer.split_special_tokens = True  # a text that says "[SEP]" ends nothing
    return model


def prepare_library() -> None:
    """Make the model library keep quiet and offline; takes seconds the first time."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # the library leaves it untyped


def has_several_vectors(folder: Path) -> bool:
    """Tell whether a model gives a vector a token, by what its folder says of it."""
    try:
        own = json.loads((folder / "config_sentence_transformers.json").read_text("utf-8"))
        return own.get("model_type") in ("MultiVectorEncoder", "ColBERT")
    except (OSError, ValueError):
        pass
    try:  # as Stanford's ColBERT was published
        config = json.loads((folder / "config.json").read_text("utf-8"))
        return "HF_ColBERT" in (config.get("architectures") or ())
    except (OSError, ValueError):
        return False


def is_mean_of_tokens(model: Any) -> bool:  # noqa: ANN401  # of the model library
    """Tell whether a model's pooled vector is a mean of its token vectors."""
    modes = [getattr(module, "pooling_mode", None) for module in model]
    return any(mode in ("mean", "mean_sqrt_len_tokens", "weightedmean") for mode in modes)


def _is_bare(tokenizer: Any) -> bool:  # noqa: ANN401  # of the model library
    """Tell whether a tokenizer is one of the library below, as models of static vectors have."""
    return hasattr(tokenizer, "encode_batch") and not callable(tokenizer)


def token_ids(model: Any, text: str, *, special: bool = True) -> list[int]:  # noqa: ANN401
    """Return the ids of a text's tokens, with those that the model adds or without."""
    if _is_bare(model.tokenizer):  # adds none
        return list(model.tokenizer.encode(text, add_special_tokens=False).ids)
    encoded = model.tokenizer(text, add_special_tokens=special, verbose=False)
    return list(encoded["input_ids"])


def prompt_of(model: Any, name: str) -> str:  # noqa: ANN401
    """Return what the model wants before a "query" or a "document"; often nothing."""
    return model.prompts.get(name) or ""


def max_tokens_of(model: Any) -> int:  # noqa: ANN401
    """Return how many tokens of a text are read beside those that the model adds."""
    limits = [model.max_seq_length, getattr(model[0], "document_length", None)]
    limit = min((one for one in limits if one), default=math.inf)
    added = 0 if _is_bare(model.tokenizer) else len(token_ids(model, ""))
    prompts = [prompt_of(model, name) for name in ("query", "document")]
    longest_prompt = max(len(token_ids(model, prompt, special=False)) for prompt in prompts)
    return int(min(limit, _MOST_TOKENS)) - added - longest_prompt
