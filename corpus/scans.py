"""A PDF in, the same with text on the pages that had none out, read by tesseract alone.

For systems without ocrmypdf, which also straightens and cleans pictures. Run as a program, because
a file may be broken in ways that end whoever draws its pages:

    python -m corpus.scans SOURCE TARGET COMMAND...

where the command is tesseract with its options.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium

DOTS_AN_INCH = 300  # what tesseract is made for
_MOST_PIXELS = 25_000_000  # an A3 page has 17 million


def add_text(source: Path, target: Path, command: Sequence[str]) -> None:
    """Write a copy whose pages without text are replaced by what tesseract makes of them.

    Raises `subprocess.CalledProcessError` where it fails.
    """
    with TemporaryDirectory() as folder, pdfium.PdfDocument(source) as document:
        for number in range(len(document)):
            if not _has_text(document[number]):
                read = _read(document[number], Path(folder), command)
                document.import_pages(read, index=number)
                document.del_page(number + 1)
        document.save(target)


def _has_text(page: pdfium.PdfPage) -> bool:
    return bool(page.get_textpage().get_text_range().strip())


def _read(page: pdfium.PdfPage, folder: Path, command: Sequence[str]) -> pdfium.PdfDocument:
    """Return a page as tesseract reads it: its picture, and its words behind that."""
    width, height = page.get_size()
    scale = min(DOTS_AN_INCH / 72, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    picture, read = folder / "page.png", folder / "page"
    page.render(scale=scale).to_pil().save(picture)
    files, dots = [str(picture), str(read)], ["--dpi", str(round(72 * scale))]
    subprocess.run([command[0], *files, *command[1:], *dots, "pdf"], check=True)
    return pdfium.PdfDocument(read.with_suffix(".pdf").read_bytes())


if __name__ == "__main__":
    add_text(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
