"""How much memory a build takes, stage by stage, and how that grows with the library.

python tests/benchmarks/build_memory.py [--documents 500 2000] [--sections 24]

Each library is built from nothing and again with one document changed, each time in a process of
its own. The process that parses files is left out: what it takes depends on the largest file alone.
The embedder is made of words, so that no model hides what the build itself takes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from releases import settings_in, use_words, write_library

from assistant.rebuild import rebuild

_PAGE = 4096
_EVERY_SECONDS = 0.02


class Watch:
    """The most memory that this process took in each stage, in MiB, sampled by a thread."""

    def __init__(self) -> None:
        self.most: dict[str, float] = {}
        self.stage = "begin"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def progress(self, stage: str, done: int, total: int) -> None:
        self.stage = stage if done < total else f"after {stage}"

    def end(self) -> dict[str, float]:
        self._stop.set()
        self._thread.join()
        return {stage: round(most) for stage, most in self.most.items()}

    def _sample(self) -> None:
        while not self._stop.is_set():
            taken = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE / 2**20
            self.most[self.stage] = max(taken, self.most.get(self.stage, 0.0))
            time.sleep(_EVERY_SECONDS)


def build(folder: Path) -> None:
    """Build the library of a data folder and print what it took as JSON."""
    use_words()
    watch = Watch()
    started = time.perf_counter()
    report = rebuild(settings_in(folder), progress=watch.progress)
    seconds = round(time.perf_counter() - started, 1)
    stages = watch.end()
    told = {"passages": report.index.passages, "seconds": seconds, "stages": stages}
    print(json.dumps(told))


def built(folder: Path) -> str:
    """Return what a build in a process of its own took."""
    command = [sys.executable, __file__, "--build", str(folder)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    before, most = told["stages"]["begin"], max(told["stages"].values())
    return (
        f"{told['passages']} passages, {told['seconds']} s, most {most} MiB, "
        f"{most - before} above the start: {told['stages']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--sections", type=int, default=24)
    parser.add_argument("--build", type=Path, help="Used by this script itself.")
    given = parser.parse_args()
    if given.build:
        build(given.build)
        return
    for count in given.documents:
        with tempfile.TemporaryDirectory() as name:
            settings = settings_in(Path(name))
            paths = write_library(settings.documents, count, sections=given.sections)
            size = sum(path.stat().st_size for path in paths) / 2**20
            print(f"{count} documents, {size:.0f} MiB of text", flush=True)
            print(f"    from nothing: {built(settings.data_dir)}", flush=True)
            changed = paths[count // 2]
            changed.write_text(changed.read_text("utf-8") + "\n## New\n\nNo lists.\n", "utf-8")
            print(f"    one changed: {built(settings.data_dir)}", flush=True)


if __name__ == "__main__":
    main()
