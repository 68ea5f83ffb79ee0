"""Headings in, sections out: which heading path and language a stretch of a text stands under."""

from collections.abc import Sequence

from corpus.documents import Block, Section, Span
from corpus.language import SECTION_FEWEST_LETTERS, SECTION_SURE, detect_language


def find_sections(text: str, blocks: Sequence[Block], language: str = "en") -> tuple[Section, ...]:
    """Return the sections of a text in order, each with its heading path from the outermost in.

    They cover the text from its first block to its end. A text without headings is one section
    with an empty path; a text without blocks has no section.
    """
    if not blocks:
        return ()
    starts = [n for n, block in enumerate(blocks) if block.kind == "heading" or n == 0]
    ends = [blocks[n].span.start for n in starts[1:]] + [len(text)]
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    for n, end in zip(starts, ends, strict=True):
        block = blocks[n]
        if block.kind == "heading":
            path = [step for step in path if step[0] < block.level]
            path.append((block.level, block.span.of(text)))
        headings = tuple(heading for _, heading in path)
        span = Span(block.span.start, end)
        own = _language(span.of(text)) if len(starts) > 1 else None
        sections.append(Section(headings, span, block.anchor, own or language))
    return tuple(sections)


def _language(text: str) -> str | None:
    """Return the language of a section where there is no doubt."""
    return detect_language(text, sure=SECTION_SURE, fewest_letters=SECTION_FEWEST_LETTERS)
