"""The page: a chat whose answers are cited quotes, with the source beside them.

    toolkit-assistant-app [--host 127.0.0.1] [--port 7860] [--data-dir DIR] [--model M]

The only file that imports Gradio. Answers are shown in `gr.HTML`, never in the chat component,
whose Markdown engine changes quotes.
"""

import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

# Gradio reads this when it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
import typer

import assistant
from assistant import pages
from assistant.answer import Answer, Citation, History
from assistant.config import Settings, load_settings
from assistant.live import LiveAssistant
from assistant.progress import show_progress
from assistant.queries import MAX_CHARACTERS
from assistant.rebuild import rebuild
from corpus.errors import SettingsError, SnapshotError, ToolkitError
from index.snapshot import SnapshotStore

Answers = tuple[Answer, ...]
# Question box, conversation and turns; the first two may be left as they are by `gr.skip()`.
Step = tuple[Any, Any, Answers]

EXAMPLES = (
    "How can companies engage with artisanal and small-scale miners?",
    "How can companies address ASM and human rights risks in their supply chain?",
    "How can ASM exacerbate security and human rights challenges?",
    "What should we do first after soldiers or guards are accused of abuse?",
    "What belongs in a memorandum of understanding with public security forces?",
    "How should private guards be vetted and trained?",
)

# Style sheets and script of the page, all our own: nothing is loaded from elsewhere.
_FOLDER = Path(assistant.__file__).parent
STYLES = (_FOLDER / "quotes.css", _FOLDER / "page.css")
SCRIPT = _FOLDER / "page.js"
# Gradio finds the names of a component's events in its script: ask, cite and close.
CONVERSATION_SCRIPT = (
    "toolkit.conversation(element, watch, "
    "{ ask: (data) => trigger('ask', data), cite: (data) => trigger('cite', data) })"
)
SOURCE_SCRIPT = "toolkit.source(element, () => trigger('close'))"

# An answer takes 0.1 to 0.5 s on two shared cores (30 questions over the starter documents), most
# of it in libraries that let others run meanwhile.
READERS_AT_ONCE = 4
# Questions waiting beyond this are refused with a message rather than kept for minutes.
MOST_WAITING = 64

# For the first build of another page over the same data folder.
_MOST_WAIT_SECONDS = 600.0

HEADER = (
    "<h1>Toolkit Assistant</h1>"
    "<p>The Security and Human Rights Toolkit, in its own words, cited to the sentence</p>"
)

# No step of the page is an endpoint for programs, and none draws Gradio's own progress.
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class Page:
    """What happens on the page; the conversation itself is kept by the reader's session only."""

    def __init__(self, toolkit: LiveAssistant) -> None:
        self._toolkit = toolkit

    def ask(self, question: str, answers: Answers) -> Iterator[Step]:
        """Yield question box, conversation and turns: with the question at once, then answered.

        An empty question changes nothing. Only the first step empties the box: what is typed
        while the answer is looked up stays.
        """
        question = question.strip()[:MAX_CHARACTERS]
        if not question:
            yield gr.skip(), gr.skip(), answers
            return
        yield "", pages.conversation(answers, pending=question), answers
        try:
            answer = self._toolkit.ask(question, history=_history(answers))
        except ToolkitError as error:
            fault = pages.conversation(answers, pending=question, fault=str(error))
            yield gr.skip(), fault, answers
            return
        answers = (*answers, answer)
        yield gr.skip(), pages.conversation(answers), answers

    def ask_example(self, answers: Answers, event: gr.EventData) -> Iterator[Step]:
        """Yield what `ask` does for the example question that was clicked."""
        yield from self.ask(str(event.question), answers)

    def open_source(self, answers: Answers, event: gr.EventData) -> str:
        """Return the source panel at the citation that was clicked."""
        for place, answer, citation in _citations(answers):
            if (place, citation.number) == (event.turn, event.number):
                return self._source(place, answer.snapshot_id, citation)
        raise _no_longer_held()

    def _source(self, place: int, snapshot_id: str, citation: Citation) -> str:
        try:
            document = self._toolkit.document(snapshot_id, citation.document_id)
        except SnapshotError as error:
            raise _no_longer_held() from error
        return pages.source_panel(document, citation, place=place)

    def close_source(self) -> str:
        """Return what the panel shows without a source."""
        return pages.library(self._toolkit.snapshot.documents.values())

    def clear(self) -> tuple[str, str, str, Answers]:
        """Return question box, conversation, panel and turns as they are at the start."""
        return "", pages.welcome(EXAMPLES), self.close_source(), ()


def _history(answers: Answers) -> History:
    """Return the turns so far: what was asked, and the quotes that answered."""
    turns: list[tuple[str, str]] = []
    for answer in answers:
        quotes = "\n".join(citation.quote for citation in answer.citations)
        turns += [("user", answer.question), ("assistant", quotes)]
    return tuple(turns)


def _citations(answers: Answers) -> Iterator[tuple[int, Answer, Citation]]:
    for place, answer in enumerate(answers):
        for citation in answer.citations:
            yield place, answer, citation


def _no_longer_held() -> gr.Error:
    return gr.Error("This answer is no longer held. Ask the question again.", duration=None)


def build_page(toolkit: LiveAssistant) -> gr.Blocks:
    """Return the page over an assistant, not yet served."""
    page = Page(toolkit)
    blocks = gr.Blocks(title="Toolkit Assistant", analytics_enabled=False, fill_width=True)
    with blocks:
        answers = gr.State(())
        with gr.Row(elem_id="masthead"):
            _html("title", HEADER)
            clear = gr.Button("New conversation", elem_id="clear", min_width=0)
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="chat", min_width=0):
                conversation = _html("conversation", pages.welcome(EXAMPLES), CONVERSATION_SCRIPT)
                question, ask = _composer()
            with gr.Column(elem_id="side", min_width=0):
                source = _html("source", page.close_source(), SOURCE_SCRIPT)
        _html("foot", pages.footer(toolkit.snapshot.manifest))

        shown = [question, conversation, answers]
        gr.on([question.submit, ask.click], page.ask, [question, answers], shown, **_PRIVATE)
        conversation.ask(page.ask_example, answers, shown, **_PRIVATE)
        conversation.cite(page.open_source, answers, source, **_PRIVATE).then(
            None, js="() => toolkit.showSource()", **_PRIVATE
        )
        source.close(page.close_source, None, source, **_PRIVATE)
        clear.click(page.clear, None, [question, conversation, source, answers], **_PRIVATE)
    return blocks


def _composer() -> tuple[gr.Textbox, gr.Button]:
    """Return the question box and its button, with the caveat that stands below them."""
    with gr.Column(elem_id="composer"):
        with gr.Row(elem_id="question-row"):
            question = gr.Textbox(
                label="Your question",
                placeholder="Describe what happened, or ask",
                max_lines=4,
                autofocus=True,
                container=False,
                elem_id="question",
            )
            ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=0)
        _html("caveat", f"<p>{pages.CAVEAT}</p>")
    return question, ask


def _html(name: str, value: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=script, apply_default_css=False)


def serve(blocks: gr.Blocks, *, host: str, port: int) -> str:
    """Return the address of the page once it is served, in threads of its own.

    Nothing is fetched from elsewhere or shared, no run is recorded and no file taken in. Raises
    `SettingsError` if the address cannot be used.
    """
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
            app_kwargs={"openapi_url": None},
            max_file_size=1,
            enable_monitoring=False,
            mcp_server=False,
            pwa=False,
            ssr_mode=False,
            theme=_theme(),
            css_paths=STYLES,
            head=f"<script>{SCRIPT.read_text('utf-8')}</script>",
        )
    except OSError as error:
        raise _unusable(host, port, str(error)) from error
    return address


def _theme() -> gr.themes.Base:
    """Return a theme with the fonts of the reader's own system; others would be downloaded."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="slate",
        font=("system-ui", "-apple-system", "Segoe UI", "sans-serif"),
        font_mono=("ui-monospace", "Menlo", "Consolas", "monospace"),
    )


def _check_address(host: str, port: int) -> None:
    """Raise `SettingsError` before any long work if nothing can be served at the address."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise _unusable(host, port, error.strerror or str(error)) from error


def _unusable(host: str, port: int, reason: str) -> SettingsError:
    return SettingsError(
        f"Cannot serve at {host}:{port} ({reason}). Stop what uses it, or choose another address "
        "with --host and --port."
    )


def open_assistant(settings: Settings) -> LiveAssistant:
    """Return the assistant over the live snapshot, built first if there is none yet."""
    if SnapshotStore(settings.snapshots).current_id() is None:
        typer.echo("There is no snapshot yet; building one.", err=True)
        with show_progress() as progress:
            rebuild(settings, wait_seconds=_MOST_WAIT_SECONDS, progress=progress)
    return LiveAssistant.open(settings)


command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command.command()
def run(
    host: Annotated[str, typer.Option(help="Address to serve at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve at.", min=1, max=65535)] = 7860,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of documents and snapshots [env: TOOLKIT_DATA_DIR].")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Embedding model: name or folder.")] = None,
) -> None:
    """Serve the page: ask the Security and Human Rights Toolkit in a browser."""
    settings = load_settings(data_dir=data_dir, model=model)
    _check_address(host, port)
    blocks = build_page(open_assistant(settings))
    typer.echo(f"Toolkit Assistant is at {serve(blocks, host=host, port=port)} (Ctrl+C stops it)")
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
