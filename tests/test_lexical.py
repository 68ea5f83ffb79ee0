import math
from pathlib import Path

import pytest

from index.lexical import LexicalIndex, terms_of

TEXTS = ["cat dog", "cat cat bird", "fish"]


def index_of(*texts: str, language: str = "en") -> LexicalIndex:
    return LexicalIndex.of((text, language) for text in texts)


def bm25(frequency: int, length: int, *, holding: int, passages: int, mean: float) -> float:
    """Return BM25 of one term as Lucene has it, k1 = 1.2, b = 0.75."""
    inverse = math.log(1 + (passages - holding + 0.5) / (holding + 0.5))
    return inverse * frequency / (frequency + 1.2 * (1 - 0.75 + 0.75 * length / mean))


def test_bm25_of_three_passages_is_as_worked_out_by_hand() -> None:
    index = index_of(*TEXTS)
    # ln(1.6) * 1 / 2.2 and ln(1.6) * 2 / 3.65: the passages have two terms on average.
    assert index.bm25("cat").tolist() == pytest.approx([0.213638, 0.257536, 0], abs=1e-6)
    assert index.bm25("cat").tolist() == pytest.approx(
        [
            bm25(1, 2, holding=2, passages=3, mean=2),
            bm25(2, 3, holding=2, passages=3, mean=2),
            0,
        ]
    )


def test_bm25_of_several_terms_is_their_sum() -> None:
    index = index_of(*TEXTS)
    expected = index.bm25("cat") + index.bm25("bird") + index.bm25("fish")
    assert index.bm25("fish, cat & bird!").tolist() == pytest.approx(expected.tolist())
    assert expected[2] == pytest.approx(bm25(1, 1, holding=1, passages=3, mean=2))


def test_a_term_that_a_query_repeats_counts_once() -> None:
    index = index_of(*TEXTS)
    assert index.bm25("cat cats CAT").tolist() == index.bm25("cat").tolist()


@pytest.mark.parametrize(
    "query", ["", "  ?!", "the of and", "unheard", "\x00\ud800", "x" * 100_000]
)
def test_a_query_that_shares_no_term_is_0_everywhere(query: str) -> None:
    assert index_of(*TEXTS).bm25(query).tolist() == [0, 0, 0]


@pytest.mark.parametrize("texts", [(), ("",), ("the", "?!", "")])
def test_an_index_without_terms_is_0_everywhere(texts: tuple[str, ...], tmp_path: Path) -> None:
    index = index_of(*texts)
    assert (len(index), index.bm25("cat").tolist()) == (len(texts), [0] * len(texts))
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    assert (len(loaded), loaded.bm25("cat").tolist()) == (len(texts), [0] * len(texts))


def test_a_passage_without_terms_does_not_move_the_others() -> None:
    found = index_of("", "cat", "?!").bm25("cat")
    assert found.tolist() == pytest.approx([0, bm25(1, 1, holding=1, passages=3, mean=1 / 3), 0])


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The soldiers were RUNNING", ["soldier", "were", "run"]),
        ("en", "article 5.2 of ISO-45001", ["articl", "5", "2", "iso", "45001"]),
        ("en", "CAFÉ", ["café"]),
        ("fr", "les soldats couraient", ["le", "soldat", "cour"]),
        ("es", "los soldados corrían", ["los", "sold", "corr"]),
        ("de", "Die Straßen", ["die", "strass"]),
        ("ru", "права человека", ["прав", "человек"]),
        ("xx", "the soldiers", ["the", "soldiers"]),
        ("xx", "STRASSE Straße", ["strasse", "strasse"]),
        ("zh", "人权保护", ["人权", "权保", "保护"]),
        ("zh", "人", ["人"]),
        ("ja", "東京tower 2", ["東京", "tower", "2"]),
        ("th", "สวัสดี", ["สว", "วั", "ัส", "สด", "ดี"]),
    ],
)
def test_terms_are_those_of_the_language(language: str, text: str, expected: list[str]) -> None:
    assert terms_of(text, language) == expected


@pytest.mark.parametrize(
    ("language", "word"),
    [("hi", "हिन्दी"), ("ar", "عَرَبِي"), ("ta", "தமிழ்"), ("fr", "e\u0301te\u0301")],
)
def test_a_word_with_combining_marks_is_one_term(language: str, word: str) -> None:
    assert len(terms_of(word, language)) == 1


def test_each_passage_is_stemmed_by_its_own_language() -> None:
    index = LexicalIndex.of([("soldiers running", "en"), ("soldats couraient", "fr")])
    assert [value > 0 for value in index.bm25("soldier runs")] == [True, False]
    assert [value > 0 for value in index.bm25("le soldat court, il courait")] == [False, True]


def test_only_terms_that_stand_side_by_side_in_that_order_are_a_phrase() -> None:
    index = index_of("use of force", "force the use", "use no great force", "force")
    assert [value > 0 for value in index.phrases("the use of force")] == [True, False, False, False]
    assert index.phrases("force").tolist() == [0] * 4


def test_an_index_is_the_same_after_saving(tmp_path: Path) -> None:
    index = LexicalIndex.of([("cat dogs", "en"), ("les chats", "fr"), ("人权保护", "zh")])
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    assert len(loaded) == 3
    for query in ["dog", "chat", "人权", "none of them"]:
        assert loaded.bm25(query).tolist() == index.bm25(query).tolist()
        assert loaded.phrases(query).tolist() == index.phrases(query).tolist()
    assert loaded.bm25("chats").tolist()[1] > 0


def test_the_share_of_a_querys_terms_counts_rare_ones_more() -> None:
    index = index_of(*TEXTS)
    once, twice = math.log(4 / 2), math.log(4 / 3)  # of "dog" and "bird", and of "cat"
    shares = index.shares("a cat, a dog and a dog?", [0, 1, 2])
    assert shares.tolist() == pytest.approx([1, twice / (once + twice), 0])
    assert index.shares("dog zebra", [0]).tolist() == pytest.approx([once / (once + math.log(4))])


def test_a_share_is_in_the_language_in_which_it_is_most() -> None:
    index = LexicalIndex.of([("les chiens courent", "fr"), ("dogs run", "en")])
    assert index.shares("chien", [0, 1]).tolist() == [1, 0]
    assert index.shares("dog", [0, 1]).tolist() == [0, 1]


@pytest.mark.parametrize("query", ["", "the", "zebra"])
def test_no_row_has_a_share_of_terms_that_no_passage_has(query: str) -> None:
    assert index_of(*TEXTS).shares(query, [0, 2]).tolist() == [0, 0]
    assert index_of().shares(query, []).tolist() == []
