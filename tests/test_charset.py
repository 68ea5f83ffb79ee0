import pytest

from corpus.errors import EmptyFileError, UnreadableFileError, WrongFormatError
from corpus.readers.charset import decode
from corpus.readers.html import parse_html


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="windows-1252">', "utf-8"),
        ("", "utf-8"),
        ("", "cp1252"),
        ('<meta charset="utf-8">', "cp1252"),
        ('<meta charset="latin1">', "cp1252"),
        ('<meta charset="no-such-set">', "cp1252"),
        ('<meta charset="hex">', "cp1252"),
        ('<meta charset="latin1">', "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_characters_are_read_right_whatever_is_declared(declaration: str, encoding: str) -> None:
    page = f"{declaration}<main><p>Sécurité – “droits”</p></main>".encode(encoding)
    assert parse_html(page).blocks[0].text == "Sécurité – “droits”"


@pytest.mark.parametrize(
    ("declaration", "encoding", "text"),
    [
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030", "人权"),
        ("<?xml version='1.0' encoding='windows-1251'?>", "cp1251", "права человека"),
    ],
)
def test_a_declared_character_set_is_used(declaration: str, encoding: str, text: str) -> None:
    assert parse_html(f"{declaration}<p>{text}</p>".encode(encoding)).blocks[0].text == text


def test_a_page_cut_off_in_a_character_is_still_utf_8() -> None:
    data = "<meta charset='latin1'><p>Sécurité privée é".encode()[:-1]
    assert parse_html(data).blocks[0].text == "Sécurité privée \ufffd"


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (b"", EmptyFileError, "empty"),
        (b" \r\n\t\x0c", EmptyFileError, "empty"),
        (b"\xef\xbb\xbf\n", EmptyFileError, "empty"),
        (b"\xff\xfe", EmptyFileError, "empty"),
        (b"PK\x03\x04\x14\x00\x08\x00", WrongFormatError, "binary"),
        (b"text\x00text", WrongFormatError, "binary"),
        (b"\x01\x02text", WrongFormatError, "binary"),
    ],
)
def test_what_is_not_text_is_refused(
    data: bytes, error: type[UnreadableFileError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        decode(data)


def test_a_stray_control_character_is_forgiven() -> None:
    assert decode(b"\x07" + b"Guards warn. " * 9) == "\x07" + "Guards warn. " * 9
