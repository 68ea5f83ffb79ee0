"""Measures whether the marks on page pictures hold the words of the quote and no others.

    PYTHONPATH=tests python tests/benchmarks/page_marks.py FOLDER [--quotes 40]

For each PDF of a folder: its sentences, evenly taken, are marked as quotes, and plain pdfium is
asked for the text under the marks. Prints each file with a wrong one, and the share that is right.
"""

import argparse
from pathlib import Path

from test_pdf_rectangles import letters, read
from test_pictures import marked_words, quotes

from assistant import pictures
from corpus.errors import UnreadableFileError


def main() -> None:
    """Mark, extract again, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quotes", type=int, default=40, help="of each file")
    arguments = parser.parse_args()
    pictures.page_image = lambda *_: b""  # type: ignore[attr-defined]  # where, not how it looks
    marked = right = 0
    for path in sorted(arguments.folder.glob("*.pdf")):
        try:
            document = read(path)
        except UnreadableFileError:
            continue
        found = quotes(document)
        found = found[:: max(1, len(found) // arguments.quotes)][: arguments.quotes]
        wrong = [
            text
            for quote in found
            if letters("".join(marked_words(path, document, quote)))
            != letters(text := quote.of(document.text))
        ]
        marked, right = marked + len(found), right + len(found) - len(wrong)
        if wrong:
            print(f"{path.name}: {len(wrong)} of {len(found)} wrong, the first {wrong[0][:70]!r}")
    print(f"{right} of {marked} quotes are marked exactly")


if __name__ == "__main__":
    main()
