import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, document_of

from assistant.confidence import Calibration
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion
from assistant.questions import evaluate_questions, read_questions
from assistant.rebuild import STARTER
from corpus.errors import EvaluationError
from index.build import build_snapshot
from index.snapshot import SnapshotStore

pytest_plugins = ("starter_fixtures",)

WRITTEN = "# Gate\nGuards stand\u00a0at the gate.\n# Night\nGuards stand at the gate. A lamp burns."
GATE = {"source": "notes", "evidence": "Guards stand at\nthe gate.", "grade": 2}
LAMP = {"source": "notes", "evidence": "A lamp burns.", "grade": 1}

Write = Callable[..., Path]


@pytest.fixture
def assistant(store: SnapshotStore) -> Assistant:
    embedder = WordEmbedder()
    documents = [document_of(WRITTEN), document_of("The river is far.", source_id="river")]
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    assistant = Assistant(snapshot, embedder)
    assistant.calibration = Calibration(-5.0, 10.0, 0.0, related_from=0.5, answered_from=0.75)
    return assistant


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a file of questions, each given by what is not as usual."""

    def write(*questions: dict[str, Any] | str) -> Path:
        path = tmp_path / "questions.jsonl"
        usual = {"id": "q", "text": "Who stands at the gate?", "kind": "fact", "relevant": []}
        lines = [one if isinstance(one, str) else json.dumps(usual | one) for one in questions]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


def test_evidence_is_found_in_every_passage_that_holds_it(
    assistant: Assistant, write: Write
) -> None:
    path = write({"relevant": [GATE, LAMP], "history": [["user", "Where?"]]})
    first, second, _ = assistant.snapshot.passages
    assert read_questions(path, assistant.snapshot) == (
        [
            JudgedQuestion(
                "q", "Who stands at the gate?", (("user", "Where?"),), {first.id: 2, second.id: 2}
            )
        ],
        {"q": "fact"},
    )


def test_evidence_that_stands_in_another_document_does_not_count(
    assistant: Assistant, write: Write
) -> None:
    path = write({"id": "gate-1", "relevant": [{**GATE, "source": "river"}]})
    with pytest.raises(EvaluationError, match="'Guards stand at.*gate-1 is in no passage"):
        read_questions(path, assistant.snapshot)


@pytest.mark.parametrize("evidence", ["Guards sleep at the gate.", "guards stand at the gate."])
def test_evidence_that_stands_nowhere_is_named(
    assistant: Assistant, write: Write, evidence: str
) -> None:
    path = write({"relevant": [{**GATE, "evidence": evidence}]})
    with pytest.raises(EvaluationError, match=evidence) as caught:
        read_questions(path, assistant.snapshot)
    assert str(path) in str(caught.value)


def test_empty_evidence_is_none(assistant: Assistant, write: Write) -> None:
    path = write({"relevant": [{**GATE, "evidence": " "}]})
    with pytest.raises(EvaluationError):
        read_questions(path, assistant.snapshot)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": "q"}',
        '{"id": "q", "text": "?", "relevant": []}',
        '{"id": "q", "text": "?", "kind": "k", "relevant": [{"source": "notes"}]}',
        '{"id": "q", "text": "?", "kind": "k", "relevant": [], "history": ["who?"]}',
    ],
)
def test_a_file_that_cannot_be_used_is_named(assistant: Assistant, write: Write, line: str) -> None:
    path = write(line)
    with pytest.raises(EvaluationError, match="line 1") as caught:
        evaluate_questions(path, assistant=assistant)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_named(assistant: Assistant, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="nowhere.jsonl"):
        evaluate_questions(tmp_path / "nowhere.jsonl", assistant=assistant)


@pytest.mark.parametrize("line", [{"text": 5}, {"id": "twice"}], ids=str)
def test_a_question_that_would_break_or_hide_another_is_refused(
    assistant: Assistant, write: Write, line: dict[str, Any]
) -> None:
    with pytest.raises(EvaluationError):
        evaluate_questions(write(line, {"id": "twice"}), assistant=assistant)


def test_figures_tell_false_and_missed_answers_and_each_kind(
    assistant: Assistant, write: Write
) -> None:
    path = write(
        {"id": "1", "text": "guards stand at the gate", "relevant": [GATE]},
        {"id": "2", "text": "pasta and basil", "relevant": [LAMP], "kind": "hard"},
        {"id": "3", "text": "the river is far", "relevant": [], "kind": "off-topic"},
        {"id": "4", "text": "pasta and basil", "relevant": [], "kind": "off-topic"},
    )
    measured = evaluate_questions(path, assistant=assistant)
    assert measured["questions"] == measured["queries"] == 4
    assert measured["false_answers"] == 0.5  # of 3 and 4 the third is answered
    assert measured["missed"] == 0.5  # of 1 and 2 the second is not covered
    assert list(measured["by_kind"]) == ["fact", "hard", "off-topic"]
    assert measured["by_kind"]["fact"] == {
        "queries": 1, "ndcg@10": 1.0, "success@5": 1.0, "answerable_auroc": None,
        "confidence_intervals": {"ndcg@10": [1.0, 1.0], "success@5": [1.0, 1.0]},
        "false_answers": None, "missed": 0.0,
    }  # fmt: skip
    assert measured["by_kind"]["hard"]["missed"] == 1.0
    # Of 1 and 2 against 3 and 4: 3 is the surest, 1 is surer than 4, 2 and 4 are the same question.
    assert measured["by_kind"]["off-topic"] == {
        "confidence_intervals": {"ndcg@10": [], "success@5": []},
        "queries": 2, "ndcg@10": None, "success@5": None, "answerable_auroc": 0.375,
        "false_answers": 0.5, "missed": None,
    }  # fmt: skip
    assert json.loads(json.dumps(measured, allow_nan=False)) == measured


def test_a_question_is_right_by_any_passage_that_holds_its_evidence(
    assistant: Assistant, write: Write
) -> None:
    path = write({"text": "a lamp burns", "relevant": [LAMP]})
    measured = evaluate_questions(path, assistant=assistant)
    assert (measured["rr@10"], measured["recall@5"]) == (1.0, 1.0)


# With real weights, over the starter documents.


def test_all_evidence_of_the_starter_questions_stands_in_a_passage(starter: Assistant) -> None:
    questions, kinds = read_questions(STARTER / "questions.jsonl", starter.snapshot)
    assert len(questions) == len(kinds) == 408
    current = {one.id for one in starter.snapshot.documents.values()}
    for question in questions:
        assert {passage_id.split(":")[0] for passage_id in question.grades} <= current
