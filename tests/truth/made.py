"""Every document of the truth set: those made on the fly, and those kept beside their pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from by_browser import PRINTS as BROWSER_PRINTS
from by_docx import Paper, write_docx
from by_office import PRINTS as OFFICE_PRINTS
from by_reportlab import print_pdf
from by_web import Site, write_html
from compare import Answers
from kept import load_kept
from paging import find_pages
from reportlab_styles import Layout
from texts import Text, load_text


@dataclass(frozen=True, slots=True)
class Made:
    """A document of the truth set: its file, its original and what else is known of it."""

    name: str
    producer: str
    kind: str
    suffix: str
    data: bytes
    text: Text
    answers: Answers


PRINTS: dict[str, tuple[str, Layout]] = {
    "gates-side-box": ("gates", Layout(box="side")),
    "gates-small": ("gates", Layout("A5", size=10, outline=False, ruled=False)),
    "gates-columns": ("gates", Layout(columns=2)),
    "patrols-columns": ("patrols", Layout(columns=2, size=13, justified=True)),
    "patrols-narrow": ("patrols", Layout("A5", columns=2, size=9.5, outline=False)),
    "patrols-small": ("patrols", Layout("A5", size=10, heads="mirrored")),
    "manual-small": ("manual", Layout("A5", size=10)),
    "manual-columns": ("manual", Layout(columns=2, size=12, justified=True)),
    "manual-mirrored": ("manual", Layout("A5", size=11, heads="mirrored", outline=False)),
    "suppliers-ruled": ("suppliers", Layout(size=11)),
    "suppliers-open": ("suppliers", Layout("A5", size=9.5, ruled=False, outline=False)),
    "suppliers-side-box": ("suppliers", Layout(box="side", side_page=2, size=12)),
    "complaints-small": ("complaints", Layout("A5", heads="mirrored")),
    "complaints-columns": ("complaints", Layout(columns=2, size=13, outline=False)),
    "foyers-small": ("foyers", Layout("A5", size=10)),
    "foyers-columns": ("foyers", Layout(columns=2, size=13, justified=True)),
    "chinese-small": ("chinese", Layout("A5")),
    "chinese-columns": ("chinese", Layout("A5", columns=2, size=12, outline=False)),
    "heat-page": ("heat", Layout(size=9.5, outline=False)),
    "heat-small": ("heat", Layout("A5", size=11)),
}

WORD_FILES: dict[str, tuple[str, Paper]] = {
    "gates-word": ("gates", Paper()),
    "suppliers-word": ("suppliers", Paper(boxes="cell")),
    "complaints-word-tracked": ("complaints", Paper(tracked=True)),
    "manual-word": ("manual", Paper()),
    "foyers-word": ("foyers", Paper()),
    "arabic-word": ("arabic", Paper()),
    "chinese-word": ("chinese", Paper()),
    "heat-word": ("heat", Paper(tracked=True)),
}

WEB_PAGES: dict[str, tuple[str, Site]] = {
    "gates-web": ("gates", Site("modern")),
    "suppliers-web": ("suppliers", Site("plain")),
    "complaints-web": ("complaints", Site("plain", soft_hyphens=True)),
    "glossary-web": ("glossary", Site("modern")),
    "glossary-web-old": ("glossary", Site("old")),
    "heat-web-old": ("heat", Site("old", charset="windows-1252")),
    "patrols-web": ("patrols", Site("modern", soft_hyphens=True)),
    "foyers-web": ("foyers", Site("plain", charset="windows-1252", declared=False)),
    "arabic-web": ("arabic", Site("modern", charset="windows-1256")),
    "hebrew-web": ("hebrew", Site("plain")),
    "chinese-web": ("chinese", Site("modern", charset="gb18030")),
}


def by_reportlab() -> Iterator[Made]:
    """Yield the documents that reportlab prints."""
    for name, (text_name, layout) in PRINTS.items():
        text = load_text(text_name)
        printed = print_pdf(text, layout)
        kind = "two columns" if layout.columns == 2 else "one column"
        answers = Answers(find_pages(text, printed.drawn), printed.labels)
        yield Made(name, "reportlab", kind, ".pdf", printed.data, text, answers)


def by_browser() -> Iterator[Made]:
    """Yield the kept documents that Chromium printed."""
    for name, (text_name, sheet) in BROWSER_PRINTS.items():
        data, pages = load_kept(name)
        kind = "two columns" if sheet.columns == 2 else "one column"
        answers = Answers(pages, notes_at_end=True)
        yield Made(name, "browser", kind, ".pdf", data, load_text(text_name), answers)


def by_office() -> Iterator[Made]:
    """Yield the kept documents that LibreOffice printed."""
    for name, (text_name, paper) in OFFICE_PRINTS.items():
        data, pages = load_kept(name)
        kind = "two columns" if paper.columns == 2 else "one column"
        yield Made(name, "office", kind, ".pdf", data, load_text(text_name), Answers(pages))


def by_docx() -> Iterator[Made]:
    """Yield the Word files."""
    for name, (text_name, paper) in WORD_FILES.items():
        text = load_text(text_name)
        data = write_docx(text, paper)
        yield Made(name, "docx", "Word file", ".docx", data, text, Answers())


def by_web() -> Iterator[Made]:
    """Yield the web pages."""
    for name, (text_name, site) in WEB_PAGES.items():
        text = load_text(text_name)
        data = write_html(text, site)
        answers = Answers(notes_at_end=True)
        yield Made(name, "html", f"{site.build} page", ".html", data, text, answers)


def all_made() -> Iterator[Made]:
    """Yield every document of the truth set."""
    return chain(by_reportlab(), by_browser(), by_office(), by_docx(), by_web())
