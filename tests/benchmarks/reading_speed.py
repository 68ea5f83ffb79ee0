"""Reads PDFs with the project's reader, plain pypdfium2 and plain pypdf, and compares the time.

    python tests/benchmarks/reading_speed.py FILE... [--times N]

Each reader reads each file in a process of its own, which has everything loaded before the clock
starts; the best of N times counts (3), in seconds of the processor, so that what else the machine
does changes little. Prints pages a second, the peak memory of the process, and
how many times pypdfium2's time the project's reader takes. Plain means the text of each page.
At the end the clock is looked at: all files as the build reads them, several at once, and by plain
pypdfium2 one after the other.
"""

import argparse
import logging
import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pypdf
import pypdfium2

from corpus.readers.pdf import parse_pdf
from corpus.reading import FILES_AT_ONCE
from corpus.worker import ParserProcesses


def with_this_reader(data: bytes) -> int:
    """Return the number of pages read by the project's reader."""
    return len(parse_pdf(data).page_labels)


def with_pypdfium2(data: bytes) -> int:
    """Return the number of pages whose text plain pypdfium2 gave."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.get_textpage().get_text_range()
    return len(document)


def with_pypdf(data: bytes) -> int:
    """Return the number of pages whose text plain pypdf gave."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(BytesIO(data))
    for page in reader.pages:
        page.extract_text()
    return len(reader.pages)


READERS: dict[str, Callable[[bytes], int]] = {
    "this": with_this_reader,
    "pypdfium2": with_pypdfium2,
    "pypdf": with_pypdf,
}

# pages, seconds, and peak memory in MiB
Measured = tuple[int, float, float]


def measure(name: str, path: Path, times: int) -> Measured:
    """Return what a reader takes for a file, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (name, path, times))


def _measure(name: str, path: Path, times: int) -> Measured:
    data = path.read_bytes()
    best = float("inf")
    pages = 0
    for _ in range(times):
        started = time.process_time()
        pages = READERS[name](data)
        best = min(best, time.process_time() - started)
    return pages, best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds_as_built(paths: list[Path], times: int) -> float:
    """Return how long the processes of a build take for all files, by the clock."""
    best = float("inf")
    with ParserProcesses(FILES_AT_ONCE) as parsers, ThreadPoolExecutor(FILES_AT_ONCE) as threads:
        for _ in range(times + 1):  # the first time loads the readers
            started = time.perf_counter()
            list(threads.map(parsers.parse, paths))
            best = min(best, time.perf_counter() - started)
    return best


def seconds_plain(paths: list[Path], times: int) -> float:
    """Return how long plain pypdfium2 takes for all files, by the clock."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_seconds_plain, (paths, times))


def _seconds_plain(paths: list[Path], times: int) -> float:
    best = float("inf")
    for _ in range(times + 1):
        started = time.perf_counter()
        for path in paths:
            with_pypdfium2(path.read_bytes())
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--times", type=int, default=3)
    arguments = options.parse_args()
    print("| file | pages | " + " | ".join(f"{name}: pages/s, MiB" for name in READERS), end="")
    print(" | times pypdfium2's |\n|---|---|" + "---|" * (len(READERS) + 1))
    totals = dict.fromkeys(READERS, 0.0)
    for path in arguments.files:
        measured = {name: measure(name, path, arguments.times) for name in READERS}
        cells = [f"{pages / s:.0f}, {mib:.0f}" for pages, s, mib in measured.values()]
        for name, (_, seconds, _) in measured.items():
            totals[name] += seconds
        times = measured["this"][1] / measured["pypdfium2"][1]
        pages = measured["pypdfium2"][0]
        print(f"| {path.name} | {pages} | {' | '.join(cells)} | {times:.2f} |", flush=True)
    shown = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in totals.items())
    print(f"\nAll: {shown}; {totals['this'] / totals['pypdfium2']:.2f} times pypdfium2's time.")
    built = seconds_as_built(arguments.files, arguments.times)
    plain = seconds_plain(arguments.files, arguments.times)
    print(f"By the clock, {FILES_AT_ONCE} at once as built: {built:.2f} s,", end=" ")
    print(f"plain pypdfium2 {plain:.2f} s: {built / plain:.2f} times pypdfium2's time.")


if __name__ == "__main__":
    main()
