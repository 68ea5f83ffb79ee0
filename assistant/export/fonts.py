"""Characters in, the markup of a PDF's typesetter out, each run in a font that has it.

The first font comes along as a package and has Latin, Greek and Cyrillic letters; the machine's
own fonts add what else they have. Chinese is set in a font that every viewer brings or asks for:
none of a free licence comes as a package that can be embedded here.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from unicodedata import category

import font_source_sans_pro
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_PACKAGED = Path(font_source_sans_pro.SourceSansPro).with_suffix(".ttf")
_REPORTLAB_OWN = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
# Fonts of the machine that may be embedded, in this order.
_NAMES = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial Unicode.ttf",
    "arial.ttf", "simhei.ttf",
)  # fmt: skip
_FOLDERS = (
    Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts",
    Path("/System/Library/Fonts/Supplemental"), Path("/Library/Fonts"), Path("C:/Windows/Fonts"),
)  # fmt: skip
_CHINESE = "STSong-Light"
# Punctuation, kana, unified ideographs, full width forms: what that font has of the first plane.
_CHINESE_RANGES = (range(0x3000, 0x3100), range(0x4E00, 0x9FA6), range(0xFF01, 0xFF5F))
# Written from right to left or with joined letters, which the typesetting here cannot do.
_SHAPED = range(0x0590, 0x1100)
# Hyphens that look like the plain one, for fonts that do not have them.
_ALIKE = {"\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-"}


def main_font() -> str:
    """Return the name of the font in which everything is set that it has."""
    return str(next(_embedded()).fontName)


def missing(characters: Iterable[str]) -> list[str]:
    """Return the characters that no font can show."""
    return sorted(one for one in set(characters) if _shown(one) is None)


def in_fonts(text: str) -> str:
    """Return a text as escaped markup, what the main font does not have in another one."""
    html = ""
    for name, run in groupby(filter(None, map(_shown, text)), key=lambda one: one[0]):
        words = escape("".join(character for _, character in run))
        html += words if name == main_font() else f'<font name="{name}">{words}</font>'
    return html


@cache
def _shown(character: str) -> tuple[str, str] | None:
    """Return the font and the character by which one is shown; None if it cannot be."""
    if category(character) in ("Cf", "Cc"):  # without a shape
        return main_font(), ""
    for one in dict.fromkeys((character, _ALIKE.get(character, character))):
        name = _font_of(one)
        if name:
            return name, one
    return (main_font(), " ") if category(character) == "Zs" else None


def _font_of(character: str) -> str:
    code = ord(character)
    if code in _SHAPED:
        return ""
    for font in _embedded():
        if code in font.face.charToGlyph:
            return str(font.fontName)
    return _chinese() if any(code in one for one in _CHINESE_RANGES) else ""


def _embedded() -> Iterator[TTFont]:
    """Yield the fonts that can be embedded, each read when it is first needed."""
    for path in _paths():
        font = _load(path)
        if font:
            yield font


@cache
def _paths() -> tuple[Path, ...]:
    found = [
        path for name in _NAMES for folder in _FOLDERS for path in sorted(folder.glob(f"**/{name}"))
    ]
    return (_PACKAGED, *found, _REPORTLAB_OWN)


@cache
def _load(path: Path) -> TTFont | None:
    try:
        font = TTFont(path.stem.replace(" ", "-"), str(path))
    except (TTFError, OSError):
        return None
    pdfmetrics.registerFont(font)
    return font


@cache
def _chinese() -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(_CHINESE))
    return _CHINESE
