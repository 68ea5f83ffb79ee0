"""Settings in, the assistant that the page serves out."""

import typer

from assistant.config import Settings
from assistant.live import LiveAssistant
from assistant.progress import show_progress
from assistant.rebuild import rebuild
from index.snapshot import SnapshotStore

# For the first build of another page over the same data folder.
_MOST_WAIT_SECONDS = 600.0


def open_assistant(settings: Settings) -> LiveAssistant:
    """Return the assistant over the live snapshot, built first if there is none yet."""
    if SnapshotStore(settings.snapshots).current_id() is None:
        typer.echo("There is no snapshot yet; building one.", err=True)
        with show_progress() as progress:
            rebuild(settings, wait_seconds=_MOST_WAIT_SECONDS, progress=progress)
    return LiveAssistant.open(settings)
