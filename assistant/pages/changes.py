"""What changed between two snapshots, or two editions of a text, as a view of the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from assistant.changes import Changes, DocumentChange, PassageChange, by_section
from assistant.pages.elements import button, foreign, listed, paragraph, warning
from assistant.places import Place
from assistant.snapshot_facts import SnapshotFacts
from assistant.texts import Texts
from assistant.word_difference import Part, word_parts
from corpus.documents import Document

# Changed passages that are shown at once; documents beyond are shown one at a time.
MOST_SHOWN = 300

_MARKED = {"gone": "del", "new": "ins"}
EditionPair = tuple[Document, Document]


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed, where each passage stands by its id, and what of it is to be seen.

    `document` is the only one that is shown, if any, `passage` the one that is looked for.
    """

    changes: Changes
    places: Mapping[str, Place]
    document: str | None = None
    passage: str | None = None


def changes_view(
    texts: Texts,
    *,
    snapshots: Sequence[SnapshotFacts],
    editions: Sequence[EditionPair] = (),
    compared: Compared | None = None,
) -> str:
    """Return the view: what can be compared, and below it what changed."""
    found = compared.changes if compared else None
    key = "changes.only_one" if len(snapshots) < 2 else "changes.choose"
    body = _body(compared, texts) if compared else paragraph(texts(key), "advice")
    return (
        f'<section class="library changes" lang="{texts.language}">'
        f'<h2 tabindex="-1">{texts("changes.title")}</h2>'
        f"{paragraph(texts('changes.about'), 'quiet')}"
        f"{_snapshot_form(snapshots, found, texts)}{_edition_form(editions, found, texts)}"
        f"{body}</section>"
    )


def _snapshot_form(snapshots: Sequence[SnapshotFacts], found: Changes | None, texts: Texts) -> str:
    if len(snapshots) < 2:
        return ""
    ids = [one.id for one in snapshots]
    live = next((one.id for one in snapshots if one.live), ids[-1])
    chosen = {"old": ids[max(0, ids.index(live) - 1)], "new": live}
    if found and found.new_id in ids:  # and not two editions
        chosen = {"old": found.old_id, "new": found.new_id}
    labels = [(one.id, _label(one, texts)) for one in reversed(snapshots)]
    boxes = "".join(_select(name, labels, chosen[name], texts) for name in ("old", "new"))
    compare = button(texts("changes.compare"), do="compare", css="small")
    return f'<div class="boxes compare" data-compare="snapshots">{boxes}{compare}</div>'


def _label(one: SnapshotFacts, texts: Texts) -> str:
    when = (one.created or one.id)[:19].replace("T", " ")
    return f"{when} ({texts.plain('changes.live')})" if one.live else when


def _edition_form(editions: Sequence[EditionPair], found: Changes | None, texts: Texts) -> str:
    """Return the choice of two editions of one text that the live snapshot holds."""
    if not editions:
        return ""
    labels = [(f"{old.id}\n{new.id}", _pair(old, new)) for old, new in editions]
    chosen = f"{found.old_id}\n{found.new_id}" if found else ""
    compare = button(texts("changes.compare"), do="compare", css="small")
    box = _select("editions", labels, chosen, texts)
    return f'<div class="boxes compare" data-compare="editions">{box}{compare}</div>'


def _pair(old: Document, new: Document) -> str:
    one, other = (each.source.edition or each.id for each in (old, new))
    return f"{new.source.title}: {one} → {other}"


def _select(name: str, labels: Iterable[tuple[str, str]], chosen: str, texts: Texts) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(label)}</option>"
        for value, label in labels
    )
    return f'<label>{texts(f"changes.{name}")}<select name="{name}">{options}</select></label>'


def _body(compared: Compared, texts: Texts) -> str:
    found = compared.changes
    counts = listed(
        texts(f"changes.counts.{kind}", number=number) for kind, number in found.counts.items()
    )
    wanted = [one for one in found.documents if compared.document in (None, *_ids(one))]
    every = ""
    if compared.document is not None and len(found.documents) > len(wanted):
        every = button(
            texts("changes.every"), act="changes", css="small", old=found.old_id, new=found.new_id
        )
    shown = "".join(_documents(wanted, compared, texts))
    nothing = "" if shown else paragraph(texts("changes.nothing"), "advice")
    return f'<div class="tally" role="status">{counts}</div>{every}{shown}{nothing}'


def _ids(document: DocumentChange) -> tuple[str | None, str | None]:
    return document.before, document.after


def _documents(
    documents: Iterable[DocumentChange], compared: Compared, texts: Texts
) -> Iterator[str]:
    """Yield each document with its changes; of those beyond the most a button that shows them."""
    room = MOST_SHOWN
    for number, document in enumerate(documents):
        room -= len(document.changes)
        if number == 0 or room >= 0:
            yield _document(document, compared, texts)
            continue
        more = button(
            texts("changes.show_document", number=len(document.changes)), act="changes",
            css="small", old=compared.changes.old_id, new=compared.changes.new_id,
            document=document.after or document.before,
        )  # fmt: skip
        yield f"<h3>{_title(document)}</h3>{more}"


def _document(document: DocumentChange, compared: Compared, texts: Texts) -> str:
    became = document.status_before != document.status_after and document.status_after
    state = ""
    if document.before is None:
        state = texts("changes.new_document")
    elif document.after is None:
        state = texts("changes.gone_document")
    sections = groupby(by_section(document.changes), key=lambda change: change.headings)
    parts = "".join(_section(path, each, document, compared, texts) for path, each in sections)
    same = texts.count("changes.same", document.same) if document.same else ""
    return (
        f'<details class="document-change" open><summary><h3>{_title(document)}</h3></summary>'
        f"{paragraph(state, 'cue')}{warning(became, texts) if became else ''}"
        f"{paragraph(same, 'quiet')}{parts}</details>"
    )


def _title(document: DocumentChange) -> str:
    editions = dict.fromkeys(filter(None, (document.edition_before, document.edition_after)))
    told = " → ".join(foreign(one) for one in editions)
    return f"{foreign(document.title, 'title')}{f' <small>{told}</small>' if told else ''}"


def _section(
    path: tuple[str, ...],
    changes: Iterable[PassageChange],
    document: DocumentChange,
    compared: Compared,
    texts: Texts,
) -> str:
    parts = "".join(_change(change, document, compared, texts) for change in changes)
    return f"<h4>{_path(path, document.title, texts)}</h4>{parts}"


def _path(headings: Sequence[str], title: str, texts: Texts) -> str:
    shown = " › ".join(foreign(heading) for heading in headings if heading != title)
    return shown or texts("changes.start")


def _change(
    change: PassageChange, document: DocumentChange, compared: Compared, texts: Texts
) -> str:
    """Return a passage with what became of it, its words as they are or with those that differ."""
    place = compared.places.get(change.id_after or change.id_before or "")
    data = f' data-place="{escape(place.to_json())}"' if place else ""
    is_here = bool(compared.passage) and compared.passage == change.id_after
    here = ' tabindex="-1" data-here' if is_here else ""
    source = button(texts("card.show"), act="source", css="small") if place else ""
    told = texts(f"changes.kind.{change.kind}")
    if change.headings_before not in ((), change.headings):
        told += (
            f" · {texts('changes.stood')} {_path(change.headings_before, document.title, texts)}"
        )
    words = (
        f'<blockquote lang="{escape(document.language)}" dir="auto">{_words(change, texts)}'
        "</blockquote>"
    )
    head = f'<div class="bar"><p class="cue">{told}</p>{source}</div>'
    body = head + words
    if change.kind == "moved":  # its words are the same, and there may be many of them
        body = f'<details><summary class="cue">{told}</summary>{source}{words}</details>'
    return f'<article class="change {change.kind}"{data}{here}>{body}</article>'


def _words(change: PassageChange, texts: Texts) -> str:
    if change.kind != "reworded":
        return escape(change.after or change.before or "")
    return "".join(_part(one, texts) for one in word_parts(change.before or "", change.after or ""))


def _part(part: Part, texts: Texts) -> str:
    """Return words as they are, or marked as gone or new, said as well to who cannot see it."""
    tag = _MARKED.get(part.kind)
    if tag is None:
        return escape(part.text)
    words = part.text.rstrip()
    gap = part.text[len(words) :]
    said = f'<span class="unseen">[{texts(f"changes.said.{part.kind}")}: </span>'
    return f'<{tag}>{said}{escape(words)}<span class="unseen">]</span></{tag}>{gap}'
