"""Sections in, passages out: cut at sentence, item and row ends, never across a section.

An item that starts a passage keeps the sentence that introduces its list as the passage's lead-in,
a row keeps its table's head row.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.documents import Block, Document, Passage, Section, Span, sha256_of
from corpus.sentences import split_sentences, trim

# Part of every vector's key: raise it whenever the same document would be cut differently.
SPLITTER_VERSION = "6"

# Passages are cut to about this length where the model could read more.
TARGET_TOKENS = 240

# How bad a cut before a unit is, in squared shares of a passage's length: 0.25 is as bad as a
# passage of half the length. Set by reading the passages of the starter documents, not fitted.
CUT_BEFORE = {"paragraph": 0.0, "item": 0.15, "row": 0.15, "sentence": 0.15}
CUT_AFTER_LEAD_IN = 1.0
# As bad is an item that is introduced by neither its own passage nor the lead-in shown with that.
WITHOUT_LEAD_IN = 1.0

# Where a sentence that is too long may be cut: after white space, or after CJK punctuation.
_BREAK = re.compile(r"\s+|[、。，；：！？]")

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a passage keeps whole: a sentence, an item or a row; and what introduces it.

    `hurt` says how bad it is to start a passage with this unit.
    """

    span: Span
    tokens: int
    hurt: float
    lead_in: Span | None = None
    lead_in_tokens: int = 0


def split_passages(
    document: Document, *, count_tokens: CountTokens, max_tokens: int
) -> tuple[Passage, ...]:
    """Return the passages of a document in reading order; none if it has no body text.

    What is embedded for a passage (`indexed_text`) is at most `max_tokens` long by `count_tokens`.
    Every character of the text that is not in a heading and not white space between blocks is in
    one passage.
    """
    passages: list[Passage] = []
    for section, blocks in _by_section(document):
        head = _head(document, section.headings, count_tokens, max_tokens)
        room = max(1, max_tokens - count_tokens(f"{head}\n"))
        units = _units(document.text, section.language, blocks, count_tokens, room)
        for group in _groups(units, room):
            passages.append(_passage(document, section, blocks, group))
    return _with_unique_ids(passages)


def indexed_text(
    document: Document, passage: Passage, *, count_tokens: CountTokens, max_tokens: int
) -> str:
    """Return what is embedded and indexed for a passage: title, heading path, lead-in and text."""
    lead_in = [passage.lead_in.of(document.text)] if passage.lead_in else []
    head = _head(document, passage.headings, count_tokens, max_tokens)
    return "\n".join([*([head] if head else []), *lead_in, passage.text])


def _head(document: Document, headings: Sequence[str], count: CountTokens, max_tokens: int) -> str:
    """Return title and heading path on one line, the title once; its end if it is endless."""
    title = document.source.title
    parts = [title, *(heading for heading in headings if heading != title)]
    head = " › ".join(part for part in parts if part)
    while count(head) > max_tokens // 2:
        head = head[len(head) // 4 + 1 :]
    return head


def _by_section(document: Document) -> Iterator[tuple[Section, list[Block]]]:
    """Yield each section with its blocks, the headings left out."""
    blocks = deque(document.blocks)
    for section in document.sections:
        inside: list[Block] = []
        while blocks and blocks[0].span.start < section.span.end:
            inside.append(blocks.popleft())
        yield section, [block for block in inside if block.kind != "heading"]


def _units(
    text: str, language: str, blocks: Sequence[Block], count: CountTokens, room: int
) -> list[Unit]:
    """Return the blocks' sentences, items and rows, none longer than `room` with its lead-in."""
    units: list[Unit] = []
    parents: list[tuple[int, Span]] = []  # what may introduce an item: (depth, span), 0 a sentence
    head_row: Span | None = None
    for block in blocks:
        if block.kind == "item":
            parents = [parent for parent in parents if parent[0] < block.level]
        lead_in = head_row if block.kind == "row" else None
        if block.kind == "item" and parents:
            lead_in = parents[-1][1]
        spans = _whole(text, language, block)
        introduced = bool(units) and lead_in == units[-1].span
        hurt = CUT_AFTER_LEAD_IN if introduced else CUT_BEFORE[block.kind]
        after = units[-1].span.end if units else block.span.start
        units += _fitting(text, spans, after, lead_in, hurt, count, room)
        head_row = (head_row or block.span) if block.kind == "row" else None
        if block.kind == "item":
            parents.append((block.level, block.span))
        else:
            parents = [(0, spans[-1])] if block.kind == "paragraph" and spans else []
    return units


def _whole(text: str, language: str, block: Block) -> tuple[Span, ...]:
    """Return what of a block is kept whole: its sentences, or all of an item or a row."""
    if block.kind == "paragraph":
        return split_sentences(text, block.span, language)
    return (trim(text, block.span),)


def _fitting(
    text: str,
    spans: Sequence[Span],
    after: int,
    lead_in: Span | None,
    hurt: float,
    count: CountTokens,
    room: int,
) -> list[Unit]:
    """Return a block's spans as units, those that exceed the room cut at word ends."""
    lead_in_tokens = count(f"{lead_in.of(text)}\n") if lead_in else 0
    if lead_in_tokens > room // 2:  # an endless lead-in would leave no room for what it introduces
        lead_in, lead_in_tokens = None, 0
    units: list[Unit] = []
    for span in spans:
        for part in _cut(text, span, count, room - lead_in_tokens):
            hurt_here = CUT_BEFORE["sentence"] if units else hurt
            tokens = count(text[after : part.end])  # some tokenizers count white space
            after = part.end
            units.append(Unit(part, tokens, hurt_here, lead_in, lead_in_tokens))
    return units


def _cut(text: str, span: Span, count: CountTokens, room: int) -> list[Span]:
    """Return `span` whole if it fits, else halved near a sentence or word end until each fits."""
    stretch = span.of(text)
    if len(stretch) < 2 or count(stretch) <= room:
        return [span]
    middle = len(stretch) // 2
    ends = [match.end() for match in _BREAK.finditer(stretch) if 0 < match.end() < len(stretch)]
    cut = span.start + min(ends, key=lambda end: abs(end - middle), default=middle)
    halves = (trim(text, Span(span.start, cut)), trim(text, Span(cut, span.end)))
    return [part for half in halves for part in _cut(text, half, count, room)]


def _groups(units: Sequence[Unit], room: int) -> list[Sequence[Unit]]:
    """Return the units in runs that fit the room, cut where it hurts least.

    Of all ways to cut, the one with the least sum over its runs of the squared share of the
    length that is missing or too much, and the hurt of the cut before the run: few runs of about
    equal length that start where the text parts anyway, no item without what introduces it.
    """
    limit = min(room, TARGET_TOKENS)
    best: list[tuple[float, int]] = [(0.0, 0)]  # for the first n units: cost, start of last run
    for end in range(1, len(units) + 1):
        costs: list[tuple[float, int]] = []
        length = 0
        for start in reversed(range(end)):
            length += units[start].tokens
            if costs and length > room:
                break
            if not costs or length + units[start].lead_in_tokens <= room:
                hurt = units[start].hurt + _without_lead_in(units[start:end])
                costs.append((best[start][0] + (1 - length / limit) ** 2 + hurt, start))
        best.append(min(costs))
    groups: list[Sequence[Unit]] = []
    end = len(units)
    while end:
        start = best[end][1]
        groups.append(units[start:end])
        end = start
    return groups[::-1]


def _without_lead_in(run: Sequence[Unit]) -> float:
    """Return how bad it is that later units are introduced before the run, by another lead-in."""
    first = run[0]
    lost = any(
        unit.lead_in and unit.lead_in.start < first.span.start and unit.lead_in != first.lead_in
        for unit in run[1:]
    )
    return WITHOUT_LEAD_IN if lost else 0.0


def _passage(
    document: Document, section: Section, blocks: Sequence[Block], group: Sequence[Unit]
) -> Passage:
    span = Span(group[0].span.start, group[-1].span.end)
    text = span.of(document.text)
    sha256 = sha256_of(text)
    lead_in = group[0].lead_in
    pages = {page.number for page in document.pages_of(span)} if document.recognised_pages else ()
    return Passage(
        id=f"{document.id}:{sha256[:12]}",
        document_id=document.id,
        span=span,
        text=text,
        headings=section.headings,
        anchor=_anchor(section, blocks, span),
        lead_in=lead_in,
        sha256=sha256,
        lead_in_sha256=sha256_of(lead_in.of(document.text)) if lead_in else None,
        language=section.language,
        is_recognised=not set(document.recognised_pages).isdisjoint(pages),
    )


def _anchor(section: Section, blocks: Sequence[Block], span: Span) -> str | None:
    """Return the last anchor at or before the passage in its section."""
    anchors = [block.anchor for block in blocks if block.anchor and block.span.start <= span.start]
    return anchors[-1] if anchors else section.anchor


def _with_unique_ids(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the passages, a text that stands several times numbered from its second place on.

    The id follows the text and not its place, so that it survives a change elsewhere.
    """
    seen: Counter[str] = Counter()
    unique: list[Passage] = []
    for passage in passages:
        seen[passage.id] += 1
        times = seen[passage.id]
        unique.append(passage if times == 1 else replace(passage, id=f"{passage.id}-{times}"))
    return tuple(unique)
