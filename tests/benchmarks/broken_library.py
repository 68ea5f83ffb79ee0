"""Half of the starter documents' text replaced: the release is stopped, and it says why.

python tests/benchmarks/broken_library.py [--half sentences|documents] [--no-texts]

`--no-texts` leaves out the gate on the words that are kept: the judged questions alone decide.
"""

import argparse
import re
import tempfile
from pathlib import Path

from releases import settings_in
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

import assistant.gates
from assistant.gate_report import as_text
from assistant.rebuild import copy_starter, rebuild
from index.snapshot import SnapshotStore

FILLER = "The harbour office lists tides, fares and opening hours of the ferry on the pier."


def break_sentences(folder: Path) -> None:
    """Replace every second sentence of the documents that are text, Markdown or HTML."""
    for path in [*folder.glob("*.md"), *folder.glob("*.html")]:
        text = path.read_text("utf-8")
        for sentence in re.findall(r"[^<>.\n]{30,}\.", text)[::2]:
            text = text.replace(sentence, FILLER, 1)
        path.write_text(text, "utf-8")


def break_documents(folder: Path) -> None:
    """Overwrite every second document by other words of the same format."""
    for number, path in enumerate(sorted(folder.iterdir())):
        if number % 2:
            continue
        lines = [f"Pier {pier}. {FILLER}" for pier in range(40)]
        text = "\n\n".join(lines)
        if path.suffix == ".pdf":
            style = getSampleStyleSheet()["BodyText"]
            SimpleDocTemplate(str(path)).build([Paragraph(line, style) for line in lines])
        elif path.suffix == ".html":
            path.write_text(f"<html><body><p>{text}</p></body></html>", "utf-8")
        else:
            path.write_text(text, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=["sentences", "documents"], default="documents")
    parser.add_argument("--no-texts", action="store_true")
    given = parser.parse_args()
    if given.no_texts:
        assistant.gates.KEPT_FROM = 0.0
    with tempfile.TemporaryDirectory() as name:
        settings = settings_in(Path(name, "data"))
        settings.data_dir.mkdir()
        copy_starter(settings)
        live = rebuild(settings).snapshot_id
        broken = break_sentences if given.half == "sentences" else break_documents
        broken(settings.documents)
        report = rebuild(settings)
        print(as_text(report.gates))
        stays = SnapshotStore(settings.snapshots).current_id() == live
        print(f"promoted: {report.promoted}; the live snapshot stays: {stays}")
    if report.promoted or not stays:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
