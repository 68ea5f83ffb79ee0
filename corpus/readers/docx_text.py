"""A Word paragraph in, its text out as it is shown once all changes are accepted."""

import re
from dataclasses import dataclass, field

from corpus.readers.docx_styles import Style, Styles
from corpus.readers.docx_xml import MATHS_TEXT, Element, child, inside, switch, w

_TEXT = {w("t"), MATHS_TEXT}
_MARKS = {w("tab"): "\t", w("ptab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-"}
_NOTE_MARKS = {w("footnoteReference"): "footnote", w("endnoteReference"): "endnote"}
_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")  # what is laid out in the XML is no layout
_CODE = re.compile(r"[0-9A-Fa-f]{1,4}")
_PRIVATE_USE = range(0xE000, 0xF900)
# What the usual characters of the symbol fonts look like; the others have no shape elsewhere.
_SYMBOLS = {
    "symbol": dict(zip(b"\xa3\xb3\xb4\xb9\xbb\xae\xac\xb0\xb1\xb7", "≤≥×≠≈→←°±•", strict=True)),
    "wingdings": dict(zip(b"\xe0\xdf\xfc\xfb\xfe\xfd\x6f\xa8\x78\xa7", "→←✓✗☑☒☐☐☒▪", strict=True)),
}

NoteId = tuple[str, str]  # "footnote" or "endnote", and the number by which the file knows it


@dataclass(slots=True)
class Inline:
    """A paragraph's text, the notes that it refers to, and the text boxes anchored in it."""

    styles: Styles
    style: Style
    text: str = ""
    notes: list[NoteId] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    # Whether each of the open fields is still at its code, which stands before its result.
    _codes: list[bool] = field(default_factory=list)
    _is_hidden: bool = False

    def add(self, element: Element) -> None:
        """Take in what stands in an element."""
        for one in inside(element):
            if one.tag == w("r"):
                self._is_hidden = self.styles.is_hidden(one, self.style)
                self.add(one)
            elif one.tag == w("fldChar"):
                self._turn_field(one.get(w("fldCharType"), ""))
            elif not self._is_hidden and not any(self._codes):
                self._add_shown(one)

    def _add_shown(self, one: Element) -> None:
        if one.tag in _TEXT:
            self.text += (one.text or "").translate(_SPACES)
        elif one.tag in _MARKS:
            self.text += _MARKS[one.tag]
        elif one.tag == w("sym"):
            self.text += _symbol(one)
        elif one.tag in _NOTE_MARKS:
            self.notes.append((_NOTE_MARKS[one.tag], one.get(w("id"), "")))
            # A mark of the author's own ("*") is the text of the same run.
            self._is_hidden = one.get(w("customMarkFollows"), "0") in ("1", "true", "on")
        elif one.tag == w("txbxContent"):
            self.boxes.append(one)
        else:
            self.add(one)

    def _turn_field(self, turn: str) -> None:
        if turn == "begin":
            self._codes.append(True)
        elif self._codes and turn == "separate":
            self._codes[-1] = False
        elif self._codes and turn == "end":
            self._codes.pop()


def read_inline(paragraph: Element, style: Style, styles: Styles) -> Inline:
    """Return what stands in a paragraph."""
    inline = Inline(styles, style)
    inline.add(paragraph)
    return inline


def runs_on(paragraph: Element) -> bool:
    """Tell whether a paragraph goes on in the next: its end was deleted, or it is a drop cap."""
    properties = child(paragraph, "pPr")
    if any(child(properties, "rPr", change) is not None for change in ("del", "moveFrom")):
        return True
    frame = child(properties, "framePr")
    return frame is not None and frame.get(w("dropCap"), "none") != "none"


def is_hidden_whole(paragraph: Element) -> bool:
    """Tell whether a paragraph's own end is hidden, which takes its place in a list as well."""
    return bool(switch(child(paragraph, "pPr"), "rPr", "vanish"))


def _symbol(element: Element) -> str:
    if not _CODE.fullmatch(element.get(w("char"), "")):
        return ""
    code = int(element.get(w("char")), 16)
    font = element.get(w("font"), "").lower()
    known = _SYMBOLS.get(font, {}).get(code & 0xFF)
    return known or ("" if code in _PRIVATE_USE else chr(code))
