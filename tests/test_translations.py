"""A text that is there in the question's language comes first in that language."""

import pytest
from fakes import WordEmbedder, document_of

from assistant.answer import Answer, Query
from assistant.confidence import Calibration
from assistant.engine import Assistant
from assistant.queries import to_query
from assistant.translations import Translations, language_of
from index.build import build_snapshot
from index.snapshot import SnapshotStore

ALWAYS = Calibration(1.0, 0.0, 0.0, related_from=0.1, answered_from=0.1)
EN = document_of("The gate opens at six.", source_id="en", work="gate", language="en")
ES = document_of("Who should wait for guards at gate", source_id="es", work="gate", language="es")
RIVER = document_of("Who should wait at rivers", source_id="river", work="river", language="es")
QUESTION = "Who should wait for guards at the gate?"


def asked(store: SnapshotStore, question: str, **filters: tuple[str, ...]) -> Answer:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot([EN, ES, RIVER], embedder=embedder, model="words", store=store)
    assistant = Assistant(snapshot, embedder)
    assistant.calibration = ALWAYS
    return assistant.ask(question, filters=filters)


def order(answer: Answer) -> list[str]:
    return [one.document_id for one in answer.citations]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What are the Voluntary Principles?", "en"),
        ("¿Cómo se informa de un incidente?", "es"),
        ("Que sont les Principes volontaires ?", "fr"),
        ("MoU", None),
        ("community liaison officer", None),
        ("", None),
    ],
)
def test_the_language_of_a_question_is_told_only_where_it_is_clear(
    question: str, language: str | None
) -> None:
    assert language_of(to_query(question)) == language


def test_a_question_without_a_clear_language_has_that_of_what_it_leans_on() -> None:
    history = (("user", "¿Cómo se informa de un incidente?"),)
    assert language_of(to_query("¿quién?", history=history)) == "es"


def test_what_is_there_in_the_language_of_the_question_comes_before_its_translation(
    store: SnapshotStore,
) -> None:
    answer = asked(store, QUESTION)
    assert order(answer) == ["river", "en", "es"]
    assert answer.citations[0].language == "es"  # there in no other


def test_without_a_clear_language_passages_come_as_they_rank(store: SnapshotStore) -> None:
    assert order(asked(store, "Who? Guards?"))[0] == "es"


def test_a_translation_that_the_reader_narrowed_to_keeps_its_place(store: SnapshotStore) -> None:
    assert set(order(asked(store, QUESTION, language=("es",)))) == {"es", "river"}
    query = Query(QUESTION, {"language": ("es",)}, QUESTION)
    assert Translations([EN, ES, RIVER]).instead_of(query) == set()
    assert Translations([EN, ES, RIVER]).instead_of(Query(QUESTION, {}, QUESTION)) == {"es"}


def test_only_works_in_several_languages_have_translations() -> None:
    other = document_of("Old.", source_id="old", work="river", language="es", status="superseded")
    assert Translations([EN, ES, RIVER, other]).documents == (EN, ES)


@pytest.mark.parametrize(
    ("question", "translated"),
    [
        ("gate", {"es"}),  # "la puerta" in the other
        ("puerta", {"en"}),
        ("Toolkit", set()),  # named in both
        ("gate puerta", set()),
        ("drones", set()),
        ("", set()),
    ],
)
def test_a_few_words_have_the_language_whose_texts_have_them(
    question: str, translated: set[str]
) -> None:
    english = document_of("The Toolkit: gate. " * 9, source_id="en", work="gate", language="en")
    spanish = document_of("El Toolkit: puerta. " * 9, source_id="es", work="gate", language="es")
    query = Query(question, {}, question)
    assert Translations([english, spanish]).instead_of(query) == translated
