import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder

from assistant.beir import Record, evaluate_beir, read_beir, read_documents
from assistant.evaluation import JudgedQuestion
from corpus.errors import EvaluationError

RECORDS = [
    {"_id": "r1", "title": "Gates", "text": "Guards stand at the gate. " * 20 + "A lamp burns."},
    {"_id": "r2", "title": "", "text": "The river is far away from here."},
    {"_id": "r3", "title": "Rice", "text": "Rice grows in the valley."},
]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "Does a lamp burn at the gate?"},
    {"_id": "q2", "text": "Is it far?", "metadata": {"history": [["user", "Where is the river?"]]}},
    {"_id": "q3", "text": "Who won the cup?", "metadata": {}},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tr1\t2\nq1\tr3\t0\nq2\tr2\t1\n"

Write = Callable[..., Path]


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a set, its files as given or the small one above, None for no file."""

    def write(**files: str | None) -> Path:
        whole = {"corpus": lines(RECORDS), "queries": lines(QUERIES), "qrels": QRELS, **files}
        for name, text in whole.items():
            suffix = "tsv" if name == "qrels" else "jsonl"
            if text is not None:
                (tmp_path / f"{name}.{suffix}").write_text(text, "utf-8", newline="")
        return tmp_path

    return write


def evaluate(folder: Path, **options: Any) -> dict[str, Any]:
    embedder = WordEmbedder(max_tokens=30)
    return evaluate_beir(folder, embedder=embedder, model="words", **options)


def test_a_set_is_read_with_its_histories_and_grades(write: Write) -> None:
    records, questions = read_beir(write())
    assert records == [Record.model_validate(one) for one in RECORDS]
    assert questions == [
        JudgedQuestion("q1", "Does a lamp burn at the gate?", (), {"r1": 2, "r3": 0}),
        JudgedQuestion("q2", "Is it far?", (("user", "Where is the river?"),), {"r2": 1}),
        JudgedQuestion("q3", "Who won the cup?", (), {}),
    ]


def test_a_record_becomes_a_document_of_its_own_id() -> None:
    first, second, third = read_documents(map(Record.model_validate, RECORDS))
    assert [one.id for one in (first, second, third)] == ["r1", "r2", "r3"]
    assert third.source.title == "Rice"
    assert third.text == "Rice grows in the valley."
    assert second.source.title == ""


def test_a_record_without_words_is_left_out_and_one_with_a_title_is_not() -> None:
    records = [
        Record.model_validate({"_id": "a", "text": " \n"}),
        Record.model_validate({"_id": "b", "title": "Gates", "text": ""}),
    ]
    assert [(one.id, one.text) for one in read_documents(records)] == [("b", "Gates")]


def test_the_figures_of_a_set_have_exactly_the_published_keys(write: Write) -> None:
    measured = evaluate(write())
    assert set(measured) == {
        "passages", "queries", "ndcg@10", "recall@5", "success@5", "rr@10", "recall@100",
        "answerable_auroc", "confidence_intervals", "signals", "build_seconds", "query_ms",
        "stage_ms",
    }  # fmt: skip
    assert set(measured["signals"]) == {"bm25", "dense", "hybrid", "late_interaction"}
    assert set(measured["query_ms"]) == {"p50", "p95"}
    assert json.loads(json.dumps(measured, allow_nan=False)) == measured


def test_a_record_counts_by_its_best_passage(write: Write) -> None:
    measured = evaluate(write())
    assert measured["passages"] > 3  # the first record is cut
    assert measured["queries"] == 3
    assert measured["ndcg@10"] == measured["rr@10"] == 1.0
    assert measured["signals"]["bm25"]["rr@10"] == 1.0


def test_questions_without_judgement_are_unanswerable(write: Write) -> None:
    assert evaluate(write())["answerable_auroc"] in (0.0, 0.5, 1.0)
    assert evaluate(write(qrels=QRELS + "q3\tr1\t1\n"))["answerable_auroc"] is None


def test_only_the_first_questions_are_asked_if_told_so(write: Write) -> None:
    assert evaluate(write(), limit_queries=2)["queries"] == 2


@pytest.mark.parametrize(
    "files",
    [
        {"corpus": None},
        {"queries": None},
        {"qrels": None},
        {"corpus": "{"},
        {"queries": '{"_id": "q1"}\n'},
        {"queries": '{"text": "who?"}\n'},
        {"queries": '{"_id": "q", "text": "?", "metadata": {"history": [["user"]]}}\n'},
        {"qrels": "query-id\tcorpus-id\tscore\nq1 r1 2\n"},
        {"qrels": "query-id\tcorpus-id\tscore\nq1\tr1\ttwo\n"},
        {"qrels": "q1\tr1\t2\n"},
        {"corpus": '{"_id": "r1", "text": "Guards."}\n' * 2},
        {"queries": '{"_id": "q1", "text": "Who?"}\n' * 2},
    ],
    ids=str,
)
def test_a_broken_set_is_named_with_what_it_needs(
    write: Write, files: dict[str, str | None]
) -> None:
    folder = write(**files)
    with pytest.raises(EvaluationError, match=r"is not a BEIR set: .* It needs corpus.jsonl") as e:
        evaluate(folder)
    assert str(folder) in str(e.value)


@pytest.mark.parametrize(
    "files",
    [
        {"corpus": '{"_id": "r1"}\n'},
        {"corpus": '{"text": "Guards stand."}\n'},
        {"corpus": '{"_id": "r1", "text": null}\n'},
        {"corpus": '["r1", "Guards stand."]\n'},
        {"corpus": '{"_id": "r1", "title": ["Gate"], "text": "Guards stand."}\n'},
        {"queries": '"who?"\n'},
        {"queries": '{"_id": "q1", "text": 5}\n'},
        {"queries": '{"_id": "q1", "text": "?", "metadata": ["history"]}\n'},
    ],
    ids=str,
)
def test_a_set_with_a_broken_line_is_named(write: Write, files: dict[str, str]) -> None:
    with pytest.raises(EvaluationError, match="is not a BEIR set"):
        evaluate(write(**files))


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
def test_a_line_of_json_ends_at_a_line_feed_and_nowhere_else(write: Write, character: str) -> None:
    records = [{"_id": "r1", "title": "", "text": f"Guards{character}stand."}]
    (record,), _ = read_beir(write(corpus=lines(records)))
    assert record.text == f"Guards{character}stand."


def test_ids_may_be_numbers(write: Write) -> None:
    qrels = "query-id\tcorpus-id\tscore\n1\t7\t1\n"
    _, questions = read_beir(write(queries='{"_id": 1, "text": "Who?"}\n', qrels=qrels))
    assert questions == [JudgedQuestion("1", "Who?", (), {"7": 1})]


def test_a_blank_line_of_the_judgements_is_left_out(write: Write) -> None:
    assert read_beir(write(qrels=QRELS + "\n"))[1] == read_beir(write())[1]


def test_a_set_without_a_readable_record_finds_nothing(write: Write) -> None:
    measured = evaluate(write(corpus='{"_id": "r1", "title": "", "text": ""}\n'))
    assert (measured["passages"], measured["ndcg@10"]) == (0, 0.0)
