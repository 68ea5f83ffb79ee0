"""An original -> a PDF by reportlab, and what was drawn on each page.

What is drawn is taken down while it is drawn, before reportlab encodes it, so that the page of a
sentence is known without reading the file.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
)
from reportlab_styles import BLUE, TINT, Layout, styles_of
from texts import Part, Text

ROMAN = ("i", "ii", "iii", "iv", "v", "vi")
_SIZES = {"A4": A4, "A5": A5}
_FOOT, _TOP = 50.0, 56.0
_GUTTER, _SIDE = 22.0, 0.3
_PUBLISHER = "Liaison papers"


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, the labels of its pages, what was drawn on each, and where the body begins."""

    data: bytes
    labels: tuple[str | None, ...]
    drawn: tuple[str, ...]
    body_page: int


class _Recorder(Canvas):  # type: ignore[misc]  # reportlab publishes no types
    """A canvas that keeps what is drawn on each page."""

    drawn: defaultdict[int, list[str]]

    def beginText(self, *args: Any, **fields: Any) -> PDFTextObject:  # noqa: N802
        return _RecordingText(self, *args, **fields)


class _RecordingText(PDFTextObject):  # type: ignore[misc]
    def _formatText(self, text: str) -> str:  # noqa: N802
        canvas = self._canvas
        canvas.drawn[canvas.getPageNumber()].append(text)
        return str(super()._formatText(text))


class _Body(Flowable):  # type: ignore[misc]
    """Stands where pages begin to count from 1."""

    def draw(self) -> None:
        self.canv.addPageLabel(self.canv.getPageNumber() - 1, "ARABIC", 1)
        self.canv.body_page = self.canv.getPageNumber()


class _Template(BaseDocTemplate):  # type: ignore[misc]
    """A document whose pages each have their own frames, with room for their notes."""

    truth: "_Setting"

    def handle_pageBegin(self) -> None:  # noqa: N802
        self.pageTemplate = self.truth.page_template(self.page + 1)
        super().handle_pageBegin()

    def beforeDocument(self) -> None:  # noqa: N802
        if self.truth.has_front:
            self.canv.addPageLabel(0, "ROMAN_LOWER", 1)

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802
        name = getattr(getattr(flowable, "style", None), "name", "")
        if self.truth.layout.outline and name.startswith("heading"):
            key = f"heading-{self.seq.nextf('heading')}"
            self.canv.bookmarkPage(key)
            level = int(name.removeprefix("heading")) - 1
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level=level)


def print_pdf(text: Text, layout: Layout) -> Printed:
    """Return the PDF of a text."""
    setting = _Setting(text, layout)
    for _ in range(6):
        printed = setting.build()
        if not setting.learn_from(printed):
            return printed
    raise ValueError(f"the notes of {text.name} in {layout} do not come to rest")


class _Setting:
    """One text in one layout, with the notes that each page is to carry."""

    def __init__(self, text: Text, layout: Layout) -> None:
        self.text, self.layout = text, layout
        self.has_front = any(part.kind == "body" for part in text.parts)
        self.notes: dict[int, list[Part]] = {}
        # A page with a note has less room, which may move the mark to the next page: the room
        # stays free then, or the mark would come back.
        self.rooms: dict[int, float] = {}
        self.width, self.height = _SIZES[layout.paper]
        self.margin = 62.0 if layout.paper == "A4" else 42.0
        self.inner = self.width - 2 * self.margin
        self.styles = styles_of(layout, text.language)
        self.body_page = 1

    def build(self) -> Printed:
        target = io.BytesIO()
        canvases: list[_Recorder] = []

        def make_canvas(*args: Any, **fields: Any) -> _Recorder:
            canvas = _Recorder(*args, **fields)
            canvas.drawn, canvas.body_page = defaultdict(list), 1
            canvases.append(canvas)
            return canvas

        template = _Template(
            target, pagesize=(self.width, self.height), title=self.text.title,
            lang=self.text.language, invariant=1, pageCompression=1,
        )  # fmt: skip
        template.truth = self
        template.addPageTemplates([self.page_template(1)])
        template.build(list(self.flowables()), canvasmaker=make_canvas)
        drawn = canvases[-1].drawn
        pages = tuple(" ".join(drawn[n]) for n in range(1, max(drawn) + 1))
        body_page = canvases[-1].body_page
        labels: tuple[str | None, ...] = (None,) * len(pages)
        if self.has_front:
            labels = (*ROMAN[: body_page - 1], *map(str, range(1, len(pages) - body_page + 2)))
        return Printed(target.getvalue(), labels, pages, body_page)

    def learn_from(self, printed: Printed) -> bool:
        """Put each note on the page of its mark; tell whether this changes anything."""
        before = (self.notes, self.body_page)
        self.notes, self.body_page = {}, printed.body_page
        for part in self.text.parts:
            if part.kind == "note":
                page = next(n for n, page in enumerate(printed.drawn, 1) if self.marks(part, page))
                self.notes.setdefault(page, []).append(part)
        for number in self.notes:
            height = sum(self.note_heights(number)) + 10
            self.rooms[number] = max(height, self.rooms.get(number, 0.0))
        return (self.notes, self.body_page) != before

    def marks(self, note: Part, page: str) -> bool:
        """Tell whether the last word before the note's mark stands on the page."""
        sentences = [sentence for part in self.text.parts for sentence in part.sentences]
        mark = f"[^{note.marker}]"
        before = next(one for one in sentences if mark in one).split(mark)[0]
        return _letters(before)[-12:] in _letters(page)

    def page_template(self, number: int) -> PageTemplate:
        raised = self.rooms.get(number, 0.0)
        lefts, width = [self.margin], self.inner
        if self.layout.columns == 2:
            width = (self.inner - _GUTTER) / 2
            lefts.append(self.margin + width + _GUTTER)
        elif self.has_side_box(number):
            width = self.inner * (1 - _SIDE) - _GUTTER
        frames = [
            Frame(
                left, _FOOT + raised, width, self.height - _FOOT - _TOP - raised,
                leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
            )
            for left in lefts
        ]  # fmt: skip
        return PageTemplate(f"page-{number}", frames, onPage=self.draw_page)

    def has_side_box(self, number: int) -> bool:
        is_boxed = any(part.boxed for part in self.text.parts)
        return self.layout.box == "side" and number == self.layout.side_page and is_boxed

    def note_heights(self, number: int) -> list[float]:
        return [float(p.wrap(self.inner, 900)[1]) for p in self.note_paragraphs(number)]

    def note_paragraphs(self, number: int) -> list[Paragraph]:
        style = self.styles["note"]
        notes = self.notes.get(number, [])
        return [Paragraph(f"{n.marker} {self.markup(n.sentences[0])}", style) for n in notes]

    def draw_page(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        number = canvas.getPageNumber()
        self.draw_heads(canvas, number)
        bottom = _FOOT
        for note in reversed(self.note_paragraphs(number)):
            height = note.wrapOn(canvas, self.inner, 900)[1]
            note.drawOn(canvas, self.margin, bottom)
            bottom += height
        if number in self.notes:
            canvas.line(self.margin, bottom + 3, self.margin + 80, bottom + 3)
        if self.has_side_box(number):
            self.draw_side_box(canvas)

    def draw_heads(self, canvas: Canvas, number: int) -> None:
        canvas.saveState()
        canvas.setFont(self.styles["note"].fontName, 8)
        top, right = self.height - 32, self.width - self.margin
        label = self.label(number)
        if self.layout.heads == "mirrored":
            if number % 2:
                canvas.drawString(self.margin, top, self.text.head)
                canvas.drawRightString(right, top, label)
            else:
                canvas.drawString(self.margin, top, label)
                canvas.drawRightString(right, top, _PUBLISHER)
        else:
            canvas.drawString(self.margin, top, self.text.head)
            canvas.drawString(self.margin, 28, _PUBLISHER)
            canvas.drawRightString(right, 28, label)
        canvas.restoreState()

    def label(self, number: int) -> str:
        is_front = number < self.body_page
        return ROMAN[number - 1] if is_front else str(number - self.body_page + 1)

    def draw_side_box(self, canvas: Canvas) -> None:
        width = self.inner * _SIDE
        box = self.boxed([part for part in self.text.parts if part.boxed], width)
        height = box.wrapOn(canvas, width, 900)[1]
        box.drawOn(canvas, self.margin + self.inner - width, self.height - _TOP - 40 - height)

    def flowables(self) -> Iterator[Flowable]:
        is_front, has_begun = self.has_front, False
        for (kind, boxed), group in groupby(self.text.parts, lambda p: (p.kind == "row", p.boxed)):
            parts = [part for part in group if part.kind != "note"]
            if boxed:
                if self.layout.box == "flow":
                    yield self.boxed(parts, self.column_width)
            elif kind:
                yield self.table(parts)
            else:
                for part in parts:
                    if part.kind == "body":
                        is_front = False
                        yield from (PageBreak(), _Body())
                        continue
                    if is_front and has_begun and part.kind == "heading":
                        yield PageBreak()
                    has_begun = True
                    if part.kind == "heading":
                        yield CondPageBreak(5 * self.layout.size)
                    yield self.paragraph(part)

    @property
    def column_width(self) -> float:
        inner: float = self.inner
        return (inner - _GUTTER) / 2 if self.layout.columns == 2 else inner

    def paragraph(self, part: Part) -> Paragraph:
        markup = self.text.glue.join(map(self.markup, part.sentences))
        if part.kind == "heading":
            return Paragraph(markup.replace("\xad", ""), self.styles[f"heading{part.level}"])
        if part.kind == "item":
            marker = "–" if part.marker == "•" and part.level == 2 else part.marker
            return Paragraph(markup, self.styles[f"item{part.level}"], bulletText=marker)
        return Paragraph(markup, self.styles["body"])

    def boxed(self, parts: Sequence[Part], width: float) -> Table:
        content = [[self.paragraph(part)] for part in parts]
        box = Table(content, colWidths=[width], spaceBefore=6, spaceAfter=10)
        box.setStyle([("BACKGROUND", (0, 0), (-1, -1), TINT), ("BOX", (0, 0), (-1, -1), 0.5, BLUE)])
        return box

    def table(self, rows: Sequence[Part]) -> Table:
        style, bold = self.styles["cell"], "<b>%s</b>"
        cells = [
            [
                Paragraph((bold if n == 0 else "%s") % self.markup(cell), style)
                for cell in row.sentences
            ]
            for n, row in enumerate(rows)
        ]
        count = len(cells[0])
        widths = [self.column_width / count] * count
        table = Table(cells, colWidths=widths, spaceBefore=4, spaceAfter=8)
        rules = [("GRID", (0, 0), (-1, -1), 0.4, BLUE)] if self.layout.ruled else []
        table.setStyle([*rules, ("VALIGN", (0, 0), (-1, -1), "TOP")])
        return table

    def markup(self, sentence: str) -> str:
        marked = escape(self.text.hyphenated(sentence), quote=False)
        marked = re.sub(r"\[\^(\d+)\]", r"<super>\1</super>", marked)
        return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", marked)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
