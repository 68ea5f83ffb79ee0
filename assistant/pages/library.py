"""The library without a question: its documents by area, and each document's own page."""

from collections.abc import Iterable, Mapping
from html import escape

from assistant.pages.elements import button, edition, foreign, link, listed, paragraph, warning
from assistant.pages.source import outline_items
from assistant.texts import Texts
from corpus.documents import Document, Source
from index.search import Filters

_NO_TITLES: Mapping[str, str] = {}
# What the page narrows by, each a select box where the library has more than one value of it.
FACETS = ("area", "topic", "kind", "language", "edition")


def facets(documents: Iterable[Document]) -> dict[str, tuple[str, ...]]:
    """Return the values of each facet in the library, sorted."""
    sources = [document.source for document in documents]
    return {
        key: tuple(sorted({getattr(one, key) for one in sources} - {None, ""})) for key in FACETS
    }


def narrowing(
    values: Mapping[str, tuple[str, ...]],
    filters: Filters,
    texts: Texts,
    titles: Mapping[str, str] = _NO_TITLES,
) -> str:
    """Return the select boxes that narrow what is asked and listed.

    `titles` are those of the documents, by their ids.
    """
    boxes = "".join(
        _select(key, values[key], filters.get(key, ("",))[0], texts)
        for key in FACETS
        if len(values[key]) > 1 or key in filters
    )
    chosen = ", ".join(
        foreign(titles[one[0]]) if one[0] in titles else texts.known(key, one[0])
        for key, one in filters.items()
        if key not in ("status", "work")
    )
    summary = f"{texts('filter.title')}{f': {chosen}' if chosen else ''}"
    is_open = " open" if filters else ""
    return (
        f'<details class="narrow"{is_open}><summary>{summary}</summary><div class="boxes">{boxes}'
        f"{button(texts('filter.clear'), act='narrow', css='small') if filters else ''}</div>"
        "</details>"
        if boxes
        else ""
    )


def _select(key: str, values: Iterable[str], chosen: str, texts: Texts) -> str:
    options = "".join(
        f'<option value="{escape(one)}"{" selected" if one == chosen else ""}>'
        f"{texts.known(key, one)}</option>"
        for one in values
    )
    return (
        f'<label>{texts(f"filter.{key}")}<select data-change="narrow" data-key="{key}">'
        f'<option value="">{texts("filter.all")}</option>{options}</select></label>'
    )


def library(documents: Iterable[Document], filters: Filters, texts: Texts, boxes: str = "") -> str:
    """Return the documents that are not narrowed away, by area, below what narrows them.

    Superseded ones come last.
    """
    shown = [one for one in documents if _passes(one.source, filters)]
    areas: dict[str, list[Document]] = {}
    for document in sorted(shown, key=lambda one: (one.source.area is None, one.source.area or "")):
        areas.setdefault(document.source.area or "", []).append(document)
    parts = "".join(_area(name, members, texts) for name, members in areas.items())
    nothing = "" if parts else paragraph(texts("library.nothing"), "advice")
    count = texts.count("library.count", len(shown))
    return (
        f'<section class="library"><h2>{texts("library.title")}</h2>'
        f"{boxes}{paragraph(count, 'quiet')}{parts}{nothing}</section>"
    )


def _passes(source: Source, filters: Filters) -> bool:
    return all(getattr(source, key) in values for key, values in filters.items() if key in FACETS)


def _area(name: str, documents: Iterable[Document], texts: Texts) -> str:
    heading = foreign(name) if name else texts("library.no_area")
    ordered = sorted(documents, key=lambda one: (one.source.status != "current", one.source.title))
    return f"<h3>{heading}</h3>{listed(_entry(one, texts) for one in ordered)}"


def _entry(document: Document, texts: Texts) -> str:
    source = document.source
    facts = (
        edition(source.edition),
        texts.known("language", source.language),
        texts.known("kind", source.kind),
        "" if source.status == "current" else texts.known("short_status", source.status),
    )
    return button(
        f"{foreign(source.title, 'title')} "
        f'<span class="quiet">{" · ".join(fact for fact in facts if fact)}</span>',
        act="document",
        document=document.id,
    )


def document_page(
    document: Document,
    siblings: Iterable[Document],
    texts: Texts,
    *,
    snapshot_id: str,
    passages: int,
) -> str:
    """Return a document's own page: what it is, its editions and languages, how it was read."""
    source = document.source
    facts = (
        edition(source.edition), texts.known("language", source.language),
        texts.known("kind", source.kind), source.publisher and foreign(source.publisher),
        source.licence and foreign(source.licence),
    )  # fmt: skip
    links = (
        link(source.url, texts("source.published"), texts),
        link(source.counterpart, texts("source.official"), texts),
    )
    others = listed(_entry(one, texts) for one in siblings if one.id != document.id)
    outline = outline_items(document, snapshot_id, (s for s in document.sections if s.headings))
    return (
        '<section class="source about"><header><div class="bar">'
        f"{button(texts('source.back'), do='close', css='close')}"
        f"{button(texts('library.ask_this'), act='ask_this', css='small', document=document.id)}"
        f'</div><h2 tabindex="-1">{foreign(source.title, "title")}</h2>'
        f"{paragraph(' · '.join(filter(None, facts)), 'place')}"
        f"{paragraph(foreign(source.file), 'place file')}{warning(source.status, texts)}"
        f"{paragraph(foreign(source.note) if source.note else '', 'quiet')}"
        f'{listed(links, "links")}</header><div class="text" tabindex="0" role="region" '
        f'aria-label="{texts("library.about_region")}">'
        f"{_titled(texts('library.others'), others)}"
        f"{_titled(texts('library.reading'), paragraph(_reading(document, passages, texts), ''))}"
        f"{_titled(texts('source.outline'), outline)}</div></section>"
    )


def _titled(title: str, html: str) -> str:
    return f"<h3>{title}</h3>{html}" if html else ""


def _reading(document: Document, passages: int, texts: Texts) -> str:
    """Return how the file was read: pages, those without text, headings, table rows, passages."""
    kinds = [block.kind for block in document.blocks]
    told = [texts("library.read", headings=kinds.count("heading"), rows=kinds.count("row"),
                  passages=passages)]  # fmt: skip
    if document.pages:
        empty = sum(page.span.start == page.span.end for page in document.pages)
        told.insert(0, texts("library.read_pages", pages=len(document.pages), empty=empty))
    return " ".join(told)
