"""Pieces of a Word file that python-docx has no words for."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r>'
    "</w:p></w:footnote>"
)
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TEXT_BOX = f"""<w:r {_NAMESPACES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{{width}}" cy="2200000"/>
<wp:docPr id="1" name="Box"/><a:graphic>
<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{{width}}" cy="2200000"/>
</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:ln><a:solidFill><a:srgbClr val="888888"/>
</a:solidFill></a:ln></wps:spPr><wps:txbx><w:txbxContent>{{content}}</w:txbxContent></wps:txbx>
<wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:shape style="width:{{points}}pt;height:170pt"><v:textbox><w:txbxContent>
{{content}}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""


def paragraph_xml(text: str, *, heading: int) -> str:
    """Return a paragraph as XML; `heading` is its level, 0 for none."""
    style = f'<w:pPr><w:pStyle w:val="Heading{heading}"/></w:pPr>' if heading else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def text_box(content: str, *, width: int) -> Any:
    """Return a run that holds a box with paragraphs in it, as Word writes it twice."""
    return parse_xml(_TEXT_BOX.format(content=content, width=width, points=width // 12700))


def footnotes_xml(notes: Mapping[str, str], *, points: float) -> bytes:
    """Return the file's part of footnotes, by their ids, in type of that size."""
    size = f'<w:rPr><w:sz w:val="{round(2 * points)}"/></w:rPr>'
    written = "".join(
        f'<w:footnote w:id="{mark}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        "<w:footnoteRef/></w:r><w:r>"
        f'{size}<w:t xml:space="preserve"> '
        f"{escape(note)}</w:t></w:r></w:p></w:footnote>"
        for mark, note in notes.items()
    )
    start = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>'
    return f"{start}{_SEPARATORS}{written}</w:footnotes>".encode()


def numbering_xml(number: int, formats: Sequence[tuple[str, str]]) -> tuple[Any, Any]:
    """Return the definition of a list, with each level's format and what is shown, and its use."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{shown}"/><w:lvlJc w:val="left"/><w:pPr>'
        f'<w:ind w:left="{500 * (n + 1)}" w:hanging="400"/></w:pPr></w:lvl>'
        for n, (kind, shown) in enumerate(formats)
    )
    space = nsdecls("w")
    abstract = f'<w:abstractNum {space} w:abstractNumId="{number}">{levels}</w:abstractNum>'
    use = f'<w:abstractNumId w:val="{number}"/>'
    return parse_xml(abstract), parse_xml(f'<w:num {space} w:numId="{number}">{use}</w:num>')


def element(tag: str, **attributes: str) -> Any:
    """Return an element of the main namespace with attributes of it."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def run(text: str, tag: str = "w:t") -> Any:
    """Return a run of text."""
    run, content = element("w:r"), OxmlElement(tag)
    content.text = text
    content.set(qn("xml:space"), "preserve")
    run.append(content)
    return run


def tracked(kind: str, text: str) -> Any:
    """Return text that was put in ("ins") or struck out ("del") and not accepted yet."""
    change = element(f"w:{kind}", id="7", author="Editor", date="2026-01-05T10:00:00Z")
    change.append(run(text, "w:delText" if kind == "del" else "w:t"))
    return change


def footnote_mark(mark: str) -> Any:
    """Return the run that refers to a footnote."""
    run, properties = element("w:r"), element("w:rPr")
    properties.append(element("w:vertAlign", val="superscript"))
    run.append(properties)
    run.append(element("w:footnoteReference", id=mark))
    return run


def first_run(paragraph: Any) -> int:
    """Return which child of a paragraph is its first run."""
    return next(n for n, child in enumerate(paragraph._p) if child.tag == qn("w:r"))
