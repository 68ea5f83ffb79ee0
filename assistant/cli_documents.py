"""The commands that bring documents: sync and add."""

import sys
from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Annotated

import typer

from assistant.adding import add as add_documents
from assistant.adding import check_values, fetcher_of
from assistant.config import load_settings
from assistant.options import AllowPrivate, AsJson, DataDir, Wait, pairs
from assistant.printing import print_json, print_line
from assistant.progress import show_progress
from corpus.documents import Source
from corpus.lock import writing
from corpus.sync import SyncReport
from corpus.sync import sync as sync_documents

commands = typer.Typer()

# What is asked for when a person adds a document: the rest seldom matters.
_ASKED_FOR = ("title", "edition", "work", "language", "kind", "status")


@commands.command()
def sync(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask what is new, and bring nothing.")
    ] = False,
    replace_changed: Annotated[
        bool, typer.Option("--replace", help="Replace files that were changed by hand, too.")
    ] = False,
    allow_private: AllowPrivate = False,
    wait: Wait = 0.0,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Bring what is new at the addresses of the official Toolkit and of your own catalogue.

    Exit status 1 if an address could not be fetched. What disappeared is marked, never deleted.
    """
    settings = load_settings(data_dir=data_dir)
    with (
        writing(settings.data_dir, "A sync", wait_seconds=wait),
        fetcher_of(settings, allow_private=allow_private) as fetcher,
        show_progress() as progress,
    ):
        report = sync_documents(
            settings.data_dir,
            fetcher=fetcher,
            dry_run=dry_run,
            replace_changed=replace_changed,
            progress=progress,
        )
    print_json(report.to_json()) if as_json else _print_sync(report)
    if report.counts["failed"]:
        raise typer.Exit(1)


@commands.command()
def add(
    items: Annotated[list[str], typer.Argument(metavar="FILE|URL", help="What to add.")],
    given: Annotated[
        list[str] | None,
        typer.Option("--set", help="What the catalogue says of it, as key=value; repeatable."),
    ] = None,
    replace_existing: Annotated[
        bool, typer.Option("--replace", help="Replace a file or entry that is there.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take what is guessed, ask nothing.")] = False,
    allow_private: AllowPrivate = False,
    wait: Wait = 0.0,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy documents into the documents folder and enter them in the catalogue.

    What a file does not say is asked for where somebody can answer. Build afterwards.
    """
    settings = load_settings(data_dir=data_dir)
    values = check_values(pairs(given or (), "--set"))
    asks = sys.stdin.isatty() and not (yes or as_json)
    with (
        writing(settings.data_dir, "An addition", wait_seconds=wait),
        fetcher_of(settings, allow_private=allow_private) as fetcher,
    ):
        added = add_documents(
            settings,
            items,
            fetcher=fetcher,
            given=values,
            confirm=(lambda source: _ask_for(source, values.keys())) if asks else lambda one: one,
            replace_existing=replace_existing,
        )
    if as_json:
        print_json({"added": [asdict(one) for one in added]})
        return
    for one in added:
        edition = f", {one.source.edition}" if one.source.edition else ""
        print_line(f"added {one.source.file}: {one.source.title}{edition} [{one.source.language}]")
        for other in one.other_editions:
            print_line(
                f"    The catalogue has a current edition of it, {other}: set its status to "
                "superseded if this one takes its place."
            )
    print("Index them: toolkit-assistant build")


def _ask_for(source: Source, given: Collection[str]) -> Source:
    """Return the source as a person wants it; what was given is not asked for."""
    typer.echo(f"{source.file}: press Enter to take what is shown.", err=True)
    answers = {
        name: typer.prompt(f"  {name}", default=getattr(source, name) or "", err=True)
        for name in _ASKED_FOR
        if name not in given
    }
    check_values({name: value for name, value in answers.items() if value})
    return replace(source, **{name: value or None for name, value in answers.items()})  # type: ignore[arg-type]  # checked above


def _print_sync(report: SyncReport) -> None:
    for one in report.sources:
        if one.outcome == "unchanged" and not one.note:
            continue
        print_line(f"{one.outcome:9} {one.file or one.url}{f': {one.note}' if one.note else ''}")
    counts = ", ".join(f"{number} {outcome}" for outcome, number in report.counts.items() if number)
    print(counts or "Nothing is published: the catalogue names no address.")
    if report.brought:
        print("Index what came: toolkit-assistant build")
