import hashlib
import io
import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_fixtures import p, word_file

from corpus.errors import (
    EmptyFileError,
    EncryptedFileError,
    NoDocumentsError,
    ReadLimitError,
    UnreadableFileError,
    WrongFormatError,
)
from corpus.readers import archive
from corpus.readers.archive import list_members, open_archive, unpack
from corpus.reading import Reading, read_folder

TEXT = b"# Head\n\nBody text."
Content = str | ZipInfo


def zipped(*files: tuple[Content, bytes], method: int = ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", method) as written:
        for name, content in files:
            written.writestr(name, content, compress_type=method)
    return packed.getvalue()


def refusals(data: bytes) -> dict[str, UnreadableFileError | None]:
    return {member.path: member.refusal for member in list_members(open_archive(data))}


def paths(data: bytes) -> list[str]:
    return [path for path, refusal in refusals(data).items() if refusal is None]


def entry(name: str, **attributes: int) -> ZipInfo:
    made = ZipInfo(name)
    for attribute, value in attributes.items():
        setattr(made, attribute, value)
    return made


def encrypted(data: bytes) -> bytes:
    """Return an archive whose first file says that it is encrypted."""
    changed = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[data.index(signature) + flags] |= 1
    return bytes(changed)


def read(folder: Path, **files: bytes) -> Reading:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return read_folder(folder)


def listing(folder: Path) -> list[tuple[str, int, int]]:
    states = ((str(path), path.stat()) for path in sorted(folder.rglob("*")))
    return [(name, state.st_size, state.st_mtime_ns) for name, state in states]


def test_each_file_in_an_archive_is_a_document_of_its_own(tmp_path: Path) -> None:
    inner = {
        "z.txt": b"Plain.",
        "inner/ü ‘q’.md": TEXT + b" C.",
        "inner/a.DOCX": word_file(p("Word.")),
    }
    inner |= {"bad.pdf": b"no PDF", "sheet.xlsx": b"x", "README": b"text", "empty.md": b""}
    packed = zipped(*inner.items())
    reading = read(tmp_path, **{"b.md": TEXT + b" B.", "sub/archive.ZIP": packed, "a.md": TEXT})
    assert [document.source.file for document in reading.documents] == [
        "a.md",
        "b.md",
        "sub/archive.ZIP/inner/a.DOCX",
        "sub/archive.ZIP/inner/ü ‘q’.md",
        "sub/archive.ZIP/z.txt",
    ]
    reasons = {failed.file: failed.reason for failed in reading.failed}
    assert list(reasons) == [
        f"sub/archive.ZIP/{name}" for name in ("README", "bad.pdf", "empty.md", "sheet.xlsx")
    ]
    assert "kind 'README' are not read; use .docx" in reasons["sub/archive.ZIP/README"]
    assert ".zip" in reasons["sub/archive.ZIP/sheet.xlsx"]
    assert reasons["sub/archive.ZIP/empty.md"] == "it is empty"
    document = reading.documents[4]
    assert (document.source.id, document.source.title) == ("sub-archive-zip-z-txt", "z")
    assert (document.text, document.file_sha256) == (
        "Plain.",
        hashlib.sha256(b"Plain.").hexdigest(),
    )


def test_nothing_is_written_into_the_documents_folder(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    read(folder, **{"a.zip": zipped(("../x.md", TEXT), ("b.md", TEXT), ("c/d.md", TEXT + b" D."))})
    before = listing(tmp_path)
    assert len(read_folder(folder).documents) == 2
    assert listing(tmp_path) == before


def test_the_catalogue_says_what_a_file_in_an_archive_is(tmp_path: Path) -> None:
    entries = "".join(
        f'[[source]]\nid = "{number}"\nfile = "{file}"\nwork = "w"\ntitle = "T"\n'
        for number, file in enumerate(["a.zip/in/b.md", "a.zip/in/absent.md", "a.zip"])
    )
    packed = zipped(("in/b.md", TEXT))
    reading = read(tmp_path, **{"a.zip": packed, "catalogue.toml": entries.encode()})
    (document,) = reading.documents
    assert (document.source.id, document.source.file) == ("0", "a.zip/in/b.md")
    reasons = {failed.file: failed.reason for failed in reading.failed}
    assert reasons == {
        "a.zip": "the catalogue names an archive; name its files, as in a.zip/name.pdf",
        "a.zip/in/absent.md": "the catalogue names it, but it is not there",
    }


def test_progress_counts_the_files_in_archives(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    read(tmp_path, **{"a.zip": zipped(("b.md", TEXT), ("c.md", TEXT)), "d.md": TEXT})
    read_folder(tmp_path, progress=lambda *call: calls.append(call))
    assert calls == [("read", done, 3) for done in range(4)]


def test_folders_hidden_files_and_catalogues_are_left_out() -> None:
    names = ["in/", "in/.hidden.md", ".git/a.md", "__MACOSX/in/a.md", "catalogue.toml", "in\\sub\\"]
    data = zipped(*((name, b"") for name in names), ("./in//a.md", TEXT), ("in\\b.md", TEXT))
    assert paths(data) == ["in/a.md", "in/b.md"]
    with pytest.raises(EmptyFileError, match="holds no files to be read"):
        list_members(open_archive(zipped(*((name, b"") for name in names))))


def test_an_archive_without_readable_files_is_named(tmp_path: Path) -> None:
    reading = read(
        tmp_path, **{"a.md": TEXT, "b.zip": zipped(), "c.zip": b"", "d.zip": b"PK\x03\x04"}
    )
    assert [(failed.file, failed.reason) for failed in reading.failed] == [
        ("b.zip", "it holds no files to be read"),
        ("c.zip", "it is empty"),
        ("d.zip", "it is damaged or cut off and cannot be opened; save or download it again"),
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../x.md", "../x.md"),
        ("in/../../x.md", "in/../../x.md"),
        ("/etc/x.md", "/etc/x.md"),
        ("\\\\host\\x.md", "//host/x.md"),
        ("C:\\x.md", "C:/x.md"),
        ("c:x.md", "c:x.md"),
        ("in\\..\\x.md", "in/../x.md"),
        ("../.hidden", "../.hidden"),
    ],
)
def test_a_path_that_leads_out_is_refused_and_the_rest_is_read(name: str, shown: str) -> None:
    found = refusals(zipped((name, TEXT), ("a..b/c.md", TEXT)))
    assert found.pop("a..b/c.md") is None
    assert isinstance(found[shown], WrongFormatError)
    assert "its path leads out of the archive" in str(found[shown])


def test_a_name_that_is_not_utf_8_is_refused_and_the_rest_is_read() -> None:
    data = zipped(("caf\u00e9s.md", TEXT), ("b.md", TEXT), ("\u540d.md", TEXT))
    latin = data.replace("caf\u00e9s".encode(), b"caf\xe9es")
    for broken in (latin, with_flag_cleared(latin)):
        found = refusals(broken)
        assert "is not UTF-8; rename it" in str(found.pop("caf\ufffdes.md"))
        assert found == {"b.md": None, "\u540d.md": None}


def with_flag_cleared(data: bytes) -> bytes:
    """Return an archive whose names are no more said to be UTF-8, as many programs write them."""
    changed = bytearray(data)
    for signature, at in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            changed[place + at] &= ~8
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        pytest.param(
            zipped(("x.ZIP", zipped(("a.md", TEXT))), ("b.md", TEXT)),
            WrongFormatError,
            "an archive inside an archive; unpack it",
            id="archive",
        ),
        pytest.param(
            encrypted(zipped(("x.md", TEXT), ("b.md", TEXT))),
            EncryptedFileError,
            "asks for a password; pack it again without one",
            id="password",
        ),
        pytest.param(
            zipped(
                (entry("x.md", external_attr=stat.S_IFLNK << 16), b"/etc/passwd"), ("b.md", TEXT)
            ),
            WrongFormatError,
            "it is a link; pack the file itself",
            id="link",
        ),
        pytest.param(
            zipped(("x.md", b"a" * 2**20 * 2), ("b.md", TEXT)),
            ReadLimitError,
            "unpacks to more than 200 times its size",
            id="bomb",
        ),
    ],
)
def test_what_is_unsafe_is_refused_and_the_rest_is_read(
    data: bytes, error: type[UnreadableFileError], message: str
) -> None:
    found = refusals(data)
    assert found.pop("b.md") is None
    ((_, refusal),) = found.items()
    assert isinstance(refusal, error)
    assert message in str(refusal)


def test_an_unusual_packing_is_refused() -> None:
    (refusal,) = refusals(zipped(("x.md", TEXT), method=ZIP_BZIP2)).values()
    assert "packed in an unusual way" in str(refusal)
    assert paths(zipped(("x.md", TEXT), method=ZIP_STORED)) == ["x.md"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_with_one_path_the_second_is_refused() -> None:
    members = list_members(open_archive(zipped(("a.md", TEXT), ("./a.md", TEXT))))
    assert [str(member.refusal) for member in members] == [
        "None",
        "another file of the archive has the same path; rename one",
    ]


def test_what_swells_a_little_or_is_small_is_read() -> None:
    assert paths(zipped(("x.md", b"a" * 2**20))) == ["x.md"]
    assert paths(zipped(("x.md", os.urandom(2**14) + b"a" * 2**20 * 2))) == ["x.md"]


def test_sizes_are_limited_a_file_and_an_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(
        ("a.md", b"a" * 60), ("b.md", b"b" * 101), ("c.md", b"c" * 60), ("d.md", b"d" * 40)
    )
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 100)
    monkeypatch.setattr(archive, "MAX_ARCHIVE_BYTES", 100)
    found = refusals(data)
    assert [path for path, refusal in found.items() if refusal is None] == ["a.md", "d.md"]
    assert "unpacks to 0 MiB, more than the 0 allowed" in str(found["b.md"])
    assert "the archive unpacks to more than the 0 MiB allowed" in str(found["c.md"])
    assert isinstance(found["c.md"], ReadLimitError)


@pytest.mark.parametrize("per_packed", [1, 20])
def test_an_archive_of_too_many_files_is_refused(
    monkeypatch: pytest.MonkeyPatch, per_packed: int
) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 2)
    monkeypatch.setattr(archive, "_ENTRIES_IN_PACKED", per_packed)
    assert paths(zipped(("a.md", TEXT), ("b.md", TEXT))) == ["a.md", "b.md"]
    with pytest.raises(ReadLimitError, match="more than the 2 files allowed; split or unpack it"):
        open_archive(zipped(("a.md", TEXT), ("b.md", TEXT), (".c", b"")))


def test_no_more_is_unpacked_than_was_announced(tmp_path: Path) -> None:
    honest = zipped(("a.md", b"a" * 50_000))
    announced, real = (size.to_bytes(4, "little") for size in (10, 50_000))
    lying = honest.replace(real, announced)
    opened = open_archive(lying)
    (member,) = list_members(opened)
    assert member.refusal is None
    with pytest.raises(WrongFormatError, match="what is packed in it is damaged"):
        unpack(opened, member, tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_a_member_that_is_damaged_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    data = zipped(("a.md", TEXT), ("b.md", TEXT), method=ZIP_STORED).replace(b"Body", b"Bady", 1)
    reading = read(tmp_path, **{"c.zip": data})
    assert [failed.file for failed in reading.failed] == ["c.zip/a.md"]
    assert [document.source.file for document in reading.documents] == ["c.zip/b.md"]


def test_members_are_read_from_their_own_archive(tmp_path: Path) -> None:
    archives = {f"{name}.zip": zipped((f"{name}.md", name.encode())) for name in ("one", "two")}
    documents = read(tmp_path, **archives).documents
    assert [document.text for document in documents] == ["one", "two"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no file that blocks its reader")
def test_a_pipe_that_is_named_as_an_archive_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.zip")
    (tmp_path / "dangling.zip").symlink_to("nowhere.zip")
    (failed, dangling) = read(tmp_path, **{"b.md": TEXT}).failed
    assert (failed.file, failed.reason) == ("a.zip", "it is no ordinary file")
    assert dangling.reason == "it cannot be opened: No such file or directory"


def test_an_archive_in_which_nothing_can_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoDocumentsError, match=r"None of the 1 files .* a\.zip/b\.md: it is empty"):
        read(tmp_path, **{"a.zip": zipped(("b.md", b""))})


GOOD = zipped(("a.md", TEXT), ("in/b\u00e9.txt", b"text " * 30), (".c", b""), ("d.docx", b"PK"))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)), max_size=4), st.data()
)
def test_a_damaged_archive_is_read_or_refused(
    flips: list[tuple[int, int]], data: st.DataObject
) -> None:
    damaged = bytearray(GOOD)
    for place, bits in flips:
        damaged[place] ^= bits
    end = data.draw(st.one_of(st.just(len(damaged)), st.integers(0, len(damaged))))
    try:
        opened = open_archive(bytes(damaged[:end]))
        members = list_members(opened)
    except UnreadableFileError:
        return
    with TemporaryDirectory() as folder:
        for member in members:
            with suppress(UnreadableFileError):
                assert member.refusal or unpack(opened, member, Path(folder)).is_file()
