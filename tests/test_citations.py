import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from fakes import WordEmbedder, document_of

from assistant.answer import Answer, Citation, RankedPassage, to_json
from assistant.citations import (
    Sentence,
    answering,
    cite,
    describe,
    is_verbatim,
    page_words,
    sentences_of,
    where,
)
from assistant.confidence import Calibration
from assistant.engine import Assistant
from corpus.documents import Document, Passage, Source, Span, sha256_of
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece
from corpus.reading import make_document
from index.build import build_snapshot
from index.search import Hit, Searcher
from index.snapshot import SnapshotStore

# Three pages: one without a label, one numbered in Roman figures, one as it is counted. The second
# paragraph begins on the second page and ends on the third.
PAGED = ParsedFile(
    (
        ParsedBlock("heading", (Piece("Gates", 1),), 1),
        ParsedBlock("paragraph", (Piece("The gate is shut at night.", 1),)),
        ParsedBlock("paragraph", (Piece("Guards stand ", 2), Piece("at the gate.", 3))),
        ParsedBlock("paragraph", (Piece("The river is far.", 3),)),
    ),
    page_labels=(None, "ii", "3"),
)
ANSWERING_ALL = Calibration(0.0, 0.0, 0.0, related_from=0.0, answered_from=0.0)


def paged(**fields: str) -> Document:
    source = replace(Source("g", "sub/gates.pdf", "gates", "On gates"), **fields)  # type: ignore[arg-type]
    return make_document(PAGED, source, file_sha256="")


def passage_of(document: Document, quote: str, **fields: Any) -> Passage:
    start = document.text.index(quote)
    span = Span(start, start + len(quote))
    passage = Passage(
        "g:1", document.id, span, quote, ("On gates", "Gates"), None, None, sha256_of(quote)
    )
    return replace(passage, **fields)


def citation_of(document: Document, quote: str, **fields: Any) -> Citation:
    hit = Hit(0, passage_of(document, quote, **fields), 0.123456, 1.5, 0.5, 0.98765, -0.25)
    return cite(RankedPassage(3, hit), document, snapshot_id="s-1", highlights=(Span(1, 2),))


def assistant_over(store: SnapshotStore, *documents: Document, max_tokens: int = 64) -> Assistant:
    embedder = WordEmbedder(max_tokens=max_tokens)
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    assistant = Assistant(snapshot, embedder)
    assistant.calibration = ANSWERING_ALL
    return assistant


def with_one_letter_changed(assistant: Assistant, store: SnapshotStore, text: str) -> Assistant:
    """Return the assistant over the snapshot whose stored document has the text altered on disk.

    It is opened without the check of its files: this is what happens when they change later.
    """
    snapshot = assistant.snapshot
    path = snapshot.folder / "documents.jsonl"
    before = path.read_text("utf-8")
    assert before.count(text) == 1
    path.write_text(before.replace(text, text[:-1] + ("x" if text[-1] != "x" else "y")), "utf-8")
    altered = Assistant(type(snapshot)(snapshot.folder, snapshot.manifest), WordEmbedder())
    altered.calibration = ANSWERING_ALL
    return altered


def test_a_citation_says_what_was_found_and_where_it_stands() -> None:
    document = paged(edition="second (2020)", status="superseded", language="fr", kind="manual")
    document = replace(document, source=replace(document.source, counterpart="https://c.example"))
    citation = citation_of(
        document, "The gate is shut at night.", lead_in=Span(0, 5), language="fr"
    )
    assert citation == Citation(
        number=3,
        document_id="g",
        work="gates",
        title="On gates",
        edition="second (2020)",
        language="fr",
        kind="manual",
        status="superseded",
        headings=("On gates", "Gates"),
        page_number=1,
        page_label=None,
        last_page_number=1,
        anchor=None,
        url=None,
        counterpart="https://c.example",
        also_in=(),
        file="sub/gates.pdf",
        passage_id="g:1",
        start=7,
        end=33,
        quote="The gate is shut at night.",
        lead_in="Gates",
        highlights=((1, 2),),
        sha256="c19783b19a4254f814a3965b7a2ecde083adfd4b1ed53bf59b3c10209ea61f80",
        cosine=0.1235,
        bm25=1.5,
        phrases=0.5,
        late_interaction=0.9877,
        fused=-0.25,
        strength=None,
        exceptions=(),
        document_sha256="",
        permalink="s-1/g/7-33/c19783b19a42",
    )


def test_the_quote_is_cut_from_the_document_and_not_taken_from_the_passage() -> None:
    document = paged()
    citation = citation_of(document, "The river is far.", text="what the index remembers")
    assert citation.quote == "The river is far."
    assert document.text[citation.start : citation.end] == citation.quote


def test_a_quote_over_two_pages_has_the_first_and_the_last_of_them() -> None:
    citation = citation_of(paged(), "Guards stand at the gate.")
    assert (citation.page_number, citation.page_label) == (2, "ii")
    assert citation.last_page_number == 3


def test_a_quote_that_ends_where_its_page_ends_is_on_that_page_alone() -> None:
    citation = citation_of(paged(), "Guards stand ")
    assert (citation.page_number, citation.last_page_number) == (2, 2)


def test_a_quote_in_a_format_without_pages_has_no_page() -> None:
    citation = citation_of(document_of("Guards stand."), "Guards stand.")
    assert (citation.page_number, citation.page_label) == (None, None)
    assert citation.last_page_number is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The gate is shut at night.", "On gates › Gates, p. 1"),
        ("Guards stand at the gate.", "On gates › Gates, from p. ii (PDF pages 2–3)"),
        ("The river is far.", "On gates › Gates, p. 3"),
    ],
    ids=["no label", "label differs", "label is the number"],
)
def test_the_page_is_told_as_printed(text: str, expected: str) -> None:
    assert describe(citation_of(paged(), text)) == expected


@pytest.mark.parametrize(
    ("first", "last", "label", "words"),
    [
        (None, None, None, ""),
        (6, 6, "iv", "p. iv (PDF page 6)"),
        (6, 6, "6", "p. 6"),
        (6, 6, None, "p. 6"),
        (6, 7, None, "pp. 6–7"),
        (6, 7, "iv", "from p. iv (PDF pages 6–7)"),
    ],
)
def test_pages_are_told_in_words(
    first: int | None, last: int | None, label: str | None, words: str
) -> None:
    citation = replace(
        citation_of(paged(), "Gates"), page_number=first, last_page_number=last, page_label=label
    )
    assert page_words(citation) == words


def test_edition_and_status_are_told() -> None:
    document = document_of("Guards stand.", edition="first (2010)", status="superseded")
    citation = citation_of(document, "Guards stand.", headings=())
    assert describe(citation) == "Notes (first (2010)) [superseded]"
    assert describe(replace(citation, status="withdrawn")) == "Notes (first (2010)) [withdrawn]"
    recognised = replace(citation, status="current", is_recognised=True)
    assert describe(recognised) == "Notes (first (2010)), text recognised from a picture"
    assert describe(replace(citation, status="current", edition=None)) == "Notes"


@pytest.mark.parametrize(
    ("url", "anchor", "expected"),
    [
        ("https://e.org/a", "s-2", "https://e.org/a#s-2:~:text=Guards%20stand."),
        ("https://e.org/a#top", "s-2", "https://e.org/a#s-2:~:text=Guards%20stand."),
        ("https://e.org/a?x=1", "s-2", "https://e.org/a?x=1#s-2:~:text=Guards%20stand."),
        ("https://e.org/a#top", None, "https://e.org/a#:~:text=Guards%20stand."),
        (None, "s-2", None),
    ],
)
def test_an_address_opens_at_the_anchor_and_the_sentence(
    url: str | None, anchor: str | None, expected: str | None
) -> None:
    document = document_of("Guards stand.")
    document = replace(document, source=replace(document.source, url=url))
    ranked = RankedPassage(
        1, Hit(0, passage_of(document, "Guards stand.", anchor=anchor), *[0] * 5)
    )
    assert cite(ranked, document, snapshot_id="s-1", highlights=(Span(0, 13),)).url == expected


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        (
            "• Cover high-risk posts, day & night",
            "Cover%20high%2Drisk%20posts%2C%20day%20%26%20night",
        ),
        ("2. Report it.", "Report%20it."),
        ("Rule | Source", "Rule"),
        ("a b c d e f g h i j k l", "a%20b%20c%20d%20e,h%20i%20j%20k%20l"),
    ],
)
def test_the_sentence_in_an_address_is_as_a_web_page_shows_it(sentence: str, fragment: str) -> None:
    document = document_of("Guards stand.", url="https://e.org")
    document = replace(document, text=sentence)
    ranked = RankedPassage(1, Hit(0, passage_of(document, sentence), *[0] * 5))
    citation = cite(ranked, document, snapshot_id="s-1", highlights=(Span(0, len(sentence)),))
    assert citation.url == f"https://e.org#:~:text={fragment}"


def test_the_address_of_a_paged_text_opens_at_the_page_where_the_quote_begins() -> None:
    document = paged(url="https://e.org/gates.pdf#zoom=2")
    citation = citation_of(document, "Guards stand at the gate.")
    assert citation.url == "https://e.org/gates.pdf#page=2"
    assert where(citation) == "https://e.org/gates.pdf#page=2"


@pytest.mark.parametrize(
    ("anchor", "page_number", "expected"),
    [("s-2", None, "n.md#s-2"), (None, 4, "n.md#page=4"), (None, None, "n.md")],
)
def test_without_an_address_the_file_is_told_with_the_place(
    anchor: str | None, page_number: int | None, expected: str
) -> None:
    citation = citation_of(document_of("Guards stand."), "Guards stand.")
    placed = replace(citation, file="n.md", anchor=anchor, page_number=page_number)
    assert where(placed) == expected


def test_a_passage_is_verbatim_until_one_character_of_it_changes() -> None:
    document = paged()
    passage = passage_of(document, "The gate is shut at night.")
    assert is_verbatim(document, passage)
    assert not is_verbatim(replace(document, text=document.text.replace("shut", "shot")), passage)
    assert is_verbatim(replace(document, text=document.text.replace("far", "fir")), passage)
    assert not is_verbatim(document, replace(passage, span=Span(8, 34)))


def test_the_answering_sentence_is_marked_and_lies_in_the_quote(store: SnapshotStore) -> None:
    text = "The river is far. Guards stand at the shut gate. Rice grows in the valley."
    assistant = assistant_over(store, document_of(f"# Gates\n{text}"))
    (citation,) = assistant.ask("guards stand at the shut gate").citations
    document = assistant.snapshot.documents["notes"]
    assert citation.quote == text
    assert [document.text[start:end] for start, end in citation.highlights] == [
        "Guards stand at the shut gate."
    ]


def test_at_most_two_sentences_are_marked_in_the_order_of_the_text(store: SnapshotStore) -> None:
    text = "A gate is shut. Rice grows here. The gate is shut. Gate is shut."
    assistant = assistant_over(store, document_of(text))
    document = assistant.snapshot.documents["notes"]
    (citation,) = assistant.ask("gate is shut").citations
    assert [document.text[start:end] for start, end in citation.highlights] == [
        "A gate is shut.",
        "The gate is shut.",
    ]


def test_a_mark_never_goes_over_two_items_or_rows(store: SnapshotStore) -> None:
    written = "Bring these.\n• A warm coat\n• Water for the night\nname | rank\ncook | none"
    assistant = assistant_over(store, document_of(written))
    document = assistant.snapshot.documents["notes"]
    for question, marked in [
        ("a warm coat", "• A warm coat"),
        ("water for the night", "• Water for the night"),
        ("cook none", "cook | none"),
    ]:
        (citation,) = assistant.ask(question).citations
        assert document.text[slice(*citation.highlights[0])] == marked


@pytest.mark.parametrize("marker", ["1.", "•", "(a)"])
def test_the_sentence_of_an_item_is_marked_and_not_all_of_it(
    store: SnapshotStore, marker: str
) -> None:
    item = f"{marker} Every cook needs rice for a month. Each guard carries a lamp and a radio."
    paragraph = ParsedBlock("item", (Piece(item),), 1)
    document = make_document(
        ParsedFile((paragraph,)), Source("notes", "n.md", "n", "N"), file_sha256=""
    )
    (citation,) = assistant_over(store, document).ask("guard carries a lamp and a radio").citations
    assert [document.text[start:end] for start, end in citation.highlights] == [
        "Each guard carries a lamp and a radio."
    ]


def test_a_quote_always_has_a_mark(store: SnapshotStore) -> None:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(
        [document_of("One. Two! Three? Four")], embedder=embedder, model="words", store=store
    )
    searcher = Searcher(snapshot, embedder)
    results = searcher.search("something else", k=1)
    (hit,) = results.hits
    marked = answering(sentences_of(snapshot.documents["notes"], hit, results, searcher))
    assert 1 <= len(marked) <= 2
    assert all(hit.passage.span.contains(one.span) for one in marked)


@pytest.fixture
def altered(store: SnapshotStore) -> Assistant:
    first = document_of("Guards stand at the northern gate.", source_id="north")
    second = document_of("Guards stand at the southern gate.", source_id="south")
    return with_one_letter_changed(assistant_over(store, first, second), store, "southern")


def test_a_quote_whose_text_was_altered_is_withheld_and_named(
    altered: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    (passage,) = [one for one in altered.snapshot.passages if one.document_id == "south"]
    with caplog.at_level(logging.ERROR):
        answer = altered.ask("guards stand at the southern gate")
    assert [one.quote for one in answer.citations] == ["Guards stand at the northern gate."]
    assert answer.withheld == (passage.id,)
    assert passage.id in caplog.text
    assert "southerx" not in json.dumps(to_json(answer))


def test_the_other_documents_are_cited_as_before(altered: Assistant) -> None:
    answer = altered.ask("guards stand at the northern gate")
    assert [one.text for one in answer.short_answer] == ["Guards stand at the northern gate."]
    (passage,) = [one for one in altered.snapshot.passages if one.document_id == "north"]
    assert altered.neighbours(passage.id).before is None


def test_a_search_leaves_out_what_was_altered(altered: Assistant) -> None:
    assert [one.document_id for one in altered.search("southern gate")] == ["north"]


def test_a_question_is_not_written_to_the_log(
    altered: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        altered.ask("did Omar Quintero stand at the southern gate")
    assert "Quintero" not in caplog.text


def test_an_answer_without_a_quote_is_not_called_answered(store: SnapshotStore) -> None:
    assistant = assistant_over(store, document_of("Guards stand at the southern gate."))
    answer = with_one_letter_changed(assistant, store, "southern").ask("southern gate")
    assert answer.citations == ()
    assert len(answer.withheld) == 1
    assert answer.outcome != "answered"


def test_an_altered_lead_in_is_not_shown(store: SnapshotStore) -> None:
    items = "\n".join(f"• Item {letter} has seven words in all here" for letter in "abcdefghijkl")
    assistant = assistant_over(store, document_of(f"Every guard brings this:\n{items}"))
    altered = with_one_letter_changed(assistant, store, "brings")
    shown = altered.ask("item l").citations
    assert [one.lead_in for one in shown if one.lead_in] == []


def test_a_quote_that_stands_in_two_files_is_shown_once_with_both(store: SnapshotStore) -> None:
    documents = [document_of("Guards stand at the gate.", source_id=one) for one in ("a", "b")]
    (citation,) = assistant_over(store, *documents).ask("who stands at the gate").citations
    (other,) = citation.also_in
    assert {citation.file, other} == {document.source.file for document in documents}


def test_an_answer_becomes_json_with_the_published_keys(store: SnapshotStore) -> None:
    assistant = assistant_over(store, document_of("Guards stand at the gate."))
    answer = json.loads(json.dumps(to_json(assistant.ask("Who stands at the gate?"))))
    assert set(answer) == {
        "question", "query", "outcome", "confidence", "citations", "snapshot_id", "seconds",
        "withheld", "short_answer", "lacks", "nearest_topics", "also_searched", "note",
        "note_key", "after",
    }  # fmt: skip
    (citation,) = answer["citations"]
    assert set(citation) == {
        "number", "document_id", "work", "title", "edition", "language", "kind", "status",
        "headings", "page_number", "page_label", "last_page_number", "anchor", "url",
        "counterpart", "also_in", "file", "passage_id", "start", "end", "quote", "lead_in",
        "highlights", "sha256", "cosine", "bm25", "phrases", "late_interaction", "fused",
        "changed", "is_recognised",
        "strength", "exceptions", "document_sha256", "permalink",
    }  # fmt: skip
    assert citation["highlights"] == [[0, 25]]
    assert citation["headings"] == []


def test_an_answer_without_citations_is_json_too() -> None:
    answer = Answer("q", "q", "not_covered", 0.0, (), "id", 0.1)
    assert json.loads(json.dumps(to_json(answer)))["citations"] == []


def test_the_head_of_a_table_is_marked_only_if_there_is_nothing_else() -> None:
    head, row = Sentence(Span(0, 9), 0.9, "head"), Sentence(Span(10, 20), 0.3, "row")
    assert answering([head, row]) == (row,)
    assert answering([head]) == (head,)
