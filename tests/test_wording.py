import pytest
from fakes import document_of

from assistant.wording import exceptions_in, limits, strength_of
from corpus.documents import Passage, Span, sha256_of


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("Guards must keep a log.", "en", "must"),
        ("Guards should keep a log, and may keep two.", "en", "should"),
        ("A guard may keep a log.", "en", "may"),
        ("A guard may not open the gate.", "en", "must"),
        ("Guards do not have to keep a log.", "en", "may"),
        ("They are not required to keep one.", "en", "may"),
        ("It was signed in May 2020.", "en", None),
        ("Keep a log.", "en", None),
        ("MUST be kept", "en", "must"),
        ("They mustered at dawn.", "en", None),
        ("Les gardes doivent tenir un registre.", "fr", "must"),
        ("Il convient de tenir un registre.", "fr", "should"),
        ("Le garde n’est pas tenu de le faire.", "fr", "may"),
        ("Nul ne peut entrer.", "fr", "must"),
        ("Los guardias deberían llevar un registro.", "es", "should"),
        ("Nadie no puede entrar.", "es", "must"),
        ("El guardia puede entrar.", "es", "may"),
        ("Guards must keep a log.", "xx", None),
    ],
)
def test_the_strength_is_that_of_the_strongest_word(
    sentence: str, language: str, expected: str | None
) -> None:
    assert strength_of([sentence], language) == expected


def test_the_strongest_of_several_sentences_counts() -> None:
    assert strength_of(["A guard may sit.", "He must not sleep."], "en") == "must"
    assert strength_of([], "en") is None


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("Nobody enters, except the nurse.", "en", True),
        ("This does\nnot apply at night.", "en", True),
        ("However, the nurse may enter.", "en", True),
        ("This is exceptional.", "en", False),
        ("Cela ne s’applique pas la nuit.", "fr", True),
        ("Personne n’entre, à moins qu’elle soit infirmière.", "fr", True),
        ("Nadie entra, salvo la enfermera.", "es", True),
        ("Except the nurse.", "fr", False),
    ],
)
def test_an_exception_is_known_by_its_words(sentence: str, language: str, expected: bool) -> None:
    assert limits(sentence, language) == expected


def test_exceptions_are_spans_of_whole_sentences() -> None:
    document = document_of("Nobody enters. However, the nurse may. She knocks.\nUnless it is late.")
    spans = [Span(0, 50), Span(51, len(document.text))]
    passages = [Passage("p", "notes", span, "", (), None, None, sha256_of("")) for span in spans]
    found = exceptions_in(document, passages)
    assert [span.of(document.text) for span in found] == [
        "However, the nurse may.", "Unless it is late.",
    ]  # fmt: skip
