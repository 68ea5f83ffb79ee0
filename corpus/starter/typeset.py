"""The sources of the starter documents in, their files and their catalogue out.

Run `python -m corpus.starter.typeset` after changing a file in `sources/`; the same sources give
the same bytes each time. Nothing that runs for users imports this file.
"""

from collections.abc import Callable
from pathlib import Path

from corpus.starter.typesetting.catalogue import catalogue_text
from corpus.starter.typesetting.pdf import to_pdf
from corpus.starter.typesetting.source import StarterSource, load_source
from corpus.starter.typesetting.text import to_markdown
from corpus.starter.typesetting.web import to_html
from corpus.starter.typesetting.word import to_docx

FOLDER = Path(__file__).parent
SOURCES = FOLDER / "sources"
DOCUMENTS = FOLDER / "documents"

_TYPESETTERS: dict[str, Callable[[StarterSource], bytes]] = {
    "pdf": to_pdf,
    "html": to_html,
    "docx": to_docx,
    "md": to_markdown,
}


def load_sources() -> list[StarterSource]:
    """Return all sources in order of name."""
    return [load_source(path) for path in sorted(SOURCES.glob("*.md"))]


def typeset(source: StarterSource) -> bytes:
    """Return the published file of a source."""
    return _TYPESETTERS[source.format](source)


def typeset_all() -> None:
    """Write every document and the catalogue; documents without a source are removed."""
    sources = load_sources()
    for path in DOCUMENTS.iterdir():
        path.unlink()
    for source in sources:
        (DOCUMENTS / source.file).write_bytes(typeset(source))
    (FOLDER / "catalogue.toml").write_text(catalogue_text(sources), "utf-8")


if __name__ == "__main__":
    typeset_all()
