import pytest
from fakes import document_of

from assistant.answer import RankedPassage
from assistant.citations import ReadPassage, Sentence
from assistant.short_answer import PROTECTS_FROM, TOLD_FROM, short_answer
from corpus.documents import Document, Passage, Span, sha256_of
from corpus.sentences import part_of
from index.chosen import Worth
from index.search import Hit


def read(
    number: int,
    document: Document,
    *sentences: tuple[str, float],
    likeness: float = 0,
    fused: float = 0,
    span: str = "",
    lead_in: str = "",
) -> ReadPassage:
    """Return a passage with sentences of its document, each with its likeness."""
    shown, before = (_found(text, document) for text in (span, lead_in))
    passage = Passage("p", document.id, shown, "", (), None, before, sha256_of(""))
    hit = Hit(0, passage, cosine=0, bm25=0, phrases=0, late_interaction=likeness, fused=fused)
    spans = [(document.text.index(text), len(text), near) for text, near in sentences]
    placed = [(Span(start, start + length), near) for start, length, near in spans]
    found = tuple(Sentence(span, near, part_of(document, span)) for span, near in placed)
    return ReadPassage(RankedPassage(number, hit), document, found)


def _found(text: str, document: Document) -> Span:
    start = document.text.index(text)
    return Span(start, start + len(text))


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


def test_a_sentence_that_situations_tell_of_comes_before_one_as_near() -> None:
    passage = read(1, GATE, ("The gate is shut.", 0.5), ("A lamp burns.", 0.4))
    gate, lamp = passage.sentences
    taught = passage._replace(sentences=(gate, lamp._replace(worth=Worth(1.0))))
    assert [one.text for one in short_answer([passage])] == ["The gate is shut."]
    assert [one.text for one in short_answer([taught])] == ["A lamp burns."]


@pytest.mark.parametrize("protects", [True, False])
def test_what_keeps_people_from_harm_is_not_left_out(protects: bool) -> None:
    texts = ("The gate is shut.", 0.9), ("Let armed men pass.", 0.1), ("A lamp burns.", 0.85)
    document = document_of(" ".join(text for text, _ in texts))
    gate, armed, lamp = read(1, document, *texts).sentences
    told = armed._replace(worth=Worth(PROTECTS_FROM, protects))
    first = read(1, document, *texts)._replace(sentences=(gate, told, lamp))
    second = read(2, document, *texts)._replace(sentences=(told,))
    found = [(one.number, one.text) for one in short_answer([first, second])]
    expected = [(1, "The gate is shut."), (1, "Let armed men pass."), (1, "A lamp burns.")]
    assert found == [one for one in expected if protects or "armed" not in one[1]]
    lesser = first._replace(sentences=(gate, told._replace(worth=Worth(0.1, protects)), lamp))
    assert len(short_answer([lesser])) == 2


def test_there_is_none_without_passages() -> None:
    assert short_answer([]) == ()


def test_a_sentence_of_a_nearer_passage_comes_before_one_as_near() -> None:
    passages = [
        read(1, GATE, ("The gate is shut.", 0.5), likeness=0.2),
        read(2, GATE, ("A lamp burns.", 0.5), likeness=0.2),
        read(3, RIVER, ("The river is far.", 0.5), likeness=0.6),
    ]
    found = [one.text for one in short_answer(passages)]
    assert found == ["The gate is shut.", "The river is far."]


def test_the_best_of_the_first_passage_is_always_there() -> None:
    passages = [
        read(1, GATE, ("The gate is shut.", 0.1), ("A lamp burns.", 0.2)),
        read(2, RIVER, ("The river is far.", 0.9)),
    ]
    found = [one.text for one in short_answer(passages)]
    assert found == ["A lamp burns.", "The river is far."]


def test_a_sentence_of_a_passage_that_stands_higher_comes_before_one_as_near() -> None:
    passages = [
        read(1, GATE, ("The gate is shut.", 0.5), fused=9),
        read(2, RIVER, ("The river is far.", 0.5), fused=8),
        read(3, GATE, ("A lamp burns.", 0.5), fused=-3),
    ]
    found = [one.text for one in short_answer(passages)]
    assert found == ["The gate is shut.", "The river is far."]


LETTER = document_of("Ask for a letter. It names the unit. They sign. Pay nobody.")


def test_a_sentence_that_points_back_comes_with_the_one_before_it() -> None:
    letter = ("Ask for a letter.", 0.1), ("It names the unit.", 0.9)
    found = [one.text for one in short_answer([read(1, LETTER, *letter)])]
    assert found == ["Ask for a letter.", "It names the unit."]


def test_a_sentence_that_points_back_to_nothing_is_left_out_unless_it_is_alone() -> None:
    names = ("It names the unit.", 0.9)
    (found,) = short_answer([read(1, LETTER, names, ("Pay nobody.", 0.2))])
    assert found.text == "Pay nobody."
    (found,) = short_answer([read(1, LETTER, names)])
    assert found.text == "It names the unit."


def test_one_that_points_back_is_left_out_if_there_is_no_room_for_both() -> None:
    others = [read(number, GATE, (text, 0.95)) for number, text in enumerate(GATE_TEXTS, 1)]
    letter = ("Ask for a letter.", 0.1), ("It names the unit.", 0.9)
    found = [one.text for one in short_answer([*others, read(3, LETTER, *letter)])]
    assert found == list(GATE_TEXTS)


GATE_TEXTS = ("Guards stand there.", "A lamp burns.")


def test_a_head_row_is_no_answer_and_rows_yield_to_text() -> None:
    table = document_of("Who | What\nA | Asks\nB | Waits\nAsk them.")
    rows = ("Who | What", 0.9), ("A | Asks", 0.85), ("B | Waits", 0.85)
    first = read(1, RIVER, ("The river is far.", 0.9))
    found = [one.text for one in short_answer([first, read(2, table, *rows, ("Ask them.", 0.75))])]
    assert found == ["The river is far."]
    found = [one.text for one in short_answer([read(1, table, *rows)])]
    assert found == ["A | Asks", "B | Waits"]
    found = [one.text for one in short_answer([read(1, table, rows[0])])]
    assert found == ["Who | What"]


def test_a_row_that_situations_tell_of_does_not_yield() -> None:
    table = document_of("Who | What\nA | Asks\nB | Waits\nAsk them.")
    passage = read(1, table, ("A | Asks", 0.5), ("B | Waits", 0.5), ("Ask them.", 0.8))
    assert [one.text for one in short_answer([passage])] == ["Ask them."]
    first, *others = passage.sentences
    told = passage._replace(sentences=(first._replace(worth=Worth(TOLD_FROM)), *others))
    found = [one.text for one in short_answer([told])]
    assert found == ["A | Asks", "Ask them."]


LIST = document_of("Ask for this:\n• a list of posts;\n• the rules. See https://a.example/rules.")


def test_neither_a_lead_in_nor_an_address_is_an_answer_and_items_come_without_their_bullet() -> (
    None
):
    lead_in, item = "Ask for this:", "• a list of posts;"
    passage = read(1, LIST, (lead_in, 0.9), (item, 0.8), ("See https://a.example/rules.", 0.9))
    *_, found = short_answer([passage])
    assert found.text == "a list of posts;" == LIST.text[found.start : found.end]


FORCE = document_of(
    "Keep calm. Never shoot at anyone except:\n• in defence against death, where\n"
    "  • nothing else helps;\n  • a warning was given;\n• as the law says. Report it."
)


def test_a_list_item_comes_with_what_introduces_it_once() -> None:
    items = ("• nothing else helps;", 0.9), ("• a warning was given;", 0.9)
    found = [one.text for one in short_answer([read(1, FORCE, *items, span=FORCE.text)])]
    assert found == [
        "Never shoot at anyone except:",
        "in defence against death, where",
        "nothing else helps;",
        "a warning was given;",
    ]


def test_an_introduction_that_the_citation_does_not_show_is_left_out() -> None:
    item = ("• as the law says.", 0.9)
    (found,) = short_answer([read(1, FORCE, item, span="• as the law says. Report it.")])
    assert found.text == "as the law says."
    lead_in = "Never shoot at anyone except:"
    passage = read(1, FORCE, item, span="• as the law says. Report it.", lead_in=lead_in)
    assert [one.text for one in short_answer([passage])] == [lead_in, "as the law says."]


AID = document_of(
    "Support can help. It can also fuel abuse. Give no arms unless agreed.\nKeep lists."
)


def test_a_sentence_comes_with_the_next_that_limits_it_or_goes_on_about_it() -> None:
    aid = ("Support can help.", 0.9), ("It can also fuel abuse.", 0.1)
    found = [one.text for one in short_answer([read(1, AID, *aid, ("Keep lists.", 0.1))])]
    assert found == ["Support can help.", "It can also fuel abuse."]
    arms = ("It can also fuel abuse.", 0.1), ("Give no arms unless agreed.", 0.1)
    found = [one.text for one in short_answer([read(1, AID, ("Support can help.", 0.9), *arms)])]
    assert found == ["Support can help.", "It can also fuel abuse."]


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


def test_a_note_is_no_answer_unless_there_is_nothing_else_and_its_mark_is_left_out() -> None:
    law = document_of("Gold is dug by hand.1 See Art.5\n1 National laws differ.")
    note = ("1 National laws differ.", 0.9)
    found = short_answer([read(1, law, ("Gold is dug by hand.1", 0.3), ("See Art.5", 0.3), note)])
    assert [one.text for one in found] == ["Gold is dug by hand.", "See Art.5"]
    (found_alone,) = short_answer([read(1, law, note)])
    assert found_alone.text == "1 National laws differ."
