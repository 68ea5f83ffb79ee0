"""Quotes as a Word document."""

import io
import re

import docx
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Pt

from assistant.answer import Citation
from assistant.export.entries import Export, caveat, heading, parts, source_lines
from assistant.texts import Texts

# What no XML file can hold; they are shown as what replaces them.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_docx(contents: Export, texts: Texts) -> bytes:
    """Return the quotes as paragraphs of style Quote, the answering sentences highlighted."""
    document = docx.Document()
    title = _printable(heading(contents, texts))
    document.core_properties.title = title[:255]
    document.core_properties.author = ""
    document.add_heading(title, level=1)
    for number, entry in enumerate(contents.entries, start=1):
        document.add_heading(_printable(f"{number}. {entry[1].title}"), level=2)
        _add_quote(document, entry[1])
        for label, told in source_lines(entry, texts):
            line = document.add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            line.add_run(f"{label}: ").bold = True
            line.add_run(_printable(told))
    document.add_paragraph()
    document.add_paragraph(caveat(texts))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_quote(document: Document, citation: Citation) -> None:
    paragraph = document.add_paragraph(style="Quote")
    for piece, is_answer in parts(citation):
        run = paragraph.add_run(_printable(piece))
        if is_answer:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _printable(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
