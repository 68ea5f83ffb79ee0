"""What a reader may have meant, and what may be asked next."""

from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from page_fixtures import DOCUMENT, answer_of, citation_of

from assistant.choices import Choice, choices_of, followups_of, limits_of
from corpus.documents import Document, Section, Span
from index.snapshot import Snapshot


def document(name: str, **fields: Any) -> Document:
    return replace(DOCUMENT, source=replace(DOCUMENT.source, id=name, work=name, **fields))


@dataclass
class FakeSnapshot:
    documents: dict[str, Document]


def snapshot_of(*documents: Document) -> Snapshot:
    return cast(Snapshot, FakeSnapshot({one.id: one for one in documents}))


PUBLIC = document("public", area="Working with Public Security Forces")
PRIVATE = document("private", area="Working with Private Security Providers")


def cited(*documents: Document) -> tuple[Any, ...]:
    return tuple(replace(citation_of(), document_id=one.id, work=one.id) for one in documents)


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("How should they be vetted?", 2),
        ("How should forces be trained?", 2),
        ("How should police be vetted?", 0),
        ("How should private guards be vetted?", 0),
        ("¿Cómo se capacitan los soldados?", 0),
        ("如何培训保安？", 0),
    ],
)
def test_public_or_private_is_asked_only_where_the_question_names_neither(
    question: str, offered: int
) -> None:
    answer = answer_of(*cited(PRIVATE, PUBLIC), question=question)
    assert len(choices_of(answer, snapshot_of(PUBLIC, PRIVATE))) == offered


def test_the_other_side_is_offered_although_all_passages_are_on_one() -> None:
    answer = answer_of(*cited(PUBLIC), question="How should they be vetted?")
    values = [one.value for one in choices_of(answer, snapshot_of(PUBLIC, PRIVATE))]
    assert values == [PUBLIC.source.area, PRIVATE.source.area]
    assert choices_of(answer, snapshot_of(PUBLIC)) == ()  # there is nothing to choose from


def test_nothing_is_asked_if_the_answer_is_about_something_else() -> None:
    water = document("water", area="Water")
    snapshot = snapshot_of(PUBLIC, PRIVATE, water)
    question = "How should they be tested?"
    assert choices_of(answer_of(*cited(water, PUBLIC), question=question), snapshot) == ()
    assert choices_of(answer_of(question=question), snapshot) == ()
    both = answer_of(*cited(water, PUBLIC, PRIVATE), question=question)
    assert len(choices_of(both, snapshot)) == 2


def test_other_editions_of_the_first_work_are_offered() -> None:
    old = document("public-2016", edition="2016", status="superseded")
    old = replace(old, source=replace(old.source, work="public"))
    french = replace(old, source=replace(old.source, id="fr", language="fr", edition="2015"))
    snapshot = snapshot_of(PUBLIC, PRIVATE, old, french)
    answer = answer_of(*cited(PUBLIC), question="police?")
    assert choices_of(answer, snapshot) == (Choice("edition", "2016", "superseded"),)


def test_the_headings_that_follow_are_offered_and_not_those_cited() -> None:
    sections = tuple(
        Section(("Gates", name), Span(start, start + 10))
        for start, name in ((0, "A"), (10, "B"), (20, "C"), (30, "D"), (40, "E"))
    )
    one = replace(document("gates"), sections=sections)
    best = replace(citation_of(), start=12, end=18, headings=("Gates", "B"))
    other = replace(best, headings=("Gates", "D"))
    assert followups_of(answer_of(best, other), snapshot_of(one)) == ("C", "E", "A")
    related = replace(answer_of(best), outcome="related")
    assert followups_of(related, snapshot_of(one)) == ()


def test_limits_are_cut_from_the_text() -> None:
    answer = answer_of(replace(citation_of(), exceptions=((62, 84),)), citation_of())
    assert limits_of(answer, snapshot_of(DOCUMENT)) == (("Drivers stop at night.",), ())
