"""A starter source in, a PDF out: a cover, running heads, columns, tables, notes, an outline.

Comments in the source lay out its pages: what comes before the first one stands on the cover page,
numbered i; `<!-- single -->` and `<!-- columns -->` start a page with one or with two columns,
numbered from 1. A note is set at the foot of page 1, where its mark has to stand.
"""

import os
import re
from calendar import timegm
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from io import BytesIO

from markdown_it.tree import SyntaxTreeNode
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from corpus.starter.typesetting.source import StarterSource, tree_of

_MARGIN = 22 * mm
_GUTTER = 9 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_BOTTOM = 20 * mm
_HEIGHT = A4[1] - _BOTTOM - 24 * mm
_INK = colors.HexColor("#1c2b33")
_ACCENT = colors.HexColor("#1f5a6b")
_TINT = colors.HexColor("#e8eff1")

# Where long words of the sources may break in a narrow column, as in printed dictionaries.
_HYPHENATED = (
    "agree-ment alle-ga-tion alle-ga-tions artis-anal author-i-ties com-mand-er com-mu-nity "
    "com-mu-ni-ties dif-fer-ent engage-ment equip-ment gov-ern-ment guid-ance human-i-tar-ian "
    "inde-pen-dent infor-ma-tion insti-tu-tion inter-na-tional inves-ti-ga-tion mem-o-ran-dum "
    "min-er-als non-vi-o-lent offi-cials organ-isation par-tic-u-lar pro-ce-dure pro-por-tion "
    "pro-tec-tion rea-son-able rela-tion-ship repe-ti-tion resi-dents respon-si-bil-ity secu-rity "
    "spe-cial-ists sup-plier sup-pli-ers ter-mi-na-tion trans-par-ency under-stand-ing vio-lence"
)
_BREAKS = {word.replace("-", ""): word for word in _HYPHENATED.split()}
_WORD = re.compile(r"[a-z]+")
_ADDRESS = re.compile(r"https://\S+")
_NOTE_MARK = re.compile(r"\[\^(\d+)\]")
_LINE_ENDS = {"softbreak": " ", "hardbreak": "<br/>"}
_LAYOUT = re.compile(r"<!-- (single|columns) -->")

_BODY = ParagraphStyle(
    "body", fontName="Helvetica", fontSize=10.5, leading=14.4, textColor=_INK, spaceAfter=6,
    allowWidows=0, allowOrphans=0,
)  # fmt: skip
_TITLE = ParagraphStyle(
    "title", _BODY, fontName="Helvetica-Bold", fontSize=26, leading=32, textColor=_ACCENT,
    spaceAfter=14 * mm,
)  # fmt: skip
_HEADING = ParagraphStyle(
    "heading", _BODY, fontName="Helvetica-Bold", fontSize=13, leading=16.5, textColor=_ACCENT,
    spaceBefore=9, spaceAfter=5, keepWithNext=1,
)  # fmt: skip
_LEAD_IN = ParagraphStyle("lead-in", _BODY, keepWithNext=1)
_CELL = ParagraphStyle("cell", _BODY, fontSize=9, leading=11.6, spaceAfter=0)
_NOTE_STYLE = ParagraphStyle("note", _BODY, fontSize=8, leading=10, spaceAfter=0)


class _Template(BaseDocTemplate):  # type: ignore[misc]  # reportlab publishes no types
    """A document that labels its pages and bookmarks its headings."""

    def beforeDocument(self) -> None:  # noqa: N802  # reportlab's name
        """Label the cover page i and the others from 1."""
        self.canv.addPageLabel(0, "ROMAN_LOWER", 1)
        self.canv.addPageLabel(1, "ARABIC", 1)
        self.canv.showOutline()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  # reportlab's name
        """Add an outline entry for a title or heading."""
        level = {"title": 0, "heading": 1}.get(getattr(flowable, "style", _BODY).name)
        if level is None:
            return
        key = f"heading-{self.seq.nextf('heading')}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.getPlainText(), key, level=level)


def to_pdf(source: StarterSource) -> bytes:
    """Return the PDF of a source."""
    # The only way to set the dates that reportlab writes, and the file's id that hangs on them.
    os.environ["SOURCE_DATE_EPOCH"] = str(timegm(source.date.timetuple()))
    file = BytesIO()
    template = _Template(
        file, pagesize=A4, title=source.title, author="Toolkit Assistant project",
        subject=source.edition, lang=source.language, displayDocTitle=1,
        # Uncompressed, so that the bytes do not depend on which zlib Python was built with.
        invariant=1, pageCompression=0,
    )  # fmt: skip
    template.addPageTemplates(_page_templates(source))
    template.build(list(_flowables(source)))
    return file.getvalue()


def _page_templates(source: StarterSource) -> list[PageTemplate]:
    notes = [Paragraph(_markup_of(f"[^{mark}] {text}"), _NOTE_STYLE) for mark, text in source.notes]
    notes_height = sum(note.wrap(_WIDTH, _HEIGHT)[1] for note in notes)
    column = (_WIDTH - _GUTTER) / 2
    second = _MARGIN + column + _GUTTER
    draw = partial(_draw_page, source)
    return [
        PageTemplate("cover", [_frame(_MARGIN, _WIDTH)], onPage=draw),
        PageTemplate(
            "noted", [_frame(_MARGIN, _WIDTH, raised=notes_height + 4 * mm if notes else 0)],
            onPage=draw, onPageEnd=lambda canvas, template: _draw_notes(canvas, notes),
        ),
        PageTemplate("single", [_frame(_MARGIN, _WIDTH)], onPage=draw),
        PageTemplate("columns", [_frame(_MARGIN, column), _frame(second, column)], onPage=draw),
    ]  # fmt: skip


def _frame(left: float, width: float, *, raised: float = 0) -> Frame:
    return Frame(
        left, _BOTTOM + raised, width, _HEIGHT - raised,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip


def _draw_page(source: StarterSource, canvas: Canvas, template: BaseDocTemplate) -> None:
    """Draw the running head and, at the foot, the edition and the page's label."""
    canvas.saveState()
    canvas.setFillColor(_ACCENT)
    canvas.setFont("Helvetica", 8)
    top = A4[1] - 16 * mm
    canvas.drawString(_MARGIN, top, source.short_title)
    canvas.drawRightString(A4[0] - _MARGIN, top, "Toolkit Assistant starter texts")
    canvas.drawString(_MARGIN, 12 * mm, source.edition)
    label = "i" if template.page == 1 else str(template.page - 1)
    canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, label)
    canvas.setStrokeColor(_ACCENT)
    canvas.setLineWidth(0.4)
    canvas.line(_MARGIN, top - 2 * mm, A4[0] - _MARGIN, top - 2 * mm)
    canvas.restoreState()


def _draw_notes(canvas: Canvas, notes: list[Paragraph]) -> None:
    if not notes:
        return
    bottom = float(_BOTTOM)
    for note in reversed(notes):
        height = note.wrapOn(canvas, _WIDTH, _HEIGHT)[1]
        note.drawOn(canvas, _MARGIN, bottom)
        bottom += height
    canvas.setLineWidth(0.4)
    canvas.line(_MARGIN, bottom + 1 * mm, _MARGIN + 40 * mm, bottom + 1 * mm)


def _flowables(source: StarterSource) -> Iterator[Flowable]:
    template = "cover"
    for node in tree_of(source.markdown).children:
        layout = _LAYOUT.match(node.content) if node.type == "html_block" else None
        if layout:
            first = "noted" if template == "cover" else layout.group(1)
            template = layout.group(1)
            yield from (NextPageTemplate(first), PageBreak(), NextPageTemplate(template))
        else:
            width = (_WIDTH - _GUTTER) / 2 if template == "columns" else _WIDTH
            yield from _SETTERS[node.type](node, width)


def _set_heading(node: SyntaxTreeNode, width: float) -> Iterator[Flowable]:
    if node.tag == "h1":
        yield Spacer(width, 35 * mm)
    text = _markup(node.children[0]).replace("\xad", "")
    yield Paragraph(text, _TITLE if node.tag == "h1" else _HEADING)


def _set_paragraph(node: SyntaxTreeNode, width: float) -> Iterator[Flowable]:
    following = node.next_sibling
    is_lead_in = following is not None and following.type in ("bullet_list", "ordered_list")
    yield Paragraph(_markup(node.children[0]), _LEAD_IN if is_lead_in else _BODY)


def _set_list(node: SyntaxTreeNode, width: float, depth: int = 0) -> Iterator[Flowable]:
    is_ordered = node.type == "ordered_list"
    for number, item in enumerate(node.children, start=1):
        marker = f"{number}." if is_ordered else "•" if depth == 0 else "–"
        first, *rest = item.children
        style = _item_style(depth, has_list=bool(rest))
        yield Paragraph(_markup(first.children[0]), style, bulletText=marker)
        for inner in rest:
            yield from _set_list(inner, width, depth + 1)


def _item_style(depth: int, *, has_list: bool) -> ParagraphStyle:
    left = 15 * (depth + 1)
    return ParagraphStyle(
        f"item-{depth}", _BODY, leftIndent=left, bulletIndent=left - 13, keepWithNext=has_list,
        spaceAfter=3.5,
    )  # fmt: skip


def _set_table(node: SyntaxTreeNode, width: float) -> Iterator[Flowable]:
    lines = [line for part in node.children for line in part.children]
    rows = [[_markup(cell.children[0]) for cell in line.children] for line in lines]
    head = [[Paragraph(f"<b>{cell}</b>", _CELL) for cell in rows[0]]]
    body = [[Paragraph(cell, _CELL) for cell in row] for row in rows[1:]]
    others = len(rows[0]) - 1
    first = 0.3 if others == 1 else 0.18
    widths = [width * first, *[width * (1 - first) / others] * others]
    table = Table(head + body, colWidths=widths, repeatRows=1, spaceBefore=3, spaceAfter=8)
    table.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), _TINT),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _ACCENT),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    yield table


_SETTERS: dict[str, Callable[[SyntaxTreeNode, float], Iterator[Flowable]]] = {
    "heading": _set_heading,
    "paragraph": _set_paragraph,
    "bullet_list": _set_list,
    "ordered_list": _set_list,
    "table": _set_table,
}


def _markup(node: SyntaxTreeNode) -> str:
    """Return an inline node as reportlab's markup."""
    if node.type == "text":
        return _markup_of(node.content)
    if node.type in _LINE_ENDS:
        return _LINE_ENDS[node.type]
    inner = "".join(map(_markup, node.children))
    tag = {"strong": "b", "em": "i"}.get(node.type)
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _markup_of(text: str) -> str:
    """Return text as markup: marks of notes raised, addresses linked, long words breakable."""
    address = _ADDRESS.search(text)
    if address:
        link = f'<a href="{escape(address[0])}" color="#1f5a6b">{escape(address[0])}</a>'
        return _markup_of(text[: address.start()]) + link + _markup_of(text[address.end() :])
    breakable = _WORD.sub(lambda word: _BREAKS.get(word[0], word[0]).replace("-", "\xad"), text)
    return _NOTE_MARK.sub(r'<super size="7.5" rise="4">\1</super>', escape(breakable, quote=False))
