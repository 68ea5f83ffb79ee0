import pytest

from assistant.twins import Saying
from corpus.documents import Passage, Span, sha256_of

FORCE = (
    "Guards may use force only in self-defence or to defend others against an imminent threat,"
    " and they shall report each use to the site manager within 24 hours."
)


def saying(text: str, language: str = "en") -> Saying:
    span = Span(0, len(text))
    passage = Passage("d:1", "d", span, text, (), None, None, sha256_of(text), language=language)
    return Saying(passage)


def are_twins(one: str, other: str) -> bool:
    first, second = saying(one), saying(other)
    assert first.is_twin_of(second) == second.is_twin_of(first)
    return first.is_twin_of(second)


@pytest.mark.parametrize(
    ("changed", "to"),
    [
        pytest.param("Guards may", "GUARDS MAY", id="letter case"),
        pytest.param(", and they", " – and they", id="punctuation"),
        pytest.param("threat", "threats", id="another ending"),
        pytest.param("the site manager", "site manager", id="an article less"),
        pytest.param("they shall report", "also they shall report", id="a small word more"),
    ],
)
def test_passages_that_say_the_same_are_twins(changed: str, to: str) -> None:
    assert changed in FORCE
    assert are_twins(FORCE, FORCE.replace(changed, to))


@pytest.mark.parametrize(
    ("changed", "to"),
    [
        pytest.param("24 hours", "48 hours", id="another figure"),
        pytest.param("within 24 hours", "", id="a figure less"),
        pytest.param("shall report", "shall not report", id="a negation more"),
        pytest.param("only in self-defence", "in self-defence", id="a limit less"),
        pytest.param("shall report", "may report", id="allowed, not obliged"),
        pytest.param("Guards", "Soldiers", id="somebody else"),
        pytest.param("imminent", "possible", id="another word of weight"),
        pytest.param("or to defend", "and to defend", id="and for or"),
        pytest.param("to the site manager within 24 hours", "", id="much less"),
        pytest.param("Guards", "Unarmed guards", id="one word more"),
    ],
)
def test_passages_that_differ_in_a_thing_of_weight_are_not_twins(changed: str, to: str) -> None:
    assert changed in FORCE
    assert not are_twins(FORCE, FORCE.replace(changed, to))


def test_the_same_words_in_another_order_are_not_twins() -> None:
    one = "The company warns the guards, then the guards warn the miners near the old shaft today."
    other = "The guards warn the company, then the miners warn the guards near the old shaft today."
    assert not are_twins(one, other)


def test_short_passages_are_twins_only_with_the_same_words() -> None:
    assert are_twins("Report the threat.", "report the threat")
    assert not are_twins("Report the threat.", "Report threats.")


def test_two_spellings_of_english_are_one() -> None:
    british = FORCE.replace("site manager", "organisation of labour")
    american = FORCE.replace("site manager", "organization of labor")
    assert are_twins(british, american)


def test_endings_are_those_of_the_passages_language() -> None:
    french = (
        "Les gardes signalent chaque incident au responsable du site avant la fin du jour même."
    )
    assert saying(french, "fr").is_twin_of(saying(french.replace("incident", "incidents"), "fr"))
    negated = french.replace("signalent", "ne signalent pas")
    assert not saying(french, "fr").is_twin_of(saying(negated, "fr"))


def test_the_share_of_words_in_another_passage() -> None:
    assert saying("guards report threats").share_in(saying("guards report")) == pytest.approx(2 / 3)
    assert saying("").share_in(saying("guards")) == 0
