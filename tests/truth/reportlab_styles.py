"""How the documents by reportlab look."""

from dataclasses import dataclass

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

BLUE = colors.HexColor("#1f4f6b")
TINT = colors.HexColor("#eef2e6")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is set. `box` "side" puts boxes beside the text of page `side_page`.

    `heads` are the same on all pages, or "mirrored": the page's number in the head, outside.
    """

    paper: str = "A4"
    columns: int = 1
    size: float = 10.5
    box: str = "flow"
    side_page: int = 1
    ruled: bool = True
    outline: bool = True
    heads: str = "plain"
    justified: bool = False


def styles_of(layout: Layout, language: str) -> dict[str, ParagraphStyle]:
    """Return the paragraph styles by name."""
    regular, bold = "Helvetica", "Helvetica-Bold"
    wrap = {}
    if language == "zh":
        regular = bold = "STSong-Light"
        pdfmetrics.registerFont(UnicodeCIDFont(regular))
        wrap = {"wordWrap": "CJK"}
    size = layout.size
    body = ParagraphStyle(
        "body", fontName=regular, fontSize=size, leading=1.35 * size, spaceAfter=0.55 * size,
        embeddedHyphenation=1, **wrap,
    )  # fmt: skip
    if layout.justified:
        body.alignment = TA_JUSTIFY
    styles = {
        "body": body,
        "cell": ParagraphStyle("cell", body, fontSize=size - 1, leading=1.25 * size, alignment=0),
        "note": ParagraphStyle("note", body, fontSize=0.75 * size, leading=size, spaceAfter=0),
    }
    for level, factor in enumerate((2.0, 1.4, 1.12), start=1):
        styles[f"heading{level}"] = ParagraphStyle(
            f"heading{level}", body, fontName=bold, fontSize=factor * size, alignment=0,
            leading=1.2 * factor * size, spaceBefore=size, textColor=BLUE,
        )  # fmt: skip
    for depth in (1, 2, 3):
        left = 16.0 * depth
        styles[f"item{depth}"] = ParagraphStyle(
            f"item{depth}", body, leftIndent=left + 4 * (depth - 1), spaceAfter=0.3 * size,
            bulletIndent=left - 14 + 4 * (depth - 1),
        )  # fmt: skip
    return styles
