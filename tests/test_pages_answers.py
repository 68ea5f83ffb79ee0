"""The conversation as HTML: escaping, marks, outcomes, and what helps on."""

import json
from dataclasses import replace
from typing import Any

import pytest
from page_fixtures import (
    BEST,
    DOCUMENT,
    ENGLISH,
    NASTY,
    PLACE,
    SNAPSHOT,
    Shown,
    answer_of,
    citation_of,
    shown,
    turn_of,
)

from assistant.answer import Citation, ShortSentence
from assistant.choices import Choice
from assistant.config import PageSettings
from assistant.pages.answers import conversation
from assistant.pages.elements import link, marked
from assistant.pages.frame import welcome
from assistant.pages.source import Opened, source_panel
from assistant.session import Turn
from assistant.texts import texts_of
from corpus.documents import Span
from corpus.errors import ToolkitError


def html_of(*citations: Citation, question: str = "Who opens the gate?") -> str:
    return conversation([turn_of(*citations, question=question)], ENGLISH)


def test_the_quote_on_a_card_is_the_quote_character_by_character() -> None:
    citation = replace(citation_of(), quote=NASTY, start=0, end=len(NASTY), highlights=((8, 20),))
    html = html_of(citation)
    assert shown(html, "blockquote") == [NASTY]
    assert shown(html, "mark") == [NASTY[8:20]]
    assert "script" not in Shown(html, "").tags


@pytest.mark.parametrize(
    "field",
    ["title", "edition", "lead_in", "language", "status", "quote", "url", "counterpart", "kind",
     "passage_id", "document_id"],
)  # fmt: skip
def test_no_field_of_a_citation_becomes_markup(field: str) -> None:
    values: dict[str, Any] = {field: '"><img src=x onerror=alert(1)>'}
    hostile = replace(citation_of(), **values)
    for html in (html_of(hostile), source_panel(Opened(DOCUMENT, PLACE, hostile), ENGLISH)):
        assert "img" not in Shown(html, "").tags


def test_a_question_is_escaped_while_it_waits_and_when_it_is_answered() -> None:
    example = PageSettings(examples=('"><b>who</b>',), intro="<b>x</b>")
    for html in (
        conversation([], ENGLISH, pending="<b>who</b>"),
        html_of(question='"><b>who</b>'),
        conversation([], ENGLISH, pending="<b>who</b>", failed=ToolkitError("<b>no</b>")),
        welcome(example, ENGLISH),
    ):
        assert "b" not in Shown(html, "").tags


def test_outcomes_have_headlines_of_their_own() -> None:
    answered = answer_of(citation_of())
    related = replace(answered, outcome="related", lacks=("tax", "<wage>"))
    not_covered = replace(
        answered, outcome="not_covered", citations=(), nearest_topics=("Gates <i>",)
    )
    html = conversation([Turn(one) for one in (answered, related, not_covered)], ENGLISH)
    assert shown(html, "headline") == [
        "Answered by these passages, word for word",
        "No passage clearly answers this. These are related:",
        "Not covered by the documents",
    ]
    assert len(shown(html, "blockquote")) == 2
    advice = shown(html, "advice")
    assert advice[0] == "No passage shown has these words of the question: tax, <wage>"
    assert "Try other words" in advice[1]
    assert 'data-act="ask" data-question="Gates &lt;i&gt;"' in html
    assert html.count('data-act="miss"') == 1


@pytest.mark.parametrize("key", ["no_document", "no_words"])
def test_why_nothing_was_found_is_told_in_the_language_of_the_page(key: Any) -> None:
    nothing = replace(answer_of(), outcome="not_covered", note="In English.", note_key=key)
    french = texts_of("fr")
    assert shown(conversation([Turn(nothing)], french), "advice") == [french.plain(f"note.{key}")]


def test_the_short_answer_leads_to_the_passages_that_it_is_taken_from() -> None:
    sentence = ShortSentence(1, BEST.start, BEST.end, "Guards write names down.")
    answer = replace(answer_of(citation_of()), short_answer=(sentence,))
    html = conversation([Turn(answer)], ENGLISH)
    assert shown(html, "short")[0].startswith("In shortGuards write names down.")
    assert 'data-target="quote-0-1"' in html
    assert 'id="quote-0-1"' in html
    assert html.index("short") < html.index("blockquote")


def test_the_number_of_a_citation_stands_with_the_last_word_and_no_more() -> None:
    for text, kept in (("Guards write names down.", "down."), ("保安" * 20, "保安" * 8)):
        sentence = ShortSentence(1, 0, len(text), text)
        html = conversation([Turn(replace(answer_of(), short_answer=(sentence,)))], ENGLISH)
        assert f'<span class="end">{kept} <button' in html


def test_wording_and_what_limits_it_stand_under_the_quote() -> None:
    answer = answer_of(replace(citation_of(), strength="must"))
    html = conversation([Turn(answer, limits=(("Unless <it> burns.",),))], ENGLISH)
    assert shown(html, "cue") == [
        "Wording: binding (must, shall)",
        "Limited by: Unless <it> burns.",
    ]


def test_the_question_before_is_told_and_can_be_left_out() -> None:
    html = conversation([Turn(answer_of(citation_of()), after="谁" * 90)], ENGLISH)
    assert f"{'谁' * 80}…" in html
    html = conversation([Turn(answer_of(citation_of()), after="Who <opens>?")], ENGLISH)
    assert shown(html, "line")[0].startswith("Searched together with your question before: Who <op")
    assert 'data-act="drop" data-before="1" data-turn="0"' in html


def test_filters_and_choices_are_buttons() -> None:
    turn = Turn(
        answer_of(citation_of()),
        filters={"area": ("Private <x>",)},
        choices=(Choice("edition", "2016", "superseded"),),
        followups=("At night",),
    )
    html = conversation([turn], ENGLISH)
    assert shown(html, "chip") == [
        "Area: Private <x> (remove)", "2016 (superseded)", "At night",
    ]  # fmt: skip
    assert 'data-act="choose" data-turn="0" data-key="edition" data-value="2016"' in html


def test_a_turn_keeps_what_its_permalink_says() -> None:
    turn = Turn(answer_of(question='a "b"'), filters={"area": ("x",)}, without=("y",))
    html = conversation([turn], ENGLISH)
    kept = html.split('data-kept="')[1].split('"')[0].replace("&quot;", '"')
    assert json.loads(kept) == {
        "question": 'a "b"', "snapshot": SNAPSHOT, "filters": {"area": ["x"]}, "without": ["y"],
            "after": "",
    }  # fmt: skip


def test_withheld_passages_are_reported() -> None:
    html = conversation([Turn(replace(answer_of(), withheld=("a", "b")))], ENGLISH)
    assert "2 passages are withheld" in shown(html, "warning")[0]


def test_a_card_tells_that_its_passage_changed_and_that_it_was_read_from_a_picture() -> None:
    html = html_of(replace(citation_of(), changed="reworded", is_recognised=True))
    cues = shown(html, "cue")
    assert "Reworded in the last release See what changed" in cues
    assert 'data-act="changes" data-passage="gates:1"' in html
    assert any(one.startswith("Read from a picture") for one in cues)
    assert "Reworded in the last release" not in html_of(citation_of())


def test_a_superseded_edition_carries_its_warning() -> None:
    html = html_of(replace(citation_of(), status="superseded"))
    assert shown(html, "warning") == ["Superseded: a newer edition has taken its place"]
    assert shown(html_of(citation_of()), "warning") == []


def test_other_places_of_the_same_words_are_told() -> None:
    html = html_of(replace(citation_of(), also_in=("b.pdf#page=2", "<c>")))
    assert "The same words also stand in <bdi>b.pdf#page=2</bdi>, <bdi>&lt;c&gt;</bdi>" in html


def test_a_lead_in_is_told_from_the_quote() -> None:
    html = html_of(replace(citation_of(), lead_in="Before:"))
    assert shown(html, "lead-in") == ["Lead-in, from before the quote: Before:"]
    assert "Before:" not in shown(html, "blockquote")[0]


@pytest.mark.parametrize(
    ("label", "last", "words"),
    [
        ("iv", 1, "p. iv, PDF page 1"),
        ("1", 1, "p. 1"),
        (None, 2, "pp. 1–2"),
        ("iv", 2, "from p. iv, PDF pages 1–2"),
    ],
)
def test_a_page_is_called_as_it_is_printed(label: str | None, last: int, words: str) -> None:
    html = html_of(replace(citation_of(), page_label=label, last_page_number=last))
    assert shown(html, "page") == [words]


@pytest.mark.parametrize(
    "address",
    [None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://["],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert link(address, "words", ENGLISH) == ""


def test_a_link_tells_its_target_nothing_and_keeps_its_address() -> None:
    html = link('https://example.org/?a=1&b="2"', "words", ENGLISH)
    assert 'href="https://example.org/?a=1&amp;b=&quot;2&quot;"' in html
    assert 'rel="noreferrer noopener"' in html


def test_marks_stand_where_the_spans_are() -> None:
    assert marked("a<b>c", [Span(3, 5), Span(0, 1)]) == "<mark>a</mark>&lt;b<mark>&gt;c</mark>"
    assert marked("a<b", []) == "a&lt;b"
