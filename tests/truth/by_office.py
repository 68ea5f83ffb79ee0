"""Prints originals with LibreOffice into `kept/`, and puts down on which pages their sentences are.

    python tests/truth/by_office.py

Needs Debian's libreoffice-writer, hyphen-en-us and hyphen-fr, and the fonts of `by_browser`. Run
it after a change of a text, of `by_docx` or of this file, and commit what it writes.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from by_docx import Paper, write_docx
from kept import keep
from paging import find_pages, page_texts
from texts import load_text

A4 = (210, 297)
PRINTS: dict[str, tuple[str, Paper]] = {
    "gates-office": ("gates", Paper()),
    "gates-office-columns": ("gates", Paper(columns=2, font="Liberation Sans", size=12, paper=A4)),
    "patrols-office-columns": ("patrols", Paper(columns=2, hyphenated=True, size=12, paper=A4)),
    "manual-office": ("manual", Paper(hyphenated=True)),
    "suppliers-office": ("suppliers", Paper(font="DejaVu Serif", size=9, boxes="cell")),
    "complaints-office": ("complaints", Paper(font="Liberation Sans", size=10, margin=18)),
    "foyers-office": ("foyers", Paper(hyphenated=True, size=12)),
    "arabic-office": ("arabic", Paper(font="Amiri", size=13)),
    "hebrew-office": ("hebrew", Paper(font="DejaVu Sans", size=12)),
    "chinese-office": ("chinese", Paper(font="WenQuanYi Micro Hei", size=13)),
}


def main() -> None:
    """Print all of them."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for target, (text_name, paper) in PRINTS.items():
            docx = folder / f"{target}.docx"
            docx.write_bytes(write_docx(load_text(text_name), paper))
            profile = f"-env:UserInstallation=file://{folder}/profile"
            command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name]
            subprocess.run([*command, str(docx)], check=True, capture_output=True)
            data = docx.with_suffix(".pdf").read_bytes()
            keep(target, data, find_pages(load_text(text_name), page_texts(data)))


if __name__ == "__main__":
    main()
