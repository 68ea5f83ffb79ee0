"""What a reader does and what changes on the page, over a small library, without a browser."""

import json
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fakes import WordEmbedder, document_of
from page_fixtures import shown

from assistant.answer import Answer
from assistant.confidence import Calibration
from assistant.config import Settings
from assistant.conversation_desk import MOST_RESTORED
from assistant.desk import Desk
from assistant.feedback import read_feedback
from assistant.kept import KeptTurn
from assistant.live import LiveAssistant
from assistant.pages.answers import conversation
from assistant.queries import MAX_CHARACTERS
from assistant.reading_desk import MOST_CHECKED
from assistant.session import Session
from assistant.shelf import Shelf
from assistant.steps import Step
from assistant.texts import texts_of
from corpus.errors import SettingsError, SnapshotMissingError
from index.build import build_snapshot
from index.snapshot import SnapshotStore

GATE = "# Gates\n## Papers\nGuards check papers at the gate. A lamp burns.\n## Night\nLamps burn."
ABOUT_PAPERS = "guards check papers at the gate"


@pytest.fixture
def toolkit(
    store: SnapshotStore, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> LiveAssistant:
    # Half way between a question that shares no word with a passage and one that is a passage.
    calibration = Calibration(-5.0, 10.0, 0.0, related_from=0.5, answered_from=0.75)
    monkeypatch.setattr("assistant.engine.calibration_for", lambda snapshot: calibration)
    documents = [
        document_of(GATE, source_id="gate", area="Public area", edition="2026"),
        document_of("# River\nThe river is far.", source_id="river", area="Water"),
        document_of(
            GATE.replace("papers", "passes"), source_id="old", work="gate", edition="2020",
            status="superseded",
        ),
    ]  # fmt: skip
    snapshot, _ = build_snapshot(documents, embedder=embedder, model="words", store=store)
    store.promote(snapshot.id)
    return LiveAssistant(store, embedder)


@pytest.fixture
def desk(toolkit: LiveAssistant, tmp_path: Path) -> Desk:
    return Desk(toolkit, Settings(data_dir=tmp_path), Shelf(toolkit, tmp_path))


def kept_of(session: Session) -> list[str]:
    """Return what the browser keeps of the turns of a visit."""
    return [KeptTurn.of(turn).to_json() for turn in session.turns]


def kept_json(session: Session) -> str:
    return json.dumps(kept_of(session))


def done(desk: Desk, session: Session, name: str, **data: Any) -> Step:
    """Return the last step of something that a reader does."""
    *_, last = desk.act(session, name, data)
    return last


def asked(desk: Desk, question: str = ABOUT_PAPERS, session: Session | None = None) -> Session:
    *_, last = desk.ask(session or Session(), question)
    return last.session


def place_in(html: str) -> str:
    """Return the first place that a card carries."""
    return html.split('data-place="')[1].split('"')[0].replace("&quot;", '"')


def test_a_question_is_shown_at_once_and_then_its_answer(desk: Desk) -> None:
    first, last = desk.ask(Session(), ABOUT_PAPERS)
    assert first.question == ""
    assert "Looking in the documents" in (first.conversation or "")
    assert first.session == Session()
    assert shown(last.conversation or "", "headline") == [
        "Answered by these passages, word for word"
    ]
    assert last.question is None  # what is typed meanwhile stays
    assert len(last.session.turns) == 1


@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question_changes_nothing(desk: Desk, question: str) -> None:
    assert list(desk.ask(Session(), question)) == [Step(Session())]


@pytest.mark.parametrize("more", [0, 1, 90_000])
def test_a_very_long_question_is_cut_before_it_is_kept_and_that_is_told(
    desk: Desk, more: int
) -> None:
    question = (f"{ABOUT_PAPERS} " * 4000)[: MAX_CHARACTERS + more]
    question = question[:-1] + "x"  # no space at the end, which would be no part of it
    session = asked(desk, question)
    assert len(session.turns[0].answer.question) == MAX_CHARACTERS + min(more, 1)
    for one in (session, done(desk, Session(), "conversation", kept=kept_json(session)).session):
        told = shown(conversation(one.turns, texts_of("en")), "advice")
        assert any(f"only its first {MAX_CHARACTERS} characters" in line for line in told) == (
            more > 0
        )


def test_a_fault_is_shown_and_the_conversation_kept(
    desk: Desk, toolkit: LiveAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = asked(desk)

    def broken(question: str, **options: Any) -> None:
        raise SnapshotMissingError("dense.faiss is missing")

    monkeypatch.setattr(toolkit, "ask", broken)
    *_, last = desk.ask(session, "why?")
    assert last.session == session
    assert shown(last.conversation or "", "fault") == [
        texts_of("en").plain("fault.snapshot_missing")
    ]


def test_a_follow_up_comes_with_the_turns_before_it(
    desk: Desk, toolkit: LiveAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, histories = asked(desk), []
    ask = toolkit.ask

    def watched(question: str, **options: Any) -> Any:
        histories.append(options["history"])
        return ask(question, **options)

    monkeypatch.setattr(toolkit, "ask", watched)
    asked(desk, "at night?", session)
    assert histories[0][0] == ("user", ABOUT_PAPERS)
    assert "Guards check papers" in histories[0][1][1]


def test_a_citation_opens_its_source_at_the_quote(desk: Desk) -> None:
    step = done(desk, asked(desk), "cite", turn="0", number="1")
    assert "Guards check papers at the gate." in "".join(shown(step.side or "", "mark"))
    place = json.loads(place_in(step.side or ""))
    assert place["document"] == "gate"


def test_a_place_opens_its_source_and_one_that_is_none_is_refused(desk: Desk) -> None:
    turn = done(desk, asked(desk), "cite", turn="0", number="1")
    sent = json.loads(place_in(turn.side or ""))
    assert done(desk, Session(), "source", place=json.dumps(sent)).side == turn.side
    for change in ({"end": 10**9}, {"document": "nobody"}, {"start": -5}):
        with pytest.raises(SettingsError):
            done(desk, Session(), "source", place=json.dumps({**sent, **change}))
    with pytest.raises(SnapshotMissingError):
        done(desk, Session(), "source", place=json.dumps({**sent, "snapshot": "../../etc"}))


def test_another_edition_is_asked_by_a_click_and_left_by_another(desk: Desk) -> None:
    session = asked(desk)
    assert [one.value for one in session.turns[0].choices] == ["2020"]
    step = done(desk, session, "choose", turn="0", key="edition", value="2020")
    assert "Edition: 2020 (remove)" in shown(step.conversation or "", "chip")
    assert "Status" not in "".join(shown(step.conversation or "", "chip"))
    chosen = step.session
    assert [one.document_id for one in chosen.turns[0].answer.citations][:1] == ["old"]
    assert len(chosen.turns) == 1
    back = done(desk, chosen, "drop", turn="0", key="edition").session
    assert back.turns[0].filters == {}
    assert [one.document_id for one in back.turns[0].answer.citations][:1] == ["gate"]


def test_questions_are_narrowed_until_the_filter_is_removed(desk: Desk) -> None:
    step = done(desk, Session(), "narrow", key="area", value="Water")
    assert shown(step.library or "", "title") == ["Notes"]
    session = asked(desk, session=step.session)
    assert {one.document_id for one in session.turns[0].answer.citations} <= {"river"}
    assert done(desk, session, "narrow").session.filters == {}
    assert done(desk, session, "narrow", key="area", value="").session.filters == {}


def test_an_older_edition_can_be_asked_for_and_left_again(desk: Desk) -> None:
    session = done(desk, Session(), "narrow", key="edition", value="2020").session
    answered = asked(desk, session=session).turns[0].answer
    assert {one.document_id for one in answered.citations} == {"old"}
    assert done(desk, session, "narrow", key="edition", value="").session.filters == {}


def test_one_document_alone_can_be_asked(desk: Desk) -> None:
    step = done(desk, Session(), "ask_this", document="old")
    session = asked(desk, session=step.session)
    assert {one.document_id for one in session.turns[0].answer.citations} == {"old"}


def test_a_document_has_a_page_with_its_other_editions(desk: Desk) -> None:
    step = done(desk, Session(), "document", document="gate")
    assert "Other editions and languages" in (step.side or "")
    assert 'data-document="old"' in (step.side or "")


def test_a_quotation_is_checked(desk: Desk) -> None:
    text = "“Guards check papers at the gate.” “Guards check <b>papers at the gates.”"
    step = done(desk, Session(), "check", text=text)
    assert shown(step.checker or "", "headline")[0] == "Exact: it stands so in the documents"
    assert "&lt;b&gt;" in (step.checker or "")


def test_feedback_is_stored_without_the_question_unless_it_is_ticked(
    desk: Desk, tmp_path: Path
) -> None:
    session = asked(desk)
    place = place_in(done(desk, session, "cite", turn="0", number="1").side or "")
    told: Mapping[str, Any] = {"turn": "0", "place": place, "verdict": "helpful", "reason": ""}
    done(desk, session, "tell", **told, with_question=False)
    done(desk, session, "tell", **told, with_question=True)
    assert [one.question for one in read_feedback(tmp_path)] == [None, ABOUT_PAPERS]
    assert read_feedback(tmp_path)[0].document_id == "gate"


def test_a_question_that_is_not_covered_is_kept_for_the_editor_by_a_click(
    desk: Desk, tmp_path: Path
) -> None:
    session = asked(desk, "Zebra?")
    done(desk, session, "miss", turn="0")
    [kept] = read_feedback(tmp_path)
    assert (kept.verdict, kept.question, kept.document_id) == ("missing", "Zebra?", "")


def test_a_dossier_is_cut_anew_and_what_is_lost_is_told(desk: Desk) -> None:
    session = asked(desk)
    place = json.loads(place_in(done(desk, session, "cite", turn="0", number="1").side or ""))
    lost = {**place, "snapshot": "gone"}
    step = done(desk, Session(), "dossier", places=json.dumps([place, lost]))
    assert shown(step.side or "", "blockquote") == [session.turns[0].answer.citations[0].quote]
    assert "1 quote is from a snapshot" in (step.side or "")
    file = done(desk, Session(), "export", places=json.dumps([place, lost]), format="csl").file
    assert 'download="toolkit-quotes-' in (file or "")


def test_a_long_text_shows_that_it_is_looked_up_and_that_it_was_cut(desk: Desk) -> None:
    text = "“Guards check papers at the gate.” " + "x" * MOST_CHECKED
    waiting, last = desk.act(Session(), "check", {"text": text})
    assert shown(waiting.checker or "", "waiting") == ["Looking in the documents…"]
    assert shown(last.checker or "", "warning") == [
        "Only the first 20000 characters of this text were checked. Check the rest by itself."
    ]
    assert shown(last.checker or "", "headline") == ["Exact: it stands so in the documents"]


def test_an_answer_is_exported(desk: Desk) -> None:
    step = done(desk, asked(desk), "export", turn="0", format="md")
    assert "data:text/markdown" in (step.file or "")
    with pytest.raises(SettingsError, match="no quote"):
        done(desk, Session(), "export", places="[]", format="md")


def test_a_question_that_leans_on_the_one_before_says_so_and_is_asked_alone_at_a_click(
    desk: Desk,
) -> None:
    session = done(desk, asked(desk), "ask", question="And the lamps?").session
    turn = session.turns[1]
    assert turn.after == ABOUT_PAPERS
    assert ABOUT_PAPERS in turn.answer.query
    step = done(desk, session, "drop", turn="1", before="1")
    alone = step.session.turns[1]
    assert (alone.after, alone.answer.query) == ("", "And the lamps?")
    narrowed = done(desk, step.session, "choose", turn="1", key="language", value="en")
    assert narrowed.session.turns[1].after == ""
    topic = done(desk, asked(desk), "ask", question="And the lamps?", alone="1").session
    assert topic.turns[1].after == ""


def test_a_permalink_of_a_follow_up_asks_it_after_the_same_question(desk: Desk) -> None:
    session = done(desk, asked(desk), "ask", question="And the lamps?").session
    html = conversation(session.turns, texts_of("en"))
    kept = json.loads(unescape(html.split('data-kept="')[2].split('"')[0]))
    again = done(desk, Session(), "permalink", kept=json.dumps(kept)).session.turns[0]
    assert again.after == ABOUT_PAPERS
    assert again.answer.query == session.turns[1].answer.query


def test_a_permalink_that_cannot_be_answered_does_not_wait_for_ever(
    desk: Desk, toolkit: LiveAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Answer:
        raise SnapshotMissingError("dense.faiss is missing")

    monkeypatch.setattr(toolkit, "ask", broken)
    kept = {"question": ABOUT_PAPERS, "snapshot": "gone", "filters": {}}
    step = done(desk, Session(), "permalink", kept=json.dumps(kept))
    assert len(shown(step.conversation or "", "fault")) == 1
    assert shown(step.conversation or "", "waiting") == []


def test_a_permalink_leads_to_its_snapshot_and_says_when_it_is_gone(
    desk: Desk, store: SnapshotStore, embedder: WordEmbedder
) -> None:
    session = asked(desk)
    before = session.turns[0].answer.snapshot_id
    kept = {"question": ABOUT_PAPERS, "snapshot": before, "filters": {}, "without": []}
    newer, _ = build_snapshot(
        [document_of("# New\nGuards check nothing.")], embedder=embedder, model="w", store=store
    )
    store.promote(newer.id)
    step = done(desk, Session(), "permalink", kept=json.dumps(kept))
    assert step.session.turns[0].answer == asked_again(session, step)
    assert step.message is None
    gone = done(desk, Session(), "permalink", kept=json.dumps({**kept, "snapshot": "gone"}))
    assert gone.session.turns[0].answer.snapshot_id == newer.id
    assert "gone" in (gone.message or "")


def test_a_conversation_that_the_browser_kept_is_there_again(desk: Desk) -> None:
    session = done(desk, asked(desk), "ask", question="And the lamps?").session
    session = done(desk, session, "choose", turn="1", key="language", value="en").session
    kept = kept_of(session)
    waiting, step = desk.act(Session(), "conversation", {"kept": json.dumps(kept)})
    assert shown(waiting.conversation or "", "question") == ["And the lamps?"]
    assert kept_of(step.session) == kept
    assert [turn.after for turn in step.session.turns] == ["", ABOUT_PAPERS]
    assert step.session.turns[1].filters == {"language": ("en",)}
    assert shown(step.conversation or "", "question") == [ABOUT_PAPERS, "And the lamps?"]


def test_only_the_latest_turns_are_asked_again(desk: Desk) -> None:
    (kept,) = kept_of(asked(desk))
    many = [kept.replace(ABOUT_PAPERS, f"lamp {number}") for number in range(MOST_RESTORED + 1)]
    turns = done(desk, Session(), "conversation", kept=json.dumps(many)).session.turns
    questions = [turn.answer.question for turn in turns]
    assert questions == [f"lamp {number}" for number in range(1, MOST_RESTORED + 1)]


def test_a_turn_without_an_answer_does_not_take_the_others_with_it(
    desk: Desk, toolkit: LiveAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept,) = kept_of(asked(desk))
    gone = kept.replace(ABOUT_PAPERS, "lamps").replace(toolkit.snapshot.id, "gone")

    def broken(*_: Any, **__: Any) -> Answer:
        raise SnapshotMissingError("dense.faiss is missing")

    monkeypatch.setattr(toolkit, "ask", broken)
    step = done(desk, Session(), "conversation", kept=json.dumps([kept, gone, kept]))
    assert shown(step.conversation or "", "question") == [ABOUT_PAPERS, ABOUT_PAPERS, "lamps"]
    assert len(shown(step.conversation or "", "fault")) == 1


def test_a_quote_opens_by_its_permalink_and_says_what_became_of_it(
    desk: Desk, store: SnapshotStore, embedder: WordEmbedder
) -> None:
    citation = asked(desk).turns[0].answer.citations[0]
    step = done(desk, Session(), "quote", permalink=citation.permalink)
    assert "".join(shown(step.side or "", "quote")) == "".join(citation.quote.splitlines())
    assert step.message is None
    newer, _ = build_snapshot(
        [document_of("# New\nThe river is far.")], embedder=embedder, model="w", store=store
    )
    store.promote(newer.id)
    gone = done(desk, Session(), "quote", permalink=citation.permalink)
    assert gone.side == step.side
    assert "no longer say this" in (gone.message or "")
    with pytest.raises(SettingsError, match="not a permalink"):
        done(desk, Session(), "quote", permalink="../../x")


def asked_again(session: Session, step: Step) -> Any:
    """Return the first answer of a session, but for the time that the other one took."""
    seconds = step.session.turns[0].answer.seconds
    return replace(session.turns[0].answer, seconds=seconds)


def test_the_page_speaks_the_language_that_is_chosen_and_keeps_the_conversation(
    desk: Desk,
) -> None:
    session = asked(desk)
    step = done(desk, session, "language", value="fr")
    assert step.session.language == "fr"
    assert "mot pour mot" in (step.conversation or "")
    assert "Bibliothèque" in (step.masthead or "")
    assert session.turns[0].answer.citations[0].quote in shown(
        step.conversation or "", "blockquote"
    )
    assert done(desk, session, "language", value="<x>").session.language == "en"


def test_a_new_conversation_starts_empty_in_the_same_language(desk: Desk) -> None:
    session = done(desk, asked(desk), "language", value="es").session
    step = done(desk, session, "clear")
    assert step.session == Session(language="es")
    assert "¿Qué necesita saber?" in (step.conversation or "")
    assert step.question == ""


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("eval", {}),
        ("__init__", {}),
        ("cite", {}),
        ("cite", {"turn": "7", "number": "1"}),
        ("cite", {"turn": "x", "number": None}),
        ("source", {"place": "{}"}),
        ("narrow", {"key": "__class__", "value": "x"}),
        ("choose", {"turn": "0", "key": "area"}),
        ("document", {"document": "nobody"}),
        ("dossier", {"places": "no list"}),
        ("dossier", {"places": "7"}),
        ("export", {"turn": "0", "format": "../x"}),
        ("permalink", {"kept": "[" * 5000}),
        ("permalink", {"kept": '{"question": "x"}'}),
        ("conversation", {"kept": "[]"}),
        ("conversation", {"kept": '["x"]'}),
        ("conversation", {"kept": '{"question": "x"}'}),
        ("tell", {"turn": "0", "place": "x", "verdict": "helpful"}),
    ],
)
def test_what_no_page_sends_gives_a_message(desk: Desk, name: str, data: Mapping[str, Any]) -> None:
    session = asked(desk)
    with pytest.raises(SettingsError):
        list(desk.act(session, name, data))


def test_an_organisation_names_and_colours_its_page(toolkit: LiveAssistant, tmp_path: Path) -> None:
    page = {
        "title": "Mine <b>", "intro": "Ask us", "examples": ["Who?"], "colour": "#123456",
        "colour_on_dark": "#abcdef", "language": "fr",
    }  # fmt: skip
    settings = Settings(data_dir=tmp_path, page=page)  # type: ignore[arg-type]  # as a file has it
    desk = Desk(toolkit, settings, Shelf(toolkit, tmp_path))
    first = desk.start("fr")
    assert "<h1>Mine &lt;b&gt;</h1>" in (first.masthead or "")
    assert "Ask us" in (first.conversation or "")
    assert shown(first.conversation or "", "examples")[0] == "Who?"
    assert desk.style == ":root { --accent: #123456; }.dark { --accent: #abcdef; }"


def test_a_page_that_is_opened_tells_what_is_live_by_then(
    desk: Desk, store: SnapshotStore, embedder: WordEmbedder
) -> None:
    first = desk.start("en")
    wells = document_of("# Wells\nTest the water.", source_id="wells", area="Wells")
    snapshot, _ = build_snapshot([wells], embedder=embedder, model="words", store=store)
    store.promote(snapshot.id)
    step = done(desk, Session(language="fr"), "arrive")
    assert snapshot.id not in (first.foot or "")
    assert f"Version {snapshot.id}, " in (step.foot or "")
    assert "Wells" in (step.library or "")
    assert step.session == Session(language="fr")
