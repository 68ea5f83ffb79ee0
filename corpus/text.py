"""Repair of extracted text, done once, before any position in it exists."""

import re
import unicodedata

# Typesetters' ligatures, which no one types into a search box.
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# Characters that only say where a line may break: soft hyphen, zero-width space, word joiner, BOM.
_INVISIBLE: dict[int, str] = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF), "")
# Bullets of the Symbol and Wingdings fonts, which arrive as private-use characters.
_BULLETS = dict.fromkeys(
    (0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF0E0, 0xF0FC, 0xF06E, 0xF076, 0xF071), "•"
)
_LINE_ENDS = {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
# What is left of C0 and C1 has no shape and cannot be shown in a page.
_CONTROLS = {
    code: ""
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if chr(code) not in "\t\n\r" and code not in _LINE_ENDS
}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_TABLE = {**_LIGATURES, **_INVISIBLE, **_BULLETS, **_LINE_ENDS, **_CONTROLS, **_SURROGATES}

_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SPACE_SEPARATORS = re.compile(r"[^\S\n\t]")
_WHITE_SPACE = re.compile(r"\s+")


def repair(text: str) -> str:
    """Return the text in composed form with whole letters, plain spaces and line feeds.

    Ligatures are spelt out, soft hyphens and other invisible break marks and control characters
    taken out, private-use bullets and odd spaces replaced. Joiners and direction marks stay: they
    change what is read. Repairing twice changes nothing.
    """
    if text.isprintable() and not _LIGATURE.search(text):  # as nearly all text is
        return unicodedata.normalize("NFC", text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    return unicodedata.normalize("NFC", _SPACE_SEPARATORS.sub(" ", plain))


def one_line(text: str) -> str:
    """Return the repaired text with each run of white space as one space, none at the ends."""
    repaired = repair(text)
    if repaired.isprintable() and "  " not in repaired:
        return repaired.strip()
    return _WHITE_SPACE.sub(" ", repaired).strip()
