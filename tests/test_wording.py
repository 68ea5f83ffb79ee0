import pytest
from fakes import document_of

from assistant.wording import exceptions_in, limits, points_back, strength_of
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
        ("Soldiers may be in combat tomorrow.", "en", None),
        ("A log may be used.", "en", "may"),
        ("It may be unlawful, so guards should ask.", "en", "should"),
        ("Tell people how the guards must behave.", "en", None),
        ("Guards know how to stop, and must stop.", "en", "must"),
        ("Cela peut entraîner des peut-être.", "fr", None),
        ("Dites comment les gardes doivent agir.", "fr", None),
        ("Diga cómo los guardias deben actuar.", "es", None),
        ("Esto puede causar daños.", "es", None),
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


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("It names the unit.", "en", True),
        ("Their pay is late.", "en", True),
        ("It is important to ask.", "en", False),
        ("Those who guard are paid.", "en", False),
        ("Item by item.", "en", False),
        ("Guards say it.", "en", False),
        ("Cela ne suffit pas.", "fr", True),
        ("Il faut demander.", "fr", False),
        ("Ello no basta.", "es", True),
        ("Este manual basta.", "es", False),
        ("It names the unit.", "xx", False),
    ],
)
def test_a_sentence_points_back_by_its_first_word(
    sentence: str, language: str, expected: bool
) -> None:
    assert points_back(sentence, language) == expected


LISTED = document_of(
    "Guards stand there. They sleep, unless it is day.\n"
    "• Ask first. Wait. However, run from fire.\n"
    "• Nobody enters, unless invited."
)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Guards stand there.", ["They sleep, unless it is day."]),
        ("They sleep, unless it is day.", ["They sleep, unless it is day."]),
        ("• Ask first.", ["However, run from fire."]),
        ("However, run from fire.", ["However, run from fire."]),
        ("• Nobody enters, unless invited.", ["Nobody enters, unless invited."]),
    ],
)
def test_only_what_stands_beside_a_mark_limits_it(marked: str, expected: list[str]) -> None:
    whole, start = Span(0, len(LISTED.text)), LISTED.text.index(marked)
    passage = Passage("p", LISTED.id, whole, "", (), None, None, sha256_of(""))
    found = exceptions_in(LISTED, [passage], [Span(start, start + len(marked))])
    assert [span.of(LISTED.text) for span in found] == expected


def test_exceptions_are_spans_of_whole_sentences() -> None:
    document = document_of("Nobody enters. However, the nurse may. She knocks.\nUnless it is late.")
    spans = [Span(0, 50), Span(51, len(document.text))]
    passages = [Passage("p", "notes", span, "", (), None, None, sha256_of("")) for span in spans]
    found = exceptions_in(document, passages, [Span(0, 14), Span(39, 50)])
    assert [span.of(document.text) for span in found] == [
        "However, the nurse may.", "Unless it is late.",
    ]  # fmt: skip
