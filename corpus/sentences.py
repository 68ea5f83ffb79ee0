"""A stretch of text in, the spans of its sentences out."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Literal

from sentencex import segment

from corpus.documents import Block, Document, Span

Part = Literal["text", "item", "row", "head"]

# A bullet or "(a)" before the first sentence, at which segmenting would give up.
_MARKER = re.compile(r"\s*(?:[•‣◦▪●·–-]\s+|\(\w{1,4}\)\s+)?")
# What an item of a list begins with.
_ITEM_MARKER = re.compile(r"(?:[•◦▪‣–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s+")
# The mark of a note after a sentence ("by hand.1 For many"), where segmenting sees no end.
_NOTE = r"(?:(?<=[^\W\d]{3}[.!?])|(?<=[.!?][”’\")]))\d{1,3}"
_AFTER_NOTE = re.compile(rf"{_NOTE}\s+(?=\W?[A-ZÀ-ÖØ-Þ])")
# At the end of a sentence, where "Art.5" and "para.12" are no notes.
_NOTE_MARK = re.compile(rf"(?<!\bArt\.)(?<!\bart\.)(?<!\bpara\.)(?<!\bVol\.)(?<!\bvol\.){_NOTE}$")
# How a sentence or an item ends, and nothing that introduces one.
_ENDED = re.compile(r"[.;,!?؟。！？][\"'”’»」)\]]*$")
# An item that has items under it is as good as their heading up to so many characters.
MOST_OF_A_PARENT = 80
# "3. " or "(iv)", which numbers the sentence after it.
_NUMBER = re.compile(r"\W*(?:\d+|[ivx]+|\w)(?:\.\d+)*[.)]\s*")


def split_sentences(text: str, span: Span, language: str = "en") -> tuple[Span, ...]:
    """Return the sentences inside `span`, in order, without white space at their ends.

    `language` is an ISO 639-1 code; unknown ones are split by general rules. A blank span has
    no sentences.
    """
    stretch = span.of(text)
    sentences: list[Span] = []
    start = span.start
    for sentence in _numbered(_segmented(stretch, language)):
        trimmed = trim(text, Span(start, start + len(sentence)))
        if trimmed.start < trimmed.end:
            sentences.append(trimmed)
        start += len(sentence)
    return tuple(sentences)


def sentences_within(document: Document, span: Span, language: str) -> tuple[Span, ...]:
    """Return the sentences inside `span` in order, none of them across two blocks.

    A row of a table is one: the answer to a question in its first cell is in the next.
    """
    first = document.blocks[block_at(document, span.start) :]
    inside = takewhile(lambda block: block.span.start < span.end, first)
    sentences: list[Span] = []
    for block in inside:
        part = Span(max(block.span.start, span.start), min(block.span.end, span.end))
        whole = (trim(document.text, part),)
        is_row = block.kind == "row"
        sentences += whole if is_row else split_sentences(document.text, part, language)
    return tuple(sentence for sentence in sentences if sentence.start < sentence.end)


def block_at(document: Document, place: int) -> int:
    """Return which of a document's blocks holds a place."""
    return bisect_right(document.blocks, place, key=lambda block: block.span.end)


def part_of(document: Document, sentence: Span) -> Part:
    """Return what a sentence is part of: a list item, a row of a table, its head row or text.

    The first of several rows heads the others unless it ends as a sentence does.
    """
    number = block_at(document, sentence.start)
    before, block, after = (_kind(document.blocks, one) for one in (number - 1, number, number + 1))
    if block != "row":
        return "item" if block == "item" else "text"
    heads = before != "row" and after == "row" and not sentence.of(document.text).endswith(".")
    return "head" if heads else "row"


def _kind(blocks: Sequence[Block], number: int) -> str:
    return blocks[number].kind if 0 <= number < len(blocks) else ""


def introductions(document: Document, sentence: Span, language: str) -> tuple[Span, ...]:
    """Return what introduces the list item or row of a sentence, the outermost first.

    Of an item, without bullets, the items that it stands under, if they are short or do not end as
    sentences do, and the sentence before the list, if it does not; of a row the head of its table.
    There are none for a sentence of neither.
    """
    number = block_at(document, sentence.start)
    if document.blocks[number].kind == "row":
        return _head_of(document, number)
    if document.blocks[number].kind != "item":
        return ()
    depth, found = document.blocks[number].level, list[Span]()
    for block in reversed(document.blocks[:number]):
        if block.kind == "item" and block.level < depth:
            depth = block.level
            parent = without_marks(document.text, trim(document.text, block.span))
            found += [parent] if _introduces(parent, document, MOST_OF_A_PARENT) else []
        elif block.kind == "paragraph":
            last = split_sentences(document.text, block.span, language)[-1:]
            found += [one for one in last if _introduces(one, document)]
        if block.kind != "item":
            break
    return tuple(reversed(found))


def _introduces(span: Span, document: Document, most: int = 0) -> bool:
    """Tell whether a stretch does not end as sentences do, or has at most so many characters."""
    return span.end - span.start <= most or not _ENDED.search(span.of(document.text))


def _head_of(document: Document, number: int) -> tuple[Span, ...]:
    """Return the head of the table of a row; none for the head itself, or without one."""
    first = number
    while _kind(document.blocks, first - 1) == "row":
        first -= 1
    head = trim(document.text, document.blocks[first].span)
    return (head,) if first < number and part_of(document, head) == "head" else ()


def without_marks(text: str, span: Span) -> Span:
    """Return a sentence without the bullet or number of its list item and the mark of a note."""
    marker = _ITEM_MARKER.match(text, span.start, span.end)
    start = marker.end() if marker else span.start
    note = _NOTE_MARK.search(text, start, span.end)
    return Span(start, note.start() if note else span.end)


def trim(text: str, span: Span) -> Span:
    """Return `span` without white space at its ends; a blank span becomes an empty one."""
    stretch = span.of(text)
    start = span.start + len(stretch) - len(stretch.lstrip())
    return Span(start, max(start, span.start + len(stretch.rstrip())))


def _segmented(text: str, language: str) -> list[str]:
    """Return the sentences of a text, which put together are the text."""
    marker = _MARKER.match(text)
    start = marker.end() if marker else 0
    sentences = _lossless(text[start:], segment(language, text[start:])) or [""]
    first, *others = [part for sentence in sentences for part in _parted_after_notes(sentence)]
    return [text[:start] + first, *others]


def _parted_after_notes(sentence: str) -> list[str]:
    cuts = [0, *(mark.end() for mark in _AFTER_NOTE.finditer(sentence)), len(sentence)]
    return [sentence[start:end] for start, end in pairwise(cuts)]


def _numbered(sentences: list[str]) -> list[str]:
    """Return the sentences, each together with the number before it."""
    joined: list[str] = []
    for sentence in sentences:
        if joined and _NUMBER.fullmatch(joined[-1]):
            joined[-1] += sentence
        else:
            joined.append(sentence)
    return joined


def _lossless(text: str, sentences: list[str]) -> list[str]:
    """Return the sentences if they put together are the text, else the text as one sentence."""
    return sentences if "".join(sentences) == text else [text]
