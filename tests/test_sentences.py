import pytest
from fakes import document_of
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Span
from corpus.sentences import introductions, part_of, sentences_within, split_sentences, trim


def sentences_of(text: str, language: str = "en") -> list[str]:
    spans = split_sentences(text, Span(0, len(text)), language)
    return [span.of(text) for span in spans]


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "See e.g. Art. 5 of the U.N. Charter. Dr. Smith agreed. No. 3 applies."
    assert sentences_of(text) == [
        "See e.g. Art. 5 of the U.N. Charter.",
        "Dr. Smith agreed.",
        "No. 3 applies.",
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "第一句。第二句！", ["第一句。", "第二句！"]),
        ("ar", "هذه جملة. وهذه أخرى؟ نعم.", ["هذه جملة.", "وهذه أخرى؟", "نعم."]),
        ("am", "ሰላም። እንዴት ነህ።", ["ሰላም።", "እንዴት ነህ።"]),
        ("es", "¿Quién vino? El Sr. Ruiz.", ["¿Quién vino?", "El Sr. Ruiz."]),
        ("xx", "One here. Two here.", ["One here.", "Two here."]),
        ("", "One here. Two here.", ["One here.", "Two here."]),
    ],
)
def test_every_language_is_split(language: str, text: str, expected: list[str]) -> None:
    assert sentences_of(text, language) == expected


@pytest.mark.parametrize(
    "text",
    ["3. Report every incident.", "iv. Report it.", "1.2. Report it."],
)
def test_a_number_stays_with_the_sentence_it_numbers(text: str) -> None:
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mined by hand.1 For many.", ["Mined by hand.1 ", "For many."]),
        ("He said “stop.”12 “Why?”", ["He said “stop.”12 ", "“Why?”"]),
        ("Rates rose by 1.5 In all.", ["Rates rose by 1.5 In all."]),
        ("See No.1 Gate Street.", ["See No.1 Gate Street."]),
    ],
)
def test_a_sentence_ends_with_the_mark_of_its_note(text: str, expected: list[str]) -> None:
    assert sentences_of(text) == [sentence.strip() for sentence in expected]


def test_a_splitter_that_loses_text_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.sentences.segment", lambda language, text: text.split(" ", 1))
    assert sentences_of("One here.") == ["One here."]


def test_only_the_span_is_split() -> None:
    text = "Cut off. One here. Two he"
    assert split_sentences(text, Span(4, 21)) == (Span(4, 8), Span(9, 18), Span(19, 21))


@pytest.mark.parametrize("blank", ["", " ", "\n\n\t "])
def test_a_blank_span_has_no_sentences(blank: str) -> None:
    assert sentences_of(blank) == []


def test_white_space_is_trimmed_from_both_ends() -> None:
    assert trim(" \n a b\t ", Span(1, 8)) == Span(3, 6)
    assert trim("a  b", Span(1, 3)) == Span(3, 3)


# Words, sentence ends, and what a splitter may stumble over, in several scripts.
PARTS = [
    "One", "dog.", "Dr.", "e.g.", "3.", "?!", "...", " ", "  ", "\n", "\n\n", "\t", "\u2003", "•",
    "مرحبا", "؟", "第一句。", "「引用。」", "नमस्ते।", "สวัสดี", "ሰላም።", "e\u0301", "\u200d", "😀", '"',
    ")", "\N{REPLACEMENT CHARACTER}",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)
LANGUAGES = st.sampled_from(["en", "zh", "ar", "hi", "xx", ""])


@given(TEXTS, LANGUAGES, st.data())
def test_sentences_are_in_order_and_lose_nothing_but_white_space(
    text: str, language: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    sentences = split_sentences(text, span, language)
    edges = [edge for sentence in sentences for edge in (sentence.start, sentence.end)]
    assert [span.start, *edges, span.end] == sorted([span.start, *edges, span.end])
    assert all(sentence.of(text).strip() == sentence.of(text) != "" for sentence in sentences)
    together = "".join(sentence.of(text) for sentence in sentences)
    assert "".join(together.split()) == "".join(span.of(text).split())


def test_no_sentence_runs_from_one_block_into_the_next() -> None:
    document = document_of("# No full stop\nA list of\n• one thing\n• two. And more\nx | y\nz | w")
    whole = Span(0, len(document.text))
    found = [sentence.of(document.text) for sentence in sentences_within(document, whole, "en")]
    assert found[:3] == ["No full stop", "A list of", "• one thing"]
    assert " ".join(found[3:]) == "• two. And more x | y z | w"
    assert found[-2:] == ["x | y", "z | w"]


def test_a_row_of_a_table_is_one_sentence() -> None:
    document = document_of("Question | Answer\nMay they arrest? | No. Only the police may.")
    found = sentences_within(document, Span(0, len(document.text)), "en")
    assert [sentence.of(document.text) for sentence in found] == [
        "Question | Answer",
        "May they arrest? | No. Only the police may.",
    ]


def test_sentences_within_a_span_are_cut_at_its_ends() -> None:
    document = document_of("First one here. Second one here.\nThird one here.")
    inside = Span(document.text.index("one"), document.text.index("Third") + 5)
    found = [sentence.of(document.text) for sentence in sentences_within(document, inside, "en")]
    assert found == ["one here.", "Second one here.", "Third"]
    assert sentences_within(document, Span(3, 3), "en") == ()


def test_sentences_are_split_by_the_rules_of_the_language() -> None:
    document = document_of("Das gilt bzw. Das gilt nicht.")
    span = Span(0, len(document.text))
    assert len(sentences_within(document, span, "en")) == 2
    assert len(sentences_within(document, span, "de")) == 1


def test_a_sentence_knows_what_it_is_part_of() -> None:
    written = "Read.\nWho | What\nA | Asks\n• Wait.\nAlone | Here\nEnd.\nSay it | Then stop.\nC | D"
    document = document_of(written)
    spans = sentences_within(document, Span(0, len(document.text)), "en")
    assert [part_of(document, span) for span in spans] == [
        "text", "head", "row", "item", "row", "text", "row", "row",
    ]  # fmt: skip


def introduced(written: str) -> dict[str, list[str]]:
    """Return for each sentence of a document what introduces it."""
    document = document_of(written)
    spans = sentences_within(document, Span(0, len(document.text)), "en")
    return {
        span.of(document.text): [
            one.of(document.text) for one in introductions(document, span, "en")
        ]
        for span in spans
    }


def test_an_item_has_what_introduces_it_and_no_other_text_has() -> None:
    written = "Go. Ask for:\n• papers, such as\n  • a pass;\n• names.\nStop.\n• Wait.\n  • Look."
    assert introduced(written) == {
        "Go.": [],
        "Ask for:": [],
        "• papers, such as": ["Ask for:"],
        "• a pass;": ["Ask for:", "papers, such as"],
        "• names.": ["Ask for:"],
        "Stop.": [],
        "• Wait.": [],
        "• Look.": ["Wait."],
    }
    endless = f"• {'Wait there. ' * 7}\n  • Look."
    assert introduced(endless)["• Look."] == []


def test_a_row_has_the_head_of_its_table() -> None:
    assert introduced("Go.\nWho | What\nA | Asks\nB | Waits\nStop.\nC | Goes. | D") == {
        "Go.": [],
        "Who | What": [],
        "A | Asks": ["Who | What"],
        "B | Waits": ["Who | What"],
        "Stop.": [],
        "C | Goes. | D": [],
    }
