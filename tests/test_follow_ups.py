"""Short second questions: those that go on lean on the first one, those off topic do not."""

import pytest

from assistant.engine import Assistant

pytest_plugins = ("starter_fixtures",)

# Written after the threshold was chosen, and not used for it.
FIRST = (
    "What belongs in a memorandum of understanding with the police?",
    "A guard shot at people who stole copper cable. What now?",
    "How do we tell villagers that soldiers will come?",
)
OFF_TOPIC = (
    "best pasta recipe", "Who painted Guernica?", "sushi near me", "used bicycles",
    "who sings Thriller?", "knitting patterns", "lottery numbers", "cheap sunglasses",
    "how to whistle?", "name for a kitten", "dinosaur species", "Oscar winners",
    "javascript tutorial", "flat tyre", "allergic to peanuts", "moon landing",
    "yoga for beginners", "crossword clues", "wedding dresses", "lasagne calories",
)  # fmt: skip
GOING_ON = (
    "and for private guards?", "who pays?", "how many days?", "in what language?", "who signs?",
    "and the families?", "on paper?", "which law?", "how soon?", "community leaders?",
    "who is told first?", "can we refuse?", "what records?", "who keeps copies?", "at what cost?",
)  # fmt: skip

# Written after the confidence of follow-ups was fitted, and not used for it.
IN_VAIN = (
    "what does that cost per day?", "is it tax deductible?", "which bank pays for it?",
    "how old is he?", "what brand are they?", "and in Swiss francs?", "and what colour?",
    "what is their phone number?", "how tall must the fence be?", "what calibre is it?",
    "and which insurer pays that?", "which stamp do I put on it?", "who is the minister for this?",
    "does he get a pension for it?", "what is the fine for that?", "how many kilometres is that?",
)  # fmt: skip


def leaning(starter: Assistant, questions: tuple[str, ...]) -> list[str]:
    """Return the questions that lean on the one before, once for each first question."""
    asked = [(text, (("user", first),)) for text in questions for first in FIRST]
    return [text for text, history in asked if starter.ask(text, history=history).after]


def test_short_questions_off_topic_are_asked_alone(starter: Assistant) -> None:
    # 3 of 60 (2026-11-27): "Oscar winners", whose words the model finds near to names and workers.
    assert len(leaning(starter, OFF_TOPIC)) <= 3


def test_short_questions_that_go_on_lean_on_the_one_before(starter: Assistant) -> None:
    assert len(leaning(starter, GOING_ON)) == len(GOING_ON) * len(FIRST)


def test_what_goes_on_and_is_answered_by_nothing_is_not_called_answered(
    starter: Assistant,
) -> None:
    asked = [(text, (("user", first),)) for text in IN_VAIN for first in FIRST]
    outcomes = [starter.ask(text, history=history).outcome for text, history in asked]
    # 3 of 48 (2026-11-27): "how old is he?", by what guards' ages are checked with.
    assert outcomes.count("answered") <= 5


def test_what_is_off_topic_alone_is_off_topic_after_a_question(starter: Assistant) -> None:
    history = (("user", FIRST[0]),)
    alone = starter.ask("best pasta recipe")
    after = starter.ask("best pasta recipe", history=history)
    assert (alone.outcome, after.outcome) == ("not_covered", "not_covered")
    assert after.query == "best pasta recipe"


@pytest.mark.parametrize("question", ["Is their pasta good?", "And pasta?"])
def test_a_question_that_points_back_leans_whatever_its_words(
    starter: Assistant, question: str
) -> None:
    assert starter.ask(question, history=(("user", FIRST[0]),)).after == FIRST[0]


@pytest.mark.parametrize(
    "question",
    [
        "the army keeps asking for diesel, can we give it?",
        "What do we do with a guard who says the police beat him?",
        "grievance mechanism",
    ],
)
def test_a_question_that_is_answered_alone_does_not_lean(starter: Assistant, question: str) -> None:
    assert starter.ask(question, history=(("user", FIRST[0]),)).after == ""
