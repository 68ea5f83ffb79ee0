"""Floors under the quality of answers, with the real model over the starter documents.

A floor lies under what was measured when it was set, by the margin that another processor's
arithmetic can make on forty questions (one question more or less). It is raised with the figure
and never lowered to let a change pass.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.config import load_settings
from assistant.engine import Assistant
from assistant.questions import evaluate_questions
from assistant.rebuild import STARTER, rebuild

pytest_plugins = ("starter_fixtures",)

# Measured 2026-11-27 on the 342 questions with an answer: 0.974 and 0.754.
FLOORS = {"success@5": 0.95, "ndcg@10": 0.72}
# What is promised: at most one unanswerable question of ten called answered.
MOST_FALSE_ANSWERS = 0.1

SEED_QUESTIONS = (
    "How can companies engage with artisanal and small-scale miners?",
    "How can companies address ASM and human rights risks in their supply chain?",
    "How can ASM exacerbate security and human rights challenges?",
)
OFF_TOPIC = (
    "best pasta recipe",
    "who won the cup",
    "What is the capital of France?",
    "How do I reset my password?",
    "tell me a joke",
    "how to lose weight fast",
)
# Questions of everyday life in languages that the model hardly knows. The first 48, French and
# Spanish, the calibration was fitted on; the rest, German and Portuguese, it has not seen.
EVERYDAY = (Path(__file__).parent / "benchmarks" / "everyday.txt").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def assistant(starter_data: Path) -> Assistant:
    return Assistant.open(load_settings(data_dir=starter_data))


@pytest.fixture(scope="module")
def figures(assistant: Assistant) -> dict[str, Any]:
    return evaluate_questions(STARTER / "questions.jsonl", assistant=assistant)


@pytest.mark.parametrize("measure", FLOORS)
def test_the_starter_questions_stay_above_the_floor(measure: str, figures: dict[str, Any]) -> None:
    assert figures[measure] >= FLOORS[measure]


def test_questions_that_nothing_answers_are_not_called_answered(figures: dict[str, Any]) -> None:
    assert figures["false_answers"] <= MOST_FALSE_ANSWERS


@pytest.mark.parametrize("question", SEED_QUESTIONS)
def test_the_seed_questions_cite_their_fact_sheet_first(
    question: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question)
    assert answer.outcome == "answered"
    assert answer.citations[0].file == "artisanal-and-small-scale-mining.pdf"


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_off_topic_questions_are_not_covered(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.outcome == "not_covered"
    assert answer.citations == ()


def test_everyday_questions_in_other_languages_are_not_answered(assistant: Assistant) -> None:
    outcomes = Counter(assistant.ask(question).outcome for question in EVERYDAY)
    assert outcomes["answered"] == 0
    assert outcomes["not_covered"] >= 0.8 * len(EVERYDAY)  # measured 2026-11-27: 65 of 72


def test_misspelt_words_are_mended_where_nothing_is_found(assistant: Assistant) -> None:
    answer = assistant.ask("artisnal minrs")
    assert (answer.outcome, answer.query) == ("answered", "artisanal miners")
    assert answer.also_searched[:2] == ("artisanal", "miners")
    left = assistant.ask("artisnal minrs", without=answer.also_searched)
    assert (left.outcome, left.query) == ("not_covered", "artisnal minrs")


def test_an_acronym_is_found_as_what_it_stands_for(assistant: Assistant) -> None:
    answer = assistant.ask("PSP vetting requirements")
    assert answer.outcome != "not_covered"
    assert answer.citations[0].file == "vetting-private-security-providers.html"


@pytest.mark.parametrize(
    "question",
    ["How much does a lawyer cost for a human rights case?", "phone number of ICoCA"],
)
def test_what_no_passage_can_tell_is_not_called_answered(
    question: str, assistant: Assistant
) -> None:
    answer = assistant.ask(question)
    assert answer.outcome != "answered"
    assert answer.short_answer == ()


def test_the_older_edition_is_cited_only_when_asked_for(assistant: Assistant) -> None:
    question = "Which texts should guards be trained on?"
    older = assistant.ask(question, filters={"status": ("superseded",)})
    assert {citation.status for citation in assistant.ask(question).citations} == {"current"}
    assert {citation.status for citation in older.citations} == {"superseded"}


HANDBOOK = Path(__file__).resolve().parents[2] / "shared" / "html" / "sfm_research_handbook"


@pytest.mark.skipif(not HANDBOOK.is_dir(), reason="the shared handbook is not here")
def test_the_handbook_page_on_dates_is_cited_for_a_question_on_dates(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("how-dates-work.html", "persons.html", "units.html", "sources.html"):
        (pages / name).write_bytes((HANDBOOK / name).read_bytes())
    settings = load_settings(data_dir=tmp_path / "data")
    rebuild(settings, documents=pages)
    answer = Assistant.open(settings).ask(
        "how do you handle dates that sources only give as a year?"
    )
    first = answer.citations[0]
    assert first.file == "how-dates-work.html"
    assert first.headings[-1] == "Finding dates in sources"
