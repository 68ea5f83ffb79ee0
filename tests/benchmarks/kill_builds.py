"""Builds killed at random instants, and on a full disk: what is live is always whole.

python tests/benchmarks/kill_builds.py [--kills 200] [--fills 20] [--seed 1]

A killed build is a process of its own, ended by SIGKILL with its children. After each the live
snapshot must be the one before or the new one, whole by its hashes, and now and then the next
build must work. The full disk is a small tmpfs where this process may mount one; elsewhere a limit
on the size of files stands in.
"""

import argparse
import logging
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from releases import settings_in, use_words, write_library

from assistant.config import Settings
from assistant.rebuild import rebuild
from corpus.errors import ToolkitError
from index.snapshot import SnapshotStore

NEXT_BUILD_EVERY = 20


def in_child(work: Callable[[], object]) -> int:
    """Return the id of a process, and group, that does the work and ends with 0 if it could."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    status = 1
    try:
        work()
        status = 0
    except (ToolkitError, OSError) as error:
        print(f"    {type(error).__name__}: {error}"[:150], file=sys.stderr)
    finally:
        os._exit(status)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def change(paths: list[Path], number: int) -> None:
    path = paths[number % len(paths)]
    text = path.read_text("utf-8").split("\n## Release")[0].rstrip()
    path.write_text(f"{text}\n\n## Release {number}\n\nThis is release {number}.\n", "utf-8")


def live(settings: Settings) -> str:
    """Return the id of the live snapshot, every file of it checked and its records read."""
    snapshot = SnapshotStore(settings.snapshots).open()
    if len(snapshot.passages) != snapshot.manifest.passages or not snapshot.documents:
        raise SystemExit(f"snapshot {snapshot.id} is not whole")
    return snapshot.id


def kill(settings: Settings, paths: list[Path], kills: int, seed: int) -> None:
    draw, outcomes = random.Random(seed), Counter[str]()
    change(paths, 0)
    started = time.perf_counter()
    if ended(in_child(lambda: rebuild(settings))):
        raise SystemExit("a build that nobody disturbed failed")
    longest = 1.1 * (time.perf_counter() - started)
    for number in range(1, kills + 1):
        change(paths, number)
        before = live(settings)
        child = in_child(lambda: rebuild(settings))
        # Every other kill falls into the second half, where files are written and promoted.
        time.sleep(draw.uniform(longest / 2 if number % 2 else 0, longest))
        os.killpg(child, signal.SIGKILL)
        status = ended(child)
        outcomes["new" if live(settings) != before else "old"] += 1
        outcomes["killed" if status < 0 else "done before"] += 1
        if number % NEXT_BUILD_EVERY == 0:
            if ended(in_child(lambda: rebuild(settings))):
                raise SystemExit(f"the build after kill {number} failed")
            live(settings)
            outcomes["next build works"] += 1
    print(f"{kills} kills within {longest:.1f} s: {dict(outcomes)}")
    hidden = [path.name for path in settings.snapshots.glob(".*")]
    print(f"left behind for the next pruning: {len(hidden)} folders of builds")


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[bool]:
    """Mount a tmpfs of a size on a folder; yield whether that was possible."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    mounted = not subprocess.run(mount, capture_output=True, check=False).returncode
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, paths: list[Path], fills: int) -> None:
    with small_disk(folder, 64) as mounted:
        settings = settings_in(folder / "data")
        documents = folder / "files"
        shutil.copytree(paths[0].parent, documents)
        copies = sorted(documents.iterdir())
        filler = folder / "filler"
        if ended(in_child(lambda: rebuild(settings, documents=documents))):
            raise SystemExit("the first build failed")
        size = sum(one.stat().st_size for one in settings.snapshots.rglob("*") if one.is_file())
        outcomes = Counter[str]()
        for number in range(fills):
            change(copies, number)
            room = int(size * 1.3 * number / fills)
            before = live(settings)

            def build(room: int = room) -> None:
                if not mounted:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
                rebuild(settings, documents=documents)

            if mounted:
                free = shutil.disk_usage(folder).free
                filler.write_bytes(b"\0" * max(0, free - room))
            status = ended(in_child(build))
            filler.unlink(missing_ok=True)
            outcomes["new" if live(settings) != before else "old"] += 1
            outcomes["refused" if status else "done"] += 1
        if ended(in_child(lambda: rebuild(settings, documents=documents))):
            raise SystemExit("the build after the disk was full failed")
        kind = "tmpfs" if mounted else "limited files"
        print(f"{fills} builds on a full disk ({kind}): {dict(outcomes)}; the next build works")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--fills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # each killed build is told when it is taken over
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    use_words()
    with tempfile.TemporaryDirectory() as name:
        settings = settings_in(Path(name, "data"))
        paths = write_library(settings.documents, 20)
        kill(settings, paths, given.kills, given.seed)
        fill(Path(name, "disk"), paths, given.fills)


if __name__ == "__main__":
    main()
