import io
from collections.abc import Callable
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_fixtures import SPACES, p, r, saved, styled, texts, word_file

from corpus.errors import (
    EmptyFileError,
    EncryptedFileError,
    NoTextError,
    ReadLimitError,
    UnreadableFileError,
    WrongFormatError,
)
from corpus.readers import docx_package
from corpus.readers.docx import parse_docx
from corpus.readers.parsed import assemble
from corpus.text import repair

GOOD = word_file(styled("Heading1", "Head") + p("Body text."), footnotes="<w:footnote/>")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "word/document.xml"
RELATIONSHIPS = "word/_rels/document.xml.rels"


def changed(changes: dict[str, Callable[[bytes], bytes]], *, without: str = "") -> bytes:
    """Return a good file with parts changed or left out."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(GOOD)) as good, ZipFile(file, "w") as written:
        for name in good.namelist():
            if name != without:
                content = good.read(name)
                written.writestr(name, changes[name](content) if name in changes else content)
    return file.getvalue()


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return change


def as_main(content: str, encoding: str = "utf-8") -> bytes:
    """Return a good file with this as its main part."""
    return changed({MAIN: lambda _: content.encode(encoding)})


def paragraphs(data: bytes) -> list[str]:
    return [block.text for block in parse_docx(data).blocks]


def with_password() -> bytes:
    """Return a good file whose entries say that they are encrypted."""
    data = bytearray(GOOD)
    start = 0
    while (start := data.find(b"PK\x01\x02", start) + 1) > 0:
        data[start + 7] |= 1
    return bytes(data)


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
DOCUMENT = f"<w:document {SPACES}><w:body>{{}}</w:body></w:document>"
WORD_TYPE = "wordprocessingml.document.main"


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        pytest.param(b"", EmptyFileError, "it is empty", id="empty"),
        pytest.param(b" \n\t", EmptyFileError, "it is empty", id="blank"),
        pytest.param(b"Text.", WrongFormatError, "not a Word file, .* real format", id="text"),
        pytest.param(
            OLE + "EncryptedPackage".encode("utf-16-le"),
            EncryptedFileError,
            "asks for a password; save a copy without one",
            id="with a password",
        ),
        pytest.param(with_password(), EncryptedFileError, "password", id="encrypted entries"),
        pytest.param(
            OLE + "WordDocument".encode("utf-16-le"),
            WrongFormatError,
            r"before 2007; open it in Word and save it as \.docx",
            id="old format",
        ),
        pytest.param(GOOD[:-40], WrongFormatError, "damaged or cut off", id="cut off"),
        pytest.param(b"PK\x03\x04", WrongFormatError, "damaged or cut off", id="only begun"),
        pytest.param(
            changed({"[Content_Types].xml": replaced(WORD_TYPE, "spreadsheetml.sheet.main")}),
            WrongFormatError,
            "not a Word file",
            id="a table of figures",
        ),
        pytest.param(
            changed({}, without=MAIN), WrongFormatError, "is damaged; open it", id="no main"
        ),
        pytest.param(
            changed({}, without="[Content_Types].xml"),
            WrongFormatError,
            "is damaged",
            id="no types",
        ),
        pytest.param(as_main("<w:document"), WrongFormatError, "is damaged", id="broken XML"),
        pytest.param(
            as_main(f"<w:document {SPACES}/>"), WrongFormatError, "not a Word file", id="no body"
        ),
        pytest.param(
            as_main(BOMB + DOCUMENT.format("&b;")), WrongFormatError, "entities", id="entities"
        ),
        pytest.param(
            as_main(BOMB + DOCUMENT.format("&b;"), "utf-16"),
            WrongFormatError,
            "entities",
            id="UTF-16",
        ),
        pytest.param(saved(docx.Document()), NoTextError, "no text besides headings", id="nothing"),
        pytest.param(
            word_file(styled("Heading1", "Head")), NoTextError, "run text recognition", id="heading"
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_what_to_do(
    data: bytes, error: type[UnreadableFileError], message: str
) -> None:
    with pytest.raises(error, match=message):
        parse_docx(data)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ZipFile(io.BytesIO(GOOD)) as good:
        size = sum(entry.file_size for entry in good.infolist())
    monkeypatch.setattr(docx_package, "MAX_UNPACKED_BYTES", size)
    assert paragraphs(GOOD) == ["Head", "Body text."]
    monkeypatch.setattr(docx_package, "MAX_UNPACKED_BYTES", size - 1)
    with pytest.raises(ReadLimitError, match="it unpacks to more than the 0 MiB allowed"):
        parse_docx(GOOD)


def test_a_part_that_is_named_and_not_there_is_done_without() -> None:
    relationship = '<Relationship Id="{}" Type="http://x/image" Target="{}"/>'
    targets = ("NULL", "../media/a.png", "#_top", "/absent.xml", "styles.xml#a")
    more = "".join(relationship.format(f"n{n}", target) for n, target in enumerate(targets))
    link = '<Relationship Id="l" Type="http://x/link" Target="http://y" TargetMode="External"/>'
    closing = "</Relationships>"
    data = changed({RELATIONSHIPS: replaced(closing, more + link + closing)})
    assert paragraphs(data) == ["Head", "Body text."]
    assert paragraphs(changed({}, without="word/styles.xml"))[-1] == "Body text."
    assert paragraphs(changed({}, without="word/footnotes.xml"))[-1] == "Body text."


def test_the_iso_edition_of_the_format_is_read() -> None:
    def strict(content: bytes) -> bytes:
        transitional = b"http://schemas.openxmlformats.org"
        iso = b"http://purl.oclc.org/ooxml"
        for name in (b"wordprocessingml", b"officeDocument"):
            content = content.replace(
                b"%s/%s/2006/" % (transitional, name), b"%s/%s/" % (iso, name)
            )
        return content

    names = [MAIN, "word/styles.xml", "word/footnotes.xml", RELATIONSHIPS, "_rels/.rels"]
    data = changed(dict.fromkeys(names, strict))
    assert [(block.kind, block.text) for block in parse_docx(data).blocks] == [
        ("heading", "Head"),
        ("paragraph", "Body text."),
    ]


def test_the_deepest_nesting_that_the_parser_allows_is_read() -> None:
    frames = "<w:tbl><w:tr><w:tc>" * 80 + p("deep") + "</w:tc></w:tr></w:tbl>" * 80
    assert texts(frames) == ["deep"]
    columns = "<w:tbl><w:tr><w:tc/><w:tc>" * 80 + p("deep") + "</w:tc></w:tr></w:tbl>" * 80
    assert texts(columns) == ["| deep"]
    boxes = "<w:p><w:r><w:txbxContent>" * 80 + p("deep") + "</w:txbxContent></w:r></w:p>" * 80
    assert texts(boxes) == ["deep"]
    assert texts("<w:sdt>" * 245 + p("deep") + "</w:sdt>" * 245) == ["deep"]


def test_nesting_beyond_is_refused() -> None:
    with pytest.raises(WrongFormatError, match="is damaged"):
        parse_docx(as_main(DOCUMENT.format("<w:sdt>" * 300 + "</w:sdt>" * 300)))


ELEMENTS = st.sampled_from(
    [
        *("p", "r", "t", "tbl", "tr", "tc", "sdt", "ins", "del", "moveFrom", "hyperlink", "br"),
        *("tab", "sym", "txbxContent", "footnoteReference", "fldChar", "pPr", "rPr", "numPr"),
        *("pStyle", "numId", "ilvl", "outlineLvl", "vanish", "ind", "tcPr", "vMerge", "trPr"),
    ]
)
VALUES = st.sampled_from(["", "0", "1", "2", "-1", "99999999999", "Title", "Heading1", "x", "F0B7"])


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return elements with attributes and content that may or may not belong to them."""
    return st.builds(
        lambda name, value, inner: (
            f'<w:{name} w:val="{value}" w:id="{value}" w:left="{value}" w:char="{value}" '
            f'w:fldCharType="begin" w:customMarkFollows="{value}">{"".join(inner)}</w:{name}>'
        ),
        ELEMENTS,
        VALUES,
        st.lists(children, max_size=4),
    )


LETTERS = st.sampled_from("ab 1\n\u00ad\ufb01\u0301\uf0b7\u2028|•<").map(
    lambda letter: p(r(letter.replace("<", "&lt;")))
)
XML = st.lists(st.recursive(LETTERS, element, max_leaves=12), max_size=6).map("".join)


@settings(max_examples=120, deadline=None)
@given(XML)
def test_any_structure_ends_in_blocks_that_are_spans_or_in_a_refusal(body: str) -> None:
    try:
        parsed = parse_docx(as_main(DOCUMENT.format(body)))
    except UnreadableFileError:
        return
    text, found, pages = assemble(parsed)
    assert [block.span.of(text) for block in found] == [block.text for block in parsed.blocks]
    assert all(repair(block.text) == block.text for block in parsed.blocks)
    assert pages == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_structures_in_other_parts_are_read_or_refused(data: st.DataObject) -> None:
    names = {"word/styles.xml": "styles", "word/numbering.xml": "numbering"}
    names |= {"word/footnotes.xml": "footnotes", "docProps/core.xml": "x", RELATIONSHIPS: "x"}
    name = data.draw(st.sampled_from(sorted(names)))
    content = f"<w:{names[name]} {SPACES}>{data.draw(XML)}</w:{names[name]}>".encode()
    try:
        parse_docx(changed({name: lambda _: content}))
    except UnreadableFileError:
        return


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)), max_size=3), st.data()
)
def test_a_damaged_file_is_read_or_refused(
    flips: list[tuple[int, int]], data: st.DataObject
) -> None:
    damaged = bytearray(GOOD)
    for place, bits in flips:
        damaged[place] ^= bits
    end = data.draw(st.one_of(st.just(len(damaged)), st.integers(0, len(damaged))))
    try:
        parse_docx(bytes(damaged[:end]))
    except UnreadableFileError:
        return
