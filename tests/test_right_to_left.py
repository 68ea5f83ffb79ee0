"""Hebrew and Arabic letters come in reading order, and their words end where they end."""

import numpy as np
import pytest

from corpus.readers.right_to_left import (
    is_left_to_right,
    is_right_to_left,
    reading_order,
    repair_right_to_left,
)


def read(text: str, places: list[float]) -> str:
    """Return a text whose letters stand so far from the left as it is to be read."""
    order = reading_order(text, lambda ns: np.array([(places[n], 0) for n in ns]).reshape(-1, 2))
    return "".join(text[n] for n in order)


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("שער", [30, 20, 10], "שער"),
        ("רעש", [10, 20, 30], "שער"),
        ("gate רעש", [0, 5, 10, 15, 20, 40, 50, 60], "gate שער"),
        ("gate", [30, 20, 10, 0], "gate"),
        ("ةثالث", [10, 20, 30, 34, 40], "ثلاثة"),
        ("األول", [50, 40, 40, 30, 20], "الأول"),
        ("الان", [40, 40, 40, 30], "الان"),
        ("السجل", [50, 40, 30, 20, 10], "السجل"),
    ],
    ids=["as read", "as drawn", "beside Latin", "Latin", "drawn with a ligature",
         "a ligature turned round", "one glyph for three letters", "an article"],
)  # fmt: skip
def test_letters_are_read_from_the_right(text: str, places: list[float], expected: str) -> None:
    assert read(text, places) == expected


def test_letters_that_stand_over_one_another_stay() -> None:
    upright = reading_order("الأول", lambda ns: np.array([(7, 10 * n) for n in ns]))
    assert upright.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("موقع اًيقف", "موقعاً يقف"),
        ("موقعا ً يقف", "موقعاً يقف"),
        ("أبد اً", "أبداً"),
        ("الشركةكلها", "الشركة كلها"),
        (".1 מרחיקים", "1. מרחיקים"),
        (".1 shut the gate", ".1 shut the gate"),
        ("الحارس هو أول من يراه", "الحارس هو أول من يراه"),
    ],
)
def test_spaces_stand_where_words_end(text: str, expected: str) -> None:
    assert repair_right_to_left(text) == expected
    assert repair_right_to_left(expected) == expected


@pytest.mark.parametrize(("text", "answer"), [("שער a", True), ("gate ש", False), ("17", False)])
def test_the_direction_is_that_of_most_letters(text: str, answer: bool) -> None:
    assert is_right_to_left(text) is answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gate", True),
        ("a “gate” – 大门 🎈", True),
        ("\u058f \u0900 \ufb1c \ufefd", True),
        *((f"gate – {letter}", False) for letter in "\u0590\u08ff\ufb1d\ufefcש"),
    ],
)
def test_one_letter_tells_that_a_text_is_not_all_from_the_left(text: str, expected: bool) -> None:
    assert is_left_to_right(text) is expected
