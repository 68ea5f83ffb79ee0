"""The page's words: the same keys and blanks in every language, and each page finds its words."""

import re
import string
from pathlib import Path

import pytest

import assistant
from assistant.pages.elements import fault
from assistant.texts import LANGUAGES, texts_of
from corpus.errors import ModelError, SnapshotMissingError

PACKAGE = Path(assistant.__file__).parent


def blanks(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_and_blanks(language: str) -> None:
    ours, english = texts_of(language).words, texts_of("en").words
    assert ours.keys() == english.keys()
    assert {key: blanks(words) for key, words in ours.items()} == {
        key: blanks(words) for key, words in english.items()
    }
    assert all(words.strip() for words in ours.values())


def test_languages_are_not_copies_of_each_other() -> None:
    english = texts_of("en").words
    for language in ("fr", "es", "zh"):
        same = [key for key, words in texts_of(language).words.items() if words == english[key]]
        assert len(same) < 20, same  # names of formats, "Document", "{number} passages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_starter_texts_claims_to_be_the_official_toolkit(language: str) -> None:
    words = texts_of(language).words
    official = ("Toolkit", "boîte à outils", "caja de herramientas", "工具包")
    assert [name for name in official if name in words["frame.subtitle"]] == []
    assert any(name in words["frame.independent"] for name in official)


def test_every_key_that_the_page_asks_for_is_there() -> None:
    words = texts_of("en").words
    asked = {
        key
        for path in [
            *PACKAGE.glob("*.py"),
            *PACKAGE.glob("pages/*.py"),
            *PACKAGE.glob("export/*.py"),
        ]
        for key in re.findall(
            r"texts(?:\.plain)?\(\s*[\"']([a-z_.]+)[\"']", path.read_text("utf-8")
        )
    }
    assert len(asked) > 60
    assert asked - words.keys() == set()


def test_every_key_of_a_fault_has_its_words() -> None:
    words = texts_of("en").words
    keys = {
        key
        for folder in (PACKAGE, PACKAGE.parent / "corpus")
        for path in folder.rglob("*.py")
        for key in re.findall(r"(?:,\s+key=|\n    key = )\"([a-z_]+)\"", path.read_text("utf-8"))
    }
    assert {"place", "snapshot_missing"} <= keys
    assert {f"fault.{key}" for key in keys} <= words.keys()


def test_a_fault_is_told_in_the_language_of_the_page() -> None:
    lost = SnapshotMissingError("There is no snapshot <9>.")
    assert fault(lost, texts_of("fr")) == texts_of("fr")("fault.snapshot_missing")
    other = fault(ModelError("No <model>."), texts_of("es"))
    assert other == 'No se pudo hacer. <span lang="en">No &lt;model&gt;.</span>'


def test_words_and_values_are_escaped_for_html_and_plain_elsewhere() -> None:
    texts = texts_of("en")
    assert texts("check.difference", quoted="<b>", stands='"') == (
        "Quoted “&lt;b&gt;”, but “&quot;” stands there"
    )
    assert texts.plain("check.difference", quoted="<b>", stands="x") == (
        "Quoted “<b>”, but “x” stands there"
    )


def test_an_unknown_language_is_english_and_an_unknown_kind_stays() -> None:
    assert texts_of("../x").language == "en"
    assert texts_of("fr").known("kind", "<memo>") == "&lt;memo&gt;"
    assert texts_of("fr").known("kind", "tool") == "outil"
