from pathlib import Path

import pytest
from word_fixtures import p, word_file

from corpus.errors import (
    EmptyFileError,
    EncryptedFileError,
    ReadLimitError,
    UnreadableFileError,
    WrongFormatError,
)
from corpus.readers import formats
from corpus.readers.formats import SUFFIXES, parse_file


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.md", b"# Head\n\nBody text.", "heading"),
        ("a.MARKDOWN", b"# Head\n\nBody text.", "heading"),
        ("a.html", b"<h1>Head</h1><p>Body text.</p>", "heading"),
        ("a.htm", b"<h1>Head</h1><p>Body text.</p>", "heading"),
        ("a.XHTML", b"<h1>Head</h1><p>Body text.</p>", "heading"),
        ("a.txt", b"<h1>Body text.</h1>", "paragraph"),
        ("a.text", b"<h1>Body text.</h1>", "paragraph"),
    ],
)
def test_a_file_is_read_by_the_format_that_its_name_says(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    blocks = parse_file(written(tmp_path, name, content)).blocks
    assert blocks[0].kind == kind
    assert "Body text." in blocks[-1].text


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.xlsx", r"kind '\.xlsx'"), ("README", "kind 'README'"), (".md", r"kind '\.md'")],
)
def test_a_format_that_is_not_read_is_named_with_those_that_are(
    tmp_path: Path, name: str, message: str
) -> None:
    with pytest.raises(WrongFormatError, match=message) as caught:
        parse_file(written(tmp_path, name, b"text"))
    assert all(suffix in str(caught.value) for suffix in (*SUFFIXES, ".zip"))


@pytest.mark.parametrize("name", ["a.doc", "a.RTF", "a.odt", "a.docm"])
def test_a_word_processors_other_formats_are_to_be_saved_as_docx(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongFormatError, match=r"are not read; save it as \.docx$"):
        parse_file(written(tmp_path, name, b"text"))


def test_what_a_word_file_begins_with_is_left_to_its_reader(tmp_path: Path) -> None:
    assert parse_file(written(tmp_path, "a.DOCX", word_file(p("Text.")))).blocks[0].text == "Text."
    locked = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedFileError, match="it asks for a password"):
        parse_file(written(tmp_path, "b.docx", locked))
    with pytest.raises(WrongFormatError, match="named .docx but is a PDF"):
        parse_file(written(tmp_path, "c.docx", b"%PDF-1.7"))


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("content", [b"", b" \n\t\r\n "], ids=["empty", "blank"])
def test_an_empty_file_is_told(tmp_path: Path, suffix: str, content: bytes) -> None:
    with pytest.raises(EmptyFileError, match="it is empty"):
        parse_file(written(tmp_path, f"a{suffix}", content))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.html", b"%PDF-1.7\n1 0 obj", "a PDF"),
        ("a.pdf", b"PK\x03\x04rest", "a ZIP archive or an Office file"),
        ("a.md", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "a PNG image"),
        ("a.htm", b"\xff\xd8\xff\xe0", "a JPEG image"),
        ("a.txt", b"GIF89a", "a GIF image"),
        ("a.pdf", b"\x1f\x8b\x08", "a gzip archive"),
        ("a.txt", b"{\\rtf1\\ansi", "a rich-text file"),
    ],
)
def test_a_file_that_is_something_else_is_told_what_it_is(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    with pytest.raises(WrongFormatError, match=f"named {Path(name).suffix} but is {found};"):
        parse_file(written(tmp_path, name, content))


@pytest.mark.parametrize(
    "content", [b"<!doctype html><p>Text", b"plain words", b"\x00\x01\x02", b"%PDF-1.7\nno more"]
)
def test_a_pdf_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(WrongFormatError):
        parse_file(written(tmp_path, "a.pdf", content))


def test_a_file_over_the_limit_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MAX_FILE_BYTES", 3 * 2**20)
    at_limit = written(tmp_path, "a.txt", b"word " + b" " * (3 * 2**20 - 5))
    assert parse_file(at_limit).blocks[0].text == "word"
    with pytest.raises(ReadLimitError, match="it has 4 MiB, more than the 3 allowed"):
        parse_file(written(tmp_path, "b.txt", b"a" * 4 * 2**20))


def test_a_file_that_cannot_be_opened_is_told_without_its_name(tmp_path: Path) -> None:
    with pytest.raises(WrongFormatError, match=r"^it cannot be opened: No such file or directory$"):
        parse_file(tmp_path / "absent.md")
    folder = tmp_path / "folder.md"
    folder.mkdir()
    with pytest.raises(UnreadableFileError, match=r"^it cannot be opened: Is a directory$"):
        parse_file(folder)
