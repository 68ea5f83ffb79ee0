"""A build in a process of its own, and what it is at."""

import threading
from pathlib import Path
from typing import cast

import pytest

from assistant.build_process import Builder, BuildState, build_apart
from assistant.config import Settings
from assistant.rebuild import BuildReport
from corpus.errors import BusyError, NoDocumentsError, SettingsError
from corpus.lock import writing
from corpus.progress import Progress


def ended(builder: Builder) -> BuildState:
    for thread in threading.enumerate():
        if thread.name == "build":
            thread.join()
    assert builder.state
    return builder.state


def test_a_build_runs_beside_and_only_one_at_a_time() -> None:
    going, told = threading.Event(), threading.Event()
    report = cast(BuildReport, object())

    def build(progress: Progress) -> BuildReport:
        progress("read", 1, 4)
        told.set()
        going.wait()
        return report

    builder = Builder(build)
    assert builder.state is None
    builder.start()
    told.wait()
    state = builder.state
    assert state
    assert (state.stage, state.done, state.total, state.is_running) == ("read", 1, 4, True)
    builder.forget()  # not while it runs
    with pytest.raises(BusyError):
        builder.start()
    going.set()
    assert ended(builder).report is report
    builder.forget()
    assert builder.state is None


def test_why_a_build_failed_is_kept() -> None:
    def build(progress: Progress) -> BuildReport:
        raise SettingsError("no such <thing>")

    builder = Builder(build)
    builder.start()
    assert ended(builder) == BuildState(fault="no such <thing>")
    builder.start()  # and another may begin


@pytest.mark.parametrize(
    ("done", "total", "left"), [(0, 4, None), (1, 4, 30.0), (3, 4, 10 / 3), (4, 4, None)]
)
def test_the_time_left_follows_from_the_pace(done: int, total: int, left: float | None) -> None:
    assert BuildState("read", done, total, seconds=10.0).seconds_left == left


def test_another_process_builds_and_tells_its_fault(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with pytest.raises(NoDocumentsError, match="no documents folder"):
        build_apart(settings, tmp_path / "none", lambda *call: None)
    with (
        writing(settings.data_dir, "A test"),
        pytest.raises(BusyError, match="A test of process"),
    ):
        build_apart(settings, tmp_path, lambda *call: None)
