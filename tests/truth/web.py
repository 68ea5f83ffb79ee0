"""An original -> the HTML of its text, without a page round it.

Printed with links, the file itself tells on which pages a sentence stands: a browser writes down
where each link is to be clicked.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from texts import Part, Text, expected, plain

LINK = "https://truth.invalid/"
_ORDERED = {"1": "1", "(a": "a", "(i": "i"}


def body_of(text: Text, *, soft_hyphens: bool, linked: bool = False) -> str:
    """Return the text as headings, paragraphs, lists and tables; its notes stand at the end.

    Where `linked`, each sentence is a link to `LINK` and its number among the text's truths.
    """
    numbers = {truth.text: n for n, truth in enumerate(expected(text))} if linked else {}
    return "\n".join(_Setter(text, numbers, soft_hyphens=soft_hyphens).lines())


class _Setter:
    def __init__(self, text: Text, numbers: dict[str, int], *, soft_hyphens: bool) -> None:
        self.text, self.numbers, self.soft_hyphens = text, numbers, soft_hyphens

    def lines(self) -> Iterator[str]:
        parts = [part for part in self.text.parts if part.kind != "note"]
        for is_boxed, group in groupby(parts, lambda part: part.boxed):
            if is_boxed:
                yield f'<aside class="box">{"".join(self.blocks(list(group)))}</aside>'
            else:
                yield from self.blocks(list(group))
        notes = [part for part in self.text.parts if part.kind == "note"]
        if notes:
            yield f'<div class="notes">{"".join(map(self.note, notes))}</div>'

    def blocks(self, parts: Sequence[Part]) -> Iterator[str]:
        for kind, group in groupby(parts, key=_group):
            members = list(group)
            if kind == "row":
                yield self.table(members)
            elif kind == "list":
                yield self.list_of(members)
            elif kind == "definitions":
                yield f"<dl>{''.join(map(self.definition, members))}</dl>"
            else:
                yield from map(self.block, members)

    def block(self, part: Part) -> str:
        if part.kind == "body":
            return '<div class="body"></div>'
        inner = self.text.glue.join(map(self.inline, part.sentences))
        if part.kind == "heading":
            anchor = re.sub(r"\W+", "-", part.sentences[0]).strip("-").lower()
            inner = inner.replace("\xad", "")
            return f'<h{part.level} id="{anchor}">{inner}</h{part.level}>'
        return f"<p>{inner}</p>"

    def table(self, rows: Sequence[Part]) -> str:
        lines = [
            "".join(
                f"<{tag}>{self.inline(cell, of=' | '.join(row.sentences))}</{tag}>"
                for cell in row.sentences
            )
            for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)
        ]
        return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"

    def list_of(self, items: Sequence[Part]) -> str:
        """Return items as a list; those that are deeper than the first belong to the one before."""
        first = items[0]
        inner = ""
        while items:
            item, *items = items
            deeper = _count_deeper(items, first.level)
            below = self.list_of(items[:deeper]) if deeper else ""
            inner += f"<li>{self.inline(item.sentences[0])}{below}</li>"
            items = items[deeper:]
        style = _ORDERED.get(first.marker[:2].rstrip("."))
        return f'<ol type="{style}">{inner}</ol>' if style else f"<ul>{inner}</ul>"

    def definition(self, part: Part) -> str:
        tag = "dt" if part.kind == "term" else "dd"
        return f"<{tag}>{self.inline(part.sentences[0])}</{tag}>"

    def note(self, part: Part) -> str:
        mark = part.marker
        return f'<p id="note-{mark}"><sup>{mark}</sup> {self.inline(part.sentences[0])}</p>'

    def inline(self, sentence: str, of: str = "") -> str:
        """Return a sentence, or a cell of a row, as HTML."""
        marked = escape(self.text.hyphenated(sentence) if self.soft_hyphens else sentence)
        marked = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", marked)
        number = self.numbers.get(plain(of or sentence))
        if number is not None:
            marked = re.sub(r"\[\^(\d+)\]", r"<sup>\1</sup>", marked)
            return f'<a href="{LINK}{number}">{marked}</a>'
        return re.sub(r"\[\^(\d+)\]", r'<sup><a href="#note-\1">\1</a></sup>', marked)


def _group(part: Part) -> str:
    if part.kind == "item":
        return "list" if part.marker else "definitions"
    return {"term": "definitions", "row": "row"}.get(part.kind, "block")


def _count_deeper(items: Sequence[Part], level: int) -> int:
    return next((n for n, item in enumerate(items) if item.level <= level), len(items))
