import time

import pytest

from assistant.answer import History
from assistant.queries import MAX_CHARACTERS, to_query
from corpus.errors import SettingsError
from index.search import FILTER_KEYS


def test_without_filters_only_current_editions_are_searched() -> None:
    assert to_query("who?").filters == {"status": ("current",)}


@pytest.mark.parametrize("key", ["status", "edition", "document_id", "file"])
def test_a_filter_that_chooses_an_edition_lifts_the_filter_to_current_ones(key: str) -> None:
    assert to_query("who?", filters={key: ("x",)}).filters == {key: ("x",)}


@pytest.mark.parametrize("key", ["work", "kind", "area", "topic", "language"])
def test_any_other_filter_stays_within_current_editions(key: str) -> None:
    filters = to_query("who?", filters={key: ("x", "y")}).filters
    assert filters == {key: ("x", "y"), "status": ("current",)}


def test_every_filter_key_is_one_or_the_other() -> None:
    assert len(FILTER_KEYS) == 9
    for key in FILTER_KEYS:
        assert to_query("who?", filters={key: ("x",)}).filters[key] == ("x",)


def test_an_unknown_filter_is_refused_with_those_that_exist() -> None:
    with pytest.raises(SettingsError, match=r"'colour'.*work, kind, area.*file"):
        to_query("who?", filters={"colour": ("red",)})


def test_the_filters_given_are_left_as_they_are() -> None:
    filters = {"kind": ("x",)}
    to_query("who?", filters=filters)
    assert filters == {"kind": ("x",)}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        pytest.param("", "", id="empty"),
        pytest.param(" \t\r\n\u3000 ", "", id="blank"),
        pytest.param("  who\n guards\tthe gate? ", "who guards the gate?", id="white space"),
        pytest.param("who\x00guards\x1b[31m\x7f\x9fit", "whoguards[31mit", id="controls"),
        pytest.param("who\ud800guards", "who\ufffdguards", id="lone surrogate"),
        pytest.param("🎉👩‍🚒", "🎉👩‍🚒", id="emoji"),
        pytest.param("ما هو دور الحراس؟", "ما هو دور الحراس؟", id="Arabic"),
        pytest.param("?!…—", "?!…—", id="punctuation"),
    ],
)
def test_the_text_is_one_line_of_what_can_be_read(question: str, text: str) -> None:
    assert to_query(question).text == text


def test_a_very_long_question_is_cut_at_once() -> None:
    started = time.perf_counter()
    text = to_query("guard " * 17_000).text
    assert text == ("guard " * 667)[:MAX_CHARACTERS]
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        pytest.param("secu\u00adrity", "security", id="soft hyphen"),
        pytest.param("o\ufb03cer", "officer", id="ligature"),
        pytest.param("re\u0301ponse", "réponse", id="decomposed letter"),
        pytest.param("gu\u200bard", "guard", id="zero-width space"),
        pytest.param("می\u200cشود", "می\u200cشود", id="joiner inside a Persian word"),
    ],
)
def test_a_word_pasted_from_a_document_is_repaired_as_the_document_was(
    pasted: str, text: str
) -> None:
    assert to_query(pasted).text == text


GUARDS = (("user", "Which laws bind private guards?"),)


@pytest.mark.parametrize(
    "question",
    [
        "And in Spanish?",
        "Who pays them?",
        "What about their weapons in the mountains of the north?",
        "Et dans les communautés autochtones près de la mine ?",
        "Comment former ceux qui gardent la mine pendant la nuit ?",
        "¿También deben informar sobre cada incidente al ministerio?",
        "Pero quién investiga los incidentes graves en la mina?",
        "他们应该怎样处理社区的投诉？",
        "为什么应该调查每个严重的事件？",
    ],
)
def test_a_question_that_leans_on_the_one_before_is_searched_with_it(question: str) -> None:
    text = to_query(question, history=GUARDS).text
    assert text == f"{question} Which laws bind private guards? {question}"


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("How should soldiers be trained before deployment?", GUARDS),
        ("Comment former les soldats avant leur déploiement dans la région ?", ()),
        ("Comment former les soldats avant le déploiement dans la région ?", GUARDS),
        ("Cómo deben informar las empresas sobre los incidentes graves?", GUARDS),
        ("公司应该如何调查保安人员的严重违规行为？", GUARDS),
        ("ما هي الخطوات الأولى بعد حادث؟", GUARDS),
        ("Who pays them?", ()),
        ("Who pays them?", (("assistant", "The provider pays."),)),
        ("", GUARDS),
    ],
    ids=[
        "stands alone",
        "French, nothing before",
        "French",
        "Spanish",
        "Chinese",
        "few words in another script",
        "nothing before",
        "nobody asked before",
        "empty",
    ],
)
def test_any_other_question_is_searched_as_it_is(question: str, history: History) -> None:
    assert to_query(question, history=history).text == question


def test_a_query_tells_what_shows_that_it_leans() -> None:
    asked = (
        "And in Spanish?",
        "Who pays them?",
        "Who pays?",
        "Who pays the armed guards of the mine?",
    )
    leans_by = [to_query(question, history=GUARDS).leans_by for question in asked]
    assert leans_by == ["opening", "pointing", "few_words", None]


def test_a_word_points_back_only_if_there_is_little_before_it_in_the_question() -> None:
    four, five = "Villagers think nobody answers their letters.", "Villagers often think nobody"
    assert to_query(four, history=GUARDS).leans_by == "pointing"
    assert to_query(f"{five} answers their letters.", history=GUARDS).leans_by is None


def test_a_short_question_leans_on_the_latest_that_was_covered() -> None:
    history = (*GUARDS, ("assistant", "Many."), ("user", "Pasta?"), ("assistant", ""))
    assert to_query("Who pays?", history=history).after == "Which laws bind private guards?"
    assert to_query("Who pays?", history=history[2:]).after == ""
    both = "Which laws bind private guards? Pasta?"
    assert to_query("And who pays?", history=history).after == both
    assert to_query("Who pays?", history=history[:-1]).after == both  # not known


def test_the_latest_question_counts_and_the_one_it_goes_back_to_and_both_are_cleaned() -> None:
    history = (
        ("user", "Which mines are there in the mountains?"),
        *GUARDS,
        ("assistant", "Many."),
        ("user", "Are\nthey\u00a0armed?"),
    )
    after = "Which laws bind private guards? Are they armed?"
    assert to_query("Why?", history=history).text == f"Why? {after} Why?"
    longer = (*history, ("user", "With what?"))
    assert to_query("Why?", history=longer).after == "Which laws bind private guards? With what?"


def test_questions_that_all_lean_go_back_to_the_first() -> None:
    history = tuple(("user", text) for text in ("Mines?", "And guards?", "And dogs?"))
    assert to_query("Why?", history=history).after == "Mines? And dogs?"
