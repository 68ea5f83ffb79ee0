"""What the page does with questions, clicks and addresses, without a browser."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

import app
from assistant.answer import Answer, History
from assistant.live import LiveAssistant
from assistant.queries import MAX_CHARACTERS
from corpus.errors import SettingsError, SnapshotDamagedError


class FakeToolkit:
    """Covers nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, History]] = []
        self.snapshot = SimpleNamespace(documents={})

    def ask(self, question: str, *, history: History) -> Answer:
        self.asked.append((question, history))
        if question == "broken":
            raise SnapshotDamagedError("dense.faiss is missing")
        return Answer(question, question, "not_covered", 0.0, (), "id", 0.0)


@pytest.fixture
def toolkit() -> FakeToolkit:
    return FakeToolkit()


@pytest.fixture
def page(toolkit: FakeToolkit) -> app.Page:
    return app.Page(cast(LiveAssistant, toolkit))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_question_is_shown_at_once_and_then_its_answer(page: app.Page) -> None:
    steps = list(page.ask("who?", ()))
    assert [len(answers) for _, _, answers in steps] == [0, 1]
    assert "Looking in the documents" in steps[0][1]
    assert "Not covered" in steps[1][1]
    assert [box for box, _, _ in steps] == ["", gr.skip()]


def test_a_follow_up_comes_with_the_turns_before_it(page: app.Page, toolkit: FakeToolkit) -> None:
    *_, (_, _, answers) = page.ask("first", ())
    list(page.ask("second", answers))
    assert toolkit.asked[1] == ("second", (("user", "first"), ("assistant", "")))


@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question_changes_nothing(
    page: app.Page, toolkit: FakeToolkit, question: str
) -> None:
    assert list(page.ask(question, ())) == [(gr.skip(), gr.skip(), ())]
    assert toolkit.asked == []


def test_a_very_long_question_is_cut_before_it_is_kept(
    page: app.Page, toolkit: FakeToolkit
) -> None:
    list(page.ask("word " * 20_000, ()))
    assert len(toolkit.asked[0][0]) == MAX_CHARACTERS


def test_a_fault_is_shown_and_the_conversation_kept(page: app.Page) -> None:
    *_, (_, _, answers) = page.ask("first", ())
    *_, (_, conversation, kept) = page.ask("broken", answers)
    assert kept == answers
    assert "dense.faiss is missing" in conversation


@pytest.mark.parametrize("data", [{"turn": 0, "number": 9}, {"turn": "0", "number": None}])
def test_a_citation_that_is_not_there_gives_a_message(page: app.Page, data: dict[str, Any]) -> None:
    *_, (_, _, answers) = page.ask("first", ())
    with pytest.raises(gr.Error, match="Ask the question again"):
        page.open_source(answers, gr.EventData(None, data))


def test_no_step_of_the_page_is_an_endpoint() -> None:
    manifest = SimpleNamespace(id="x", created="2026-01-01", documents=0, passages=0)
    toolkit = SimpleNamespace(snapshot=SimpleNamespace(documents={}, manifest=manifest))

    async def built() -> gr.Blocks:
        return app.build_page(cast(LiveAssistant, toolkit))

    # Without a running event loop Gradio makes some of its own and never closes them.
    blocks = asyncio.run(built())
    assert blocks.fns
    assert {step.api_visibility for step in blocks.fns.values()} == {"private"}
    assert not blocks.analytics_enabled


def test_a_busy_port_ends_with_a_message(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    taken_port: int,
) -> None:
    arguments = ["toolkit-assistant-app", "--port", str(taken_port), "--data-dir", str(tmp_path)]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as ended:
        app.main()
    message = capsys.readouterr().err
    assert ended.value.code == 2
    assert f"127.0.0.1:{taken_port}" in message
    assert "--port" in message
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"Cannot serve at 192\.0\.2\.1:7860"):
        app._check_address("192.0.2.1", 7860)
