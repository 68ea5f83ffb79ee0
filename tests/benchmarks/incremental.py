"""One changed document of 200: what a rebuild costs, and whether it equals a build from nothing.

python tests/benchmarks/incremental.py [--documents 200]
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from releases import sentences, settings_in, write_library

import assistant.rebuild
from assistant.config import Settings
from assistant.rebuild import BuildReport, rebuild
from index.embedding import Embedder, load_embedder
from index.search import Searcher
from index.snapshot import SnapshotStore

SHARE = 0.05


class Counting:
    """The default embedder, loaded once; counts the passages that it embeds."""

    def __init__(self) -> None:
        started = time.perf_counter()
        self.embedder = load_embedder()
        self.start_up = time.perf_counter() - started
        self.embedded = 0
        encode = self.embedder.encode_passages

        def counted(texts: list[str]) -> object:
            self.embedded += len(texts)
            return encode(texts)

        self.embedder.encode_passages = counted  # type: ignore[method-assign, assignment]

    def build(self, settings: Settings, documents: Path) -> tuple[BuildReport, float, int]:
        """Return the report of a build, its seconds without loading the model, and its passages."""
        self.embedded = 0
        started = time.perf_counter()
        report = rebuild(settings, documents=documents)
        return report, time.perf_counter() - started, self.embedded


def rankings(settings: Settings, embedder: Embedder) -> list[list[str]]:
    searcher = Searcher(SnapshotStore(settings.snapshots).open(), embedder)
    found = [searcher.search(query, k=20).hits for query in sentences()[::20]]
    return [[hit.passage.id for hit in hits] for hits in found]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=200)
    count = parser.parse_args().documents
    counting = Counting()
    setattr(assistant.rebuild, "load_embedder", lambda model="": counting.embedder)  # noqa: B010
    with tempfile.TemporaryDirectory() as name:
        folder, one, anew = Path(name, "files"), Path(name, "one"), Path(name, "anew")
        paths = write_library(folder, count)
        full, full_seconds, all_passages = counting.build(settings_in(one), folder)
        print(f"from nothing: {count} documents, {all_passages} passages, {full_seconds:.1f} s")
        print(f"    {full.index.seconds}")
        changed = paths[count // 2]
        old = changed.read_text("utf-8")
        changed.write_text(old + "\n## New\n\nNever keep a list of names at the gate.\n", "utf-8")
        again, seconds, embedded = counting.build(settings_in(one), folder)
        print(f"one changed: {embedded} passages embedded, {seconds:.2f} s (no start-up)")
        print(f"    {again.index.seconds}")
        print(f"    {again.reused_documents} documents not read again")
        same_build, _, _ = counting.build(settings_in(anew), folder)
        one_store, anew_store = (SnapshotStore(settings_in(x).snapshots) for x in (one, anew))
        same_ids = [p.id for p in one_store.open().passages] == [
            p.id for p in anew_store.open().passages
        ]
        same_ranking = rankings(settings_in(one), counting.embedder) == rankings(
            settings_in(anew), counting.embedder
        )
    share = seconds / full_seconds
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"start-up (loading the model): {counting.start_up:.1f} s; most memory {memory:.0f} MiB")
    print(f"share of the full build: {100 * share:.1f} % (at most {100 * SHARE:.0f} %)")
    print(f"same passages as a build from nothing: {same_ids}; same ranking: {same_ranking}")
    if not (share <= SHARE and same_ids and same_ranking and same_build.promoted):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
