"""The editor's tab: what can be added, what waits, the gates' findings, snapshots and feedback."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from assistant.adding import Considered
from assistant.feedback import Feedback
from assistant.pages.building import MOST_LISTED, cut, submit
from assistant.pages.elements import button, foreign, paragraph
from assistant.snapshot_facts import SnapshotFacts
from assistant.texts import Texts
from assistant.waiting import Waiting
from corpus.readers.formats import SUFFIXES
from corpus.text import one_line

STATUSES = ("current", "superseded", "withdrawn")
# What is asked of a file that is added, in this order; the rest of a source seldom matters.
ASKED_FOR = (
    "title", "edition", "language", "kind", "status", "work", "area", "topic", "publisher", "url",
    "id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    """All that the tab shows to whoever holds `token`.

    `can_add` is false where another folder than the data folder's own is indexed. `refused` is why
    files were not taken in, until somebody has read it. `quotes` are the
    words that feedback is about, by its id, `judged` the ids that are judged questions already,
    `situations` what stands in situations.toml.
    """

    token: str
    waiting: Waiting
    snapshots: Sequence[SnapshotFacts]
    considered: Mapping[str, Considered] = field(default_factory=dict)
    refused: Sequence[str] = ()
    feedback: Sequence[Feedback] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)
    judged: frozenset[str] = frozenset()
    situations: frozenset[str] = frozenset()
    can_add: bool = True


def sign_in(texts: Texts, fault: str = "") -> str:
    """Return the form that asks for the password, with why it was not let in."""
    return (
        f'<section class="checker editor" lang="{texts.language}">'
        f'<h2 tabindex="-1">{texts("editor.title")}</h2>'
        f"{paragraph(texts('editor.locked'), 'quiet')}"
        f'<form data-step="editor_enter"><label for="editor-password">{texts("editor.password")}'
        '</label><input id="editor-password" name="password" type="password" '
        f'autocomplete="current-password" required>{submit(texts("editor.enter"))}</form>'
        f'<div role="alert">{paragraph(escape(fault), "warning")}</div></section>'
    )


def editor(tab: Tab, texts: Texts, *, said: str = "", fault: str = "") -> str:
    """Return the tab; `said` is what has just been done, `fault` why something could not be."""
    parts = (
        _adding(tab, texts) if tab.can_add else _other_folder(texts),
        _waiting(tab.waiting, texts),
        _snapshots(tab.snapshots, texts),
        _feedback(tab, texts),
    )
    return (
        f'<section class="checker editor" lang="{texts.language}" '
        f'data-token="{escape(tab.token)}"><div class="bar">'
        f'<h2 tabindex="-1">{texts("editor.title")}</h2>'
        f"{_act('editor_leave', texts('editor.leave'))}</div>"
        f'<div role="status">{paragraph(escape(said), "headline said")}'
        f"{paragraph(escape(fault), 'warning said')}{_refused(tab.refused, texts)}</div>"
        f"{''.join(parts)}</section>"
    )


def _refused(reasons: Sequence[str], texts: Texts) -> str:
    """Return why files were not taken in, which stays until somebody has read it."""
    if not reasons:
        return ""
    told = "".join(paragraph(escape(one), "warning said") for one in reasons)
    return told + _act("editor_discard", texts("editor.add.seen"), item="")


def _act(step: str, words: str, *, css: str = "small", **data: str) -> str:
    return button(words, do="edit", css=css, step=step, **data)


def _part(name: str, texts: Texts, html: str) -> str:
    title = texts(f"editor.{name}.title")
    return (
        f'<div class="part" data-part="editor-{name}">'
        f'<h3 id="editor-{name}" tabindex="-1">{title}</h3>{html}</div>'
    )


def _adding(tab: Tab, texts: Texts) -> str:
    """Return the boxes for files and addresses, and a form for each that waits to be confirmed."""
    suffixes = ",".join(sorted(SUFFIXES))
    files = (
        f'<label for="editor-files">{texts("editor.add.files")}</label>'
        f'<input id="editor-files" type="file" multiple accept="{suffixes}" data-upload>'
    )
    address = (
        f'<form data-step="editor_consider" class="line"><label for="editor-address">'
        f"{texts('editor.add.address')}</label>"
        '<input id="editor-address" name="address" type="url" required placeholder="https://">'
        f'<button type="submit" class="small">{texts("editor.add.fetch")}</button></form>'
    )
    forms = "".join(_considered(item, one, texts) for item, one in tab.considered.items())
    about = paragraph(texts("editor.add.about"), "quiet")
    return _part("add", texts, f"{about}{files}{address}{forms}")


def _other_folder(texts: Texts) -> str:
    return _part("add", texts, paragraph(texts("editor.add.other_folder"), "advice"))


def _considered(item: str, one: Considered, texts: Texts) -> str:
    """Return the form of what a file says of itself, to be corrected and confirmed."""
    boxes = "".join(_box(item, key, getattr(one.source, key), texts) for key in ASKED_FOR)
    replace = (
        f'<label class="tick"><input type="checkbox" name="replace"> '
        f"{texts('editor.add.replace')}</label>"
    )
    discard = _act("editor_discard", texts("editor.add.discard"), item=item)
    return (
        f'<form data-step="editor_add" data-item="{item}" class="considered">'
        f"<h4>{foreign(one.source.file)}</h4>{paragraph(texts('editor.add.guessed'), 'quiet')}"
        f'<div class="boxes">{boxes}</div>{replace}'
        f'<div class="bar">{submit(texts("editor.add.confirm"))}{discard}</div></form>'
    )


def _box(item: str, key: str, value: str | None, texts: Texts) -> str:
    label, name = texts(f"editor.field.{key}"), f"{key}-{item}"
    if key == "status":
        options = "".join(
            f'<option value="{one}"{" selected" if one == value else ""}>'
            f"{texts(f'editor.status.{one}')}</option>"
            for one in STATUSES
        )
        box = f'<select id="{name}" name="{key}">{options}</select>'
    else:
        needed = " required" if key in ("title", "work", "id") else ""
        box = f'<input id="{name}" name="{key}" value="{escape(value or "")}" dir="auto"{needed}>'
    return f'<div class="field"><label for="{name}">{label}</label>{box}</div>'


def _waiting(found: Waiting, texts: Texts) -> str:
    """Return what a build would take in, and the button that begins one."""
    groups = (("new", found.new), ("changed", found.changed), ("gone", found.gone))
    lists = "".join(_files(name, files, texts) for name, files in groups)
    beside = paragraph(texts("editor.wait.catalogue") if found.catalogue else "", "")
    beside += paragraph(texts("editor.wait.situations") if found.situations else "", "")
    nothing = "" if found else paragraph(texts("editor.wait.nothing"), "quiet")
    build = _act("editor_build", texts("editor.wait.build"), css="primary")
    return _part("wait", texts, f"{nothing}{lists}{beside}{build}")


def _files(name: str, files: Sequence[str], texts: Texts) -> str:
    if not files:
        return ""
    told = f"<p>{texts(f'editor.wait.{name}', number=len(files))}</p>"
    return f"{told}{cut(map(foreign, files), len(files), texts)}"


def _snapshots(snapshots: Sequence[SnapshotFacts], texts: Texts) -> str:
    """Return the snapshots, the newest first, each with its report, and the way back."""
    rows = "".join(_snapshot(one, texts) for one in reversed(snapshots))
    heads = "".join(
        f'<th scope="col">{texts(f"editor.snapshots.{one}")}</th>'
        for one in ("built", "state", "documents", "passages", "report")
    )
    table = (
        f'<div class="table" tabindex="0" role="region" aria-labelledby="editor-snapshots"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    back = ""
    if len(snapshots) > 1:
        back = _act("editor_roll_back", texts("editor.snapshots.back"))
    return _part("snapshots", texts, f"{table}{back}")


def _snapshot(one: SnapshotFacts, texts: Texts) -> str:
    built = (one.created or one.id)[:19].replace("T", " ")
    standing = "live" if one.live else "earlier" if one.earlier else "unpublished"
    states = [standing, *(["pinned"] if one.pinned else [])]
    if one.created is None:
        states.append("damaged")
    state = ", ".join(texts(f"editor.snapshots.{name}") for name in states)
    report = _act("editor_report", texts("editor.snapshots.show"), snapshot=one.id)
    cells = (built, state, one.documents, one.passages, report)
    return "<tr>" + "".join(f"<td>{'' if one is None else one}</td>" for one in cells) + "</tr>"


def _feedback(tab: Tab, texts: Texts) -> str:
    latest = list(reversed(tab.feedback))
    items = (_word(one, tab, texts) for one in latest[:MOST_LISTED])
    nothing = "" if latest else paragraph(texts("editor.feedback.nothing"), "quiet")
    about = paragraph(texts("editor.feedback.about"), "quiet")
    return _part("feedback", texts, f"{about}{nothing}{cut(items, len(latest), texts)}")


def _word(one: Feedback, tab: Tab, texts: Texts) -> str:
    """Return what a reader said of a passage, and what makes more of it."""
    verdict = texts(f"tell.{one.reason}" if one.reason else f"editor.feedback.{one.verdict}")
    asked = foreign(one.question) if one.question else texts("editor.feedback.private")
    quote = tab.quotes.get(one.id)
    words = f'<blockquote dir="auto">{escape(quote)}</blockquote>' if quote else ""
    when = escape(one.when[:16].replace("T", " "))
    of = f" · {foreign(one.document_id)}" if one.document_id else ""
    head = f"<p><strong>{verdict}</strong> · {when}{of}</p>"
    return f"{head}<p>{asked}</p>{words}{_judging(one, tab, texts)}"


def _judging(one: Feedback, tab: Tab, texts: Texts) -> str:
    if one.id in tab.judged:
        return paragraph(texts("editor.feedback.judged"), "quiet")
    if one.question and one_line(one.question) in tab.situations:
        return paragraph(texts("editor.feedback.is_situation"), "quiet")
    if one.verdict == "missing":
        return ""
    if one.verdict != "helpful":
        return paragraph(texts("editor.feedback.only_helpful"), "quiet")
    judge, situate = texts("editor.feedback.judge"), texts("editor.feedback.situate")
    if one.question:
        return (
            f'<div class="line">{_act("editor_judge", judge, feedback=one.id)}'
            f"{_act('editor_situate', situate, feedback=one.id)}</div>"
        )
    name = f"question-{one.id}"
    return (
        f'<form data-step="editor_judge" data-feedback="{escape(one.id)}" class="line">'
        f'<label for="{name}">{texts("editor.feedback.question")}</label>'
        f'<input id="{name}" name="question" required dir="auto">'
        f'<button type="submit" class="small">{judge}</button>'
        f'<button type="submit" class="small" data-step="editor_situate">{situate}</button></form>'
    )
