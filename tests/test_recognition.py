"""Scanned pages are read where it is asked for and the system can, and what is read says so."""

import os
import shutil
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.documents import Document, Span
from corpus.errors import NoDocumentsError
from corpus.passages import split_passages
from corpus.readers.pdf_rectangles import rectangles_of
from corpus.reading import Reading, ReadingOptions, read_folder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")

ASKED = ReadingOptions(recognise=True)


def pdf(path: Path, *pages: str) -> Path:
    """Write a PDF with a line of text on each page, a drawing where there is none."""
    canvas = Canvas(str(path), pagesize=A4)
    for line in pages:
        canvas.drawString(72, 700, line) if line else canvas.rect(72, 72, 200, 300)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


def stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, name: str = "ocrmypdf"
) -> None:
    """Put a program of this name first on the path; `source` and `target` are its files."""
    program = tmp_path / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(
        f"#!{sys.executable}\nimport shutil, sys, time\nsource, target = sys.argv[-2:]\n{script}\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def recognising(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *pages: str) -> None:
    """Let the stand-in read these words on the pages."""
    found = pdf(tmp_path / "found.pdf", *pages)
    stand_in(tmp_path, monkeypatch, f"shutil.copyfile({str(found)!r}, target)")


def scan(path: Path, *lines: str) -> Path:
    """Write a PDF of one page that is a picture of these lines."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 14)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 17 * number, line)
    canvas.save()
    picture = pdfium.PdfDocument(path)[0].render(scale=200 / 72).to_pil()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawInlineImage(picture, 0, 0, *A4)
    canvas.save()
    return path


def passages_of(document: Document) -> list[tuple[str, bool]]:
    found = split_passages(document, count_tokens=lambda text: len(text.split()), max_tokens=8)
    return [(passage.text, passage.is_recognised) for passage in found]


def reason(reading: Reading) -> str:
    (failed,) = reading.failed
    return failed.reason


def test_the_words_of_a_scanned_page_are_read_and_marked(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pdf(folder / "report.pdf", "Guards stand at the gate.", "")
    recognising(tmp_path, monkeypatch, "Guards stand at the gate.", "They were seen at night.")
    (document,) = read_folder(folder, options=ASKED).documents
    assert document.recognised_pages == (2,)
    assert passages_of(document) == [
        ("Guards stand at the gate.", False),
        ("They were seen at night.", True),
    ]
    assert rectangles_of(path, document, Span(0, 6)) == ()  # the file has other glyphs


def test_a_scan_is_refused_where_recognition_is_not_asked_for(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognising(tmp_path, monkeypatch, "Guards.")
    pdf(folder / "scan.pdf", "")
    with pytest.raises(NoDocumentsError, match="its only page carries no text: it is a scan"):
        read_folder(folder)
    (document,) = read_folder(folder, options=ASKED).documents
    assert (document.text, document.recognised_pages) == ("Guards.", (1,))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("sys.exit('InputFileError: bad picture')", "failed: InputFileError: bad picture"),
        ("time.sleep(30)", "took longer than 0 seconds and was ended"),
    ],
)
def test_a_recognition_that_fails_is_the_reason(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: str
) -> None:
    stand_in(tmp_path, monkeypatch, script)
    monkeypatch.setattr("corpus.recognition.recognise.__defaults__", (0.2,))
    pdf(folder / "scan.pdf", "")
    pdf(folder / "half.pdf", "Guards stand at the gate.", "")
    reading = read_folder(folder, options=ASKED)
    assert expected in reason(reading)
    assert [document.source.file for document in reading.documents] == ["half.pdf"]


@pytest.mark.skipif(not shutil.which("tesseract"), reason="no program reads pictures")
@pytest.mark.parametrize("program", ["ocrmypdf", "tesseract"])
def test_a_picture_of_a_page_is_read_by_the_real_program(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    if program == "tesseract":
        monkeypatch.setattr("corpus.recognition.PROGRAM", "not-installed")
    lines = "Guards at the gate must report", "every use of force within a day."
    scan(folder / "scan.pdf", *lines)
    (document,) = read_folder(folder, options=ASKED).documents
    assert (document.text, document.recognised_pages) == (" ".join(lines), (1,))


def test_only_pages_without_text_are_read_by_tesseract_and_in_their_place(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pdf(tmp_path / "found.pdf", "They were seen at night.")
    script = f"shutil.copyfile({str(found)!r}, sys.argv[2] + '.pdf')"
    stand_in(tmp_path, monkeypatch, script, name="tesseract")
    monkeypatch.setattr("corpus.recognition.PROGRAM", "not-installed")
    monkeypatch.setattr("corpus.recognition._languages", lambda reader: ["-l", "eng"])
    pdf(folder / "report.pdf", "Guards stand at the gate.", "", "They go home.")
    (document,) = read_folder(folder, options=ASKED).documents
    texts = [page.span.of(document.text).strip() for page in document.pages]
    assert texts == ["Guards stand at the gate.", "They were seen at night.", "They go home."]
    assert document.recognised_pages == (2,)


def test_all_languages_that_are_installed_are_recognised(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = "List of available languages (3):\\neng\\nfra\\nosd"
    stand_in(tmp_path, monkeypatch, f"print('{listed}')", name="tesseract")
    told = tmp_path / "told.txt"
    stand_in(tmp_path, monkeypatch, f"open({str(told)!r}, 'w').write(' '.join(sys.argv))")
    pdf(folder / "scan.pdf", "")
    pdf(folder / "text.pdf", "Guards stand at the gate.")
    read_folder(folder, options=ASKED)
    assert " -l eng+fra " in told.read_text()


def test_without_the_program_the_reason_names_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.recognition.shutil.which", lambda name: None)
    pdf(folder / "scan.pdf", "")
    pdf(folder / "text.pdf", "Guards stand at the gate.")
    assert "ocrmypdf is not installed" in reason(read_folder(folder, options=ASKED))
