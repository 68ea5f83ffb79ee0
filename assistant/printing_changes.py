"""What changed between two snapshots, for people: by section, the words that went and came."""

import textwrap
from collections.abc import Sequence

from assistant.changes import Changes, DocumentChange, PassageChange, by_section
from assistant.printing import print_line
from assistant.word_difference import word_parts

_WIDTH = 110
# Words that stay are shown so many before and after a change, the others left out.
_AROUND = 6
_SIGNED = {"gone": "[-{}-]", "new": "{{+{}+}}"}


def print_changes(changes: Changes) -> None:
    """Print what changed, by document and section: [-words that went-] {+words that came+}."""
    counts = ", ".join(f"{number} {kind}" for kind, number in changes.counts.items())
    print_line(f"From {changes.old_id} to {changes.new_id}: {counts}")
    for document in changes.documents:
        print_line("")
        print_line(_heading(document))
        for change in by_section(document.changes):
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
    told = _path(change.headings, title)
    if change.headings_before != change.headings and change.headings_before:
        told += f" (was under {_path(change.headings_before, title)})"
    print_line(f"  {change.kind}: {told}")
    if change.kind == "reworded":
        text, sign = word_difference(change.before or "", change.after or ""), " "
    elif change.kind == "moved":
        return
    else:
        text, sign = change.after or change.before or "", "+" if change.after else "-"
    for paragraph in text.splitlines():
        for line in textwrap.wrap(paragraph, _WIDTH, break_on_hyphens=False):
            print_line(f"      {sign} {line}")


def _path(headings: Sequence[str], title: str) -> str:
    return " › ".join(heading for heading in headings if heading != title) or "at the start"


def word_difference(before: str, after: str) -> str:
    """Return the words after with those that went in [-…-] and those that came in {+…+}."""
    parts = list(word_parts(before, after))
    told: list[str] = []
    for place, part in enumerate(parts):
        words = part.text.split()
        if part.kind == "same":
            told += _near(words, first=place == 0, last=place == len(parts) - 1)
        else:
            told.append(_SIGNED[part.kind].format(" ".join(words)))
    return " ".join(told)


def _near(words: list[str], *, first: bool, last: bool) -> list[str]:
    """Return the words that stand near a change, "…" for the others."""
    before = [] if first else words[:_AROUND]
    after = [] if last else words[-_AROUND:]
    if len(words) <= len(before) + len(after) + 1:
        return words
    return [*before, "…", *after]
