"""The commands that measure and judge: evaluate, calibrate, feedback."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.beir import evaluate_beir
from assistant.calibration import ask_files, confidences, recalibrate
from assistant.config import load_settings
from assistant.engine import Assistant
from assistant.feedback import add_situation, read_feedback
from assistant.feedback import judge as judge_feedback
from assistant.options import AsJson, DataDir, Model
from assistant.plots import write_report
from assistant.printing import print_feedback, print_json
from assistant.progress import show_progress
from assistant.questions import evaluate_questions
from assistant.rebuild import QUESTIONS_NAME, STARTER
from corpus.errors import SettingsError
from index.embedding import load_embedder
from index.snapshot import SnapshotStore

STARTER_QUESTIONS = STARTER / QUESTIONS_NAME

commands = typer.Typer()


@commands.command()
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


@commands.command()
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


@commands.command()
def feedback(
    judge: Annotated[
        str | None, typer.Option(help="Make the one with this id a judged question.")
    ] = None,
    situation: Annotated[
        str | None, typer.Option(help="Make the one with this id a situation of its passage.")
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="The question, if the reader kept it private.")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option(help="With --judge: add the line to this file of questions.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List what readers said of passages on the page, the oldest first, or make more of one."""
    settings = load_settings(data_dir=data_dir)
    store = SnapshotStore(settings.snapshots)
    if judge is not None:
        print_json(
            judge_feedback(settings.data_dir, store, judge, question=question, questions=questions)
        )
    elif situation is not None:
        entry = add_situation(settings, store, situation, question=question)
        print_json(entry.model_dump(exclude_defaults=True))
    else:
        found = read_feedback(settings.data_dir)
        values = {"feedback": [one.model_dump() for one in found]}
        print_json(values) if as_json else print_feedback(found)
