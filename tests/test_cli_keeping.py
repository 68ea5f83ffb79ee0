"""Commands that keep: an answer as a file, and readers' words as judged questions."""

import io
import json
from pathlib import Path

import docx
import pytest
from cli_helpers import Run, one_object

from assistant.feedback import record_feedback
from assistant.places import Place
from corpus.documents import Span
from index.snapshot import SnapshotStore

pytest_plugins = ("cli_fixtures",)


def test_an_answer_is_written_to_a_file(run: Run, ids: list[str], tmp_path: Path) -> None:
    path = tmp_path / "answer.docx"
    asked = run("ask", "Guards stand at the gate.", "--format", "docx", "-o", path, "--json")
    quotes = [one["quote"] for one in one_object(asked)["citations"]]
    document = docx.Document(io.BytesIO(path.read_bytes()))
    kept = [one.text for one in document.paragraphs if one.style and one.style.name == "Quote"]
    assert kept == quotes != []


@pytest.mark.parametrize(
    "options", [("--format", "docx"), ("-o", "x.docx"), ("--format", "exe", "-o", "x.exe")]
)
def test_a_format_without_a_file_or_unknown_is_refused(
    run: Run,
    ids: list[str],
    options: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("ask", "Guards stand at the gate.", *options)
    assert ran.status == 2
    assert "format" in ran.err
    assert list(tmp_path.glob("x.*")) == []


def test_feedback_is_listed_and_judged(
    run: Run, data: Path, ids: list[str], tmp_path: Path
) -> None:
    assert run("feedback").out == "No reader has said anything yet\n"
    assert one_object(run("feedback", "--json")) == {"feedback": []}
    text = SnapshotStore(data / "snapshots").open().documents["gate"].text
    start = text.index("Guards")
    span = Span(start, start + len("Guards stand at the gate."))
    place = Place(ids[-1], "gate", span, (span,))
    told = record_feedback(data, place, "gate:0", verdict="helpful", question="Who?\nWhen?")
    assert "helpful, gate gate:0: Who? When?" in run("feedback").out
    questions = tmp_path / "questions.jsonl"
    judged = one_object(run("feedback", "--judge", told.id, "--questions", questions))
    assert judged["relevant"][0]["evidence"] == "Guards stand at the gate."
    assert json.loads(questions.read_text("utf-8")) == judged
    evaluated = one_object(run("evaluate", "--questions", questions, "--json"))
    assert evaluated["questions"] == 1
    assert run("feedback", "--judge", "nobody").status == 2
    situation = one_object(run("feedback", "--situation", told.id))
    assert situation == {
        "work": "gate", "quote": "Guards stand at the gate.", "situations": ["Who? When?"],
    }  # fmt: skip
    assert run("feedback", "--situation", "nobody").status == 2
