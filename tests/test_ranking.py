import pytest

from assistant.ranking import rank_passages
from corpus.documents import Passage, Span, sha256_of
from index.search import Hit


def hit(text: str, row: int = 0, headings: tuple[str, ...] = ()) -> Hit:
    span = Span(0, len(text))
    passage = Passage(f"d:{row}", "d", span, text, headings, None, None, sha256_of(text))
    return Hit(row, passage, cosine=0.1, bm25=0.2, phrases=0, late_interaction=0.3, fused=-row)


def shown(*texts: str, limit: int = 10) -> list[tuple[int, str]]:
    hits = [hit(text, row) for row, text in enumerate(texts)]
    return [(one.number, one.hit.passage.text) for one in rank_passages(hits, limit=limit)]


def test_passages_keep_their_order_and_are_numbered_from_one() -> None:
    assert shown("b", "a", "c") == [(1, "b"), (2, "a"), (3, "c")]


def test_at_most_the_limit_is_shown() -> None:
    assert shown("b", "a", "c", limit=2) == [(1, "b"), (2, "a")]
    assert shown("b", limit=2) == [(1, "b")]
    assert shown(limit=2) == []


def test_the_same_words_are_shown_once_at_their_best_place() -> None:
    assert shown("The gate – it is shut.", "b", "the GATE, it is  shut!") == [
        (1, "The gate – it is shut."),
        (2, "b"),
    ]


def test_twins_are_kept_with_the_best_of_them() -> None:
    hits = [hit(text, row) for row, text in enumerate(["a", "b", "A!", "c", "a"])]
    first, second = rank_passages(hits, limit=2)
    assert [twin.row for twin in first.twins] == [2, 4]
    assert second.twins == ()


def test_the_next_passage_takes_the_place_of_a_twin() -> None:
    assert shown("a", "A", "a", "b", "c", limit=2) == [(1, "a"), (2, "b")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("$500", "€500"),
        ("x < 5", "x > 5"),
        ("1.5", "1 5"),
        ("at -5", "at 5"),
        ("5 %", "5"),
        ("कि", "की"),
        ("a gate", "agate"),
        ("rule 1.2", "rule 1.3"),
        ("Straße", "Strase"),
        ("حارس", "حراس"),
    ],
)
def test_passages_that_differ_in_a_word_are_both_shown(first: str, second: str) -> None:
    assert shown(first, second) == [(1, first), (2, second)]


def test_letter_case_is_that_of_every_language() -> None:
    assert shown("STRASSE", "Straße") == [(1, "STRASSE")]


@pytest.mark.parametrize(
    ("first", "second"), [("Stop here.", "Stop here"), ("• Stop here", "Stop here"), ("a ", "a")]
)
def test_marks_at_the_ends_make_no_difference(first: str, second: str) -> None:
    assert shown(first, second) == [(1, first)]


def test_of_twins_that_of_a_current_edition_is_shown_at_the_best_place() -> None:
    hits = [hit("a gate", 0), hit("b", 1), hit("A gate!", 2), hit("a  gate", 3)]
    first, second = rank_passages(hits, limit=2, is_current=lambda one: one.row >= 2)
    assert (first.hit.row, [twin.row for twin in first.twins]) == (2, [0, 3])
    assert second.hit.row == 1


RULES = [f"Rule {n}: every guard wears a badge and a numbered vest at gate {n}." for n in range(5)]


def test_passages_of_a_section_that_repeat_each_other_leave_places_for_others() -> None:
    hits = [hit(rule, row) for row, rule in enumerate(RULES)] + [hit("The river is high.", 9)]
    assert [one.hit.row for one in rank_passages(hits, limit=5)] == [0, 1, 9, 2, 3]


def test_passages_of_several_sections_keep_their_order() -> None:
    hits = [hit(rule, row, headings=(str(row),)) for row, rule in enumerate(RULES)]
    hits.append(hit("The river is high.", 9))
    assert [one.hit.row for one in rank_passages(hits, limit=5)] == [0, 1, 2, 3, 4]
