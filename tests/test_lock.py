import logging
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from corpus.errors import BusyError
from corpus.lock import OWNER_NAME, is_held, owner, writing

HOLD = """
import sys, time
from pathlib import Path
from corpus.lock import writing
with writing(Path(sys.argv[1]), "A build"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path) -> "subprocess.Popen[bytes]":
    """Return a process that holds the lock of a folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, folder], stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    process.stdout.close()
    return process


def test_who_holds_the_lock_is_told(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with writing(tmp_path, "A sync"):
        held = owner(tmp_path)
        assert held
        assert (held.pid, held.doing, held.minutes) == (os.getpid(), "A sync", 0)
        assert is_held(tmp_path)
    assert (owner(tmp_path), is_held(tmp_path)) == (None, False)


def test_a_second_writer_is_refused_and_a_dead_one_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = holder(tmp_path)
    refusal = pytest.raises(BusyError, match=f"A build of process {process.pid} on ")
    with refusal, writing(tmp_path, "A sync"):
        pass
    assert (tmp_path / OWNER_NAME).is_file()
    process.send_signal(signal.SIGKILL)
    process.wait()
    with caplog.at_level(logging.WARNING), writing(tmp_path, "A sync"):
        assert owner(tmp_path)
    assert f"A build of process {process.pid} did not end" in caplog.text
    assert owner(tmp_path) is None


def test_a_second_writer_may_wait(tmp_path: Path) -> None:
    begun, done = threading.Event(), []

    def second() -> None:
        begun.set()
        with writing(tmp_path, "second", wait_seconds=30):
            done.append("second")

    thread = threading.Thread(target=second)
    with writing(tmp_path, "first"):
        thread.start()
        begun.wait()
        done.append("first")
    thread.join()
    assert done == ["first", "second"]


def test_a_fault_lets_go_of_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fault"), writing(tmp_path, "A build"):
        raise ValueError("fault")
    assert not is_held(tmp_path)
