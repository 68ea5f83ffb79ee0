"""Quotes as a PDF, each character in a font that has it."""

import io
from collections.abc import Iterator

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from assistant.export.entries import Export, caveat, heading, parts, source_lines
from assistant.export.fonts import in_fonts, main_font, missing
from assistant.texts import Texts
from corpus.errors import SettingsError

_MOST_NAMED = 8  # characters in a message


def to_pdf(contents: Export, texts: Texts) -> bytes:
    """Return the quotes on pages of A4, the answering sentences marked.

    Raises `SettingsError` if there is a character that no font can show.
    """
    _check_characters(contents, texts)
    target = io.BytesIO()
    title = heading(contents, texts)
    SimpleDocTemplate(
        target, pagesize=A4, title=title[:255], leftMargin=56, rightMargin=56, invariant=True
    ).build(list(_flow(contents, texts)))
    return target.getvalue()


def _flow(contents: Export, texts: Texts) -> Iterator[Flowable]:
    font = main_font()
    plain = ParagraphStyle(
        "plain", fontName=font, fontSize=9, leading=12, textColor=HexColor("#444444")
    )
    title = ParagraphStyle("title", fontName=font, fontSize=16, leading=20, spaceAfter=12)
    second = ParagraphStyle("second", fontName=font, fontSize=12, leading=16, spaceBefore=14)
    quote = ParagraphStyle(
        "quote", fontName=font, fontSize=11, leading=15, leftIndent=14, spaceBefore=6
    )
    yield Paragraph(in_fonts(heading(contents, texts)), title)
    for number, entry in enumerate(contents.entries, start=1):
        yield Paragraph(in_fonts(f"{number}. {entry[1].title}"), second)
        # A paragraph a line: one of many lines could not be broken over two pages as it should.
        for line in _lines(list(parts(entry[1]))):
            yield Paragraph(line, quote) if line.strip() else Spacer(0, 6)
        yield Spacer(0, 6)
        for label, told in source_lines(entry, texts):
            yield Paragraph(in_fonts(f"{label}: {told}"), plain)
    yield Spacer(0, 18)
    yield Paragraph(in_fonts(caveat(texts)), plain)


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
    return "&nbsp;" * spaces + in_fonts(text[spaces:])


def _check_characters(contents: Export, texts: Texts) -> None:
    told = [
        line for entry in contents.entries for pair in source_lines(entry, texts) for line in pair
    ]
    quotes = [text for _, one in contents.entries for text in (one.quote, one.title)]
    lacking = missing("".join([heading(contents, texts), caveat(texts), *told, *quotes]))
    if lacking:
        named = ", ".join(f"{one} (U+{ord(one):04X})" for one in lacking[:_MOST_NAMED])
        raise SettingsError(
            f"No font at hand can show {named} in a PDF. "
            "Save the quotes as a Word document (docx) and print that.",
            key="no_font",
        )
