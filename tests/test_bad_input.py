"""A file that is hostile or broken is refused by itself, with its reason; the others are read."""

import io
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

sys.path.append(str(Path(__file__).parent / "benchmarks"))

from fuzz_reading import damaged, outcome

from corpus.readers.formats import SUFFIXES
from corpus.readers.pdf import MAX_PAGES
from corpus.reading import Reading, ReadingOptions, read_folder
from corpus.worker import ParserProcess

ROOT = Path(__file__).resolve().parents[1]

GOOD = b"# Gate\n\nGuards keep a record."


def pdf(words: str) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.drawString(72, 700, words)
    canvas.save()
    return target.getvalue()


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Guards stand at the gate."))))
    writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def many_pages(count: int) -> bytes:
    """Return a small PDF that says it has very many pages, all of them the same one."""
    kids = b"3 0 R " * count
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
    data = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 4\n0000000000 65535 f \n" + table + end


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.md", b"0" * 150_000_000)
    return packed.getvalue()


def nested_html(depth: int) -> bytes:
    return b"<div>" * depth + b"<p>Guards keep a record.</p>" + b"</div>" * depth


def read(folder: Path, name: str, content: bytes, **options: tuple[str, ...]) -> Reading:
    (folder / "good.md").write_bytes(GOOD)
    (folder / name).write_bytes(content)
    reading = read_folder(folder, options=ReadingOptions(**options))  # type: ignore[arg-type]
    assert "good.md" in [document.source.file for document in reading.documents]
    return reading


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("locked.pdf", encrypted("secret"), "asks for a password; give it with --password"),
        ("empty.pdf", b"", "it is empty"),
        ("blank.html", b" \n", "it is empty"),
        ("page.pdf", b"<html><p>Guards.</p>", "it is not a PDF, whatever its name says"),
        ("page.html", pdf("Guards."), "named .html but is a PDF"),
        ("cut.pdf", pdf("Guards.")[:300], "damaged or cut off"),
        ("long.pdf", many_pages(MAX_PAGES + 1), f"more than the {MAX_PAGES:,} allowed"),
        ("bomb.zip", zip_bomb(), "unpack"),
        ("scan.pdf", pdf(""), "carries no text"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-5:] else "",
)
def test_it_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (failed,) = read(tmp_path, name, content).failed
    assert failed.file.startswith(name)
    assert reason in failed.reason


@pytest.mark.parametrize("passwords", [("secret",), ("other", "secret")])
def test_a_password_opens_a_file(tmp_path: Path, passwords: tuple[str, ...]) -> None:
    reading = read(tmp_path, "locked.pdf", encrypted("secret"), passwords=passwords)
    assert [one.text for one in reading.documents] == [
        "Gate\n\nGuards keep a record.",
        "Guards stand at the gate.",
    ]


def test_a_wrong_password_is_told(tmp_path: Path) -> None:
    (failed,) = read(tmp_path, "locked.pdf", encrypted("secret"), passwords=("wrong",)).failed
    assert failed.reason == "it asks for a password, and none of those given opens it"


def test_elements_nested_very_deeply_are_read_or_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, "deep.html", nested_html(100_000))
    texts = {document.source.file: document.text for document in reading.documents}
    failed = [one.file for one in reading.failed]
    assert texts.get("deep.html", "Guards keep a record.") == "Guards keep a record."
    assert ("deep.html" in texts) != (failed == ["deep.html"])


@pytest.mark.parametrize(
    "name", ["-rf.md", "a\nb.md", "a\tb.md", "‮fdp.md", "<b>&\"'.md", "%2e%2e.md", "🦉.md", "CON.md"]
)
def test_a_file_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    reading = read(tmp_path, name, b"Odd names are names.")
    assert name in [document.source.file for document in reading.documents]


def test_damaged_files_end_in_a_document_or_a_refusal(tmp_path: Path) -> None:
    folders = (ROOT / "corpus" / "starter" / "documents", ROOT / "tests" / "truth" / "kept")
    paths = [path for folder in folders for path in sorted(folder.iterdir())]
    with ParserProcess(60) as parser:
        for number in range(40):
            suffix, data = damaged(number, 3, [path for path in paths if path.suffix in SUFFIXES])
            (tmp_path / f"damaged{suffix}").write_bytes(data)
            found = outcome(tmp_path / f"damaged{suffix}", parser)
            assert found.startswith(("a document", "refused")), number
