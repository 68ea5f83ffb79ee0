"""Word files made by python-docx, with the XML of their parts written out where it matters."""

import io

import docx
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from lxml.etree import _Element

from corpus.readers.docx import parse_docx

OPEN_XML = "http://schemas.openxmlformats.org"
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": f"{OPEN_XML}/wordprocessingml/2006/main",
        "m": f"{OPEN_XML}/officeDocument/2006/math",
        "mc": f"{OPEN_XML}/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)


def word_file(
    body: str,
    *,
    styles: str = "",
    numbering: str | None = None,
    footnotes: str = "",
    endnotes: str = "",
    title: str = "",
) -> bytes:
    """Return a Word file with this body; `numbering` takes the place of the built-in lists."""
    document = docx.Document()
    document.core_properties.title = title
    _fill(document.element.body, body)
    for style in _parsed(styles):
        document.styles.element.append(style)
    if numbering is not None:
        _fill(document.part.numbering_part.element, numbering)
    for kind, notes in (("footnotes", footnotes), ("endnotes", endnotes)):
        content_type = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        blob = f"<w:{kind} {SPACES}>{notes}</w:{kind}>".encode()
        part = Part(PackURI(f"/word/{kind}.xml"), content_type, blob, document.part.package)
        document.part.relate_to(part, f"{OPEN_XML}/officeDocument/2006/relationships/{kind}")
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, properties: str = "") -> str:
    """Return a paragraph of runs, or of plain text."""
    runs = content if content.startswith("<") else r(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def styled(style_id: str, content: str) -> str:
    return p(content, f'<w:pStyle w:val="{style_id}"/>')


def listed(content: str, num_id: int, level: int = 0) -> str:
    numbers = f'<w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/>'
    return p(content, f"<w:numPr>{numbers}</w:numPr>")


def table(*rows: list[str]) -> str:
    """Return a table; a cell is plain text, or paragraphs and tables, or a whole `<w:tc>`."""
    return f"<w:tbl>{''.join(row(*cells) for cells in rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    shown = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{shown}</w:tr>"


def cell(content: str, properties: str = "") -> str:
    paragraphs = content if content.startswith(("<w:p", "<w:tbl")) else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in parse_docx(word_file(body, **parts)).blocks]


def blocks(body: str, **parts: str) -> list[tuple[str, int, str]]:
    parsed = parse_docx(word_file(body, **parts))
    return [(block.kind, block.level, block.text) for block in parsed.blocks]


def _fill(element: _Element, content: str) -> None:
    for one in [*element]:
        element.remove(one)
    for one in _parsed(content):
        element.append(one)


def _parsed(content: str) -> list[_Element]:
    return [*parse_xml(f"<w:x {SPACES}>{content}</w:x>")]
