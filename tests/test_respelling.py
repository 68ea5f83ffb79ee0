"""Misspelt words and acronyms of short phrases are searched as the documents write them."""

import pytest

from assistant.respelling import Respelling
from corpus.acronyms import Acronym

TEXTS = ["The guards report each beating. Guards report a meeting.", "Guards beating; meeting."] * 3
ACRONYMS = [Acronym("PSP", "private security provider"), Acronym("US", "United States")]
# What a model has tokens for.
KNOWN = {"reuse", "who", "report"}


@pytest.fixture
def respelling() -> Respelling:
    texts = [*TEXTS, "Ask us for a refuse bin, refuse, refuse."]
    return Respelling(texts, ACRONYMS, KNOWN.__contains__)


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


@pytest.mark.parametrize(
    ("text", "spelt_out"),
    [
        ("PSP vetting", "private security provider vetting"),
        ("vetting psps", "vetting private security provider"),
        ("PSPs, vetted", "private security provider, vetted"),
        ("the US", "the United States"),
        ("ask us", "ask us"),  # a word as well
        ("PSP", "PSP"),  # asks what it means
        ("does the PSP have to vet its guards", "does the PSP have to vet its guards"),
    ],
)
def test_an_acronym_of_a_phrase_is_spelt_out(
    respelling: Respelling, text: str, spelt_out: str
) -> None:
    assert respelling.spelt_out(text)[0] == spelt_out
    assert respelling.spelt_out(text, without=("United States", "private security provider")) == (
        text, (),
    )  # fmt: skip
