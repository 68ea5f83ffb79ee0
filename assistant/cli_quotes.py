"""The commands about quotes: verify whether one stands so, open one again by its permalink."""

from dataclasses import asdict
from typing import Annotated

import typer

from assistant.config import load_settings
from assistant.engine import Assistant
from assistant.neighbours import Neighbours, neighbours
from assistant.options import AsJson, DataDir, Model
from assistant.printing import print_json, print_reopened, print_verification
from assistant.reopening import reopen
from assistant.verification import verify as verify_text
from index.snapshot import SnapshotStore

commands = typer.Typer()


@commands.command()
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


@commands.command()
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
