"""Notes and side boxes -> their places among the blocks of the text that they belong to."""

import re
from collections.abc import Sequence

from corpus.readers.pdf_columns import Region
from corpus.readers.pdf_drafts import Draft, Drafts
from corpus.readers.pdf_headings import Body, ends_sentence
from corpus.readers.pdf_lines import Line

_NOTE = re.compile(r"(\d{1,3}|[*†‡§¶]+)(?:[.)]?\s*)(?=\D)")
NOTE_SIZE = 0.93  # times the body's size, at most


def place_notes(drafts: Drafts) -> None:
    """Put the waiting notes of the page before where they belong."""
    for note in drafts.notes:
        drafts.done.insert(_place_of(note, drafts.done), note)
    drafts.notes.clear()


def _place_of(note: Draft, done: Sequence[Draft]) -> int:
    """Return the place of a note: before the heading that follows its mark in the page's text.

    The end if there is no such heading, or no mark: the note then stands after the page's text.
    """
    first = note.lines[0]
    mark = _NOTE.match(first.text)
    if not mark:
        return len(done)
    raised = re.compile(rf"(?:(?<=[^\W\d])|(?<=[.,;:!?)”’\"'])){re.escape(mark[1])}(?!\d)")
    is_marked = False
    page_number = first.page_number
    for place, draft in enumerate(done):
        if not draft.lines or draft.lines[-1].page_number < page_number:
            continue  # as most of the file
        own = [line for line in draft.lines if line.page_number == page_number]
        if is_marked and own and draft.kind == "heading":
            return place
        is_marked |= any(raised.search(line.text) for line in own)
    return len(done)


def part_notes(lines: tuple[Line, ...], body: Body) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return a column's lines, and apart from them the footnotes at its end."""
    start = len(lines)
    while start and lines[start - 1].size <= NOTE_SIZE * body.size:
        start -= 1
    for index in range(start, len(lines)):
        if _NOTE.match(lines[index].text):
            return lines[:index], lines[index:]
    return lines, ()


def draft_notes(lines: Sequence[Line], region: Region) -> list[Draft]:
    """Return the notes that some lines are, each a paragraph that begins with its mark."""
    drafts: list[Draft] = []
    number = 0
    for line in lines:
        mark = _NOTE.match(line.text)
        if not drafts or (mark and (not mark[1].isdigit() or int(mark[1]) == number + 1)):
            number = int(mark[1]) if mark and mark[1].isdigit() else 0
            drafts.append(Draft("paragraph", [line], region))
        else:
            drafts[-1].lines.append(line)
    return drafts


def place_box(boxed: Sequence[Draft], box: Region, done: list[Draft]) -> None:
    """Put a box before a heading of the text beside it, so that no text stands under the box's own.

    The next heading on the page, else the one over the text. Without any the box's headings become
    paragraphs, and it stands before the block that runs over the page's end.
    """
    page_number = box.lines[0].page_number
    own = [n for n, draft in enumerate(done) if draft.first_page == page_number]
    beside = next((n for n in own if _stands_beside(done[n], box)), len(done))
    headings = [n for n in own if done[n].kind == "heading"]
    after = [n for n in headings if n > beside]
    before = [n for n in headings if n <= beside]
    if after or before:
        place = after[0] if after else before[-1]
    else:
        place = len(done) - bool(own and _is_open(done[-1]))
        for draft in boxed:
            draft.kind = "paragraph" if draft.kind == "heading" else draft.kind
    for draft in boxed:
        draft.is_boxed = True
    done[place:place] = boxed


def _stands_beside(draft: Draft, box: Region) -> bool:
    middle = (box.left + box.right) / 2
    return draft.region.left < middle < draft.region.right and any(
        box.lines[-1].baseline <= line.baseline <= box.lines[0].baseline for line in draft.lines
    )


def _is_open(draft: Draft) -> bool:
    """Tell whether a block may go on where the text does."""
    return draft.kind != "row" and not ends_sentence(draft.lines[-1].text)
