"""The judged questions of the starter library: honest, varied, and true to the documents."""

import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz, process
from test_starter import SOURCES, STARTER, TEXTS

from corpus.situations import (
    AnsweringSentence,
    Situations,
    Unanswered,
    load_situations,
    without_space,
)

QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (STARTER / "questions.jsonl").read_text("utf-8").splitlines()
]
# The announcement that the project started from asks these; headings are meant to be near them.
PUBLISHED = {"seed-engage", "seed-supply-chain", "seed-exacerbate"}
UNANSWERABLE = {"off-topic", "near-miss"}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


ALL_WORDS = {source_id: " ".join(words(text)) for source_id, text in TEXTS.items()}


def test_questions_are_many_and_of_every_kind() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    kinds = Counter(question["kind"] for question in QUESTIONS)
    assert set(kinds) == {"incident", "worry", "request", "follow-up", *UNANSWERABLE}
    assert kinds.total() - kinds["off-topic"] - kinds["near-miss"] >= 300
    assert kinds["off-topic"] >= 30
    assert kinds["near-miss"] >= 30
    assert sum(bool(question.get("history")) for question in QUESTIONS) >= 40


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_evidence_stands_in_its_document(question: dict[str, Any]) -> None:
    assert bool(question["relevant"]) == (question["kind"] not in UNANSWERABLE)
    for judgement in question["relevant"]:
        assert judgement["grade"] in {1, 2}
        assert judgement["evidence"] in TEXTS[judgement["source"]]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_questions_are_in_words_of_their_own(question: dict[str, Any]) -> None:
    if question["id"] in PUBLISHED:
        return
    asked = words(question["text"])
    runs = {" ".join(asked[start : start + 5]) for start in range(len(asked) - 4)}
    copied = {run for run in runs for text in ALL_WORDS.values() if run in text}
    assert copied == set()


def test_no_two_questions_are_near_twins() -> None:
    alike = [
        (one["id"], other["id"])
        for one, other in combinations(QUESTIONS, 2)
        if not one.get("history") and not other.get("history")
        if fuzz.token_sort_ratio(one["text"], other["text"]) > 85
    ]
    assert alike == []


def test_no_situation_was_made_from_a_question() -> None:
    situations = [text for entry in load_situations(STARTER) for text in entry.situations]
    asked = [question["text"] for question in QUESTIONS if question["id"] not in PUBLISHED]
    alike = process.cdist(asked, situations, scorer=fuzz.ratio, score_cutoff=80)
    assert alike.max() == 0
    measured = [json.loads(line)["text"] for line in _benchmark("first_weeks.jsonl")]
    measured += _benchmark("near_misses.txt")
    alike = process.cdist(measured, situations, scorer=fuzz.ratio, score_cutoff=90)
    assert alike.max() == 0


def _benchmark(name: str) -> list[str]:
    return (Path(__file__).parent / "benchmarks" / name).read_text("utf-8").splitlines()


def test_no_situation_is_both_answered_and_not() -> None:
    entries = load_situations(STARTER)
    answered = {
        text
        for entry in entries
        if isinstance(entry, Situations)
        for text in (*entry.situations, *entry.helps)
    }
    [unanswered] = (set(entry.situations) for entry in entries if isinstance(entry, Unanswered))
    assert unanswered
    assert not unanswered & answered


def test_every_situation_has_its_passage() -> None:
    works = {source.id: source.work for source in SOURCES.values()}
    texts: dict[str, str] = {}
    for source_id, text in TEXTS.items():
        work = works[source_id]
        texts[work] = texts.get(work, "") + without_space(text)
    lost = [
        entry.quote
        for entry in load_situations(STARTER)
        if isinstance(entry, Situations)
        if without_space(entry.quote) not in texts[entry.work]
    ]
    assert lost == []


def test_a_sentence_is_told_by_words_that_stand_once_in_its_document() -> None:
    works = {source.id: source.work for source in SOURCES.values()}
    texts = [(works[source_id], without_space(text)) for source_id, text in TEXTS.items()]
    several = [
        entry.quote
        for entry in load_situations(STARTER)
        if isinstance(entry, AnsweringSentence)
        for work, text in texts
        if work == entry.work and text.count(without_space(entry.quote)) > 1
    ]
    assert several == []
