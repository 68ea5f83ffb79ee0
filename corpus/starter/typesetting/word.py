"""A starter source in, a Word file out: headings and lists by style, tables, real numbering."""

from collections.abc import Callable
from datetime import datetime, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from markdown_it.tree import SyntaxTreeNode

from corpus.starter.typesetting.source import StarterSource, tree_of

# Deeper lists than Word's own styles have do not occur.
_BULLETS = ("List Bullet", "List Bullet 2", "List Bullet 3")
_NUMBERS = ("List Number", "List Number 2", "List Number 3")


def to_docx(source: StarterSource) -> bytes:
    """Return the Word file of a source."""
    word = docx.Document()
    _describe(word, source)
    for node in tree_of(source.markdown).children:
        _SETTERS[node.type](word, node)
    file = BytesIO()
    word.save(file)
    return _without_times(file.getvalue())


def _describe(word: WordFile, source: StarterSource) -> None:
    about = word.core_properties
    about.title, about.author = source.title, "Toolkit Assistant project"
    about.subject, about.language = source.edition, source.language
    about.created = about.modified = datetime.combine(source.date, time())
    about.comments = ""


def _set_heading(word: WordFile, node: SyntaxTreeNode) -> None:
    level = int(node.tag[1:]) - 1  # a file's first heading is its title
    _write(word.add_heading(level=level), node.children[0])


def _set_paragraph(word: WordFile, node: SyntaxTreeNode) -> None:
    _write(word.add_paragraph(), node.children[0])


def _set_list(word: WordFile, node: SyntaxTreeNode, depth: int = 0) -> None:
    is_ordered = node.type == "ordered_list"
    style = (_NUMBERS if is_ordered else _BULLETS)[depth]
    numbering = _restarted(word, style) if is_ordered else None
    for item in node.children:
        first, *rest = item.children
        paragraph = word.add_paragraph(style=style)
        if numbering is not None:
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
        _write(paragraph, first.children[0])
        for inner in rest:
            _set_list(word, inner, depth + 1)


def _restarted(word: WordFile, style: str) -> int:
    """Return the id of a numbering like the style's that begins at 1 again."""
    numbering = word.part.numbering_part.element
    own = word.styles[style].element.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(own).abstractNumId.val
    num = numbering.add_num(abstract)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(num.numId)


def _set_table(word: WordFile, node: SyntaxTreeNode) -> None:
    lines = [line for part in node.children for line in part.children]
    table = word.add_table(rows=len(lines), cols=len(lines[0].children), style="Table Grid")
    for line, row in zip(lines, table.rows, strict=True):
        for cell, place in zip(line.children, row.cells, strict=True):
            _write(place.paragraphs[0], cell.children[0])
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    word.add_paragraph()


_SETTERS: dict[str, Callable[[WordFile, SyntaxTreeNode], None]] = {
    "heading": _set_heading,
    "paragraph": _set_paragraph,
    "bullet_list": _set_list,
    "ordered_list": _set_list,
    "table": _set_table,
}


def _write(paragraph: Paragraph, inline: SyntaxTreeNode, *, bold: bool = False) -> None:
    for node in inline.children:
        if node.type == "text":
            paragraph.add_run(node.content).bold = bold or None
        elif node.type == "softbreak":
            paragraph.add_run(" ")
        else:
            _write(paragraph, node, bold=bold or node.type == "strong")


def _without_times(data: bytes) -> bytes:
    """Return a ZIP archive with all its members at one time, so that its bytes stay the same."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), ZIP_DEFLATED)
    return file.getvalue()
