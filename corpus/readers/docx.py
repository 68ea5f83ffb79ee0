"""A Word file in, its text out: headings, paragraphs, items and rows in reading order.

The package is opened by `docx_package`; what stands before items and numbered headings comes from
`docx_numbering`, headings and hidden text from `docx_styles`, a paragraph's text from `docx_text`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.errors import EmptyFileError, NoTextError
from corpus.readers.docx_numbering import Label, Numbering
from corpus.readers.docx_package import WordFile, open_word_file
from corpus.readers.docx_styles import Style, Styles
from corpus.readers.docx_text import Inline, NoteId, is_hidden_whole, read_inline, runs_on
from corpus.readers.docx_xml import Element, child, inside, switch, value, w
from corpus.readers.html import language_code
from corpus.readers.outline import Outline
from corpus.readers.parsed import ParsedFile
from corpus.text import one_line

_LONGEST_HEADING = 240  # characters; contracts have whole clauses in the style of headings
_MOST_LEVELS = 6
_SAME_INDENT = 20  # twentieths of a point
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
# What programs put where an author wrote nothing.
_NO_TITLE = re.compile(
    r"(?:word )?document ?\d*|untitled.*|microsoft (?:office )?word.*|.*\.(?:docx?|dotx?|pdf|rtf)",
    re.IGNORECASE,
)


def parse_docx(data: bytes) -> ParsedFile:
    """Return the text of a Word file as it reads once all its changes are accepted.

    The title is the paragraph in the style for titles, else that of the file's properties, else
    the first heading of level 1. Foot- and endnotes stand at the end of the section that refers
    to them, their marks taken out; a text box stands after the paragraph or list that it is
    anchored in. Headers, footers, comments, hidden text and tables of contents are left out.

    Raises:
        EmptyFileError: There is nothing in the file.
        EncryptedFileError: It asks for a password.
        WrongFormatError: It is no Word file, one of an older format, or damaged.
        ReadLimitError: It unpacks to more than is allowed.
        NoTextError: It has no text besides headings.
    """
    if not data.strip():
        raise EmptyFileError("it is empty; copy or download it again")
    file = open_word_file(data)
    walk = _Walk(file)
    walk.add(file.body)
    walk.end_section()
    blocks = tuple(walk.outline.blocks)
    if all(block.kind == "heading" for block in blocks):
        raise NoTextError(
            "it has no text besides headings; if it holds pictures of pages, run text recognition "
            "on them and add the result"
        )
    headlines = (block.text for block in blocks if block.kind == "heading" and block.level == 1)
    return ParsedFile(
        blocks,
        title=" ".join(walk.titles) or _title(file.properties) or next(headlines, None),
        language=language_code(walk.styles.language)
        or language_code(_theme_language(file.settings))
        or language_code(_property(file.properties, "language")),
    )


def _theme_language(settings: Element | None) -> str | None:
    return value(settings, "themeFontLang")


def _title(properties: Element | None) -> str | None:
    title = one_line(_property(properties, "title"))
    return None if _NO_TITLE.fullmatch(title) else title or None


def _property(properties: Element | None, name: str) -> str:
    found = properties.find(_DUBLIN_CORE + name) if properties is not None else None
    return (found.text or "") if found is not None else ""


def _notes(file: WordFile) -> dict[NoteId, Element]:
    notes: dict[NoteId, Element] = {}
    for kind, root in (("footnote", file.footnotes), ("endnote", file.endnotes)):
        for note in root.iterchildren(w(kind)) if root is not None else ():
            notes[kind, note.get(w("id"), "")] = note
    return notes


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph with something to be written: its text, and what stands before it in a list."""

    text: str
    style: Style
    label: Label | None
    inline: Inline


@dataclass(slots=True)
class _Walk:
    """Where the walk through a file stands: what is written, which items are open, what waits.

    `_run_on` is the beginning of a paragraph that goes on in the next one; `_margin` is how far
    paragraphs outside lists are set in; in an aside, a note or text box, nothing is a heading.
    """

    file: WordFile
    outline: Outline = field(default_factory=Outline)
    titles: list[str] = field(default_factory=list)
    styles: Styles = field(init=False)
    _numbering: Numbering = field(init=False)
    _notes: dict[NoteId, Element] = field(init=False)
    _items: list[Label] = field(default_factory=list)
    _run_on: str = ""
    _margin: int = 0
    _is_aside: bool = False
    _waiting_boxes: list[Element] = field(default_factory=list)
    _waiting_notes: list[NoteId] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.styles = Styles(self.file.styles)
        self._numbering = Numbering(self.file.numbering, self.styles)
        self._notes = _notes(self.file)

    def add(self, container: Element) -> None:
        """Write the paragraphs and tables of a body, cell, note or text box."""
        for one in inside(container):
            if one.tag == w("p"):
                self._add_paragraph(one)
            elif one.tag == w("tbl"):
                self._end_run_on()
                self._add_table(one)
        self._end_run_on()

    def end_section(self) -> None:
        """Leave all lists, and write the text boxes and notes that wait."""
        self._place_boxes()
        while self._waiting_notes:
            self._place_notes()
            self._place_boxes()  # those of the notes

    def _add_paragraph(self, element: Element) -> None:
        paragraph = self._read(element)
        if paragraph.text.strip():
            level = 1 if paragraph.style.is_title else paragraph.style.heading_level
            is_heading = paragraph.style.is_title or (level and not self._is_aside)
            if is_heading and len(one_line(paragraph.text)) <= _LONGEST_HEADING:
                self._add_heading(paragraph, min(level, _MOST_LEVELS))
            elif paragraph.label:
                self._add_item(paragraph.label, paragraph.text)
            else:
                self._add_plain(paragraph.text, paragraph.style.indent or 0)
        self._keep(paragraph)

    def _read(self, element: Element) -> _Paragraph:
        """Return a paragraph, and count it in its list; its text is blank if it is left out."""
        style = self.styles.of(element)
        inline = read_inline(element, style, self.styles)
        if runs_on(element):
            self._run_on += inline.text
            return _Paragraph("", style, None, inline)
        text, self._run_on = self._run_on + inline.text, ""
        if style.is_contents:
            return _Paragraph("", style, None, inline)
        is_hidden = is_hidden_whole(element) and not text.strip()
        label = None if is_hidden else self._numbering.next_label(style)
        return _Paragraph(text, style, label, inline)

    def _keep(self, paragraph: _Paragraph) -> None:
        self._waiting_boxes += paragraph.inline.boxes
        self._waiting_notes += paragraph.inline.notes

    def _end_run_on(self) -> None:
        if self._run_on.strip():
            self._add_plain(self._run_on, 0)
        self._run_on = ""

    def _add_heading(self, paragraph: _Paragraph, level: int) -> None:
        self.end_section()
        label = paragraph.label
        marker = label.marker if label and not label.is_bullet else ""
        blocks = self.outline.blocks
        if paragraph.style.is_title and (
            not self.titles or (blocks and blocks[-1].text == self.titles[-1])
        ):
            self.titles.append(one_line(marker + paragraph.text))
        self.outline.heading(marker + paragraph.text, level=level)

    def _add_item(self, label: Label, text: str) -> None:
        while self._items and not _is_deeper(label, self._items[-1]):
            self._leave_item()
        self._items.append(label)
        self.outline.open_list()
        self.outline.open_item(label.marker)
        self.outline.paragraph(text)

    def _add_plain(self, text: str, indent: int) -> None:
        """Write a paragraph; one that is set in as an item's text is becomes a line of the item."""
        while self._items and indent < self._items[-1].indent - _SAME_INDENT:
            self._leave_item()
        if indent <= self._margin or not self._items:
            self._place_boxes()
            self._margin = self._margin if self._is_aside else indent
        self.outline.paragraph(text)

    def _leave_item(self) -> None:
        self._items.pop()
        self.outline.close_item()
        self.outline.close_list()

    def _place_boxes(self) -> None:
        """Leave all lists, and write the text boxes that wait for their end."""
        while self._items:
            self._leave_item()
        while self._waiting_boxes:
            boxes, self._waiting_boxes = self._waiting_boxes, []
            for box in boxes:
                self._add_aside(box)

    def _place_notes(self) -> None:
        """Write the notes that wait; one that is referred to twice, once."""
        notes, self._waiting_notes = self._waiting_notes, []
        for note in notes:
            if note in self._notes:
                self._add_aside(self._notes.pop(note))

    def _add_aside(self, element: Element) -> None:
        outside, self._is_aside = self._is_aside, True
        self.add(element)
        while self._items:
            self._leave_item()
        self._is_aside = outside

    def _add_table(self, table: Element) -> None:
        """Write a table's rows; one with a single column is a frame around what is in it."""
        rows = [[*_cells(row)] for row in inside(table) if _is_row(row)]
        self._place_boxes()
        if all(len(cells) <= 1 for cells in rows):
            for cells in rows:
                for cell in cells:
                    self.add(cell)
            return
        for cells in rows:
            nested: list[Element] = []
            self.outline.row([self._cell_text(cell, nested) for cell in cells])
            for one in nested:
                self._add_table(one)

    def _cell_text(self, cell: Element, nested: list[Element]) -> str:
        """Return a cell's text; the tables in it are put into `nested`."""
        lines: list[str] = []
        for one in inside(cell) if not _is_merged(cell, "vMerge") else ():
            if one.tag == w("p"):
                paragraph = self._read(one)
                marker = paragraph.label.marker if paragraph.label else ""
                lines.append(marker + paragraph.text if paragraph.text.strip() else "")
                self._keep(paragraph)
            elif one.tag == w("tbl"):
                nested.append(one)
        lines.append(self._run_on)
        self._run_on = ""
        return "\n".join(lines)


def _is_deeper(label: Label, above: Label) -> bool:
    if label.list_id == above.list_id:
        return label.level > above.level
    return label.indent > above.indent + _SAME_INDENT


def _is_row(element: Element) -> bool:
    if element.tag != w("tr") or child(element, "trPr", "del") is not None:
        return False
    return not switch(element, "trPr", "hidden")


def _cells(row: Element) -> Iterator[Element]:
    """Yield the cells of a row; cells merged along the row are one."""
    for one in inside(row):
        is_deleted = child(one, "tcPr", "cellDel") is not None
        if one.tag == w("tc") and not is_deleted and not _is_merged(one, "hMerge"):
            yield one


def _is_merged(cell: Element, kind: str) -> bool:
    """Tell whether a cell goes on with the one before it or above it, which holds the text."""
    merge = child(cell, "tcPr", kind)
    return merge is not None and merge.get(w("val"), "continue") == "continue"
