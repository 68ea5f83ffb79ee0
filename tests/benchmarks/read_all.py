"""Reads every file of some folders and prints what became of each, as a table.

    python tests/benchmarks/read_all.py FOLDER... [--seconds N]

Each file is read by itself in the process that the build uses, with its limits. The columns: pages
of them without text, headings, items, table rows, characters, the share of them that are broken,
what running heads and boilerplate were taken out, seconds; or the reason why it was refused. Exit
status 1 if a file took longer than allowed or broke the reader down.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.readability import broken_share
from corpus.errors import ReadLimitError, UnreadableFileError
from corpus.reading import guess_source, make_document
from corpus.worker import MAX_SECONDS, ParserProcess


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    name: str
    row: str
    seconds: float
    error: UnreadableFileError | None = None


def read(path: Path, folder: Path, parser: ParserProcess) -> Outcome:
    """Return what becomes of a file."""
    name = path.relative_to(folder).as_posix()
    started = time.perf_counter()
    try:
        parsed = parser.parse(path)
        document = make_document(parsed, guess_source(name, parsed), file_sha256="")
    except UnreadableFileError as error:
        seconds = time.perf_counter() - started
        return Outcome(name, f"refused: {error}", seconds, error)
    seconds = time.perf_counter() - started
    kinds = Counter(block.kind for block in document.blocks)
    without = sum(not page.span.of(document.text).strip() for page in document.pages)
    pages = f"{len(document.pages)} pages" if document.pages else "read"
    parts = [pages, f"{without} without text" if without else ""]
    parts += [f"{kinds[kind]} {kind}s" for kind in ("heading", "item", "row") if kinds[kind]]
    parts += [f"{len(document.text):,} characters", document.source.language]
    parts += [f"{100 * broken:.1f} % broken" if (broken := broken_share(document.text)) else ""]
    parts += [f"{len(parsed.taken_out)} parts left out" if parsed.taken_out else ""]
    parts += [f"{len(parsed.attachments)} attached" if parsed.attachments else ""]
    return Outcome(name, ", ".join(part for part in parts if part), seconds)


def read_folders(folders: list[Path], seconds: float) -> Iterator[Outcome]:
    """Yield what becomes of every file of the folders."""
    with ParserProcess(seconds) as parser:
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    yield read(path, folder, parser)


def main() -> int:
    """Print the table and the counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--seconds", type=float, default=MAX_SECONDS)
    arguments = options.parse_args()
    outcomes: list[Outcome] = []
    print("| file | what became of it | seconds |\n|---|---|---|")
    for outcome in read_folders(arguments.folders, arguments.seconds):
        outcomes.append(outcome)
        print(f"| {outcome.name} | {outcome.row} | {outcome.seconds:.2f} |", flush=True)
    refused = Counter(type(one.error).__name__ for one in outcomes if one.error)
    read_count = sum(one.error is None for one in outcomes)
    slowest = max(outcomes, key=lambda one: one.seconds)
    print(f"\n{len(outcomes)} files: {read_count} read, refused: {dict(refused)}.")
    print(f"Slowest: {slowest.name}, {slowest.seconds:.1f} s.")
    return int(any(isinstance(one.error, ReadLimitError) for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
