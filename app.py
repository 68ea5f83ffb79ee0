"""The page: a chat whose answers are cited quotes, with the source beside them.

    toolkit-assistant-app [--host 127.0.0.1] [--port 7860] [--data-dir DIR] [--model M]

The only file that imports Gradio. Answers are shown in `gr.HTML`, never in the chat component,
whose Markdown engine changes quotes.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

# Gradio reads this when it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import typer
from starlette.routing import Route

import assistant
from assistant.changes_desk import ChangesDesk
from assistant.config import PageSettings, load_settings
from assistant.desk import Desk
from assistant.downloads import original_route
from assistant.editing_desk import EditingDesk
from assistant.listening import check_address, unusable
from assistant.opening import open_assistant
from assistant.pages.elements import fault
from assistant.session import Session
from assistant.shelf import Shelf
from assistant.steps import ActingDesk, Step
from assistant.texts import Texts, texts_of
from assistant.uploads import upload_route
from corpus.errors import ToolkitError

# Style sheets and script of the page, all our own: nothing is loaded from elsewhere.
_FOLDER = Path(assistant.__file__).parent
STYLES = tuple(_FOLDER / f"{name}.css" for name in ("page", "answers", "sources", "releases"))
SCRIPTS = tuple(_FOLDER / f"{name}.js" for name in ("page", "releases"))
# Gradio finds the names of a component's events in its script.
WIRING = "toolkit.wire(element, watch, (data) => trigger('act', data))"

# An answer takes 0.1 to 0.5 s on two shared cores (30 questions over the starter documents), most
# of it in libraries that let others run meanwhile.
READERS_AT_ONCE = 4
# Questions waiting beyond this are refused with a message rather than kept for minutes.
MOST_WAITING = 64

# No step of the page is an endpoint for programs, and none draws Gradio's own progress.
_PRIVATE: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    # By default Gradio drops what is done while a step of the same component is under way.
    "trigger_mode": "multiple",
}

# The components that a step can change, in the order in which it is shown.
PARTS = (
    "conversation", "narrowing", "library", "checker", "side", "message", "file", "masthead",
    "foot", "caveat", "changes", "editor", "building",
)  # fmt: skip

# The parts that arrive anew with the same HTML.
_SAID_AGAIN = ("message", "file", "building")

# What the question box says, and its words.
_NAMES = {"label": "question", "placeholder": "placeholder"}


class Page:
    """What the desks do, as updates of Gradio's components; a visit is held by its session."""

    def __init__(
        self, desk: Desk, others: Sequence[ActingDesk] = (), editing: ActingDesk | None = None
    ) -> None:
        self._desk = desk
        self._others = others
        self._editing = editing

    def ask(self, question: str, session: Session) -> Iterator[tuple[Any, ...]]:
        """Yield the updates of a question: at once, then answered."""
        yield from self._shown(session, self._desk.ask(session, question))

    def act(self, session: Session, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Yield the updates of something a reader does, as the browser tells it."""
        data = event.data if isinstance(event.data, dict) else {}
        others = (one for one in self._others if str(event.step) in one.steps)
        desk = next(others, self._desk)
        yield from self._shown(session, desk.act(session, event.step, data))

    def edit(self, session: Session, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """Yield the updates of something an editor does; nothing where there is no editor's tab."""
        data = event.data if isinstance(event.data, dict) else {}
        if self._editing is not None:
            yield from self._shown(session, self._editing.act(session, event.step, data))

    def _shown(self, session: Session, steps: Iterator[Step]) -> Iterator[tuple[Any, ...]]:
        try:
            for step in steps:
                yield updates(step, session)
        except ToolkitError as error:
            told = fault(error, texts_of(session.language))
            yield updates(Step(session, message=f'<p class="fault">{told}</p>'), session)


def updates(step: Step, before: Session) -> tuple[Any, ...]:
    """Return a step as updates: session, question box, its button, then each of `PARTS`."""
    # A session that stays is left alone: another step may have changed it meanwhile.
    session = gr.skip() if step.session is before else step.session
    question: Any = gr.skip() if step.question is None else step.question
    ask: Any = gr.skip()
    if step.masthead is not None:
        texts = texts_of(step.session.language)
        words: dict[str, Any] = {} if step.question is None else {"value": step.question}
        words |= {name: texts.plain(f"frame.{key}") for name, key in _NAMES.items()}
        question = gr.Textbox(**words)
        ask = gr.Button(value=texts.plain("frame.ask"))
    return session, question, ask, *(_part(step, part) for part in PARTS)


def _part(step: Step, part: str) -> Any:  # noqa: ANN401  # HTML, or what leaves it as it is
    """Return the new HTML of a part; a comment tells what is said again from what stays.

    A build is asked for again when what it was at arrives, the same or not.
    """
    html = getattr(step, part)
    if html is None:
        return gr.skip()
    return f"{html}<!-- {time.monotonic_ns()} -->" if part in _SAID_AGAIN else html


def build_page(
    desk: Desk,
    settings: PageSettings,
    others: Sequence[ActingDesk] = (),
    editing: ActingDesk | None = None,
) -> gr.Blocks:
    """Return the page over its desks, not yet served; without an editing desk none can edit."""
    page, first = Page(desk, others, editing), desk.start(settings.language)
    texts = texts_of(first.session.language)
    title = settings.title or texts.plain("frame.title")
    blocks = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with blocks:
        session = gr.State(first.session)
        parts = {"masthead": _html("masthead", first)}
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="chat", min_width=0):
                parts["conversation"] = _html("conversation", first)
                with gr.Column(elem_id="composer"):
                    parts["narrowing"] = _html("narrowing", first)
                    question, ask = _composer(texts)
                    parts["caveat"] = _html("caveat", first)
            for name in ("library", "checker", "changes"):
                with gr.Column(elem_id=f"{name}-view", min_width=0):
                    parts[name] = _html(name, first)
            with gr.Column(elem_id="editor-view", min_width=0):
                for name in ("building", "editor"):
                    parts[name] = _html(name, first)
            with gr.Column(elem_id="side-view", min_width=0):
                parts["side"] = _html("side", first)
        for name in ("foot", "message", "file"):
            parts[name] = _html(name, first)
        gr.HTML('<p id="spoken" role="status"></p>', js_on_load=None, apply_default_css=False)

        shown = [session, question, ask, *(parts[name] for name in PARTS)]
        gr.on([question.submit, ask.click], page.ask, [question, session], shown, **_PRIVATE)
        for name, part in parts.items():
            if name not in ("editor", "building"):
                part.act(page.act, session, shown, **_PRIVATE)
        if editing is not None:  # in a queue of its own, so that no reader waits for an editor
            parts["editor"].act(page.edit, session, shown, **_PRIVATE)
    return blocks


def _composer(texts: Texts) -> tuple[gr.Textbox, gr.Button]:
    """Return the question box and its button."""
    with gr.Row(elem_id="question-row"):
        question = gr.Textbox(
            label=texts.plain("frame.question"),
            placeholder=texts.plain("frame.placeholder"),
            max_lines=4,
            autofocus=True,
            container=False,
            elem_id="question",
        )
        ask = gr.Button(texts.plain("frame.ask"), variant="primary", elem_id="ask", min_width=0)
    return question, ask


def _html(name: str, first: Step) -> gr.HTML:
    value = getattr(first, name) or ""
    return gr.HTML(value, elem_id=name, js_on_load=WIRING, apply_default_css=False)


def serve(
    blocks: gr.Blocks,
    shelf: Shelf,
    *,
    host: str,
    port: int,
    style: str = "",
    editing: EditingDesk | None = None,
) -> str:
    """Return the address of the page once it is served, in threads of its own.

    Nothing is fetched from elsewhere or shared, no run is recorded, and files are taken in from an
    editor alone. Raises `SettingsError` if the address cannot be used.
    """
    routes = [Route("/original/{snapshot_id}/{document_id}", original_route(shelf))]
    if editing is not None:
        routes.append(Route("/editor/upload", upload_route(editing), methods=["POST"]))
    blocks.queue(api_open=False, max_size=MOST_WAITING, default_concurrency_limit=READERS_AT_ONCE)
    try:
        _, address, _ = blocks.launch(
            server_name=host,
            server_port=port,
            share=False,
            inbrowser=False,
            prevent_thread_lock=True,
            quiet=True,
            # Gradio's run history would keep every question in the browser.
            run_history=False,
            footer_links=[],
            app_kwargs={"openapi_url": None, "routes": routes},
            max_file_size=1,
            enable_monitoring=False,
            mcp_server=False,
            pwa=False,
            ssr_mode=False,
            theme=_theme(),
            css=style,
            css_paths=STYLES,
            head="".join(f"<script>{one.read_text('utf-8')}</script>" for one in SCRIPTS),
        )
    except OSError as error:
        raise unusable(host, port, str(error)) from error
    return address


def _theme() -> gr.themes.Base:
    """Return a theme with the fonts of the reader's own system; others would be downloaded."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="slate",
        font=("system-ui", "-apple-system", "Segoe UI", "sans-serif"),
        font_mono=("ui-monospace", "Menlo", "Consolas", "monospace"),
    )


command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command.command()
def run(
    host: Annotated[str, typer.Option(help="Address to serve at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve at.", min=1, max=65535)] = 7860,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of documents and snapshots [env: TOOLKIT_DATA_DIR].")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Embedding model: name or folder.")] = None,
    documents: Annotated[
        Path | None, typer.Option(help="The folder that was indexed, if not the data folder's own.")
    ] = None,
) -> None:
    """Serve the page: ask the documents of the data folder in a browser."""
    settings = load_settings(data_dir=data_dir, model=model)
    check_address(host, port)
    toolkit = open_assistant(settings)
    folder = documents or settings.documents
    shelf = Shelf(toolkit, folder)
    desk = Desk(toolkit, settings, shelf)
    editing = None
    if settings.editor_password.get_secret_value():
        editing = EditingDesk(toolkit, settings, folder)
    blocks = build_page(desk, settings.page, [ChangesDesk(toolkit, settings)], editing)
    address = serve(blocks, shelf, style=desk.style, host=host, port=port, editing=editing)
    typer.echo(f"Toolkit Assistant is at {address} (Ctrl+C stops it)")
    blocks.block_thread()


def main() -> NoReturn:
    """Serve the page; a fault of the world becomes a message and exit status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        command()
    except ToolkitError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(2)
    sys.exit(0)


if __name__ == "__main__":
    main()
