"""What changed between two snapshots, for people: by section, the words that went and came."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from assistant.changes import Changes, DocumentChange, PassageChange
from assistant.printing import print_line

_WIDTH = 110
# Words that stay are shown so many before and after a change, the others left out.
_AROUND = 6
# What numbers a heading: the same section may have another letter in the next edition.
_NUMBER = re.compile(r"^\W*\w{1,3}[.)]\s+")


def print_changes(changes: Changes) -> None:
    """Print what changed, by document and section: [-words that went-] {+words that came+}."""
    counts = ", ".join(f"{number} {kind}" for kind, number in changes.counts.items())
    print_line(f"From {changes.old_id} to {changes.new_id}: {counts}")
    for document in changes.documents:
        print_line("")
        print_line(_heading(document))
        for change in _by_section(document.changes):
            _print_change(change, document.title)


def _heading(document: DocumentChange) -> str:
    """Return a document's title, its editions, and whether it is new or gone."""
    editions = dict.fromkeys(filter(None, (document.edition_before, document.edition_after)))
    told = f" ({' -> '.join(editions)})" if editions else ""
    if document.before is None:
        return f"{document.title}{told}: added"
    if document.after is None:
        return f"{document.title}{told}: removed"
    became = document.status_before != document.status_after
    return f"{document.title}{told}{f': now {document.status_after}' if became else ''}"


def _print_change(change: PassageChange, title: str) -> None:
    headings = [heading for heading in change.headings if heading != title]
    print_line(f"  {change.kind}: {' › '.join(headings) or 'at the start'}")
    if change.kind == "reworded":
        text, sign = word_difference(change.before or "", change.after or ""), " "
    elif change.kind == "moved":
        return
    else:
        text, sign = change.after or change.before or "", "+" if change.after else "-"
    for paragraph in text.splitlines():
        for line in textwrap.wrap(paragraph, _WIDTH, break_on_hyphens=False):
            print_line(f"      {sign} {line}")


def word_difference(before: str, after: str) -> str:
    """Return the words after with those that went in [-…-] and those that came in {+…+}."""
    old, new = before.split(), after.split()
    parts: list[str] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, start, end, new_start, new_end) in enumerate(steps):
        if kind == "equal":
            parts += _near(old[start:end], first=place == 0, last=place == len(steps) - 1)
        else:
            parts += [f"[-{' '.join(old[start:end])}-]"] if end > start else []
            parts += [f"{{+{' '.join(new[new_start:new_end])}+}}"] if new_end > new_start else []
    return " ".join(parts)


def _near(words: list[str], *, first: bool, last: bool) -> list[str]:
    """Return the words that stand near a change, "…" for the others."""
    before = [] if first else words[:_AROUND]
    after = [] if last else words[-_AROUND:]
    if len(words) <= len(before) + len(after) + 1:
        return words
    return [*before, "…", *after]


def _by_section(changes: Iterable[PassageChange]) -> Iterator[PassageChange]:
    """Yield the changes in their order, each removed passage before others of its section."""
    waiting = list(changes)
    removed = [change for change in waiting if change.kind == "removed"]
    for change in waiting:
        if change.kind != "removed":
            here = [one for one in removed if _section(one) == _section(change)]
            yield from here
            removed = [one for one in removed if one not in here]
            yield change
    yield from removed


def _section(change: PassageChange) -> str:
    return _NUMBER.sub("", change.headings[-1]).casefold() if change.headings else ""
