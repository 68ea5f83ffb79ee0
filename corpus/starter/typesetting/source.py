"""A starter document's source: Markdown with YAML front matter, from which its file is made.

The front matter says what the catalogue says, and in which format the document is published.
Comments lay out the pages of a PDF, see `corpus.starter.typesetting.pdf`. A note (`[^1]: ...`)
is set at the foot of a page.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import frontmatter
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Format = Literal["pdf", "html", "docx", "md"]

_NOTE = re.compile(r"^\[\^(\d+)\]: (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StarterSource:
    """A source's front matter and its Markdown with the notes taken out.

    `official` names the official publication on the same subject, `counterpart` is its address.
    `status` and what follows it are only given where they differ from the rule.
    """

    stem: str
    title: str
    short_title: str
    edition: str
    language: str
    date: date
    kind: str
    topic: str
    format: Format
    counterpart: str
    official: str
    markdown: str
    notes: tuple[tuple[str, str], ...]
    area: str | None = None
    status: str = "current"
    work: str = ""
    id: str = ""

    @property
    def file(self) -> str:
        """Return the name of the published file."""
        return f"{self.stem}.{self.format}"


def load_source(path: Path) -> StarterSource:
    """Return a source; raises `TypeError` for a front matter with other keys."""
    post = frontmatter.loads(path.read_text("utf-8"))
    front: dict[str, Any] = post.metadata
    name = f"starter-{path.stem}"
    named = {"id": f"{name}-1", "work": name, **front}
    notes = tuple(_NOTE.findall(post.content))
    return StarterSource(stem=path.stem, markdown=_NOTE.sub("", post.content), notes=notes, **named)


def markdown_reader() -> MarkdownIt:
    """Return the Markdown of the sources: CommonMark with tables."""
    return MarkdownIt("commonmark").enable("table")


def tree_of(markdown: str) -> SyntaxTreeNode:
    """Return the blocks of a Markdown text."""
    return SyntaxTreeNode(markdown_reader().parse(markdown))
