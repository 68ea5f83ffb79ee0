"""Readers' words on passages: stored as told, read again, and made into judged questions."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from fakes import WordEmbedder, document_of
from page_fixtures import DOCUMENT, PLACE, SNAPSHOT

from assistant.config import Settings
from assistant.feedback import (
    FILE_NAME,
    add_situation,
    judge,
    judged_question,
    read_feedback,
    record_feedback,
)
from assistant.places import Place
from corpus.errors import EvaluationError, SettingsError
from corpus.situations import load_situations
from index.build import build_snapshot
from index.snapshot import Snapshot, SnapshotStore


@dataclass
class FakeSnapshot:
    id: str = SNAPSHOT

    @property
    def documents(self) -> dict[str, Any]:
        return {"gates": DOCUMENT}


TODAY = cast(Snapshot, FakeSnapshot())


def test_what_is_told_is_stored_without_the_question(tmp_path: Path) -> None:
    record_feedback(tmp_path, PLACE, "gates:1", verdict="unhelpful", reason="outdated")
    record_feedback(tmp_path, PLACE, "gates:1", verdict="helpful", question="Who\nwrites?")
    first, second = read_feedback(tmp_path)
    assert (first.verdict, first.reason, first.question) == ("unhelpful", "outdated", None)
    assert (first.snapshot_id, first.document_id, first.passage_id) == (
        SNAPSHOT,
        "gates",
        "gates:1",
    )
    assert (second.start, second.end, second.question) == (29, 53, "Who\nwrites?")
    line = json.loads((tmp_path / FILE_NAME).read_text("utf-8").splitlines()[0])
    assert line["question"] is None
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_nothing_is_there_before_the_first_word(tmp_path: Path) -> None:
    assert read_feedback(tmp_path) == ()


@pytest.mark.parametrize(("verdict", "reason"), [("great", ""), ("helpful", "<b>")])
def test_a_judgement_that_there_is_not_is_refused(
    tmp_path: Path, verdict: str, reason: str
) -> None:
    with pytest.raises(SettingsError, match="no judgement"):
        record_feedback(tmp_path, PLACE, "gates:1", verdict=verdict, reason=reason)
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_was_cut_off_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"id": "x"\n', "utf-8")
    with pytest.raises(EvaluationError, match="line 1"):
        read_feedback(tmp_path)


def test_a_helpful_passage_becomes_a_judged_question(tmp_path: Path) -> None:
    feedback = record_feedback(
        tmp_path, PLACE, "gates:1", verdict="helpful", question="Who writes?"
    )
    assert judged_question(feedback, TODAY) == {
        "id": f"feedback-{feedback.id}", "text": "Who writes?", "kind": "feedback",
        "relevant": [{"source": "gates", "evidence": "Guards write names down.", "grade": 2}],
    }  # fmt: skip


def test_a_question_that_was_kept_private_has_to_be_given(tmp_path: Path) -> None:
    feedback = record_feedback(tmp_path, PLACE, "gates:1", verdict="helpful")
    with pytest.raises(EvaluationError, match="--question"):
        judged_question(feedback, TODAY)
    assert judged_question(feedback, TODAY, question="Who?")["text"] == "Who?"


def test_what_did_not_help_or_is_of_another_snapshot_is_not_judged(tmp_path: Path) -> None:
    no = record_feedback(tmp_path, PLACE, "gates:1", verdict="unhelpful", question="Who?")
    with pytest.raises(EvaluationError, match="not which one does"):
        judged_question(no, TODAY)
    yes = record_feedback(tmp_path, PLACE, "gates:1", verdict="helpful", question="Who?")
    with pytest.raises(EvaluationError, match="not this one"):
        judged_question(yes, cast(Snapshot, FakeSnapshot(id="other")))


def test_a_helpful_passage_becomes_a_situation_that_is_found_again(
    tmp_path: Path, store: SnapshotStore
) -> None:
    documents = [document_of("# Gate\nGuards stand at the gate.\n# River\nNobody may cross.")]
    snapshot, _ = build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)
    span = snapshot.passages[0].span
    place = Place(snapshot.id, documents[0].id, span, (span,))
    asked = 'who "keeps" watch?\nand \\ where'
    told = record_feedback(tmp_path, place, "notes:0", verdict="helpful", question=asked)
    add_situation(Settings(data_dir=tmp_path), store, told.id)
    add_situation(Settings(data_dir=tmp_path), store, told.id, question="the sentry is asleep")
    entries = load_situations(tmp_path / "documents")
    assert [one.situations for one in entries] == [
        ('who "keeps" watch? and \\ where',),
        ("the sentry is asleep",),
    ]
    again, _ = build_snapshot(
        documents, embedder=WordEmbedder(), model="words", store=store, situations=entries
    )
    assert again.situations is not None
    assert again.situations.grades.tolist() == [[2], [2]]


@pytest.mark.parametrize("line_id", ["own", None])
def test_a_judged_question_is_not_made_a_situation(
    tmp_path: Path, store: SnapshotStore, line_id: str | None
) -> None:
    documents = [document_of("# Gate\nGuards stand at the gate.")]
    snapshot, _ = build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)
    place = Place(snapshot.id, documents[0].id, snapshot.passages[0].span)
    told = record_feedback(tmp_path, place, "notes:0", verdict="helpful", question="Who  stands?")
    line = dict(judge(tmp_path, store, told.id))
    line |= {"id": line_id} if line_id else {"text": "Asked otherwise?"}
    (tmp_path / "questions.jsonl").write_text(json.dumps(line), "utf-8")
    with pytest.raises(SettingsError, match="a judged question already"):
        add_situation(Settings(data_dir=tmp_path), store, told.id)
    assert not (tmp_path / "documents" / "situations.toml").exists()
    assert not (tmp_path / "situations.toml").exists()
