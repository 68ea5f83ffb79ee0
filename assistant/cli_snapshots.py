"""The commands that compare, publish and go back: snapshots, diff, promote, rollback, pin."""

from dataclasses import asdict
from typing import Annotated

import typer

from assistant.changes import compare_editions, find_changes
from assistant.config import load_settings
from assistant.options import AsJson, DataDir
from assistant.printing import print_json
from assistant.printing_changes import print_changes
from assistant.snapshot_facts import SnapshotFacts, snapshot_facts
from index.snapshot import SnapshotStore

commands = typer.Typer()

Id = Annotated[str, typer.Argument(metavar="ID", help="As `snapshots` lists it.")]


@commands.command()
def snapshots(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the snapshots with what they hold, oldest first; live and pinned ones are marked."""
    settings = load_settings(data_dir=data_dir)
    store = SnapshotStore(settings.snapshots)
    listed = snapshot_facts(store)
    if as_json:
        ids, details = [one.id for one in listed], [asdict(one) for one in listed]
        print_json({"current": store.current_id(), "snapshots": ids, "details": details})
        return
    for one in listed:
        marks = f"{'  live' if one.live else ''}{'  pinned' if one.pinned else ''}"
        print(f"{one.id}  {_told(one)}{marks}")


def _told(facts: SnapshotFacts) -> str:
    if facts.created is None:
        return "damaged"
    when = facts.created[:16].replace("T", " ")
    return f"{when}  {facts.documents} documents, {facts.passages} passages"


@commands.command()
def promote(snapshot_id: Id, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Make a snapshot the live one, without asking the gates."""
    SnapshotStore(load_settings(data_dir=data_dir).snapshots).promote(snapshot_id)
    _tell_live(snapshot_id, as_json)


@commands.command()
def rollback(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Go back to the snapshot that was live before the live one; again, further back."""
    store = SnapshotStore(load_settings(data_dir=data_dir).snapshots)
    _tell_live(store.roll_back(), as_json)


@commands.command()
def pin(
    snapshot_id: Id,
    remove: Annotated[bool, typer.Option("--remove", help="Keep it no longer.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Keep a snapshot for good, so that `ask --snapshot ID` answers from it later on."""
    store = SnapshotStore(load_settings(data_dir=data_dir).snapshots)
    store.pin(snapshot_id, keep=not remove)
    if as_json:
        print_json({"pinned": list(store.pins())})
    else:
        print(f"{snapshot_id} is {'no longer ' if remove else ''}pinned")


def _tell_live(snapshot_id: str, as_json: bool) -> None:
    print_json({"current": snapshot_id}) if as_json else print(f"{snapshot_id} is live")


@commands.command()
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
