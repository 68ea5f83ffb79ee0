"""An original -> a Word file as Word writes it, by python-docx.

Lists are real ones, numbered by the file and not by its text; notes are footnotes; a box is a text
box, which Word writes twice, once for older programs.
"""

import io
import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from texts import Part, Text
from word_xml import (
    element,
    first_run,
    footnote_mark,
    footnotes_xml,
    numbering_xml,
    paragraph_xml,
    run,
    text_box,
    tracked,
)

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_FROM_THE_RIGHT = ("ar", "he")
_PIECE = re.compile(r"(\*\*.+?\*\*|\[\^\d+\])")
_STRUCK_OUT = "This half-sentence was struck out, "
# Number formats of a list's three levels, and how each is shown.
_BULLETS = (("bullet", "•"), ("bullet", "o"), ("bullet", "▪"))
_NUMBERS = (("decimal", "%1."), ("lowerLetter", "(%2)"), ("lowerRoman", "(%3)"))


@dataclass(frozen=True, slots=True)
class Paper:
    """How a file is laid out; `tracked` has changes that are not accepted yet."""

    columns: int = 1
    size: float = 11
    font: str = "Liberation Serif"
    paper: tuple[float, float] = (148, 210)
    margin: float = 22
    tracked: bool = False
    hyphenated: bool = False
    boxes: str = "shape"  # or "cell": a table of one cell


def write_docx(text: Text, paper: Paper) -> bytes:
    """Return the file."""
    return _Writer(text, paper).write()


class _Writer:
    def __init__(self, text: Text, paper: Paper) -> None:
        self.text, self.paper = text, paper
        self.document = docx.Document()
        self.notes = {part.marker: part.sentences[0] for part in text.parts if part.kind == "note"}
        self.lists = 0

    def write(self) -> bytes:
        self.set_up()
        parts = [part for part in self.text.parts if part.kind != "note"]
        for (kind, boxed), group in groupby(parts, key=lambda part: (part.kind, part.boxed)):
            members = list(group)
            if boxed:
                self.box(members) if kind == "heading" else self.box_goes_on(members)
            elif kind == "row":
                self.table(members)
            elif kind == "item":
                self.list_of(members)
            else:
                for part in members:
                    self.block(part)
        self.add_footnotes()
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()

    def set_up(self) -> None:
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = self.paper.font, Pt(self.paper.size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
            fonts.set(qn(script), self.paper.font)
        for level, factor in enumerate((1.9, 1.35, 1.12), start=1):
            self.size_heading(self.document.styles[f"Heading {level}"], factor)
        self.document.core_properties.title = self.text.title
        self.document.core_properties.language = self.text.language
        section = self.document.sections[0]
        section.page_width, section.page_height = map(Mm, self.paper.paper)
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Mm(self.paper.margin))
        self.set_columns(section)
        section.header.paragraphs[0].text = self.text.head
        self.add_page_number(section.footer.paragraphs[0])
        if any(part.kind == "body" for part in self.text.parts):
            section._sectPr.append(element("w:pgNumType", fmt="lowerRoman", start="1"))
        if self.paper.hyphenated:
            self.document.settings.element.append(element("w:autoHyphenation", val="1"))

    def size_heading(self, style: Any, factor: float) -> None:
        style.font.size = Pt(round(factor * self.paper.size))
        half_points = str(2 * round(factor * self.paper.size))
        style.element.get_or_add_rPr().append(element("w:szCs", val=half_points))

    def set_columns(self, section: Any) -> None:
        for columns in section._sectPr.findall(qn("w:cols")):
            section._sectPr.remove(columns)
        section._sectPr.append(element("w:cols", num=str(self.paper.columns), space="400"))

    def add_page_number(self, paragraph: Any) -> None:
        paragraph.add_run("Liaison papers  ")
        field = element("w:fldSimple", instr="PAGE")
        field.append(run("1"))
        paragraph._p.append(field)

    def block(self, part: Part) -> None:
        if part.kind == "body":
            section = self.document.add_section(WD_SECTION.NEW_PAGE)
            for old in section._sectPr.findall(qn("w:pgNumType")):
                section._sectPr.remove(old)
            section._sectPr.append(element("w:pgNumType", fmt="decimal", start="1"))
            return
        style = f"Heading {part.level}" if part.kind == "heading" else None
        paragraph = self.document.add_paragraph(style=style)
        self.fill(paragraph, self.text.glue.join(part.sentences))
        if self.paper.tracked and part.kind == "paragraph":
            paragraph._p.insert(first_run(paragraph), tracked("del", _STRUCK_OUT))

    def fill(self, paragraph: Any, marked: str) -> None:
        """Add a text with its emphasis and footnotes; the last words of a tracked one are new."""
        if self.text.language in _FROM_THE_RIGHT:
            paragraph._p.get_or_add_pPr().append(element("w:bidi"))
        pieces = [piece for piece in _PIECE.split(marked) if piece]
        for number, piece in enumerate(pieces):
            if piece.startswith("[^"):
                paragraph._p.append(footnote_mark(piece[2:-1]))
            elif piece.startswith("**"):
                paragraph.add_run(piece.strip("*")).bold = True
            elif self.paper.tracked and number == len(pieces) - 1 and " " in piece:
                before, last = piece.rsplit(" ", 1)
                self.add_run(paragraph, f"{before} ")
                paragraph._p.append(tracked("ins", last))
            else:
                self.add_run(paragraph, piece)

    def add_run(self, paragraph: Any, text: str) -> None:
        run = paragraph.add_run(text)
        if self.text.language in _FROM_THE_RIGHT:
            run._r.get_or_add_rPr().append(element("w:rtl"))

    def list_of(self, items: list[Part]) -> None:
        number = self.add_numbering(items)
        for item in items:
            paragraph = self.document.add_paragraph(style="List Paragraph")
            properties = paragraph._p.get_or_add_pPr()
            numbering = element("w:numPr")
            numbering.append(element("w:ilvl", val=str(item.level - 1)))
            numbering.append(element("w:numId", val=str(number)))
            properties.append(numbering)
            self.fill(paragraph, item.sentences[0])

    def add_numbering(self, items: list[Part]) -> int:
        """Define a list's numbering in the file, and return its number."""
        self.lists += 1
        number = 100 + self.lists
        formats = _BULLETS if items[0].marker == "•" else _NUMBERS
        numbering = self.document.part.numbering_part.element
        abstract, reference = numbering_xml(number, formats)
        numbering.insert(0, abstract)
        numbering.append(reference)
        return number

    def table(self, rows: list[Part]) -> None:
        count = len(rows[0].sentences)
        table = self.document.add_table(0, count, style="Table Grid")
        table.autofit = False
        for column in table.columns:
            column.width = Mm(self.column_width / count)
        if self.text.language in _FROM_THE_RIGHT:
            table._tbl.tblPr.append(element("w:bidiVisual"))
        for row in rows:
            added = table.add_row()
            added._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for cell, sentence in zip(added.cells, row.sentences, strict=True):
                cell.width = Mm(self.column_width / count)
                self.fill(cell.paragraphs[0], sentence)

    @property
    def column_width(self) -> float:
        """Return how wide a column is, in millimetres; columns are parted by seven."""
        inner = self.paper.paper[0] - 2 * self.paper.margin
        return (inner - 7 * (self.paper.columns - 1)) / self.paper.columns

    def box(self, headings: list[Part]) -> None:
        """Open a box with its heading; its paragraphs follow."""
        if self.paper.boxes == "cell":
            cell = self.document.add_table(1, 1, style="Table Grid").rows[0].cells[0]
            cell.paragraphs[0].style = f"Heading {headings[0].level}"
            self.fill(cell.paragraphs[0], headings[0].sentences[0])
            self.open_box = cell
        else:
            self.open_box = headings

    def box_goes_on(self, parts: list[Part]) -> None:
        if self.paper.boxes == "cell":
            for part in parts:
                self.fill(self.open_box.add_paragraph(), self.text.glue.join(part.sentences))
        else:
            content = "".join(
                paragraph_xml(self.text.glue.join(part.sentences), heading=part.level)
                for part in [*self.open_box, *parts]
            )
            box = text_box(content, width=int(Mm(self.column_width)))
            self.document.add_paragraph()._p.append(box)

    def add_footnotes(self) -> None:
        if not self.notes:
            return
        xml = footnotes_xml(self.notes, points=10 if self.paper.size >= 11 else 8.5)
        part = PackagePart(
            PackURI("/word/footnotes.xml"), _FOOTNOTES, xml, self.document.part.package
        )
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
