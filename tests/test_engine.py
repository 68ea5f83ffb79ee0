from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, document_of

from assistant.answer import Answer, History
from assistant.confidence import Calibration
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.queries import MAX_CHARACTERS, to_query
from corpus.documents import Document
from corpus.errors import SettingsError, SnapshotMissingError
from index.build import build_snapshot
from index.search import Filters
from index.snapshot import SnapshotStore

pytest_plugins = ("starter_fixtures",)

# Half way between a question that shares no word with a passage and one that is a passage.
BY_LATE_INTERACTION = Calibration(-5.0, 10.0, 0.0, related_from=0.5, answered_from=0.75)

DOCUMENTS = (
    document_of("# Gate\nGuards stand at the gate.", source_id="gate", kind="fact-sheet"),
    document_of("# River\nThe river is far.", source_id="river", language="fr", kind="manual"),
    document_of("# Old\nGuards sleep at the gate.", source_id="old", status="superseded"),
    document_of("# Twin\nGuards stand – at the gate!", source_id="twin", kind="manual"),
)
SEEDS = (
    "How can companies engage with artisanal and small-scale miners?",
    "How can companies address ASM and human rights risks in their supply chain?",
    "How can ASM exacerbate security and human rights challenges?",
)


def assistant_over(store: SnapshotStore, *documents: Document) -> Assistant:
    embedder = WordEmbedder()
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    assistant = Assistant(snapshot, embedder)
    assistant.calibration = BY_LATE_INTERACTION
    return assistant


@pytest.fixture
def assistant(store: SnapshotStore) -> Assistant:
    return assistant_over(store, *DOCUMENTS)


def cited(answer: Answer) -> list[str]:
    return [citation.document_id for citation in answer.citations]


def test_an_answer_is_made_of_quotes_best_first(assistant: Assistant) -> None:
    answer = assistant.ask("guards stand at the gate")
    assert answer.outcome == "answered"
    assert [(one.number, one.quote) for one in answer.citations] == [
        (1, "Guards stand at the gate."),
        (2, "The river is far."),
    ]
    assert answer.question == answer.query == "guards stand at the gate"
    assert answer.snapshot_id == assistant.snapshot.id
    assert answer.withheld == ()
    assert 0 < answer.seconds < 60


def test_every_quote_is_its_span_of_the_document(assistant: Assistant) -> None:
    for citation in assistant.ask("guards stand at the gate").citations:
        document = assistant.snapshot.documents[citation.document_id]
        assert document.text[citation.start : citation.end] == citation.quote


def test_what_is_not_covered_has_no_citation(assistant: Assistant) -> None:
    answer = assistant.ask("pasta with basil and tomatoes")
    assert answer.outcome == "not_covered"
    assert answer.citations == ()
    assert answer.confidence < 0.5


def test_between_the_thresholds_passages_are_related(assistant: Assistant) -> None:
    assistant.calibration = replace(BY_LATE_INTERACTION, answered_from=1.0)
    answer = assistant.ask("guards stand at the gate")
    assert answer.outcome == "related"
    assert len(answer.citations) == 2


def test_the_limit_is_the_most_that_is_cited(assistant: Assistant) -> None:
    answer = assistant.ask("guards stand at the gate", limit=1)
    assert [one.quote for one in answer.citations] == ["Guards stand at the gate."]


def test_the_same_question_always_gets_the_same_answer(assistant: Assistant) -> None:
    again = Assistant(assistant.snapshot, WordEmbedder())
    again.calibration = assistant.calibration
    first, second = (one.ask("guards at the river") for one in (assistant, again))
    assert replace(first, seconds=0.0) == replace(second, seconds=0.0)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"gate", "river"}),
        ({"language": ("fr",)}, {"river"}),
        ({"kind": ("fact-sheet", "manual")}, {"gate", "river"}),
        ({"kind": ("manual",)}, {"river", "twin"}),
        ({"status": ("superseded",)}, {"old"}),
        ({"document_id": ("old",)}, {"old"}),
        ({"file": ("old.md",)}, {"old"}),
        ({"language": ("xx",)}, set()),
        ({"language": ()}, set()),
    ],
    ids=str,
)
def test_filters_narrow_what_is_cited(
    assistant: Assistant, filters: Filters, expected: set[str]
) -> None:
    assistant.calibration = Calibration(0.0, 0.0, 0.0, related_from=0.0, answered_from=0.0)
    assert set(cited(assistant.ask("guards at the gate", filters=filters))) == expected


def test_an_unknown_filter_is_refused(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="colour"):
        assistant.ask("who?", filters={"colour": ("red",)})
    with pytest.raises(SettingsError, match="colour"):
        assistant.search("who?", filters={"colour": ("red",)})


def test_a_superseded_edition_says_so_when_it_is_asked_for(assistant: Assistant) -> None:
    answer = assistant.ask("guards sleep at the gate", filters={"status": ("superseded",)})
    assert [(one.document_id, one.status) for one in answer.citations] == [("old", "superseded")]


def test_a_search_shows_twins_and_what_does_not_answer(assistant: Assistant) -> None:
    hits = assistant.search("pasta with basil")
    assert {one.document_id for one in hits} == {"gate", "twin", "river"}
    assert [one.number for one in hits] == [1, 2, 3]
    assert [one.fused for one in hits] == sorted((one.fused for one in hits), reverse=True)
    assert len(assistant.search("pasta with basil", k=2)) == 2


def test_finding_gives_what_an_answer_is_made_of(assistant: Assistant) -> None:
    question = "guards stand at the gate"
    found = assistant.find(to_query(question), limit=2)
    answer = assistant.ask(question, limit=2)
    assert [one.hit.passage.id for one in found.ranked] == [
        one.passage_id for one in answer.citations
    ]
    assert round(found.confidence, 4) == answer.confidence
    assert len(found.results.hits) == 3


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n\t",
        "?!…",
        "🎉👩‍🚒",
        "\x00\x01\x02" * 50,
        "\ud800",
        "من يقف عند البوابة؟",
        "誰が門に立つ",
    ],
    ids=["empty", "blank", "marks", "emoji", "binary", "surrogate", "Arabic", "Japanese"],
)
def test_any_text_is_a_question(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.outcome == "not_covered"
    assert answer.citations == ()


def test_a_question_of_100_kilobytes_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("guards stand at the gate " * 4_000)
    assert answer.outcome == "answered"
    assert cited(answer)[0] in ("gate", "twin")


def test_nothing_is_covered_without_documents(store: SnapshotStore) -> None:
    answer = assistant_over(store).ask("guards stand at the gate")
    assert (answer.outcome, answer.confidence, answer.citations) == ("not_covered", 0.0, ())


def test_an_assistant_needs_a_live_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissingError, match="toolkit-assistant build"):
        Assistant.open(Settings(data_dir=tmp_path))


def test_a_citation_tells_its_wording_and_what_limits_it(store: SnapshotStore) -> None:
    written = "# Gate\nGuards must stand at the gate. However, at night they may sit."
    answer = assistant_over(store, document_of(written)).ask("guards must stand at the gate")
    (citation,) = answer.citations
    limits = [
        citation.quote[a - citation.start : b - citation.start] for a, b in citation.exceptions
    ]
    assert citation.strength == "must"
    assert limits == ["However, at night they may sit."]


def test_only_an_answer_has_a_short_answer_and_only_the_others_say_what_there_is(
    assistant: Assistant,
) -> None:
    answered = assistant.ask("guards stand at the gate")
    assert [(one.number, one.text) for one in answered.short_answer] == [
        (1, "Guards stand at the gate.")
    ]
    assert (answered.lacks, answered.nearest_topics) == ((), ())
    assistant.calibration = replace(BY_LATE_INTERACTION, related_from=0.0, answered_from=1.0)
    related = assistant.ask("guards stand at the drawbridge")
    assert (related.short_answer, related.lacks) == ((), ("drawbridge",))
    assistant.calibration = replace(BY_LATE_INTERACTION, related_from=1.0, answered_from=1.0)
    assert assistant.ask("guards stand at the gate").nearest_topics == ("Notes",)


def test_one_reads_on_from_a_cited_passage(assistant: Assistant) -> None:
    (passage, *_) = assistant.ask("guards stand at the gate").citations
    found = assistant.neighbours(passage.passage_id)
    assert (found.before, found.after) == (None, None)


# With real weights, over the starter documents.


@pytest.mark.parametrize("question", SEEDS)
def test_a_published_question_is_answered_by_its_fact_sheet(
    starter: Assistant, question: str
) -> None:
    answer = starter.ask(question)
    assert answer.outcome == "answered"
    assert cited(answer)[0] == "starter-artisanal-and-small-scale-mining-1"


@pytest.mark.parametrize(
    ("question", "heading"),
    list(zip(SEEDS, ("engage with", "supply chain", "exacerbate"), strict=True)),
)
def test_a_published_question_is_answered_from_its_section(
    starter: Assistant, question: str, heading: str
) -> None:
    assert heading in " › ".join(starter.ask(question, limit=1).citations[0].headings)


def test_published_questions_asked_one_after_the_other_are_answered_too(starter: Assistant) -> None:
    turns: History = (("user", "What belongs in a memorandum of understanding?"),)
    for question in SEEDS:
        answer = starter.ask(question, history=turns)
        assert cited(answer)[0] == "starter-artisanal-and-small-scale-mining-1"
        turns = (*turns, ("user", question))


@pytest.mark.parametrize(
    "question",
    [
        "best pasta recipe",
        "who won the cup",
        "What is the capital of Mongolia?",
        "how do I renew my driving licence",
        "symptoms of the flu",
        "🎉🎉🎉",
        "???",
        "\x00\x01\x02\x7fELF\x02\x01",
        "",
    ],
)
def test_what_the_starter_documents_do_not_cover_has_no_citation(
    starter: Assistant, question: str
) -> None:
    answer = starter.ask(question)
    assert (answer.outcome, answer.citations) == ("not_covered", ())


def test_an_everyday_question_with_a_word_of_the_documents_is_not_called_answered(
    starter: Assistant,
) -> None:
    assert starter.ask("how do I renew my passport").outcome != "answered"  # guards' are withheld


@pytest.mark.parametrize(
    "question",
    [
        "guard " * 17_000,
        "ما دور الحراس؟ " * 500,
        "警備員はどうすべきか",
        "%PDF-1.7\n\x00\xff" * 999,
    ],
    ids=["100 kB", "Arabic", "Japanese", "binary"],
)
def test_the_real_model_takes_any_text(starter: Assistant, question: str) -> None:
    assert 0 <= starter.ask(question).confidence <= 1


def test_only_current_starter_documents_are_cited_unless_asked_for(starter: Assistant) -> None:
    question = "How should private security providers be chosen?"
    wanted: dict[str, Any] = {"status": ("superseded",)}
    assert {one.status for one in starter.ask(question, limit=20).citations} == {"current"}
    assert {one.status for one in starter.ask(question, filters=wanted).citations} == {"superseded"}


def test_a_quote_tells_that_it_is_another_than_in_the_release_before(store: SnapshotStore) -> None:
    documents = [document_of("Guards stand at the gate.")]
    snapshot, _ = build_snapshot(documents, embedder=WordEmbedder(), model="words", store=store)
    passage_id = snapshot.passages[0].id

    def changed() -> str | None:
        (citation,) = Assistant(store.open(snapshot.id), WordEmbedder()).search("guards")
        return citation.changed

    assert changed() is None
    store.remark(snapshot, {passage_id: "reworded"})
    assert changed() == "reworded"


def test_filters_that_no_document_passes_give_an_empty_answer_that_says_so(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("guards stand at the gate", filters={"kind": ("poster",)})
    assert (answer.outcome, answer.citations) == ("not_covered", ())
    assert answer.note_key == "no_document"
    assert answer.note == (
        "No document passes the filters: kind=poster; status=current. Ask without one of them."
    )


@pytest.mark.parametrize("question", ["", "?!", "\u2060"])
def test_a_question_without_words_is_told_so(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.note_key == "no_words"
    assert "no word" in answer.note


def test_a_question_that_is_too_long_is_told_to_be_cut(assistant: Assistant) -> None:
    question = ("guards stand at the gate " * 1000)[:MAX_CHARACTERS].strip() + "s"
    assert assistant.ask(f" {question[:-1]} ").note_key == ""
    answer = assistant.ask(question.ljust(MAX_CHARACTERS + 1, "s"))
    assert answer.note_key == "cut"
    assert answer.note == "Only the first 4000 characters of the question were searched."


def test_an_answer_says_what_was_searched_beside_the_question(store: SnapshotStore) -> None:
    documents = (
        document_of("The police guard the gate.", source_id="a"),
        document_of("The river is far.", source_id="b"),
    )
    assistant = assistant_over(store, *documents)
    answer = assistant.ask("cops at the gate")
    assert (answer.query, answer.also_searched) == ("cops at the gate", ("police",))
    assert assistant.ask("cops at the gate", without=["police"]).also_searched == ()
    assert (answer.note, answer.note_key) == ("", "")


STRANGE = {
    "stop words": "the of and is it",
    "one letter": "a",
    "many words": "guard gate river " * 1700,
    "emoji": "🎉👩‍🚒🔥",
    "Arabic": "ما هو دور الحراس؟",
}


@pytest.mark.parametrize("question", STRANGE.values(), ids=STRANGE)
def test_a_strange_question_is_never_answered_with_confidence(
    starter: Assistant, question: str
) -> None:
    answer = starter.ask(question)
    assert answer.outcome != "answered"
    assert 0 <= answer.confidence < 0.5
