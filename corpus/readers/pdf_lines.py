"""The fragments of a page -> its lines: those on one baseline of a column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from unicodedata import category

from corpus.readers.pdf_fragments import SAME_LINE, Fragment
from corpus.readers.right_to_left import is_right_to_left, repair_right_to_left

_OVERLAP = 0.4  # of two letters of one Arabic word, in shares of the type size


# Not frozen, as fragments are not.
@dataclass(slots=True)
class Line:
    """The fragments on one baseline of a column, in reading order: from the right if `is_rtl`.

    `text` is theirs, parted by spaces.
    """

    text: str
    fragments: tuple[Fragment, ...]
    page_number: int
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool
    is_rtl: bool


def to_lines(fragments: Iterable[Fragment], page_number: int) -> tuple[Line, ...]:
    """Return the lines that the fragments make, from top to bottom."""
    return tuple(to_line(group, page_number) for group in group_by_line(fragments))


def group_by_line(fragments: Iterable[Fragment]) -> list[list[Fragment]]:
    """Return the fragments of each line, from top to bottom, in no order within it."""
    ordered = sorted(fragments, key=attrgetter("baseline"), reverse=True)
    groups: list[list[Fragment]] = []
    largest = ordered[0] if ordered else None  # of the last group
    for fragment in ordered:
        if groups and largest and _on_one_line(largest, fragment):
            groups[-1].append(fragment)
            largest = fragment if fragment.size > largest.size else largest
        else:
            groups.append([fragment])
            largest = fragment
    return groups


def is_ornament(text: str) -> bool:
    """Tell marks that only adorn a page, such as stars between parts, from words."""
    return not any(map(str.isalnum, text)) and all(category(c)[0] in "PSZ" for c in text)


def _on_one_line(largest: Fragment, fragment: Fragment) -> bool:
    """Tell whether a fragment belongs to the line of another, the largest one of it."""
    one, other = largest.size, fragment.size
    size = max(one, 0.7 * other) if one < other else max(other, 0.7 * one)
    return abs(largest.baseline - fragment.baseline) <= SAME_LINE * size


def to_line(group: Sequence[Fragment], page_number: int) -> Line:
    """Return the line that fragments on one baseline make."""
    if len(group) == 1:
        (only,) = group
        return Line(
            text=only.text,
            fragments=(only,),
            page_number=page_number,
            left=only.left,
            right=only.right,
            baseline=only.baseline,
            size=only.size,
            is_bold=only.is_bold,
            is_rtl=is_right_to_left(only.text),
        )
    is_rtl = is_right_to_left("".join([fragment.text for fragment in group]))
    group = sorted(group, key=attrgetter("right" if is_rtl else "left"), reverse=is_rtl)
    weights = [len(fragment.text) * fragment.size for fragment in group]
    main = group[weights.index(max(weights))]
    return Line(
        text=_joined_from_right(group) if is_rtl else " ".join([one.text for one in group]),
        fragments=tuple(group),
        page_number=page_number,
        left=group[0].left if not is_rtl else min([fragment.left for fragment in group]),
        right=max([fragment.right for fragment in group]),
        baseline=main.baseline,
        size=main.size,
        is_bold=all(fragment.is_bold for fragment in group),
        is_rtl=is_rtl,
    )


def _joined_from_right(fragments: Sequence[Fragment]) -> str:
    """Return the text of a line's fragments; parts of one word touch, however they were drawn."""
    text = fragments[0].text
    for before, after in pairwise(fragments):
        is_inside = -_OVERLAP * before.size <= before.left - after.right <= 0
        is_inside &= text[-1].isalpha() and after.text[0].isalpha()
        text += after.text if is_inside else f" {after.text}"
    return repair_right_to_left(text)
