"""Twenty clients ask while builds run in a loop: no answer fails, none mixes two snapshots.

python tests/benchmarks/clients.py [--seconds 300] [--clients 20]

Every sentence of a release carries its number, so an answer whose quotes carry two is mixed.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from releases import WordEmbedder, settings_in, use_words

from assistant.answer import Answer
from assistant.config import Settings
from assistant.live import LiveAssistant
from assistant.rebuild import rebuild
from index.snapshot import SnapshotStore

TOPICS = ("gate", "river", "lamp", "road", "camp", "well")


def write_release(settings: Settings, number: int) -> None:
    settings.documents.mkdir(parents=True, exist_ok=True)
    for topic in TOPICS:
        text = f"# {topic}\n\nGuards at the {topic} follow release {number} of this sheet.\n"
        (settings.documents / f"{topic}.md").write_text(text, "utf-8")


def publish_in_a_loop(folder: Path) -> None:
    """Build one release after the other until this process is ended."""
    use_words()
    settings = settings_in(folder)
    number = 1
    while True:
        number += 1
        write_release(settings, number)
        rebuild(settings)
        print(number, flush=True)


def fault_of(answer: Answer) -> str | None:
    releases = {
        one for quote in answer.citations for one in re.findall(r"release (\d+)", quote.quote)
    }
    if len(releases) > 1:
        return "mixed"
    return None if answer.citations or answer.outcome == "not_covered" else "empty"


class Clients:
    """What asks, from several threads, until it is told to stop."""

    def __init__(self, live: LiveAssistant) -> None:
        self._live = live
        self._stop = threading.Event()
        self._counting = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.snapshots: set[str] = set()
        self.longest = 0.0

    def run(self, clients: int, until: Callable[[], bool]) -> None:
        threads = [threading.Thread(target=self._ask, args=(one,)) for one in range(clients)]
        for thread in threads:
            thread.start()
        while not until():
            time.sleep(0.1)
        self._stop.set()
        for thread in threads:
            thread.join()

    def _ask(self, client: int) -> None:
        question = (
            f"who follows release of this sheet, guards at the {TOPICS[client % len(TOPICS)]}"
        )
        while not self._stop.is_set():
            started = time.perf_counter()
            try:
                answer = self._live.ask(question)
                fault = fault_of(answer)
            except Exception as error:  # whatever it is, it is what is looked for
                answer, fault = None, f"failed: {type(error).__name__}: {error}"
            with self._counting:
                self.counts[fault or "good"] += 1
                self.longest = max(self.longest, time.perf_counter() - started)
                if answer:
                    self.snapshots.add(answer.snapshot_id)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--releases", type=int, default=2, help="At least so many meanwhile.")
    parser.add_argument("--publish", type=Path, help="Used by this script itself.")
    given = parser.parse_args()
    if given.publish:
        publish_in_a_loop(given.publish)
    use_words()
    with tempfile.TemporaryDirectory() as name:
        settings = settings_in(Path(name))
        write_release(settings, 1)
        rebuild(settings)
        command = [sys.executable, __file__, "--publish", name]
        publisher = subprocess.Popen(command, stdout=subprocess.PIPE)
        published: list[bytes] = []
        reading = threading.Thread(target=lambda: published.extend(publisher.stdout or ()))
        reading.start()
        clients = Clients(LiveAssistant(SnapshotStore(settings.snapshots), WordEmbedder()))
        ends = time.monotonic() + given.seconds
        clients.run(
            given.clients,
            lambda: time.monotonic() > ends and len(published) >= given.releases,
        )
        publisher.terminate()
        publisher.wait()
        reading.join()
    print(f"{given.clients} clients, {given.seconds:.0f} s: {dict(clients.counts)}")
    print(
        f"{len(published)} releases published meanwhile, "
        f"answered from {len(clients.snapshots)} snapshots"
    )
    print(f"longest answer: {clients.longest:.2f} s")
    if set(clients.counts) != {"good"} or len(clients.snapshots) < 2:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
