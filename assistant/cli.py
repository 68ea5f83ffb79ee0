"""The console script toolkit-assistant: every command."""

import io
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from assistant import cli_documents, cli_measuring, cli_quotes, cli_snapshots
from assistant.answer import to_json
from assistant.batch import parse_filters, read_batch
from assistant.config import MOST_PASSAGES, Settings, load_settings
from assistant.doctor import examine
from assistant.engine import Assistant
from assistant.explanation import explain as explain_question
from assistant.export import FORMATS, export
from assistant.options import AsJson, DataDir, Model, Wait
from assistant.printing import (
    print_answer,
    print_citation,
    print_explanation,
    print_health,
    print_json,
    print_line,
    print_report,
)
from assistant.progress import show_progress
from assistant.rebuild import rebuild
from assistant.texts import texts_of
from corpus.errors import SettingsError, ToolkitError
from corpus.reading import ReadingOptions
from index.snapshot import SnapshotStore

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Ask the Security and Human Rights Toolkit; get its own words, cited to the sentence.",
)
app.add_typer(cli_documents.commands)
app.add_typer(cli_measuring.commands)
app.add_typer(cli_quotes.commands)
app.add_typer(cli_snapshots.commands)

Filter = Annotated[
    list[str] | None,
    typer.Option("--filter", help="Only sources with this value, as key=value; repeatable."),
]


@app.command()
def build(
    documents: Annotated[
        Path | None, typer.Option(help="Build from this folder and nothing else.")
    ] = None,
    data_dir: DataDir = None,
    model: Model = None,
    password: Annotated[
        list[str] | None, typer.Option(help="Opens PDFs that ask for one; repeatable.")
    ] = None,
    recognise: Annotated[
        bool, typer.Option(help="Recognise text on scanned pages, with ocrmypdf or tesseract.")
    ] = False,
    promote: Annotated[bool, typer.Option(help="Make the new snapshot the live one.")] = True,
    force: Annotated[
        str | None,
        typer.Option(help="Make it live whatever the gates say, for this reason; it is recorded."),
    ] = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Read documents, build a snapshot of them and make it the live one if it passes the gates.

    A snapshot of the folder that the live one is of must lose no document and answer no worse;
    one of another folder, and the first, must only be whole. Exit status 1 if a gate fails.
    """
    settings = load_settings(data_dir=data_dir, model=model)
    options = ReadingOptions(tuple(password or ()), recognise)
    with show_progress() as progress:
        report = rebuild(
            settings,
            documents=documents,
            options=options,
            promote=promote,
            force=force,
            wait_seconds=wait,
            progress=progress,
        )
    print_json(report.to_json()) if as_json else print_report(report)
    if promote and not report.promoted:
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="The question.")] = None,
    history: Annotated[
        list[str] | None, typer.Option(help="A question asked before, oldest first; repeatable.")
    ] = None,
    filters: Filter = None,
    limit: Annotated[
        int | None, typer.Option(help="Passages to show.", min=1, max=MOST_PASSAGES)
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="Words of `also searched for` to leave out; repeatable."),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(help='JSON lines {"id", "question", …}; with --json.')
    ] = None,
    snapshot: Annotated[
        str | None, typer.Option(help="Ask this snapshot, as `snapshots` lists it; default live.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--format", help=f"With -o: one of {', '.join(FORMATS)}.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the quotes to this file.")
    ] = None,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with cited passages, word for word."""
    settings = load_settings(data_dir=data_dir, model=model, limit=limit)
    if batch is not None:
        if question or history or filters:
            message = (
                "--batch takes questions, history and filters from its lines; leave them out here."
            )
            raise SettingsError(message)
        _ask_batch(settings, batch, snapshot)
        return
    if (kind is None) != (output is None):
        raise SettingsError("--format and --output go together: --format docx -o answer.docx")
    if question is None:
        raise SettingsError("There is no question. Write one after `ask`, or use --batch FILE.")
    answer = Assistant.open(settings, snapshot).ask(
        " ".join(question),
        history=tuple(("user", turn) for turn in history or ()),
        filters=parse_filters(filters or ()),
        limit=settings.limit,
        without=without or (),
    )
    print_json(to_json(answer)) if as_json else print_answer(answer)
    if kind is not None and output is not None:
        entries = [(answer.snapshot_id, one) for one in answer.citations]
        output.write_bytes(export(entries, kind, texts_of("en"), question=answer.question).data)


@app.command()
def explain(
    question: Annotated[list[str], typer.Argument(help="The question.")],
    history: Annotated[
        list[str] | None, typer.Option(help="A question asked before, oldest first; repeatable.")
    ] = None,
    filters: Filter = None,
    limit: Annotated[
        int | None, typer.Option(help="Passages to explain.", min=1, max=MOST_PASSAGES)
    ] = None,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Say why each passage for a question stands where it stands."""
    settings = load_settings(data_dir=data_dir, model=model, limit=limit)
    explanation = explain_question(
        Assistant.open(settings),
        " ".join(question),
        history=tuple(("user", turn) for turn in history or ()),
        filters=parse_filters(filters or ()),
        limit=settings.limit,
    )
    print_json(asdict(explanation)) if as_json else print_explanation(explanation)


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(help="Words to look for.")],
    k: Annotated[int, typer.Option("-k", help="How many passages.", min=1, max=1000)] = 10,
    filters: Filter = None,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """List the nearest passages with every signal, whether they answer or not."""
    settings = load_settings(data_dir=data_dir, model=model)
    assistant = Assistant.open(settings)
    citations = assistant.search(" ".join(query), filters=parse_filters(filters or ()), k=k)
    if as_json:
        print_json({"hits": [to_json(citation) for citation in citations]})
    else:
        for citation in citations:
            print_citation(citation)


@app.command()
def info(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say what the live snapshot holds."""
    settings = load_settings(data_dir=data_dir)
    store = SnapshotStore(settings.snapshots)
    snapshot = store.open()
    manifest = snapshot.manifest
    values: dict[str, Any] = {
        "snapshot_id": manifest.id,
        "created": manifest.created,
        "model": manifest.model,
        "data_dir": str(settings.data_dir),
        "passages": manifest.passages,
        "documents": [
            {
                "document_id": document.id,
                "file": document.source.file,
                "title": document.source.title,
                "edition": document.source.edition,
                "language": document.source.language,
                "status": document.source.status,
                "pages": len(document.pages),
            }
            for document in snapshot.documents.values()
        ],
    }
    if as_json:
        print_json(values)
        return
    print(f"Snapshot {manifest.id}, built {manifest.created} with {manifest.model}")
    print(f"Data folder {settings.data_dir}")
    print(f"{manifest.documents} documents, {manifest.passages} passages:")
    for document in values["documents"]:
        print_line(f"  {document['file']}: {document['title']} ({document['status']})")


@app.command()
def doctor(
    documents: Annotated[
        Path | None, typer.Option(help="The folder that was indexed, if not the data folder's own.")
    ] = None,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Check everything in the data folder, and say how each document was read.

    Exit status 1 if something is wrong.
    """
    health = examine(load_settings(data_dir=data_dir, model=model), documents)
    print_json(asdict(health)) if as_json else print_health(health)
    if health.problems:
        raise typer.Exit(1)


def _ask_batch(settings: Settings, path: Path, snapshot_id: str | None) -> None:
    """Answer each line of a file on a line of standard output."""
    questions = read_batch(path)
    assistant = Assistant.open(settings, snapshot_id)
    for question in questions:
        answer = assistant.ask(
            question.question,
            history=question.turns,
            filters=question.filters,
            limit=question.limit or settings.limit,
        )
        print_json({"id": question.id, **to_json(answer)})


def main() -> NoReturn:
    """Run a command; a fault of the world becomes a message and exit status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # quotes are in every script, whatever the machine
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except ToolkitError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"Error: {error}. Check the folder and who may read and write it.", file=sys.stderr)
        sys.exit(2)
    sys.exit(0)
