"""Quotes as a PDF, with a font embedded that has every character of them."""

import io
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from assistant.export.entries import Export, caveat, heading, parts, source_lines
from assistant.texts import Texts
from corpus.errors import SettingsError

# Fonts that may be embedded and are looked for in this order; reportlab's own comes last and has
# the letters of Western Europe only. No font package of a free licence has all of Chinese.
_NAMES = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial Unicode.ttf",
    "arial.ttf", "simhei.ttf",
)  # fmt: skip
_FOLDERS = (
    Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts",
    Path("/System/Library/Fonts/Supplemental"), Path("/Library/Fonts"), Path("C:/Windows/Fonts"),
)  # fmt: skip
_OWN = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
# Written from right to left or with joined letters, which the typesetting here cannot do.
_SHAPED = range(0x0590, 0x1100)


def to_pdf(contents: Export, texts: Texts) -> bytes:
    """Return the quotes on pages of A4, the answering sentences marked.

    Raises `SettingsError` if no font of this machine has every character.
    """
    font = _font_for(_all_characters(contents, texts))
    target = io.BytesIO()
    title = heading(contents, texts)
    SimpleDocTemplate(
        target, pagesize=A4, title=title[:255], leftMargin=56, rightMargin=56, invariant=True
    ).build(list(_flow(contents, texts, font)))
    return target.getvalue()


def _flow(contents: Export, texts: Texts, font: str) -> Iterator[Flowable]:
    plain = ParagraphStyle(
        "plain", fontName=font, fontSize=9, leading=12, textColor=HexColor("#444444")
    )
    title = ParagraphStyle("title", fontName=font, fontSize=16, leading=20, spaceAfter=12)
    second = ParagraphStyle("second", fontName=font, fontSize=12, leading=16, spaceBefore=14)
    quote = ParagraphStyle(
        "quote", fontName=font, fontSize=11, leading=15, leftIndent=14, spaceBefore=6
    )
    yield Paragraph(escape(heading(contents, texts)), title)
    for number, entry in enumerate(contents.entries, start=1):
        yield Paragraph(escape(f"{number}. {entry[1].title}"), second)
        # A paragraph a line: one of many lines could not be broken over two pages as it should.
        for line in _lines(list(parts(entry[1]))):
            yield Paragraph(line, quote) if line.strip() else Spacer(0, 6)
        yield Spacer(0, 6)
        for label, told in source_lines(entry, texts):
            yield Paragraph(f"{escape(label)}: {escape(told)}", plain)
    yield Spacer(0, 18)
    yield Paragraph(escape(caveat(texts)), plain)


def _lines(pieces: list[tuple[str, bool]]) -> list[str]:
    """Return the quote's lines in the markup of reportlab, the answering sentences on a ground."""
    lines = [""]
    for piece, is_answer in pieces:
        first, *others = piece.split("\n")
        lines[-1] += _marked(first) if is_answer else _kept(first)
        lines += [_marked(line) if is_answer else _kept(line) for line in others]
    return lines


def _marked(text: str) -> str:
    return f'<span backColor="#ffe9a3">{_kept(text)}</span>' if text else ""


def _kept(text: str) -> str:
    """Return a text in which spaces at the beginning stay."""
    spaces = len(text) - len(text.lstrip(" "))
    return "&nbsp;" * spaces + escape(text[spaces:])


def _all_characters(contents: Export, texts: Texts) -> frozenset[str]:
    told = [
        line for entry in contents.entries for pair in source_lines(entry, texts) for line in pair
    ]
    quotes = [text for _, one in contents.entries for text in (one.quote, one.title)]
    whole = [heading(contents, texts), caveat(texts), *told, *quotes]
    return frozenset("".join(whole)) - {"\n", "\t"}


def _font_for(characters: frozenset[str]) -> str:
    """Return the name of the first font that has all the characters, ready to be used."""
    if not any(ord(one) in _SHAPED for one in characters):
        for path in _fonts():
            font = _load(path)
            if font and all(ord(one) in font.face.charToGlyph for one in characters):
                pdfmetrics.registerFont(font)
                return str(font.fontName)
    raise SettingsError(
        "No font of this machine can print every character of these quotes as a PDF. "
        "Save them as a Word document (docx) and print that."
    )


@cache
def _fonts() -> tuple[Path, ...]:
    found = [
        path for name in _NAMES for folder in _FOLDERS for path in sorted(folder.glob(f"**/{name}"))
    ]
    return (*found, _OWN)


@cache
def _load(path: Path) -> TTFont | None:
    try:
        return TTFont(path.stem.replace(" ", "-"), str(path))
    except (TTFError, OSError):
        return None
