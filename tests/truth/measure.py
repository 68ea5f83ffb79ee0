"""Reads the truth set with the project's own readers and prints how right they are.

    python tests/truth/measure.py [--all] [NAME ...]

Prints a table for each producer and kind, then an example of each fault of each document; with
`--all` every fault. Names choose documents. The shares are of

    words     the original's words, found in their order
    own       the document's words that are the original's, and not a running head's or invented
    pages     sentences on the right pages
    labels    pages with the right label
    paths     sentences under the right headings
    lead-ins  items shown with what introduces them in every passage
    items     items at their depth, with their number
    rows      rows of tables with their cells
    whole     sentences with no running head, note or box inside
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from compare import MEASURES, Figures, compare
from made import Made, all_made

from corpus.errors import UnreadableFileError
from corpus.readers.formats import SUFFIXES, parse_file
from corpus.reading import guess_source, make_document


def figures_of(made: Made) -> Figures:
    """Return the figures of a document, read as the project reads a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{made.name}{made.suffix}")
        path.write_bytes(made.data)
        try:
            parsed = parse_file(path)
        except UnreadableFileError as error:
            figures = Figures()
            figures.count("words", False, f"not read: {error}")
            return figures
    source = guess_source(path.name, parsed)
    return compare(make_document(parsed, source, file_sha256=""), made.text, made.answers)


def totals(measured: Iterable[Figures]) -> Figures:
    """Return the figures of several documents together."""
    total = Figures()
    for figures in measured:
        total.add(figures)
    return total


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    measured = [
        (made, figures_of(made))
        for made in all_made()
        if made.suffix in SUFFIXES
        if not arguments.names or made.name in arguments.names
    ]
    for line in [*_table(measured), "", *_faults(measured, every=arguments.all)]:
        sys.stdout.write(f"{line}\n")


def _table(measured: list[tuple[Made, Figures]]) -> Iterable[str]:
    yield "  ".join([f"{'':28}", *(f"{name:>9}" for name in ("documents", *MEASURES))])
    groups = sorted({(made.producer, made.kind) for made, _ in measured})
    for group in groups:
        chosen = [f for made, f in measured if (made.producer, made.kind) == group]
        yield _line(f"{group[0]}, {group[1]}", chosen)
    yield _line("all", [figures for _, figures in measured])


def _line(name: str, chosen: list[Figures]) -> str:
    total = totals(chosen)
    shares = [
        f"{100 * total.right[one] / total.total[one]:8.2f}%" if total.total[one] else f"{'-':>9}"
        for one in MEASURES
    ]
    return "  ".join([f"{name:28}", f"{len(chosen):9}", *shares])


def _faults(measured: list[tuple[Made, Figures]], *, every: bool) -> Iterable[str]:
    for made, figures in measured:
        if figures.faults:
            yield f"{made.producer} {made.name}{made.suffix}"
        shown: set[str] = set()
        for measure, fault in figures.faults:
            if every or measure not in shown:
                shown.add(measure)
                wrong = figures.total[measure] - figures.right[measure]
                yield f"    {measure} ({wrong}): {fault}"


if __name__ == "__main__":
    main()
