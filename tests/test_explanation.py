import pytest
from fakes import WordEmbedder, document_of

from assistant.engine import Assistant
from assistant.explanation import Explanation, explain
from corpus.errors import SettingsError
from index.build import build_snapshot
from index.snapshot import SnapshotStore

DOCUMENTS = (
    document_of("# Gate\nThe guards of a private security provider (PSP) stand.", source_id="gate"),
    document_of("# River\nThe river is far from the guards.", source_id="river", kind="manual"),
    document_of("# Tree\nTrees grow.", source_id="tree"),
)


@pytest.fixture
def assistant(store: SnapshotStore) -> Assistant:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(DOCUMENTS, embedder=embedder, model="words", store=store)
    return Assistant(snapshot, embedder)


@pytest.fixture
def explanation(assistant: Assistant) -> Explanation:
    return explain(assistant, "Does the PSP's guard stand, or is it not to?", limit=2)


def test_the_shares_of_the_signals_add_up_to_the_mixture(explanation: Explanation) -> None:
    for passage in explanation.passages:
        assert sum(one.share for one in passage.signals) == pytest.approx(passage.fused, abs=1e-3)
        for one in passage.signals:
            assert one.share == pytest.approx(one.weight * one.standardised, abs=1e-3)


def test_the_words_that_stand_in_a_passage_are_named(explanation: Explanation) -> None:
    first, second = explanation.passages
    assert first.matched == ("psp", "guard", "stand", "private", "security", "provider")
    assert second.matched == ("guard",)
    assert explanation.also_searched == ("private security provider",)


def test_the_lead_over_the_next_is_the_difference_of_the_mixtures(explanation: Explanation) -> None:
    first, second = explanation.passages
    assert sum(lead for _, lead in first.lead) == pytest.approx(
        first.fused - second.fused, abs=2e-3
    )
    leads = [lead for _, lead in first.lead]
    assert leads == sorted(leads, reverse=True)
    assert second.lead == ()


def test_the_best_by_a_signal_has_rank_one(explanation: Explanation) -> None:
    ranks = {one.signal: one.rank for one in explanation.passages[0].signals}
    assert ranks == dict.fromkeys(ranks, 1)
    assert set(ranks) == {"late_interaction", "bm25", "phrases", "cosine", "added"}


def test_what_was_searched_is_told(assistant: Assistant) -> None:
    found = explain(
        assistant, "And why?", history=(("user", "Who guards?"),), filters={"kind": ("manual",)}
    )
    assert found.query == "And why? Who guards? And why?"
    assert found.filters == {"kind": ("manual",), "status": ("current",)}
    assert [one.passage_id.split(":")[0] for one in found.passages] == ["river"]
    assert found.candidates == 1


def test_a_question_without_words_has_nothing_to_explain(assistant: Assistant) -> None:
    assert explain(assistant, "?!").passages == ()


def test_an_unknown_filter_is_refused(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="colour"):
        explain(assistant, "guards", filters={"colour": ("red",)})
