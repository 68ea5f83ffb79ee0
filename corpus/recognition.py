"""A PDF of scanned pages in, one with text on them out, by the ocrmypdf that the system has.

Or by tesseract alone (`scans`), which reads crooked pages less well.

Only where it is asked for: recognition takes seconds a page and misreads words.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from corpus.errors import NoTextError, ReadLimitError, WrongFormatError

PROGRAM = "ocrmypdf"
READER = "tesseract"  # that the program has read the pictures
MAX_SECONDS = 900.0
# Each language more takes more time; nobody has installed more than a few by choice.
_MOST_LANGUAGES = 6
_NO_LANGUAGES = {"osd", "equ"}


def recognise(path: Path, folder: Path, max_seconds: float = MAX_SECONDS) -> Path:
    """Return a copy of a PDF in `folder` with text on the pages that had none.

    Raises `UnreadableFileError` with the reason: `NoTextError` where the program is not
    installed, `ReadLimitError` where it took too long, `WrongFormatError` where it failed.
    """
    target = folder / "recognised.pdf"
    target.unlink(missing_ok=True)
    command, root = _command(path, target), Path(__file__).resolve().parent.parent
    search_path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=max_seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": search_path},
        )
    except subprocess.TimeoutExpired as error:
        message = f"text recognition took longer than {max_seconds:.0f} seconds and was ended"
        raise ReadLimitError(message) from error
    if done.returncode != 0 or not target.exists():
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise WrongFormatError(f"text recognition failed: {reason[-1] if reason else PROGRAM}")
    return target


def _command(source: Path, target: Path) -> list[str]:
    """Return what recognises text: the program, or where only its reader is there that one."""
    program, reader = shutil.which(PROGRAM), shutil.which(READER)
    languages = _languages(reader) if reader else []
    if program:
        options = ["--skip-text", "--quiet", "--output-type", "pdf", *languages]
        return [program, *options, str(source), str(target)]
    if reader:
        own = [sys.executable, "-m", "corpus.scans", str(source), str(target)]
        return [*own, reader, *languages]
    message = f"it has pages without text, and {PROGRAM} is not installed to recognise it"
    raise NoTextError(f"{message}; install it with tesseract's languages")


def _languages(reader: str) -> list[str]:
    """Return the option that names the languages installed: without it, all is read as English."""
    listed = subprocess.run([reader, "--list-langs"], capture_output=True, timeout=60, check=False)
    names = listed.stdout.decode("utf-8", "replace").splitlines()[1:]
    languages = [name for name in names if name.isidentifier() and name not in _NO_LANGUAGES]
    return ["-l", "+".join(languages[:_MOST_LANGUAGES])] if languages else []
