"""The console script toolkit-assistant: every command."""

import io
import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from assistant import cli_documents, cli_snapshots
from assistant.answer import to_json
from assistant.batch import parse_filters, read_batch
from assistant.beir import evaluate_beir
from assistant.calibration import ask_files, confidences, recalibrate
from assistant.changes import compare_editions, find_changes
from assistant.config import MOST_PASSAGES, Settings, load_settings
from assistant.doctor import examine
from assistant.engine import Assistant
from assistant.explanation import explain as explain_question
from assistant.export import FORMATS, export
from assistant.feedback import append_line, judged_question, read_feedback
from assistant.neighbours import Neighbours, neighbours
from assistant.options import AsJson, DataDir, Model, Wait
from assistant.plots import write_report
from assistant.printing import (
    print_answer,
    print_citation,
    print_explanation,
    print_feedback,
    print_health,
    print_json,
    print_line,
    print_reopened,
    print_report,
    print_verification,
)
from assistant.printing_changes import print_changes
from assistant.progress import show_progress
from assistant.questions import evaluate_questions
from assistant.rebuild import STARTER, rebuild
from assistant.reopening import reopen
from assistant.texts import texts_of
from assistant.verification import verify as verify_text
from corpus.errors import SettingsError, ToolkitError
from corpus.reading import ReadingOptions
from index.embedding import load_embedder
from index.snapshot import SnapshotStore

STARTER_QUESTIONS = STARTER / "questions.jsonl"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Ask the Security and Human Rights Toolkit; get its own words, cited to the sentence.",
)
app.add_typer(cli_documents.commands)
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
        bool, typer.Option(help="Recognise text on scanned pages, with the system's ocrmypdf.")
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
def verify(
    text: Annotated[list[str], typer.Argument(help="A text with quotations, or a quotation.")],
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Say of each quotation whether it stands so in the documents: exact, altered, not found.

    All editions are looked through, and the older snapshots that are kept. Exit status 1 if none
    is exact.
    """
    settings = load_settings(data_dir=data_dir, model=model)
    assistant, store = Assistant.open(settings), SnapshotStore(settings.snapshots)
    # Words without quotation marks of the shell are one text, as for `ask`.
    texts = text if any(" " in one for one in text) else [" ".join(text)]
    verifications = [
        one for each in texts for one in verify_text(each, assistant=assistant, store=store)
    ]
    if as_json:
        snapshot_id = assistant.snapshot.id
        print_json({"snapshot_id": snapshot_id, "quotations": [asdict(v) for v in verifications]})
    else:
        for verification in verifications:
            print_verification(verification)
    if not any(one.verdict == "exact" for one in verifications):
        raise typer.Exit(1)


@app.command()
def feedback(
    judge: Annotated[
        str | None, typer.Option(help="Make the one with this id a judged question.")
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="With --judge: the question, if the reader kept it private.")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option(help="With --judge: add the line to this file of questions.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List what readers said of passages on the page, the oldest first, or judge one of them."""
    settings = load_settings(data_dir=data_dir)
    found = read_feedback(settings.data_dir)
    if judge is None:
        values = {"feedback": [one.model_dump() for one in found]}
        print_json(values) if as_json else print_feedback(found)
        return
    chosen = [one for one in found if one.id == judge]
    if not chosen:
        raise SettingsError(f"There is no feedback {judge!r}; `feedback` lists the ids.")
    store = SnapshotStore(settings.snapshots)
    line = judged_question(chosen[0], store.open(chosen[0].snapshot_id), question=question)
    if questions is not None:
        append_line(questions, json.dumps(line, ensure_ascii=False))
    print_json(line)


@app.command()
def quote(
    permalink: Annotated[str, typer.Argument(help="As a citation has it.")],
    around: Annotated[
        bool, typer.Option("--around", help="Show the passages before and after too.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Open a quote in the snapshot it is from, and say what the documents say now."""
    store = SnapshotStore(load_settings(data_dir=data_dir).snapshots)
    reopened = reopen(permalink, store)
    beside = Neighbours(None, None)
    if around:
        snapshot = store.open(reopened.snapshot_id)
        beside = neighbours(snapshot, reopened.citation.passage_id)
    if as_json:
        print_json({**asdict(reopened), **(asdict(beside) if around else {})})
    else:
        print_reopened(reopened, beside)


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
def diff(
    old: Annotated[
        str | None,
        typer.Argument(help="A snapshot's or document's id; the snapshot before by default."),
    ] = None,
    new: Annotated[
        str | None, typer.Argument(help="Another's id; the live snapshot by default.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Say what changed between two snapshots, or two documents of the live one, passage by passage.

    A document is named by its id, so that two editions of a text can be laid side by side.
    """
    store = SnapshotStore(load_settings(data_dir=data_dir).snapshots)
    named = [one for one in (old, new) if one is not None and one not in store.ids()]
    if old and new and len(named) == 2:
        changes = compare_editions(store.open(), old, new)
    else:
        changes = find_changes(store.open(old or store.id_before_current()), store.open(new))
    print_json(asdict(changes)) if as_json else print_changes(changes)


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


@app.command()
def evaluate(
    questions: Annotated[
        Path | None, typer.Option(help="Judged questions; the starter ones by default.")
    ] = None,
    beir: Annotated[
        Path | None, typer.Option(help="A folder in BEIR form, indexed for this run only.")
    ] = None,
    limit_queries: Annotated[
        int | None, typer.Option(help="With --beir: ask only the first so many.", min=1)
    ] = None,
    plots: Annotated[
        Path | None, typer.Option(help="Draw how far the confidence can be trusted, into a folder.")
    ] = None,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Measure the ranking and the outcome on judged questions."""
    settings = load_settings(data_dir=data_dir, model=model)
    if beir and plots:
        raise SettingsError("--plots goes without --beir.")
    if (questions if beir else limit_queries) is not None:
        raise SettingsError("--questions goes without --beir, --limit-queries with it.")
    with show_progress() as progress:
        if beir is None:
            questions, assistant = questions or STARTER_QUESTIONS, Assistant.open(settings)
            figures = evaluate_questions(questions, assistant=assistant, progress=progress)
            if plots:
                rows = ask_files(assistant, [questions], progress=progress)
                chances = confidences(assistant.calibration, rows)
                write_report(plots, chances, rows, assistant.calibration)
        else:
            figures = evaluate_beir(
                beir,
                embedder=load_embedder(settings.model),
                model=settings.model,
                limit_queries=limit_queries,
                progress=progress,
            )
    print_json(figures) if as_json else print(json.dumps(figures, indent=2))


@app.command()
def calibrate(
    questions: Annotated[
        list[Path] | None, typer.Option(help="Judged questions; the starter ones by default.")
    ] = None,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Fit the confidence to this library, by judged questions; it is used from then on.

    Questions that the documents do not answer belong to them. The file is kept beside the
    snapshots; delete it to go back to the usual calibration. A page that is running takes it up
    with the next snapshot.
    """
    settings = load_settings(data_dir=data_dir, model=model)
    assistant = Assistant.open(settings)
    with show_progress() as progress:
        rows = ask_files(assistant, questions or [STARTER_QUESTIONS], progress=progress)
    made = recalibrate(rows, assistant.snapshot)
    if as_json:
        print_json(asdict(made))
    else:
        print(f"Written: {made.path}")
        print(
            f"Calibration error over {made.questions} questions, from 0 to 1: {made.error_before}"
        )
        print(f"before, {made.error_after} now, each question left out of what judges it.")


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
