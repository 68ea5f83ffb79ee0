"""A handful of what the scripts in tests/benchmarks do at length."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"


def script(name: str, *options: object) -> str:
    command = [sys.executable, str(BENCHMARKS / name), *map(str, options)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="kills groups of processes")
def test_builds_that_are_killed_or_find_no_room_leave_the_live_snapshot() -> None:
    printed = script("kill_builds.py", "--kills", 6, "--fills", 3)
    assert "6 kills within" in printed
    assert "3 builds on a full disk" in printed


def test_who_asks_while_releases_go_live_gets_whole_answers() -> None:
    printed = script("clients.py", "--seconds", 0, "--releases", 3, "--clients", 6)
    counts = printed.split(": ", 1)[1].splitlines()[0]
    assert list(json.loads(counts.replace("'", '"'))) == ["good"]
