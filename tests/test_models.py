"""Models of every kind, made here: two layers, random weights, a vocabulary of a few words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import WordEmbedder, document_of
from numpy.typing import NDArray

from assistant.citations import answering, sentences_of
from assistant.engine import Assistant
from corpus.errors import ModelError
from index.build import build_snapshot
from index.embedding import (
    Embedder,
    MultiVectorEmbedder,
    SentenceTransformerEmbedder,
    load_embedder,
)
from index.models import prepare_library
from index.reranking import load_reranker
from index.search import Searcher
from index.snapshot import SnapshotStore

WORDS = ["guards", "stand", "at", "the", "gate", "river", "is", "far", "trees", "grow", "."]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
DOCUMENTS = (
    document_of("Guards stand at the gate. Trees grow.", source_id="gate", title="Gate"),
    document_of("The river is far.", source_id="river", title="River"),
    document_of("Trees grow at the river.", source_id="trees", title="Trees"),
)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a bare transformer with its tokenizer."""
    import torch
    from transformers import BertModel, BertTokenizer

    prepare_library()
    folder = tmp_path_factory.mktemp("bert")
    vocabulary = folder / "vocabulary.txt"
    vocabulary.write_text("\n".join(VOCABULARY), "utf-8")
    torch.manual_seed(0)
    BertModel(shape()).save_pretrained(folder)
    BertTokenizer(vocab=str(vocabulary), model_max_length=32).save_pretrained(folder)
    return folder


def shape(**options: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=64,
        **options,
    )


def pooled_by(bert: Path, folder: Path, mode: str) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    modules = [Transformer(str(bert)), Pooling(8, pooling_mode=mode)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder))
    return folder


@pytest.fixture
def static(bert: Path, tmp_path: Path) -> Path:
    """Return a model that looks each word's vector up in a table."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bert / "tokenizer.json"))
    vectors = np.random.default_rng(0).normal(size=(len(VOCABULARY), 8)).astype(np.float32)
    table = StaticEmbedding(tokenizer, embedding_weights=vectors)
    SentenceTransformer(modules=[table], device="cpu").save(str(tmp_path / "static"))
    return tmp_path / "static"


@pytest.fixture
def several_vectors(bert: Path, tmp_path: Path) -> Path:
    """Return a model made for late interaction, which leaves full stops out."""
    from sentence_transformers import MultiVectorEncoder
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask

    modules = [Transformer(str(bert)), Normalize(), MultiVectorMask(["."])]
    MultiVectorEncoder(modules=modules, device="cpu").save(str(tmp_path / "several"))
    return tmp_path / "several"


def searcher_with(embedder: Embedder, store: SnapshotStore) -> Searcher:
    snapshot, _ = build_snapshot(DOCUMENTS, embedder=embedder, model="tiny", store=store)
    return Searcher(store.open(snapshot.id), embedder)


def test_a_mean_of_token_vectors_brings_late_interaction(
    bert: Path, tmp_path: Path, store: SnapshotStore
) -> None:
    embedder = load_embedder(str(pooled_by(bert, tmp_path / "mean", "mean")))
    assert embedder.encode_query("guards stand").token_vectors.shape == (2, 8)
    signals = searcher_with(embedder, store).search("guards stand", k=3).signals
    assert signals.has_token_vectors
    assert "late_interaction" in signals.weights


def test_other_models_fall_back_to_bm25_and_cosine(
    bert: Path, static: Path, tmp_path: Path, store: SnapshotStore
) -> None:
    for folder in (static, pooled_by(bert, tmp_path / "cls", "cls")):
        embedder = load_embedder(str(folder))
        assert isinstance(embedder, SentenceTransformerEmbedder)
        encoding = embedder.encode_query("guards stand")
        assert (encoding.token_vectors.shape, len(encoding.token_ids)) == ((2, 0), 2)
        searcher = searcher_with(embedder, store)
        results = searcher.search("guards stand at the gate", k=3)
        signals = results.signals
        assert set(signals.weights) == {"bm25", "cosine", "phrases"}
        assert signals.late_interaction.tolist() == signals.cosine.tolist()
        best = results.hits[0]
        assert best.passage.document_id == "gate"
        expected = {
            weight * float(signals.standardised(name)[0])
            for name, weight in signals.weights.items()
        }
        assert best.fused == pytest.approx(sum(expected), abs=1e-4)
        marked = answering(sentences_of(DOCUMENTS[0], best, results, searcher))
        assert "Guards stand at the gate." in [one.span.of(DOCUMENTS[0].text) for one in marked]


def test_the_limit_of_a_model_without_one_is_a_number(static: Path) -> None:
    assert load_embedder(str(static)).max_tokens == 8192


def test_a_model_of_several_vectors_brings_its_own(
    several_vectors: Path, store: SnapshotStore
) -> None:
    from sentence_transformers import MultiVectorEncoder

    embedder = load_embedder(str(several_vectors))
    assert isinstance(embedder, MultiVectorEmbedder)
    (passage,) = embedder.encode_passages(["guards stand."])
    assert len(passage.token_vectors) == 4  # [CLS] guards stand [SEP]
    query = embedder.encode_query("guards stand")
    model = MultiVectorEncoder(str(several_vectors), device="cpu")
    maxsim = float(
        model.similarity(
            model.encode_query(["guards stand"]), model.encode_document(["guards stand."])
        )
    )
    best = (query.token_vectors @ passage.token_vectors.T).max(axis=1)
    assert best.sum() == pytest.approx(maxsim / 8, abs=1e-4)  # its vectors have length √8
    searcher = searcher_with(embedder, store)
    results = searcher.search("guards stand at the gate", k=3)
    assert results.signals.has_token_vectors
    assert results.hits[0].passage.document_id == "gate"
    parts = searcher.part_interactions(results.query, results.hits[0], ["Guards stand.", "."])
    assert parts.shape == (2,)
    assert len(embedder.encode_query("").token_ids) == 0


class ShortestFirst:
    """A reranker that likes short texts."""

    def likeness(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([-len(text) for text in texts], dtype=np.float32)


def test_a_reranker_has_the_last_word(store: SnapshotStore) -> None:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(DOCUMENTS, embedder=embedder, model="words", store=store)
    ranked = Assistant(snapshot, embedder).search("guards stand at the gate")
    assert ranked[0].document_id == "gate"
    again = Assistant(snapshot, embedder, ShortestFirst()).search("guards stand at the gate")
    assert [one.document_id for one in again] == ["river", "trees", "gate"]


def test_a_cross_encoder_is_read_from_its_folder(bert: Path, tmp_path: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertForSequenceClassification

    torch.manual_seed(0)
    for outputs, name in ((1, "one"), (3, "three")):
        model = BertForSequenceClassification(shape(num_labels=outputs))
        model.save_pretrained(tmp_path / name)
        for file in bert.glob("*token*"):
            (tmp_path / name / file.name).write_bytes(file.read_bytes())
    reranker = load_reranker(str(tmp_path / "one"))
    assert reranker is not None
    texts = ["guards stand", "the river is far"]
    expected = CrossEncoder(str(tmp_path / "one"), device="cpu").predict(
        [("gate", text) for text in texts], show_progress_bar=False
    )
    assert reranker.likeness("gate", texts) == pytest.approx(expected, abs=1e-6)
    with pytest.raises(ModelError, match="3 classes"):
        load_reranker(str(tmp_path / "three"))
    assert load_reranker("") is None


def test_a_folder_that_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_reranker(str(tmp_path))
