"""Misspelt words are searched as the documents write them."""

import pytest

from assistant.respelling import Respelling

TEXTS = ["The guards report each beating. Guards report a meeting.", "Guards beating; meeting."] * 3
# What a model has tokens for.
KNOWN = {"reuse", "who", "report"}


@pytest.fixture
def respelling() -> Respelling:
    texts = [*TEXTS, "A meeting to ask for a refuse bin, refuse, refuse."]
    return Respelling(texts, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("gaurds beeting him", "guards beating him"),  # not "meeting": another first letter
        ("guards", "guards"),
        ("reuse it", "reuse it"),  # a word of its own to the model
        ("guard", "guard"),  # the same word
        ("guardss", "guardss"),
        ("Gaurds", "Gaurds"),  # may be a name
        ("repirt", "report"),
        ("biin", "biin"),  # too short
        ("bicycle", "bicycle"),
        ("", ""),
    ],
)
def test_a_misspelt_word_is_mended(respelling: Respelling, text: str, mended: str) -> None:
    assert respelling.mended(text)[0] == mended


def test_what_is_mended_is_told_and_can_be_left(respelling: Respelling) -> None:
    assert respelling.mended("gaurds beeting gaurds") == (
        "guards beating guards", ("guards", "beating"),
    )  # fmt: skip
    assert respelling.mended("gaurds beeting", without=("Guards",)) == (
        "gaurds beating", ("beating",),
    )  # fmt: skip
