"""A starter source in, a web page out: the text amid what publishers put round it."""

import re
from html import escape
from itertools import pairwise
from pathlib import Path
from string import Template

from markdown_it.token import Token

from corpus.starter.typesetting.source import StarterSource, markdown_reader

_PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
_SHARE_BAR = """\
<aside class="share-bar" aria-label="Share this page">
  <a href="#print" class="print-friendly">Print friendly</a>
  <ul>
    <li><a href="mailto:?subject=Starter%20text">Send by e-mail</a></li>
    <li><a href="#copy">Copy link</a></li>
    <li><a href="#save">Save for later</a></li>
  </ul>
</aside>
"""


def to_html(source: StarterSource) -> bytes:
    """Return the page; each heading has an id of its words."""
    reader = markdown_reader()
    tokens = reader.parse(source.markdown)
    _give_ids(tokens)
    body = reader.renderer.render(tokens, reader.options, {})
    head, end, rest = body.partition("</h1>\n")
    values = {
        "language": source.language,
        "title": source.title,
        "short_title": source.short_title,
        "edition": source.edition,
        "date": source.date.isoformat(),
        "area": source.area or source.topic,
    }
    fields = {key: escape(value) for key, value in values.items()}
    return _PAGE.substitute(fields, article=head + end + _SHARE_BAR + rest).encode()


def _give_ids(tokens: list[Token]) -> None:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            words = re.findall(r"\w+", inline.content.casefold())
            opening.attrSet("id", "-".join(words))
