"""The console script, run in this process: what it prints where, and its exit status."""

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Ran, Run, built, one_object, written
from fakes import WordEmbedder, document_of
from page_fixtures import answer_of, citation_of

from assistant.confidence import Calibration
from assistant.printing import print_answer
from corpus.documents import Document, Passage
from index.snapshot import SnapshotStore

pytest_plugins = ("cli_fixtures", "starter_fixtures")

COMMANDS = (
    "build", "ask", "search", "verify", "quote", "calibrate", "info", "snapshots", "diff", "doctor",
    "promote", "rollback", "evaluate", "sync", "add", "pin",
)  # fmt: skip
QUESTION = "guards stand at the gate"
ANSWER_KEYS = {
    "question", "query", "outcome", "confidence", "citations", "snapshot_id", "seconds",
}  # fmt: skip
CITATION_KEYS = {
    "number", "document_id", "work", "title", "edition", "language", "kind", "status", "headings",
    "page_number", "page_label", "url", "file", "passage_id", "start", "end", "quote", "lead_in",
    "highlights", "sha256", "cosine", "bm25", "phrases", "late_interaction", "fused",
}  # fmt: skip
BEIR_KEYS = {
    "passages", "queries", "ndcg@10", "recall@5", "success@5", "rr@10", "recall@100",
    "answerable_auroc", "confidence_intervals", "signals", "build_seconds", "query_ms",
}  # fmt: skip


# What is printed for people.


@pytest.mark.usefixtures("ids")
def test_an_answer_is_printed_with_its_outcome_quotes_and_places(run: Run) -> None:
    assert run("ask", *QUESTION.split(), "--limit", 1) == Ran(
        0,
        "Answered by these passages, word for word:\n"
        "  • Guards stand at the gate. [1]\n"
        "\n"
        "[1] Notes › Gate\n"
        "    Guards stand at the gate. A lamp burns.\n"
        "    — gate.md\n",
        "",
    )


@pytest.mark.usefixtures("ids")
def test_related_passages_are_told_from_answers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    related = Calibration(0.0, 0.0, 0.0, related_from=0.5, answered_from=0.6)
    monkeypatch.setattr("assistant.engine.calibration_for", lambda snapshot: related)
    lines = run("ask", QUESTION).out.splitlines()
    assert lines[0] == "No passage clearly answers this. Related passages:"
    assert lines[2] == "[1] Notes › Gate"


@pytest.mark.usefixtures("ids")
def test_what_is_not_covered_is_said_with_the_nearest_topic(run: Run) -> None:
    said = "Not covered by the documents.\n  The nearest there is: Notes\n"
    assert run("ask", "pasta with basil") == Ran(0, said, "")


@pytest.mark.usefixtures("ids")
def test_what_related_passages_lack_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    related = Calibration(0.0, 0.0, 0.0, related_from=0.5, answered_from=0.6)
    monkeypatch.setattr("assistant.engine.calibration_for", lambda snapshot: related)
    assert "None of them has: drawbridge" in run("ask", f"{QUESTION} and the drawbridge").out


@pytest.mark.usefixtures("ids")
def test_a_withheld_passage_is_named_and_not_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_verbatim(document: Document, passage: Passage) -> bool:
        return document.id == "gate"

    monkeypatch.setattr("assistant.engine.is_verbatim", is_verbatim)
    ran = run("ask", QUESTION)
    assert "Passage river:28603bc562f4 is withheld" in ran.out
    assert "The river is far." not in ran.out


@pytest.mark.usefixtures("ids")
def test_the_answering_sentence_is_bold_where_somebody_watches(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = run("ask", QUESTION, "--limit", 1)
    assert "    \x1b[1mGuards stand at the gate.\x1b[0m A lamp burns.\n" in ran.out


def test_an_item_is_printed_with_the_sentence_that_introduces_it(data: Path, run: Run) -> None:
    items = "\n".join(f"• {name} " + "word " * 30 for name in ("first", "second", "third"))
    built(data, document_of(f"Guards must do this:\n{items}"))
    assert "    … Guards must do this:\n    • third word" in run("search", "third", "-k", 1).out


@pytest.mark.usefixtures("ids")
def test_a_search_lists_what_does_not_answer_too(run: Run) -> None:
    lines = run("search", "pasta", "-k", 2).out.splitlines()
    assert [line for line in lines if line.startswith("[")] in (
        ["[1] Notes › Gate", "[2] Notes › River"],
        ["[1] Notes › River", "[2] Notes › Gate"],
    )
    assert run("search", "river", "-k", 1).out.count("\n[") == 1


def test_info_says_what_the_live_snapshot_holds(data: Path, run: Run, ids: list[str]) -> None:
    first, *others = run("info").out.splitlines()
    assert first.startswith(f"Snapshot {ids[1]}, built 20")
    assert first.endswith(" with words")
    assert others == [
        f"Data folder {data}",
        "2 documents, 2 passages:",
        "  gate.md: Notes (current)",
        "  river.md: Notes (current)",
    ]


def test_snapshots_are_listed_promoted_and_rolled_back(run: Run, ids: list[str]) -> None:
    first, second = ids

    def listed() -> list[str]:
        return [
            re.sub(r"  20[\d-]{8} [\d:]{5}", "", one) for one in run("snapshots").out.splitlines()
        ]

    held = "2 documents, 2 passages"
    assert listed() == [f"{first}  {held}", f"{second}  {held}  live"]
    assert run("rollback") == Ran(0, f"{first} is live\n", "")
    assert listed() == [f"{first}  {held}  live", f"{second}  {held}"]
    assert "was live before the live one" in run("rollback").err
    assert run("promote", second) == Ran(0, f"{second} is live\n", "")
    assert run("pin", first) == Ran(0, f"{first} is pinned\n", "")
    assert listed() == [f"{first}  {held}  pinned", f"{second}  {held}  live"]
    assert one_object(run("snapshots", "--json"))["details"][0]["pinned"] is True
    assert run("pin", first, "--remove") == Ran(0, f"{first} is no longer pinned\n", "")


def test_an_older_snapshot_can_be_asked(data: Path, run: Run, ids: list[str]) -> None:
    built(data, document_of("# Gate\nNobody stands there."))
    answer = one_object(run("ask", QUESTION, "--snapshot", ids[0], "--json"))
    assert answer["snapshot_id"] == ids[0]
    assert "Guards stand at the gate." in answer["citations"][0]["quote"]


def test_a_build_names_every_file_and_says_what_is_live(
    tmp_path: Path, run: Run, data: Path
) -> None:
    folder = written(tmp_path / "files", gate_md="# Gate\n\nGuards.", empty_txt="")
    ran = run("build", "--documents", folder)
    assert ran.status == 0
    assert ran.out == (
        "read    gate.md: 1 passages\n"
        "skipped empty.txt: it is empty\n"
        "1 documents, 1 passages (1 added, 0 changed, 0 removed, 0 vectors reused)\n"
        f"Snapshot {SnapshotStore(data / 'snapshots').current_id()} is live\n"
    )


def test_a_build_that_is_not_promoted_says_how_to_make_it_live(
    tmp_path: Path, run: Run, ids: list[str]
) -> None:
    folder = written(tmp_path / "files", gate_md="# Gate\n\nGuards.")
    last = run("build", "--documents", folder, "--no-promote").out.splitlines()[-1]
    third = json.loads(run("snapshots", "--json").out)["snapshots"][-1]
    assert last == f"Snapshot {third} is built; make it live: toolkit-assistant promote {third}"
    assert one_object(run("snapshots", "--json"))["current"] == ids[1] != third


# What is printed for programs.


def test_an_answer_as_json_has_the_published_keys(run: Run, ids: list[str]) -> None:
    answer = one_object(run("ask", QUESTION, "--json"))
    assert set(answer) >= ANSWER_KEYS
    assert (answer["question"], answer["outcome"]) == (QUESTION, "answered")
    assert answer["snapshot_id"] == ids[1]
    citation = answer["citations"][0]
    assert set(citation) >= CITATION_KEYS
    assert (citation["file"], citation["headings"]) == ("gate.md", ["Gate"])
    assert citation["quote"] == "Guards stand at the gate. A lamp burns."
    assert (citation["start"], citation["end"], citation["highlights"]) == (6, 45, [[6, 31]])


@pytest.mark.usefixtures("ids")
def test_history_filters_and_limit_of_the_command_reach_the_answer(run: Run) -> None:
    assert one_object(run("ask", "and?", "--history", "x", "--history", "gate", "--json"))[
        "query"
    ] == "and? x gate and?"  # fmt: skip
    filters = ("--filter", "language=fr", "--filter", "language=de")
    answer = one_object(run("ask", "the river is far", *filters, "--json"))
    assert [one["document_id"] for one in answer["citations"]] == ["river"]
    assert len(one_object(run("ask", QUESTION, "--json"))["citations"]) == 2
    assert len(one_object(run("ask", QUESTION, "--limit", 1, "--json"))["citations"]) == 1


@pytest.mark.usefixtures("ids")
def test_hits_as_json_have_the_keys_of_a_citation(run: Run) -> None:
    hits = one_object(run("search", "far", "-k", 1, "--filter", "work=river", "--json"))["hits"]
    assert [(one["number"], one["quote"]) for one in hits] == [(1, "The river is far.")]
    assert set(hits[0]) >= CITATION_KEYS


@pytest.mark.usefixtures("ids")
def test_quotations_are_verified_with_what_stands_instead(run: Run) -> None:
    ran = run("verify", "Guards stand at the gate", "Guards sleep at the gate.")
    assert ran.status == 0
    exact, altered = ran.out.split("Altered; the documents have it otherwise: ")
    assert exact.startswith("Exact: Guards stand at the gate\n")
    assert "'sleep' stands for 'stand'" in altered
    assert "Guards stand at the gate." in altered


def test_a_quote_is_opened_by_its_permalink_with_what_stands_now(data: Path, run: Run) -> None:
    built(data, document_of("# Gate\nGuards stand at the gate.\n# Lamp\nA lamp burns."))
    answer = one_object(run("ask", "guards stand at the gate", "--limit", "1", "--json"))
    permalink = answer["citations"][0]["permalink"]
    assert "This is the live snapshot." in run("quote", permalink).out
    built(data, document_of("# Gate\nGuards sit at the gate."))
    ran = run("quote", permalink, "--around")
    assert ran.status == 0
    before, after = ran.out.split("The live snapshot says it otherwise:")
    assert "Guards stand at the gate." in before
    assert "A lamp burns." in before
    assert "'stand' became 'sit'" in after
    values = one_object(run("quote", permalink, "--json"))
    assert (values["state"], values["own_is_kept"]) == ("reworded", True)


def test_a_permalink_that_is_none_is_refused(run: Run, ids: list[str]) -> None:
    ran = run("quote", "nonsense")
    assert ran.status == 2
    assert "'nonsense' is not a permalink of a quote." in ran.err


def judged_questions(path: Path, *, unanswerable: int) -> Path:
    """Return a file of thirty questions on the gate, so many of them not answered by anything."""
    evidence = {"source": "gate", "evidence": "Guards stand at the gate.", "grade": 2}
    lines = [
        {
            "id": str(number),
            "text": "pasta with basil" if number < unanswerable else QUESTION,
            "kind": "request",
            "relevant": [] if number < unanswerable else [evidence],
        }
        for number in range(30)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return path


@pytest.mark.usefixtures("ids")
def test_a_library_is_calibrated_by_its_own_questions(run: Run, data: Path, tmp_path: Path) -> None:
    questions = judged_questions(tmp_path / "own.jsonl", unanswerable=10)
    values = one_object(run("calibrate", "--questions", questions, "--json"))
    assert (values["questions"], values["right"]) == (30, 20)
    assert Path(values["path"]) == data / "snapshots" / "confidence.toml"
    assert "toolkit-assistant calibrate" in Path(values["path"]).read_text("utf-8")
    ran = run("calibrate", "--questions", questions, "--questions", questions)
    assert "Calibration error over 60 questions" in ran.out


@pytest.mark.usefixtures("ids")
def test_a_library_is_not_calibrated_by_too_few_questions(
    run: Run, data: Path, tmp_path: Path
) -> None:
    questions = judged_questions(tmp_path / "own.jsonl", unanswerable=1)
    ran = run("calibrate", "--questions", questions)
    assert (ran.status, ran.out) == (2, "")
    assert "are too few" in ran.err
    assert not (data / "snapshots" / "confidence.toml").exists()


@pytest.mark.usefixtures("ids")
def test_the_confidence_is_drawn_into_a_folder(run: Run, tmp_path: Path) -> None:
    questions = judged_questions(tmp_path / "own.jsonl", unanswerable=10)
    ran = run("evaluate", "--questions", questions, "--plots", tmp_path / "plots", "--json")
    assert ran.status == 0
    names = {path.name for path in (tmp_path / "plots").iterdir()}
    assert names == {"reliability.svg", "risk_coverage.svg", "report.html"}


def test_the_doctor_says_what_is_wrong_and_what_mends_it(
    data: Path, run: Run, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.doctor.load_embedder", lambda model: WordEmbedder())
    well = run("doctor")
    assert (well.status, well.out.splitlines()[-1]) == (
        0,
        f"Nothing is wrong with snapshot {ids[1]}",
    )
    (data / "snapshots" / ids[0] / "keys.txt").unlink()
    assert f"Wrong: Snapshot {ids[0]} is damaged" in run("doctor").out
    ran = run("doctor", "--json")
    assert ran.status == 1
    assert set(json.loads(ran.out)) == {"snapshot_id", "problems", "documents"}


def test_the_changes_of_the_last_release_are_told(data: Path, run: Run) -> None:
    first = built(data, document_of("# Gate\nGuards stand at the gate.", source_id="gate"))
    second = built(data, document_of("# Gate\nGuards sit at the gate.", source_id="gate"))
    counts = "0 same, 0 moved, 1 reworded, 0 added, 0 removed"
    assert run("diff").out.splitlines() == [
        f"From {first} to {second}: {counts}", "", "Notes", "  reworded: Gate",
        "        Guards [-stand-] {+sit+} at the gate.",
    ]  # fmt: skip
    changes = one_object(run("diff", second, first, "--json"))
    assert (changes["old_id"], changes["new_id"]) == (second, first)
    assert changes["documents"][0]["changes"][0]["words"] == [["sit", "stand"]]


@pytest.mark.usefixtures("ids")
def test_two_documents_of_the_live_snapshot_are_laid_side_by_side(run: Run) -> None:
    lines = run("diff", "gate", "river").out.splitlines()
    assert lines[0] == "From gate to river: 0 same, 0 moved, 0 reworded, 1 added, 1 removed"
    assert lines[3:] == [
        "  added: River", "      + The river is far.",
        "  removed: Gate", "      - Guards stand at the gate. A lamp burns.",
    ]  # fmt: skip
    assert "There is no snapshot and no document 'hill'" in run("diff", "gate", "hill").err


@pytest.mark.usefixtures("ids")
def test_if_no_quotation_is_exact_the_exit_status_says_no(run: Run, ids: list[str]) -> None:
    ran = run("verify", "Pasta needs salt and a very large pot.", "--json")
    assert ran.status == 1
    (line,) = ran.out.splitlines()
    assert json.loads(line) == {
        "snapshot_id": ids[1],
        "quotations": [
            {
                "quotation": "Pasta needs salt and a very large pot.",
                "verdict": "not_found",
                "citation": None,
                "differences": [],
                "left_out": [],
                "retyped": False,
                "snapshot_id": None,
                "live_snapshot_id": ids[1],
                "current": None,
                "differences_now": [],
            }
        ],
    }


def test_snapshots_as_json_name_the_live_one(run: Run, ids: list[str]) -> None:
    listed = one_object(run("snapshots", "--json"))
    assert (listed["current"], listed["snapshots"]) == (ids[1], ids)
    assert [(one["live"], one["documents"]) for one in listed["details"]] == [(False, 2), (True, 2)]
    assert one_object(run("rollback", "--json")) == {"current": ids[0]}
    assert one_object(run("promote", ids[1], "--json")) == {"current": ids[1]}
    info = one_object(run("info", "--json"))
    assert (info["snapshot_id"], info["passages"]) == (ids[1], 2)
    assert [one["file"] for one in info["documents"]] == ["gate.md", "river.md"]


def test_without_a_snapshot_none_is_listed(run: Run) -> None:
    assert run("snapshots") == Ran(0, "", "")
    assert one_object(run("snapshots", "--json")) == {
        "current": None, "snapshots": [], "details": [],
    }  # fmt: skip


def test_a_build_as_json_has_the_published_keys(tmp_path: Path, run: Run) -> None:
    folder = written(tmp_path / "files", gate_md="# Gate\n\nGuards.", empty_txt="")
    report = one_object(run("build", "--documents", folder, "--json"))
    assert set(report) >= {
        "snapshot_id", "documents", "failed", "passages", "added", "changed", "removed",
        "reused_vectors", "seconds",
    }  # fmt: skip
    (document,) = report["documents"]
    assert set(document) >= {"file", "document_id", "pages", "passages"}
    assert (document["file"], document["passages"]) == ("gate.md", 1)
    assert report["failed"] == [{"file": "empty.txt", "reason": "it is empty"}]


def test_progress_is_drawn_on_standard_error_alone(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as if somebody watched
    folder = written(tmp_path / "files", gate_md="# Gate\n\nGuards.")
    ran = run("build", "--documents", folder, "--json")
    assert one_object(ran)["passages"] == 1
    assert "read" in ran.err
    assert "embed" in ran.err


@pytest.mark.usefixtures("ids")
def test_a_batch_is_answered_line_by_line(tmp_path: Path, run: Run) -> None:
    batch = tmp_path / "batch.jsonl"
    questions: list[dict[str, Any]] = [
        {"id": "a", "question": QUESTION, "limit": 1},
        {"id": 7, "question": "and?", "history": ["the river is far"]},
        {"id": "c", "question": "the river is far", "filter": {"language": ["en", "de"]}},
        {"question": ""},
    ]
    batch.write_text("\n\n".join(map(json.dumps, questions)) + "\n", "utf-8")
    ran = run("ask", "--batch", batch, "--limit", 2, "--json")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.status, ran.err) == (0, "")
    assert [answer["id"] for answer in answers] == ["a", 7, "c", None]
    assert all(set(answer) >= {"id", *ANSWER_KEYS} for answer in answers)
    assert [one["document_id"] for one in answers[0]["citations"]] == ["gate"]
    assert answers[1]["query"] == "and? the river is far and?"
    assert "river" not in {one["document_id"] for one in answers[2]["citations"]}
    assert (answers[3]["outcome"], answers[3]["citations"]) == ("not_covered", [])


@pytest.mark.usefixtures("ids")
def test_questions_of_a_file_are_measured(tmp_path: Path, run: Run) -> None:
    judgement = {"source": "gate", "evidence": "A lamp burns.", "grade": 2}
    question = {"id": "q", "text": "a lamp burns", "kind": "fact", "relevant": [judgement]}
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(question), "utf-8")
    figures = one_object(run("evaluate", "--questions", path, "--json"))
    assert (figures["questions"], figures["rr@10"]) == (1, 1.0)
    for_people = run("evaluate", "--questions", path)
    assert for_people.status == 0
    assert '\n  "rr@10": 1.0,\n' in for_people.out


def test_a_beir_set_is_measured_without_a_snapshot(tmp_path: Path, run: Run, data: Path) -> None:
    folder = written(
        tmp_path / "set",
        corpus_jsonl='{"_id": "r", "title": "Gate", "text": "Guards stand at the gate."}\n',
        queries_jsonl='{"_id": "q", "text": "who stands?"}\n{"_id": "p", "text": "pasta?"}\n',
        qrels_tsv="query-id\tcorpus-id\tscore\nq\tr\t1\n",
    )
    figures = one_object(run("evaluate", "--beir", folder, "--json"))
    assert set(figures) >= BEIR_KEYS
    assert (figures["passages"], figures["queries"], figures["rr@10"]) == (1, 2, 1.0)
    first = one_object(run("evaluate", "--beir", folder, "--limit-queries", 1, "--json"))
    assert first["queries"] == 1
    assert not data.exists()


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(run: Run, command: str) -> None:
    ran = run(*command.split(), "--help")
    assert (ran.status, ran.err) == (0, "")
    assert "--help" in ran.out


# Anything is a question.

QUESTIONS = [
    pytest.param("", id="empty"),
    pytest.param(" \n\t", id="blank"),
    pytest.param("guards " * 15_000, id="100 kB"),
    pytest.param("\x01\x02\x7fELF\x1b[2J" * 9, id="binary"),
    pytest.param("من يقف عند البوابة؟", id="Arabic"),
    pytest.param("誰が門に立つ", id="Japanese"),
]
NOT_UTF_8 = "\udcff\udcfe"  # what Python makes of other bytes on a command line


@pytest.mark.parametrize("question", [*QUESTIONS, pytest.param(NOT_UTF_8, id="no UTF-8")])
@pytest.mark.usefixtures("ids")
def test_any_text_is_asked_searched_and_followed(run: Run, question: str) -> None:
    assert run("ask", question).status == 0
    assert run("search", question).status == 0
    assert run("ask", "why?", "--history", question).status == 0


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.usefixtures("ids")
def test_any_text_comes_back_in_json(run: Run, question: str) -> None:
    assert one_object(run("ask", question, "--json"))["question"] == question


@pytest.mark.usefixtures("ids")
def test_bytes_that_are_no_text_come_back_in_json(run: Run, tmp_path: Path) -> None:
    assert one_object(run("ask", NOT_UTF_8, "--json"))["question"] == NOT_UTF_8
    (tmp_path / "batch.jsonl").write_text(json.dumps({"question": NOT_UTF_8}), "ascii")
    assert one_object(run("ask", "--batch", tmp_path / "batch.jsonl"))["question"] == NOT_UTF_8


@pytest.mark.usefixtures("ids")
def test_an_answer_is_utf_8_whatever_the_machine_prefers(run: Run) -> None:
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(encoding="cp1252")
    try:
        assert one_object(run("ask", "誰が門に立つ", "--json"))["question"] == "誰が門に立つ"
    finally:
        sys.stdout.reconfigure(encoding="utf-8")


def test_the_name_of_a_file_cannot_steer_the_terminal(tmp_path: Path, run: Run) -> None:
    folder = written(tmp_path / "files", gate_md="# Gate\n\nGuards.")
    (folder / "\x1b[2Jempty.md").write_bytes(b"")
    (folder / "\x1b[2J.md").write_bytes(b"Text.")
    assert "\x1b" not in run("build", "--documents", folder).out


# With real weights, over the starter documents.


def test_the_installed_script_prints_one_json_object_and_nothing_else(starter_data: Path) -> None:
    script = Path(sys.executable).with_name("toolkit-assistant")
    ran = subprocess.run(
        [script, "ask", "How can companies engage with artisanal miners?", "--json"],
        env={**os.environ, "TOOLKIT_DATA_DIR": str(starter_data)},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    answer = one_object(Ran(ran.returncode, ran.stdout, ran.stderr))
    assert answer["citations"][0]["file"] == "artisanal-and-small-scale-mining.pdf"
    assert "Traceback" not in ran.stderr


def test_a_note_on_the_search_stands_above_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(replace(answer_of(citation_of()), note="Only the beginning."))
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Answered by these passages, word for word:",
        "Only the beginning.",
    ]
