"""What the page hands to Gradio, and what it does with addresses and files, without a browser."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest
from starlette.requests import Request

import app
from assistant.config import PageSettings
from assistant.desk import Desk
from assistant.downloads import original_route
from assistant.listening import check_address
from assistant.session import Session
from assistant.shelf import Shelf
from assistant.steps import ActingDesk, Step
from corpus.errors import SettingsError

NEW = Session(language="fr")


class FakeDesk:
    """Answers with what it was asked; refuses the step "bad"."""

    def start(self, language: str) -> Step:
        return Step(Session(language), masthead="m", conversation="c")

    def ask(self, session: Session, question: str) -> Iterator[Step]:
        yield Step(session, question="", conversation=question)
        yield Step(NEW, conversation="answered")

    def act(self, session: Session, name: object, data: Mapping[str, Any]) -> Iterator[Step]:
        if name == "bad":
            raise SettingsError("not <so>")
        yield Step(session, message=f"{name} {data}")


@pytest.fixture
def page() -> app.Page:
    return app.Page(cast(Desk, FakeDesk()))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def part(update: tuple[Any, ...], name: str) -> Any:
    return update[3 + app.PARTS.index(name)]


def test_a_step_changes_what_it_names_and_nothing_else(page: app.Page) -> None:
    session = Session()
    first, second = page.ask("who?", session)
    assert first[:3] == (gr.skip(), "", gr.skip())  # the session may be changed meanwhile
    assert part(first, "conversation") == "who?"
    assert part(first, "side") == gr.skip()
    assert second[:2] == (NEW, gr.skip())


def test_a_refusal_becomes_a_message_that_is_escaped(page: app.Page) -> None:
    event = gr.EventData(None, {"step": "bad", "data": {}})
    [update] = page.act(Session(), event)
    assert part(update, "message").startswith(
        '<p class="fault">This could not be done. <span lang="en">not &lt;so&gt;</span></p>'
    )


def test_the_same_message_twice_is_told_twice(page: app.Page) -> None:
    event = gr.EventData(None, {"step": "x", "data": "no table"})
    [first], [second] = page.act(Session(), event), page.act(Session(), event)
    assert part(first, "message").startswith("x {}")
    assert part(first, "message") != part(second, "message")


def test_the_question_box_speaks_the_language_of_a_new_page() -> None:
    _, question, ask, *_ = app.updates(Step(NEW, masthead="m"), Session())
    assert question.label == "Votre question"
    assert ask.value == "Demander"


def test_no_step_of_the_page_is_an_endpoint_and_none_is_dropped() -> None:
    async def built() -> gr.Blocks:
        return app.build_page(cast(Desk, FakeDesk()), PageSettings())

    # Without a running event loop Gradio makes some of its own and never closes them.
    blocks = asyncio.run(built())
    assert len(blocks.fns) > 5
    assert {step.api_visibility for step in blocks.fns.values()} == {"private"}
    assert {step.trigger_mode for step in blocks.fns.values()} == {"multiple"}
    assert not blocks.analytics_enabled


@pytest.mark.parametrize(("editing", "wired"), [(None, set()), (FakeDesk(), {"editor"})])
def test_the_editor_is_wired_only_where_there_is_an_editing_desk(
    editing: Any, wired: set[str]
) -> None:
    async def built() -> gr.Blocks:
        return app.build_page(cast(Desk, FakeDesk()), PageSettings(), [], editing)

    blocks = asyncio.run(built())
    names = {number: getattr(one, "elem_id", None) for number, one in blocks.blocks.items()}
    targets = {
        names[target] for step in blocks.fns.values() for target, _ in step.targets if target
    }
    assert targets & {"editor", "building"} == wired


def test_steps_go_to_the_desk_that_knows_them_and_the_editors_to_no_other() -> None:
    class Other(FakeDesk):
        steps = ("changes",)

        def act(self, session: Session, name: object, data: Mapping[str, Any]) -> Iterator[Step]:
            yield Step(session, message="other")

    page = app.Page(cast(Desk, FakeDesk()), [cast(ActingDesk, Other())])
    [update] = page.act(Session(), gr.EventData(None, {"step": "changes", "data": {}}))
    assert part(update, "message").startswith("other")
    [update] = page.act(Session(), gr.EventData(None, {"step": "editor_build", "data": {}}))
    assert part(update, "message").startswith("editor_build")  # the main desk, which has no such
    assert list(page.edit(Session(), gr.EventData(None, {"step": "editor", "data": {}}))) == []


@pytest.mark.parametrize(("document", "status"), [("gates", 200), ("../gates", 404)])
def test_only_what_the_shelf_names_is_served(tmp_path: Path, document: str, status: int) -> None:
    (tmp_path / "gates.pdf").write_bytes(b"%PDF-")

    class FakeShelf:
        def original(self, snapshot_id: str, document_id: str) -> Path | None:
            known = (snapshot_id, document_id) == ("s", "gates")
            return tmp_path / "gates.pdf" if known else None

    params = {"snapshot_id": "s", "document_id": document}
    request = Request({"type": "http", "path_params": params})
    response = original_route(cast(Shelf, FakeShelf()))(request)
    assert response.status_code == status
    assert response.media_type == ("application/pdf" if status == 200 else "text/plain")


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
        check_address("192.0.2.1", 7860)
