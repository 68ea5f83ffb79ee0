"""Bytes in, text out: which characters a file's bytes stand for, and whether they are text."""

import codecs
import re

from corpus.errors import EmptyFileError, WrongFormatError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Browsers read these names as their larger successors: https://encoding.spec.whatwg.org/#names
_SUCCESSORS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# What a page without a byte order mark can declare; Python's codecs also hold "hex" and the like.
_CHARACTER_SETS = ("cp", "iso8859", "koi8", "mac", "gb18030", "big5", "euc", "johab", "tis", "kz")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
# Text of the field holds none; a stray one from a word processor's export is forgiven.
_MAX_CONTROL_SHARE = 0.01


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text that the bytes stand for, without a byte order mark.

    A byte order mark decides; then UTF-8 wherever it reads cleanly, whatever is declared; then
    the declared character set; then windows-1252. Raises EmptyFileError if there is nothing but
    white space and WrongFormatError if the bytes are not text.
    """
    text = _decode_marked(data)
    if text is None:
        text = _decode_unmarked(data, declared)
    if not text.strip("\ufeff\0 \t\r\n\f\v"):
        raise EmptyFileError("it is empty")
    if "\0" in text or len(_CONTROLS.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise WrongFormatError("it is not text but binary data")
    return text


def _decode_marked(data: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    return None


def _decode_unmarked(data: bytes, declared: str | None) -> str:
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    whole = sum(character > "\x7f" for character in text) - damaged
    # A page cut off in mid-character, or with one bad byte pasted in, is still UTF-8.
    if damaged == 0 or whole > damaged:
        return text
    try:
        return data.decode(_known(declared))
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _known(declared: str | None) -> str:
    """Return the codec of the character set that a file declares; windows-1252 if unknown."""
    try:
        name = codecs.lookup((declared or "").strip()).name
    except (LookupError, ValueError):
        return "cp1252"
    name = _SUCCESSORS.get(name, name)
    return name if name.startswith(_CHARACTER_SETS) else "cp1252"
