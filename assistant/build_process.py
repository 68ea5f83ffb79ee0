"""A build in a process of its own, so that readers are served meanwhile, and what it is at."""

import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from pydantic import SecretStr

from assistant.config import Settings
from assistant.rebuild import BuildReport, rebuild
from corpus.errors import BusyError, SnapshotError, ToolkitError
from corpus.progress import Progress

_COMMAND = [sys.executable, "-c", "from assistant.build_process import serve; serve()"]
_ROOT = str(Path(__file__).resolve().parents[1])

Build = Callable[[Progress], BuildReport]


@dataclass(frozen=True, slots=True)
class BuildState:
    """What a build is at: its stage with what is done of all, and how it ended.

    `seconds` are those that the stage has taken so far. `report` and `fault` are both missing
    while it runs.
    """

    stage: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    report: BuildReport | None = None
    fault: str = ""

    @property
    def is_running(self) -> bool:
        """Tell whether it has not ended."""
        return self.report is None and not self.fault

    @property
    def seconds_left(self) -> float | None:
        """Return how long the stage will take yet at its pace so far; None while none is known."""
        if not 0 < self.done < self.total:
            return None
        return self.seconds * (self.total - self.done) / self.done


class Builder:
    """Builds in the background, one build at a time."""

    def __init__(self, build: Build) -> None:
        """Build by a function that tells its progress."""
        self._build = build
        self._state: BuildState | None = None
        self._stage_began = 0.0
        self._starting = threading.Lock()

    @property
    def state(self) -> BuildState | None:
        """Return what the last build is at; None before the first."""
        state = self._state
        if state is None or not state.is_running:
            return state
        return replace(state, seconds=time.monotonic() - self._stage_began)

    def start(self) -> None:
        """Begin a build; raises `BusyError` while one runs."""
        with self._starting:
            if self._state and self._state.is_running:
                raise BusyError("A build is under way already.")
            self._state, self._stage_began = BuildState(), time.monotonic()
        threading.Thread(target=self._run, daemon=True, name="build").start()

    def forget(self) -> None:
        """Forget how the last build ended."""
        with self._starting:
            if self._state and not self._state.is_running:
                self._state = None

    def _run(self) -> None:
        try:
            self._state = BuildState(report=self._build(self._tell))
        except (ToolkitError, OSError) as error:
            self._state = BuildState(fault=str(error))

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._state is None or stage != self._state.stage:
            self._stage_began = time.monotonic()
        self._state = BuildState(stage, done, total)


def build_apart(settings: Settings, documents: Path, progress: Progress) -> BuildReport:
    """Return the report of a build that another process did, which ends with this one.

    Raises `ToolkitError` as `rebuild` does, `SnapshotError` if the process broke down.
    """
    settings = settings.model_copy(update={"editor_password": SecretStr("")})
    search_path = os.pathsep.join([_ROOT, os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": search_path}
    with subprocess.Popen(
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise SnapshotError("The build could not be started.")
        pickle.dump((settings, documents), process.stdin)
        process.stdin.flush()
        try:
            while True:
                said = pickle.load(process.stdout)
                if isinstance(said, BuildReport):
                    return said
                if isinstance(said, Exception):
                    raise said
                progress(*said)
        except (EOFError, pickle.UnpicklingError) as error:
            raise SnapshotError(
                "The build broke down; perhaps memory ran out. What was live still is. Build again."
            ) from error


def serve() -> None:
    """Build what standard input says; tell progress, then the report or a fault, on the output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not disturb the answers
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    settings, documents = pickle.load(sys.stdin.buffer)

    def tell(stage: str, done: int, total: int) -> None:
        _send((stage, done, total), answers)  # breaks, and ends this build, when nobody listens

    try:
        _send(rebuild(settings, documents=documents, progress=tell), answers)
    except (ToolkitError, OSError) as error:
        _send(error, answers)


def _send(said: object, answers: BinaryIO) -> None:
    pickle.dump(said, answers)
    answers.flush()
