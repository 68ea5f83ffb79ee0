"""Texts are alike by the words, pairs of words and pieces of words that they share."""

from pathlib import Path

import numpy as np
import pytest

from index.words import WordIndex

TEXTS = (
    "The guard beat a boy.",
    "guards, beating boys at night",
    "Un garde a frappé un enfant",
    "the of a",
    "fuel for the colonel",
)


def test_texts_are_alike_by_their_words() -> None:
    index = WordIndex.of(TEXTS)
    alike = index.alike("The guard beat a boy.")
    assert alike[0] == pytest.approx(1)
    assert 0.5 < alike[1] < 1  # stems are the same
    assert alike[2] < 0.3
    assert alike[[3, 4]].tolist() == pytest.approx([0, 0], abs=0.01)


def test_a_misspelt_word_is_partly_the_same() -> None:
    misspelt = WordIndex.of(TEXTS).alike("the colonell")
    assert misspelt.argmax() == 4
    assert 0.2 < misspelt[4] < 0.9


def test_a_rare_word_tells_more_than_one_that_all_have() -> None:
    index = WordIndex.of(["gate water", "gate fuel", "gate dogs", "gate rope"])
    alike = index.alike("gate rope")
    assert alike[3] == pytest.approx(1)
    assert alike[0] < 0.4


def test_texts_without_words_are_like_nothing() -> None:
    assert WordIndex.of(TEXTS).alike("...").tolist() == [0] * len(TEXTS)
    assert WordIndex.of([""]).alike("guard").tolist() == [0]


def test_all_are_compared_as_one_by_one(tmp_path: Path) -> None:
    WordIndex.of(TEXTS).save(tmp_path)
    index = WordIndex.load(tmp_path)
    among = index.alike_among(slice(1, 3))
    assert among.tolist() == [pytest.approx(index.alike(text)) for text in TEXTS[1:3]]
    assert np.diag(index.alike_among(slice(0, 5))) == pytest.approx([1, 1, 1, 0, 1])
