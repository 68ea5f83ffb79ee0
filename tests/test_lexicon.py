import re
from pathlib import Path

import pytest

from assistant.lexicon import NO_WORDS, WORDS, Lexicon, load_words

TEXTS = (
    "A private security provider (PSP) guards the site. The police come when called.",
    "Give first aid. Armed in-house defence (AID) is rare.",
)


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon.of(TEXTS)


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ("Who pays the PSP?", ("private security provider",)),
        ("who pays the psps?", ("private security provider",)),
        ("Who pays a private security provider?", ("PSP",)),
        ("Are the cops told?", ("police",)),
        ("What is AID?", ("Armed in-house defence",)),
        ("Who gives first aid?", ()),  # a word of the documents, not the acronym
        ("Do the cops or the police come?", ()),  # said already
        ("Which soldiers?", ()),  # no document has what the field calls them
        ("", ()),
    ],
)
def test_words_of_the_documents_are_added(
    lexicon: Lexicon, question: str, added: tuple[str, ...]
) -> None:
    assert lexicon.words_for(question) == added


def test_what_was_added_can_be_left_out(lexicon: Lexicon) -> None:
    question = "Do the cops know the PSP?"
    assert lexicon.words_for(question) == ("private security provider", "police")
    assert lexicon.words_for(question, without=["Police"]) == ("private security provider",)
    assert lexicon.words_for(question, without=["police", "private security provider"]) == ()


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
def test_an_acronym_of_a_phrase_is_spelt_out(text: str, spelt_out: str) -> None:
    texts = ("A private security provider (PSP) answers. The United States (US).", "Ask us.")
    lexicon = Lexicon.of(texts)
    assert lexicon.spelt_out(text)[0] == spelt_out
    assert lexicon.spelt_out(text, without=("United States", "private security provider")) == (
        text, (),
    )  # fmt: skip


def test_a_lexicon_of_nothing_adds_nothing() -> None:
    assert NO_WORDS.words_for("Who pays the PSP and the cops?") == ()


def test_no_everyday_word_stands_twice() -> None:
    said = [word for entry in load_words() for word in entry.said]
    assert len(said) == len(set(said)) > 80


def test_the_words_are_written_in_small_letters() -> None:
    for entry in load_words():
        for words in (*entry.said, *entry.means):
            assert words == words.casefold()
            assert re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_]+)*", words)


def test_the_words_say_what_they_are_for() -> None:
    assert Path(WORDS).read_text("utf-8").startswith("# Everyday words")
