"""The small parts of which every view is made: buttons, links, marks, where a quote stands."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

from assistant.answer import Citation
from assistant.texts import Texts
from corpus.documents import Document, Page, Span
from corpus.errors import ToolkitError


def button(
    words: str, *, act: str = "", do: str = "", css: str = "", hint: str = "", **data: object
) -> str:
    """Return a button around HTML; a click is sent on as `act`, or done in the browser as `do`.

    `data` become its data attributes, `_` in a name written "-", what is None left out.
    """
    given = {"act": act or None, "do": do or None, **data}
    attributes = "".join(
        f' data-{name.replace("_", "-")}="{escape(str(value))}"'
        for name, value in given.items()
        if value is not None
    )
    kind = f' class="{css}"' if css else ""
    kind += f' title="{hint}"' if hint else ""
    return f'<button type="button"{kind}{attributes}>{words}</button>'


def link(address: str | None, words: str, texts: Texts) -> str:
    """Return a link that tells its target nothing; empty unless the address is http or https.

    `words` are HTML.
    """
    try:
        scheme = urlsplit(address or "").scheme.lower()
    except ValueError:  # an address that is none, such as "http://["
        scheme = ""
    if scheme not in ("http", "https"):
        return ""
    return new_tab(address or "", words, texts)


def new_tab(address: str, words: str, texts: Texts) -> str:
    """Return a link to a trusted address, in a tab of its own."""
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noreferrer noopener">{words}'
        f'<span class="unseen"> {texts("source.new_tab")}</span></a>'
    )


def fault(error: ToolkitError, texts: Texts) -> str:
    """Return a fault in the reader's language, and as it is told in English where it has no key."""
    if error.key:
        return texts(f"fault.{error.key}")
    return f'{texts("fault.other")} <span lang="en">{escape(str(error))}</span>'


def listed(items: Iterable[str], css: str = "") -> str:
    """Return a list of HTML items; empty without any."""
    kind = f' class="{css}"' if css else ""
    html = "".join(f"<li>{item}</li>" for item in items if item)
    return f"<ul{kind}>{html}</ul>" if html else ""


def marked(text: str, marks: Iterable[Span]) -> str:
    """Return the escaped text with each span of `marks` in a <mark>; they must not overlap."""
    html, end = "", 0
    for span in sorted(marks, key=lambda one: one.start):
        html += f"{escape(text[end : span.start])}<mark>{escape(span.of(text))}</mark>"
        end = span.end
    return html + escape(text[end:])


def foreign(text: str, css: str = "") -> str:
    """Return a text of the catalogue or a document, of whatever direction."""
    kind = f' class="{css}"' if css else ""
    return f"<bdi{kind}>{escape(text)}</bdi>"


def edition(words: str | None) -> str:
    """Return an edition; empty without one."""
    return foreign(words, "edition") if words else ""


def warning(status: str, texts: Texts) -> str:
    """Return what is to be known of a source that is not current; empty for one that is."""
    if status == "current":
        return ""
    return f'<p class="warning">{texts.known("status", status)}</p>'


def paragraph(html: str, css: str) -> str:
    """Return a paragraph; empty without anything in it."""
    return f'<p class="{css}">{html}</p>' if html else ""


def page_words(citation: Citation, texts: Texts) -> str:
    """Return "p. iv, PDF page 6", "pp. 6–7" for a quote on two pages; empty without pages."""
    first, last, label = citation.page_number, citation.last_page_number, citation.page_label
    if first is None or last is None:
        return ""
    if first == last:
        printed = label or str(first)
        return page_name(first, None if printed == str(first) else printed, texts)
    numbers = f"{first}–{last}"
    if label in (None, str(first)):
        return texts("place.pages", pages=numbers)
    return texts("place.pages_printed", label=label, pages=numbers)


def page_name(number: int, label: str | None, texts: Texts) -> str:
    """Return how a page is called: as printed, and its place in the PDF where that differs."""
    if label in (None, str(number)):
        return texts("place.page", page=number)
    return texts("place.page_printed", label=label, page=number)


def place_lines(citation: Citation, texts: Texts, *, kind: bool = True) -> str:
    """Return where a quote stands: edition, page and language, and below them the heading path."""
    page = page_words(citation, texts)
    parts = (
        edition(citation.edition),
        f'<span class="page">{page}</span>' if page else "",
        texts.known("language", citation.language),
        texts.known("kind", citation.kind) if kind else "",
    )
    headings = [heading for heading in citation.headings if heading != citation.title]
    lines = (
        " · ".join(part for part in parts if part),
        " › ".join(foreign(heading) for heading in headings),
    )
    return "".join(paragraph(line, "place") for line in lines)


def page_at(document: Document, span: Span) -> Page | None:
    """Return the page on which a span begins; None in a format without pages."""
    pages = document.pages_of(Span(span.start, max(span.end, span.start + 1)))
    return pages[0] if pages else None
