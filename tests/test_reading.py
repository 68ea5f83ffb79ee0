import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Source
from corpus.errors import CatalogueError, NoDocumentsError, NoTextError
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece
from corpus.reading import Reading, guess_source, make_document, read_folder
from corpus.stored import DOCUMENT_JSON

TEXT = b"# Head\n\nBody text."
PARSED = ParsedFile((ParsedBlock("paragraph", (Piece("Text."),)),))


def written(folder: Path, **files: bytes) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def files_of(reading: Reading) -> list[str]:
    return [one.file for found in reading.documents for one in (found.source, *found.twins)]


def text(words: str) -> bytes:
    return TEXT + f" {words}.".encode()


def test_every_file_is_read_or_named_with_the_reason(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    good = {
        "a b.md": TEXT,
        "sub/deep/ü ‘q’ \"d\" 'x' 名.md": TEXT,
        "sub/page.html": b"<p>Body text.</p>",
        "z.TXT": b"Body text.",
        "<b>&*|.md": TEXT,
        "catalogue.md": TEXT,
    }
    bad = {
        "empty.md": b"",
        "headless.pdf": b"<html><p>no PDF</p></html>",
        "image.txt": b"\x89PNG\r\n\x1a\n",
        "no suffix": b"text",
        "old.doc": b"text",
        "portable.html": b"%PDF-1.4",
        "rule.md": b"---",
    }
    left_out = {
        ".hidden.md": TEXT,
        ".git/inside.md": TEXT,
        "catalogue.toml": b"",
        "sub/catalogue.toml": b"",
    }
    written(folder, **good, **bad, **left_out)
    written(tmp_path, **{"outside.md": TEXT})
    (folder / "inward.md").symlink_to("a b.md")
    (folder / "outward.md").symlink_to(tmp_path / "outside.md")
    (folder / "dangling.md").symlink_to("nowhere.md")
    (folder / "empty folder.md").mkdir()
    reading = read_folder(folder)
    assert sorted(files_of(reading)) == sorted([*good, "inward.md"])
    reasons = {failed.file: failed.reason for failed in reading.failed}
    assert sorted(reasons) == sorted([*bad, "dangling.md", "outward.md"])
    assert len(reading.failed) == len(reasons)
    assert reasons["empty.md"] == "it is empty"
    assert "named .txt but is a PNG image" in reasons["image.txt"]
    assert "named .html but is a PDF" in reasons["portable.html"]
    assert "kind '.doc' are not read" in reasons["old.doc"]
    assert "kind 'no suffix' are not read" in reasons["no suffix"]
    assert reasons["outward.md"] == "it is a link to a place outside the documents folder"
    assert reasons["dangling.md"] == "it cannot be opened: No such file or directory"
    assert len({document.id for document in reading.documents}) == len(reading.documents)


def test_a_document_is_hashed_as_its_file_and_split_into_sections(tmp_path: Path) -> None:
    (document,) = read_folder(written(tmp_path, **{"a.md": TEXT})).documents
    assert document.file_sha256 == hashlib.sha256(TEXT).hexdigest()
    assert document.text == "Head\n\nBody text."
    assert [section.headings for section in document.sections] == [("Head",)]


def test_the_catalogue_says_what_a_file_is(tmp_path: Path) -> None:
    entry = '[[source]]\nid = "x"\nfile = "sub/a.md"\nwork = "w"\ntitle = "T"\nlanguage = "fr"'
    folder = written(
        tmp_path, **{"catalogue.toml": entry.encode(), "sub/a.md": TEXT, "b.md": text("B")}
    )
    guessed, told = (document.source for document in read_folder(folder).documents)
    assert told == Source("x", "sub/a.md", "w", "T", language="fr")
    assert (guessed.id, guessed.title) == ("b-md", "Head")


def test_an_entry_whose_file_is_not_there_is_named(tmp_path: Path) -> None:
    entry = '[[source]]\nid = "g"\nfile = "guard.md"\nwork = "g"\ntitle = "Guards"\n'
    reading = read_folder(written(tmp_path, **{"catalogue.toml": entry.encode(), "a.md": TEXT}))
    assert [one.file for one in reading.failed] == ["guard.md"]
    assert "not there" in reading.failed[0].reason
    assert [document.source.file for document in reading.documents] == ["a.md"]


def test_a_catalogue_that_cannot_be_used_stops_the_reading(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        read_folder(written(tmp_path, **{"catalogue.toml": b"[[", "a.md": TEXT}))


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        pytest.param(lambda folder: folder, "There is no documents folder", id="missing"),
        pytest.param(lambda folder: folder.write_bytes(TEXT), "There is no", id="a file"),
        pytest.param(lambda folder: folder.mkdir(), "is empty. Put documents", id="empty"),
        pytest.param(
            lambda folder: written(folder, **{".a.md": TEXT, "catalogue.toml": b""}),
            "is empty",
            id="only hidden files and a catalogue",
        ),
        pytest.param(
            lambda folder: written(folder, **{"a.md": b"", "b.doc": b"b"}),
            r"None of the 2 files in .* can be read. a.md: it is empty; b.doc: files of the kind",
            id="nothing readable",
        ),
    ],
)
def test_a_folder_with_nothing_to_read_is_told(
    tmp_path: Path, prepare: Callable[[Path], object], message: str
) -> None:
    folder = tmp_path / "documents"
    prepare(folder)
    with pytest.raises(NoDocumentsError, match=message) as caught:
        read_folder(folder)
    assert str(folder) in str(caught.value)


def test_progress_counts_the_files(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    folder = written(tmp_path, **{"a.md": TEXT, "b.md": b""})
    read_folder(folder, progress=lambda *call: calls.append(call))
    assert calls == [("read", 0, 2), ("read", 1, 2), ("read", 2, 2)]


def test_a_link_to_itself_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = written(tmp_path, **{"a.md": TEXT})
    (folder / "loop.md").symlink_to("loop.md")
    reading = read_folder(folder)
    assert files_of(reading) == ["a.md"]
    assert [failed.file for failed in reading.failed] == ["loop.md"]


@pytest.mark.skipif(os.name != "posix", reason="file names are text elsewhere")
def test_a_file_whose_name_is_not_utf_8_can_be_saved(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_bytes(b"Body text.")
    written(tmp_path, **{"a.md": TEXT})
    reading = read_folder(tmp_path)
    assert len(reading.documents) + len(reading.failed) == 2
    for document in reading.documents:
        assert DOCUMENT_JSON.validate_json(DOCUMENT_JSON.dump_json(document)) == document


def test_documents_with_the_same_guessed_id_are_told_apart(tmp_path: Path) -> None:
    folder = written(tmp_path, **{"a b.md": text("1"), "a-b.md": text("2"), "a/b.md": text("3")})
    found = {document.source.file: document.id for document in read_folder(folder).documents}
    assert sorted(found.values()) == ["a-b-md", "a-b-md-2", "a-b-md-3"]


def test_a_catalogued_document_keeps_its_id(tmp_path: Path) -> None:
    entries = "".join(
        f'[[source]]\nid = "{source_id}"\nfile = "{file}"\nwork = "w"\ntitle = "T"\n'
        for source_id, file in [("a-md", "y.md"), ("a-md-2", "z.md")]
    )
    files = {name: text(name) for name in ("a.md", "y.md", "z.md")}
    files["catalogue.toml"] = entries.encode()
    documents = read_folder(written(tmp_path, **files)).documents
    ids = {document.source.file: document.id for document in documents}
    assert (ids["y.md"], ids["z.md"]) == ("a-md", "a-md-2")
    assert len(set(ids.values())) == 3


def test_the_same_text_in_several_files_is_one_document(tmp_path: Path) -> None:
    page = b'<link rel="canonical" href="https://example.org/a"><h1>Head</h1><p>Body text.</p>'
    files = {"a.md": TEXT, "b/page.html": page, "c.md": TEXT, "other.md": text("Other")}
    first, other = read_folder(written(tmp_path, **files)).documents
    assert (first.source.file, other.source.file) == ("a.md", "other.md")
    assert [(one.file, one.url) for one in first.twins] == [
        ("b/page.html", "https://example.org/a"),
        ("c.md", None),
    ]


def test_of_the_same_text_the_catalogued_file_stays(tmp_path: Path) -> None:
    entry = '[[source]]\nid = "x"\nfile = "z.md"\nwork = "w"\ntitle = "T"'
    files = {"catalogue.toml": entry.encode(), "a.md": TEXT, "b.md": TEXT, "z.md": TEXT}
    (one,) = read_folder(written(tmp_path, **files)).documents
    assert (one.id, [twin.file for twin in one.twins]) == ("x", ["a.md", "b.md"])


def test_two_editions_with_the_same_text_are_two_documents(tmp_path: Path) -> None:
    entries = "".join(
        f'[[source]]\nid = "{year}"\nfile = "{year}.md"\nwork = "w"\ntitle = "T"\n'
        f'edition = "{year}"\n'
        for year in (2020, 2026)
    )
    files = {"catalogue.toml": entries.encode(), "2020.md": TEXT, "2026.md": TEXT}
    assert [one.id for one in read_folder(written(tmp_path, **files)).documents] == ["2020", "2026"]


@pytest.mark.parametrize(
    ("file", "parsed", "expected"),
    [
        pytest.param(
            "sub/My_big-file 2.md",
            PARSED,
            ("sub-my_big-file-2-md", "My big file 2", "", None),
            id="a name only",
        ),
        pytest.param(
            "a.html",
            ParsedFile((), title="T", language="pt-BR", url="https://example.org/a"),
            ("a-html", "T", "", "https://example.org/a"),
            id="what the file says",
        ),
        pytest.param("__.md", PARSED, ("__-md", "__.md", "", None), id="no words in the name"),
        pytest.param("名.md", PARSED, ("名-md", "名", "", None), id="not Latin"),
    ],
)
def test_a_file_without_an_entry_is_what_it_says_of_itself(
    file: str, parsed: ParsedFile, expected: tuple[str, ...]
) -> None:
    source = guess_source(file, parsed)
    assert (source.id, source.title, source.language, source.url) == expected
    assert (source.file, source.work, source.status) == (file, source.id, "current")


FRENCH = "Les gardes se tiennent devant la porte et parlent avec les habitants du village."
SPANISH = (
    "Los guardias están delante de la puerta y hablan con los habitantes del pueblo. Antes de "
    "cerrar el camino, la empresa debe preguntar a quienes lo usan cada día."
)


@pytest.mark.parametrize(
    ("catalogued", "declared", "text", "expected"),
    [
        pytest.param("de", "en", FRENCH, "de", id="the catalogue comes first"),
        pytest.param("", "en", FRENCH, "fr", id="the text before what the file declares"),
        pytest.param("", "pt-BR", "MoU", "pt", id="what is declared, for a text too short"),
        pytest.param("", "ZH_hant", "MoU", "zh", id="declared with an underscore"),
        pytest.param("", None, "MoU", "en", id="nothing known"),
    ],
)
def test_the_language_of_a_document(
    catalogued: str, declared: str | None, text: str, expected: str
) -> None:
    parsed = ParsedFile((ParsedBlock("paragraph", (Piece(text),)),), language=declared)
    source = Source("a", "a.md", "a", "A", language=catalogued)
    document = make_document(parsed, source, file_sha256="")
    assert document.source.language == expected
    assert [section.language for section in document.sections] == [expected]


def test_a_section_in_another_language_is_told_from_its_document() -> None:
    parts = [("A", FRENCH * 6), ("B", SPANISH), ("C", "MoU, VPs"), ("D", FRENCH)]
    blocks: list[ParsedBlock] = []
    for heading, body in parts:
        blocks.append(ParsedBlock("heading", (Piece(heading),), 1))
        blocks.append(ParsedBlock("paragraph", (Piece(body),)))
    document = make_document(ParsedFile(tuple(blocks)), Source("a", "a", "a", "A"), file_sha256="")
    assert document.source.language == "fr"
    assert [section.language for section in document.sections] == ["fr", "es", "fr", "fr"]


@given(st.text(min_size=1))
def test_every_name_gives_an_id_and_a_title(name: str) -> None:
    source = guess_source(name.replace("/", "_"), PARSED)
    assert source.id
    assert source.title


def test_a_file_without_text_is_no_document() -> None:
    with pytest.raises(NoTextError, match="it has no text"):
        make_document(ParsedFile(()), Source("a", "a.md", "a", "A"), file_sha256="")
