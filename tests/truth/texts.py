"""The originals of the truth set: text files in, their parts out, and what a reader must find.

A file has `key: value` lines, then Markdown with one sentence a line. Beyond Markdown: a line
`:: ...` defines the line before it, `> ` marks a box, `<!-- body -->` is where the pages begin to
count from 1. `breaks` lists words with the places where a typesetter may part them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "texts"

Kind = Literal["heading", "paragraph", "item", "row", "note", "term", "body"]

_ITEM = re.compile(r"( *)(-|::|\d+\.|\([a-z]+\)) (.+)")
_NOTE = re.compile(r"\[\^(\d+)\]: (.+)")
_HEADING = re.compile(r"(#+) (.+)")
_MARK = re.compile(r"\[\^\d+\]")
_STOP = re.compile(r"[.!?。](\[\^\d+\])?$")  # after these nothing is introduced
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, paragraph, item, row, note or term; `sentences` are a row's cells.

    `level` is 1–6 for a heading and the depth from 1 for an item. `marker` is what stands before
    an item or note: "•", "3.", "(a)"; empty before a definition.
    """

    kind: Kind
    sentences: tuple[str, ...]
    level: int = 0
    marker: str = ""
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """An original: `head` is its running head, `breaks` gives words as parts."""

    name: str
    language: str
    head: str
    breaks: dict[str, str]
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """Return the first heading."""
        return self.parts[0].sentences[0]

    @property
    def glue(self) -> str:
        """Return what parts two sentences."""
        return "" if self.language == "zh" else " "

    def hyphenated(self, sentence: str) -> str:
        """Return a sentence with soft hyphens where its words may be parted."""
        return _WORD.sub(lambda word: self._with_soft_hyphens(word[0]), sentence)

    def _with_soft_hyphens(self, word: str) -> str:
        parts = self.breaks.get(word.casefold())
        if parts is None:
            return word
        cuts = [n for n, char in enumerate(parts) if char == "-"]
        shown = word
        for cut in cuts:
            shown = f"{shown[:cut]}\xad{shown[cut:]}"
        return shown


@dataclass(frozen=True, slots=True)
class Truth:
    """A sentence, item, row or note that a reader must find.

    `path` are the headings over it without the document's title, `lead_in` the sentence or item
    that introduces an item. `floats` is true for what has no place of its own in the order of the
    text: notes, and what stands in a box.
    """

    kind: Kind
    text: str
    path: tuple[str, ...]
    lead_in: str | None = None
    level: int = 0
    marker: str = ""
    floats: bool = False
    cells: tuple[str, ...] = ()


def load_text(name: str) -> Text:
    """Return the original of that name."""
    front, _, body = (FOLDER / f"{name}.md").read_text("utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    breaks = {word.replace("-", ""): word for word in fields.get("breaks", "").split()}
    return Text(name, fields["language"], fields["head"], breaks, tuple(_parts(body)))


def plain(sentence: str) -> str:
    """Return a sentence without marks of notes and emphasis."""
    return _MARK.sub("", sentence).replace("**", "")


def expected(text: Text) -> tuple[Truth, ...]:
    """Return what must be found, in order; a heading is found as a text of its own."""
    found: list[Truth] = []
    path: list[Part] = []
    outer: list[Part] = []  # the path that a box interrupts
    parents: list[tuple[int, str]] = []
    paths_of_notes: dict[str, tuple[str, ...]] = {}
    for part in text.parts:
        if part.kind == "heading":
            if part.boxed and not (path and path[-1].boxed):
                outer = path
            path = [step for step in path if step.level < part.level or part.boxed]
            path.append(part)
        elif path and path[-1].boxed and not part.boxed:
            path = outer
        names = tuple(plain(step.sentences[0]) for step in path if step.level > 1)
        parents = _parents(parents, part)
        for mark in re.findall(r"\[\^(\d+)\]", "".join(part.sentences)):
            paths_of_notes[mark] = names
        if part.kind == "note":
            names = paths_of_notes[part.marker]
        found += _truths(part, names, parents[-1][1] if parents else None)
        if part.kind in ("item", "term"):
            parents.append((part.level, plain(part.sentences[-1])))
        elif part.kind == "paragraph" and not _STOP.search(part.sentences[-1]):
            parents = [(0, plain(part.sentences[-1]))]
    return tuple(found)


def _parents(parents: list[tuple[int, str]], part: Part) -> list[tuple[int, str]]:
    """Return what may introduce a part; only items are introduced by anything."""
    if part.kind != "item":
        return []
    return [parent for parent in parents if parent[0] < part.level]


def _truths(part: Part, path: tuple[str, ...], lead_in: str | None) -> Iterator[Truth]:
    floats = part.boxed or part.kind == "note"
    cells = tuple(map(plain, part.sentences))
    if part.kind == "row":
        yield Truth("row", " | ".join(cells), path, floats=floats, cells=cells)
    elif part.kind == "item":
        yield Truth("item", cells[0], path, lead_in, part.level, part.marker, floats)
    elif part.kind != "body":
        for cell in cells:
            yield Truth(part.kind, cell, path, level=part.level, marker=part.marker, floats=floats)


def _parts(body: str) -> Iterator[Part]:
    for block in re.split(r"\n\n+", body.strip()):
        if block.startswith("> "):
            lines = [line.removeprefix("> ") for line in block.splitlines()]
            yield from (replace(part, boxed=True) for part in _of_lines(lines))
        else:
            yield from _of_lines(block.splitlines())


def _of_lines(lines: Iterable[str]) -> Iterator[Part]:
    """Yield the parts of a block: its lines are sentences unless they are marked otherwise."""
    sentences: list[str] = []
    for line in lines:
        marked = _marked(line)
        if marked and marked.marker == "" and marked.kind == "item" and sentences:
            yield Part("term", (sentences.pop(),))
        if marked and sentences:
            yield Part("paragraph", tuple(sentences))
            sentences = []
        if marked:
            yield marked
        else:
            sentences.append(line)
    if sentences:
        yield Part("paragraph", tuple(sentences))


def _marked(line: str) -> Part | None:
    if line == "<!-- body -->":
        return Part("body", ())
    if heading := _HEADING.fullmatch(line):
        return Part("heading", (heading[2],), level=len(heading[1]))
    if note := _NOTE.fullmatch(line):
        return Part("note", (note[2],), marker=note[1])
    if line.startswith("| "):
        return Part("row", tuple(cell.strip() for cell in line.strip("| ").split(" | ")))
    if item := _ITEM.fullmatch(line):
        marker = {"-": "•", "::": ""}.get(item[2], item[2])
        return Part("item", (item[3],), level=len(item[1]) // 2 + 1, marker=marker)
    return None
