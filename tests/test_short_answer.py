import pytest
from fakes import document_of

from assistant.answer import RankedPassage
from assistant.citations import ReadPassage, Sentence
from assistant.short_answer import short_answer
from corpus.documents import Document, Passage, Span, sha256_of
from index.search import Hit


def read(
    number: int, document: Document, *sentences: tuple[str, float], likeness: float = 0
) -> ReadPassage:
    """Return a passage with sentences of its document, each with its likeness."""
    passage = Passage("p", document.id, Span(0, 1), "", (), None, None, sha256_of(""))
    hit = Hit(0, passage, cosine=0, bm25=0, phrases=0, late_interaction=likeness, fused=0)
    spans = [(document.text.index(text), len(text), near) for text, near in sentences]
    found = tuple(Sentence(Span(start, start + length), one) for start, length, one in spans)
    return ReadPassage(RankedPassage(number, hit), document, found)


GATE = document_of("The gate is shut. Guards stand there. A lamp burns. The gate is shut!")
RIVER = document_of("The river is far. Nobody may cross it.")


def test_it_has_the_best_sentences_of_all_passages_in_their_order() -> None:
    found = short_answer(
        [
            read(1, GATE, ("Guards stand there.", 0.85), ("A lamp burns.", 0.2)),
            read(2, RIVER, ("The river is far.", 0.88), ("Nobody may cross it.", 0.9)),
        ]
    )
    assert [(one.number, one.text) for one in found] == [
        (1, "Guards stand there."),
        (2, "The river is far."),
        (2, "Nobody may cross it."),
    ]
    assert [GATE.text[one.start : one.end] for one in found[:1]] == ["Guards stand there."]


def test_it_has_three_sentences_at_most() -> None:
    texts = ("The gate is shut.", "Guards stand there.", "A lamp burns.")
    passages = [
        read(1, GATE, *((text, 0.9) for text in texts)),
        read(2, RIVER, ("The river is far.", 0.9)),
    ]
    assert [one.number for one in short_answer(passages)] == [1, 1, 1]


def test_what_was_said_is_not_said_again() -> None:
    found = short_answer([read(1, GATE, ("The gate is shut.", 0.9), ("The gate is shut!", 0.9))])
    assert [one.text for one in found] == ["The gate is shut."]


def test_there_is_none_without_passages() -> None:
    assert short_answer([]) == ()


def test_a_sentence_of_a_nearer_passage_comes_before_one_as_near() -> None:
    passages = [
        read(1, GATE, ("The gate is shut.", 0.5), likeness=0.2),
        read(2, RIVER, ("The river is far.", 0.5), likeness=0.6),
    ]
    assert [one.text for one in short_answer(passages)] == ["The river is far."]


LIST = document_of("Ask for this:\n• a list of posts;\n• the rules. See https://a.example/rules.")


def test_neither_a_lead_in_nor_an_address_is_an_answer_and_items_come_without_their_bullet() -> (
    None
):
    lead_in, item = "Ask for this:", "• a list of posts;"
    passage = read(1, LIST, (lead_in, 0.9), (item, 0.8), ("See https://a.example/rules.", 0.9))
    (found,) = short_answer([passage])
    assert found.text == "a list of posts;" == LIST.text[found.start : found.end]


@pytest.mark.parametrize(
    "question",
    [
        "Is it shut?",
        "They ask: “Is it shut?”",
        "¿Está cerrada?",
        "(Est-elle fermée ?)",
        "门关了吗？",
    ],
)
def test_a_question_is_no_answer_unless_there_is_nothing_else(question: str) -> None:
    gate = document_of(f"{question}\nGuards stand there.")
    asking = (question, 0.9)
    (found,) = short_answer([read(1, gate, asking, ("Guards stand there.", 0.3))])
    assert found.text == "Guards stand there."
    (found,) = short_answer([read(1, gate, asking)])
    assert found.text == question
