"""Files that an editor uploads or fetches, kept aside until what is said of them is confirmed."""

import secrets
import shutil
import time
from pathlib import Path, PurePosixPath

from assistant.adding import Considered
from corpus.errors import SettingsError
from corpus.readers.formats import SUFFIXES

FOLDER_NAME = ".additions"
# Files that wait for somebody to confirm them; more are refused.
MOST_STAGED = 20
_MOST_NAME_BYTES = 200
_FORGOTTEN_SECONDS = 3600.0


class Staging:
    """The files of one page, each in a folder of its own; what an earlier page left is removed."""

    def __init__(self, data_dir: Path) -> None:
        """Keep files in a hidden folder of the data folder."""
        self._folder = data_dir / FOLDER_NAME
        self.considered: dict[str, Considered] = {}
        self.refused: tuple[str, ...] = ()  # why, until an editor has read it
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_folder(self) -> Path:
        """Return a new folder for one file; raises `SettingsError` if too many files wait."""
        self._remove_forgotten()
        if len(list(self._folder.glob("*"))) >= MOST_STAGED:
            raise SettingsError(
                f"{MOST_STAGED} files wait to be confirmed. Add or discard some of them first."
            )
        folder = self._folder / secrets.token_hex(8)
        folder.mkdir(parents=True, mode=0o700)
        return folder

    def _remove_forgotten(self) -> None:
        """Remove what came and was never considered, as when somebody left in between."""
        kept = {folder for one in self.considered.values() for folder in one.path.parents}
        for folder in self._folder.glob("*"):
            if folder not in kept and time.time() - folder.stat().st_mtime > _FORGOTTEN_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def refuse(self, reason: str) -> None:
        """Keep the reason why a file was not taken in, once and among the latest."""
        others = tuple(one for one in self.refused if one != reason)
        self.refused = (*others, reason)[-MOST_STAGED:]

    def keep(self, considered: Considered) -> str:
        """Return the id of a file that was considered; one that waits already is not kept twice."""
        for item, other in list(self.considered.items()):  # another editor may discard one
            if _are_same(other, considered):
                self.remove(considered.path)
                return item
        item = secrets.token_hex(8)
        self.considered[item] = considered
        return item

    def path_of(self, item: str) -> Path:
        """Return the uploaded file of a folder of this page; raises `SettingsError`."""
        known = {folder.name: folder for folder in self._folder.glob("*")}
        files = list(known[item].iterdir()) if item in known else []
        if not files:
            raise SettingsError("This file is not here any more. Choose it again.")
        return files[0]

    def discard(self, item: str) -> None:
        """Forget a file and remove it."""
        considered = self.considered.pop(item, None)
        if considered:
            self.remove(considered.path)

    def remove(self, path: Path) -> None:
        """Remove the folder of a file, or of what is in it: the one directly in that of all."""
        for folder in (path, *path.parents):
            if folder.parent == self._folder:
                shutil.rmtree(folder, ignore_errors=True)


def _are_same(one: Considered, other: Considered) -> bool:
    if one.source.file != other.source.file:
        return False
    return one.path.read_bytes() == other.path.read_bytes()


def safe_name(name: str) -> str:
    """Return the name of a file without its folders; raises `SettingsError` for one that is none.

    Only what can be read is taken in.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = last.isprintable() and len(last.encode("utf-8", "replace")) <= _MOST_NAME_BYTES
    if not printable or not last or last.startswith("."):
        raise SettingsError("This is no name for a file. Rename it.")
    if PurePosixPath(last).suffix.lower() not in SUFFIXES:
        raise SettingsError(f"{last}: only {', '.join(sorted(SUFFIXES))} files are read.")
    return last
