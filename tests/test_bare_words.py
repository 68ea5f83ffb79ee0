"""One bare word asks nothing, unless what it means is there."""

import pytest

from assistant.answer import ShortSentence
from assistant.bare_words import is_bare_word
from assistant.engine import Assistant
from assistant.queries import to_query

pytest_plugins = ("starter_fixtures",)


def bare(question: str, sentence: str = "Guards stand at the gate.") -> bool:
    return is_bare_word(to_query(question), [ShortSentence(1, 0, len(sentence), sentence)])


@pytest.mark.parametrize(
    "word", ["guard", "Guards?", "the guards", "ex-soldiers", "l’armée", "حارس"]
)
def test_a_single_word_is_bare(word: str) -> None:
    assert bare(word)


@pytest.mark.parametrize("question", ["private guards", "why guards?", "保安", "", "!"])
def test_anything_else_is_not(question: str) -> None:
    assert not bare(question)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("MoU", "A memorandum of understanding (MoU) puts it on paper."),
        ("ICRC", "ICRC (International Committee of the Red Cross): a humanitarian body."),
        ("grievance", "Grievance mechanism, also OGM: a way to complain."),
    ],
)
def test_a_word_that_is_explained_is_not_bare(word: str, sentence: str) -> None:
    assert not bare(word, sentence)
    assert bare("guard", sentence)


def test_a_bare_word_after_a_question_goes_on_with_it() -> None:
    history = (("user", "May guards be armed?"),)
    assert not is_bare_word(to_query("Soldiers?", history=history), ())


def test_a_bare_word_is_related_and_a_term_that_is_explained_answered(starter: Assistant) -> None:
    guard = starter.ask("guard")
    assert (guard.outcome, guard.short_answer) == ("related", ())
    assert guard.citations
    term = starter.ask("FPIC")
    assert term.outcome == "answered"
    assert "FPIC (free" in term.short_answer[0].text
