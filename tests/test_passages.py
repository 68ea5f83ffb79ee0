from collections.abc import Callable
from itertools import pairwise

import pytest
from fakes import document_of, words_of
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Passage, Source, sha256_of
from corpus.passages import indexed_text, split_passages
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece
from corpus.reading import make_document


def count_words(text: str) -> int:
    return len(text.split())


def count_characters(text: str) -> int:
    """Count as models do that know single characters only, white space aside."""
    return len("".join(text.split()))


def split(
    document: Document, max_tokens: int, count: Callable[[str], int] = count_words
) -> tuple[Passage, ...]:
    return split_passages(document, count_tokens=count, max_tokens=max_tokens)


def texts_of(document: Document, max_tokens: int) -> list[str]:
    return [passage.text for passage in split(document, max_tokens)]


def indexed_texts(document: Document, max_tokens: int) -> list[str]:
    return [
        indexed_text(document, passage, count_tokens=count_words, max_tokens=max_tokens)
        for passage in split(document, max_tokens)
    ]


def sentence(name: str, words: int) -> str:
    """Return a sentence of that many words, each of which says where it stands."""
    return " ".join(["The", *(f"{name}{n}" for n in range(1, words))]) + "."


def test_a_passage_never_crosses_a_section() -> None:
    document = document_of("before it\n# A\nin a\n# B\n## C\nin c\nmore c")
    found = [(passage.headings, passage.text) for passage in split(document, 100)]
    assert found == [
        ((), "before it"),
        (("A",), "in a"),
        (("B", "C"), "in c\n\nmore c"),
    ]


def test_a_document_of_headings_only_has_no_passage() -> None:
    assert split(document_of("# A\n## B"), 100) == ()


def test_what_is_indexed_is_title_heading_path_lead_in_and_text() -> None:
    items = "\n".join(f"• {sentence('w', 9)}" for _ in range(3))
    document = document_of(f"# A\n## B\nCheck that:\n{items}", title="Guide")
    *_, last = indexed_texts(document, 30)
    assert last.split("\n")[0] == "Guide › A › B"
    assert last.split("\n")[1] == "Check that:"
    assert last.split("\n")[2].startswith("• The w1")


def test_a_heading_that_is_the_title_is_indexed_once() -> None:
    document = document_of("# Guide\n## B\nText.", title="Guide")
    assert indexed_texts(document, 100) == ["Guide › B\nText."]


def test_without_title_and_headings_only_the_text_is_indexed() -> None:
    assert indexed_texts(document_of("Text.", title=""), 100) == ["Text."]


def test_an_endless_heading_path_takes_no_more_than_half_and_keeps_its_end() -> None:
    document = document_of(f"# {'far ' * 50}near\nText here.", title="Guide")
    (text,) = indexed_texts(document, 20)
    head, body = text.split("\n")
    assert body == "Text here."
    assert 1 <= count_words(head) <= 10
    assert head.endswith("far near")


def test_sentences_are_kept_whole() -> None:
    sentences = [sentence(name, 12) for name in "abcd"]
    document = document_of(" ".join(sentences), title="")
    assert texts_of(document, 24) == [" ".join(sentences[:2]), " ".join(sentences[2:])]


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    document = document_of(sentence("w", 40), title="")
    passages = texts_of(document, 12)
    assert " ".join(passages) == document.text
    assert all(count_words(text) in range(8, 13) for text in passages)


def test_a_word_that_is_too_long_is_cut_where_it_must_be() -> None:
    document = document_of("x" * 50, title="")
    passages = split_passages(document, count_tokens=count_characters, max_tokens=20)
    assert "".join(passage.text for passage in passages) == "x" * 50
    assert max(len(passage.text) for passage in passages) <= 20


def test_a_long_text_without_spaces_is_cut_after_punctuation() -> None:
    document = document_of("人権を守る、" * 10, title="", language="ja")
    passages = split_passages(document, count_tokens=count_characters, max_tokens=25)
    assert {passage.text[-1] for passage in passages} == {"、"}
    assert "".join(passage.text for passage in passages) == document.text


def test_passages_are_about_240_tokens_long_where_the_model_could_read_more() -> None:
    document = document_of(" ".join(sentence(f"s{n}w", 10) for n in range(288)), title="")
    lengths = [count_words(text) for text in texts_of(document, 5000)]
    assert sum(lengths) == 2880
    assert 230 <= min(lengths) <= max(lengths) <= 280


@pytest.mark.parametrize("sentences", [21, 25, 41, 49])
def test_no_line_is_left_over_at_the_end_of_a_section(sentences: int) -> None:
    document = document_of(" ".join(sentence(f"s{n}w", 12) for n in range(sentences)), title="")
    lengths = [count_words(text) for text in texts_of(document, 254)]
    assert sum(lengths) == 12 * sentences
    assert min(lengths) >= 120


def test_an_item_that_starts_a_passage_carries_its_lead_in() -> None:
    items = [f"• {sentence(name, 11)}" for name in "abcd"]
    document = document_of("First of all. Check these:\n" + "\n".join(items), title="")
    first, second = split(document, 40)
    assert first.text == "First of all. Check these:\n" + "\n".join(items[:2])
    assert first.lead_in is None
    assert second.text == "\n".join(items[2:])
    assert second.lead_in is not None
    assert second.lead_in.of(document.text) == "Check these:"


def test_no_item_stands_behind_the_lead_in_of_another_list() -> None:
    written = "Bring it to one of these:\n• A box:\n  • by the gate\n  • by the well\n• Any guard"
    document = document_of(written, title="")
    shown = [
        (passage.lead_in.of(document.text) if passage.lead_in else "", passage.text)
        for passage in split(document, 18)
    ]
    assert shown == [
        ("", "Bring it to one of these:\n• A box:\n  • by the gate\n  • by the well"),
        ("Bring it to one of these:", "• Any guard"),
    ]


def test_a_lead_in_is_not_parted_from_its_first_item() -> None:
    before, item = sentence("a", 18), f"• {sentence('i', 22)}"
    document = document_of(f"{before}\nCheck these:\n{item}", title="")
    assert texts_of(document, 26) == [before, f"Check these:\n{item}"]


def test_an_item_that_is_too_long_with_its_lead_in_is_cut() -> None:
    document = document_of(f"Check the five of these:\n• {sentence('a', 17)}", title="")
    texts = indexed_texts(document, 20)
    assert all(count_words(text) <= 20 for text in texts)
    assert texts[-1].startswith("Check the five of these:\n")


def test_an_item_of_a_deeper_level_carries_the_item_above_it() -> None:
    deeper = [f"  • {sentence(name, 11)}" for name in "abcd"]
    written = "Check:\n• The outer one:\n" + "\n".join(deeper) + "\n• Outer again."
    document = document_of(written, title="")
    passages = split(document, 40)
    lead_ins = [
        passage.lead_in.of(document.text) if passage.lead_in else "" for passage in passages
    ]
    starts = [passage.text.split(".")[0].split()[-1] for passage in passages]
    assert dict(zip(starts, lead_ins, strict=True))["c10"] == "• The outer one:"
    outer = [p for p in split(document, 12) if p.text == "• Outer again."]
    assert [p.lead_in.of(document.text) for p in outer if p.lead_in] == ["Check:"]


def test_an_item_after_a_table_or_a_heading_has_no_lead_in() -> None:
    document = document_of("Check these:\nx | y\n• one\n# A\n• two", title="")
    assert [passage.lead_in for passage in split(document, 4)] == [None] * 4
    assert texts_of(document, 4)[-2:] == ["• one", "• two"]


def test_an_endless_lead_in_is_left_out() -> None:
    items = [f"• {sentence(name, 11)}" for name in "ab"]
    document = document_of(sentence("long", 18) + "\n" + "\n".join(items), title="")
    assert [passage.lead_in for passage in split(document, 20)] == [None] * 3


def test_a_row_that_starts_a_passage_carries_the_head_row() -> None:
    rows = [f"row {n} | {'value ' * 8}end" for n in range(4)]
    document = document_of("Country | Rate\n" + "\n".join(rows), title="")
    first, second = split(document, 30)
    assert first.text == "Country | Rate\n" + "\n".join(rows[:2])
    assert first.lead_in is None
    assert second.text == "\n".join(rows[2:])
    assert second.lead_in is not None
    assert second.lead_in.of(document.text) == "Country | Rate"


def test_each_table_has_its_own_head_row() -> None:
    long = "v " * 7
    document = document_of(f"A | B\n{long}| 1\nIn between.\nC | D\n{long}| 2\n{long}| 3", title="")
    *_, last = split(document, 13)
    assert last.text == f"{long}| 3"
    assert last.lead_in is not None
    assert last.lead_in.of(document.text) == "C | D"


def test_ids_survive_a_change_in_another_section() -> None:
    before = split(document_of("# A\nOne thing.\n# B\nOld text."), 100)
    after = split(document_of("# New\nAdded.\n# A\nOne thing.\n# B\nNew text."), 100)
    assert after[1].id == before[0].id
    assert after[1].span != before[0].span
    assert {passage.id for passage in before} & {passage.id for passage in after} == {before[0].id}


def test_the_same_text_in_two_places_has_two_ids() -> None:
    document = document_of("# A\nSame.\n# B\nSame.\n# C\nSame.")
    first, second, third = (passage.id for passage in split(document, 100))
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert first == f"notes:{sha256_of('Same.')[:12]}"


def test_a_passage_opens_at_the_last_anchor_before_it() -> None:
    def block(kind: str, text: str, anchor: str | None) -> ParsedBlock:
        level = 1 if kind == "heading" else 0
        return ParsedBlock(kind, (Piece(text),), level, anchor)  # type: ignore[arg-type]

    blocks = (
        block("heading", "A", "a"),
        block("paragraph", "One two three.", None),
        block("paragraph", "Four five six.", "four"),
        block("paragraph", "Seven eight nine.", None),
        block("heading", "B", None),
        block("paragraph", "Ten.", None),
    )
    source = Source(id="n", file="n.html", work="n", title="")
    document = make_document(ParsedFile(blocks), source, file_sha256="")
    anchors = [(passage.text, passage.anchor) for passage in split(document, 4)]
    assert anchors == [
        ("One two three.", "a"),
        ("Four five six.", "four"),
        ("Seven eight nine.", "four"),
        ("Ten.", None),
    ]


def test_the_limit_holds_for_a_tokenizer_that_counts_white_space() -> None:
    document = document_of("\n".join(f"• item {n}" for n in range(30)), title="Guide")
    passages = split_passages(document, count_tokens=len, max_tokens=40)
    lengths = [
        len(indexed_text(document, passage, count_tokens=len, max_tokens=40))
        for passage in passages
    ]
    assert max(lengths) <= 40


WORDS = st.sampled_from(
    ["a", "bb", "Dr.", "end.", "3.", "第一句。第二", "人権、", "x" * 70, "“So”", "e\u0301", "—"]
)
LINES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw documents as the readers hand them over, some with endless titles and headings."""
    blocks = []
    kinds = st.sampled_from(["heading", "paragraph", "paragraph", "item", "item", "row"])
    for kind in draw(st.lists(kinds, min_size=1, max_size=10)):
        level = draw(st.integers(1, 3)) if kind in ("heading", "item") else 0
        text = draw(LINES) * draw(st.sampled_from([1, 1, 1, 8]))
        blocks.append(ParsedBlock(kind, (Piece(text),), level))  # type: ignore[arg-type]
    source = Source(
        id="d",
        file="d.md",
        work="d",
        title=draw(st.sampled_from(["", "Guide", "An endless title " * 20])),
        language=draw(st.sampled_from(["en", "zh", "xx"])),
    )
    return make_document(ParsedFile(tuple(blocks)), source, file_sha256="")


COUNTS = st.sampled_from([count_words, count_characters, lambda text: len(words_of(text))])
LIMITS = st.sampled_from([1, 2, 3, 7, 20, 64, 254, 1000])


@settings(max_examples=60)
@given(documents(), COUNTS, LIMITS)
def test_what_is_indexed_never_exceeds_the_limit(
    document: Document, count: Callable[[str], int], limit: int
) -> None:
    for passage in split(document, limit, count):
        text = indexed_text(document, passage, count_tokens=count, max_tokens=limit)
        assert count(text) <= limit
        assert passage.text in text


@settings(max_examples=60)
@given(documents(), COUNTS, LIMITS)
def test_every_character_that_counts_is_in_one_passage(
    document: Document, count: Callable[[str], int], limit: int
) -> None:
    times = [0] * len(document.text)
    for passage in split(document, limit, count):
        for position in range(passage.span.start, passage.span.end):
            times[position] += 1
    expected = [0 if character.isspace() else 1 for character in document.text]
    for block in document.blocks:
        if block.kind == "heading":
            expected[block.span.start : block.span.end] = [0] * (block.span.end - block.span.start)
    found = [
        0 if character.isspace() else number
        for character, number in zip(document.text, times, strict=True)
    ]
    assert found == expected
    assert max(times, default=0) <= 1


@settings(max_examples=60)
@given(documents(), COUNTS, LIMITS)
def test_passages_round_trip_to_the_documents_text(
    document: Document, count: Callable[[str], int], limit: int
) -> None:
    passages = split(document, limit, count)
    for passage in passages:
        assert document.text[passage.span.start : passage.span.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert passage.sha256 == sha256_of(passage.text)
        assert passage.document_id == document.id
        (section,) = [one for one in document.sections if one.span.contains(passage.span)]
        assert passage.headings == section.headings
        if passage.lead_in:
            assert passage.lead_in.end <= passage.span.start
            assert section.span.contains(passage.lead_in)
    assert len({passage.id for passage in passages}) == len(passages)
    for passage, following in pairwise(passages):
        assert passage.span.end <= following.span.start
