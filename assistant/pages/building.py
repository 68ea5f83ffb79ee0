"""A build as an editor sees it: what it is at, how it ended, and what the gates found."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

from assistant.build_process import BuildState
from assistant.gates import Gate, GateReport
from assistant.pages.elements import foreign, listed, paragraph
from assistant.texts import Texts
from corpus.reading import FailedFile

# Files, cases and words of readers that a list shows; the rest is counted.
MOST_LISTED = 50


def building(state: BuildState, texts: Texts) -> str:
    """Return what a build is at, or how it ended."""
    title = f'<h2 tabindex="-1">{texts("editor.build.title")}</h2>'
    if state.is_running:
        body = title + _progress(state, texts)
        return f'<section class="checker editor" data-running>{body}</section>'
    if state.fault:
        body = paragraph(texts("editor.build.failed"), "warning") + paragraph(
            escape(state.fault), ""
        )
        return f'<section class="checker editor" data-ended>{title}{body}</section>'
    report = state.report
    if report is None:
        return ""
    key = "editor.build.live" if report.promoted else "editor.build.refused"
    index = report.index
    counts = texts(
        "editor.build.counts", documents=len(report.documents), passages=index.passages,
        added=index.added, changed=index.changed, removed=index.removed,
    )  # fmt: skip
    faults = _faults("unread", report.failed, texts) + _faults("kept", report.kept, texts)
    body = paragraph(texts(key), "headline" if report.promoted else "warning")
    return (
        f'<section class="checker editor" data-ended>{title}{body}<p>{counts}</p>{faults}'
        f"{gates(report.gates, texts, is_live=report.promoted)}</section>"
    )


def _progress(state: BuildState, texts: Texts) -> str:
    stage = texts.known("editor.stage", state.stage) if state.stage else texts("editor.build.begin")
    share = f' value="{state.done}" max="{state.total}"' if state.total > 1 else ""
    told = stage
    if state.total > 1:
        told += f" · {state.done} / {state.total}"
    if state.seconds_left is not None:
        told += f" · {texts('editor.build.left', time=_clock(state.seconds_left))}"
    return (
        f'<progress{share} aria-label="{texts("editor.build.title")}"></progress>'
        f'<p class="quiet">{told}</p>{paragraph(texts("editor.build.meanwhile"), "quiet")}'
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _faults(name: str, faults: Sequence[FailedFile], texts: Texts) -> str:
    if not faults:
        return ""
    told = texts(f"editor.build.{name}", number=len(faults))
    items = (f"{foreign(one.file)}: {escape(one.reason)}" for one in faults)
    return f"<details><summary>{told}</summary>{cut(items, len(faults), texts)}</details>"


def report_view(report: GateReport, texts: Texts, *, is_live: bool) -> str:
    """Return the report of a snapshot that was built before."""
    title = texts("editor.gates.of", snapshot=report.snapshot_id)
    return (
        f'<section class="checker editor" data-ended><h2 tabindex="-1">{title}</h2>'
        f"{gates(report, texts, is_live=is_live)}</section>"
    )


def gates(report: GateReport, texts: Texts, *, is_live: bool) -> str:
    """Return each gate with its finding, the failed ones first, and the way past them."""
    ordered = sorted(report.gates, key=lambda gate: gate.passed)
    compared = texts("editor.gates.alone")
    if report.live_id:
        compared = texts("editor.gates.compared", snapshot=report.live_id)
    forced = ""
    if report.forced:
        forced = texts("editor.gates.forced", reason=report.forced)
    return (
        f'<p class="quiet">{compared}</p>{paragraph(forced, "warning")}'
        f'<ul class="gates">{"".join(_gate(one, texts) for one in ordered)}</ul>'
        f"{'' if is_live else _publishing(report, texts)}"
    )


def _gate(gate: Gate, texts: Texts) -> str:
    word = "passed" if gate.passed else "failed"
    cases = cut(map(escape, gate.against), len(gate.against), texts)
    if cases:
        summary = texts("editor.gates.cases", number=len(gate.against))
        cases = f"<details><summary>{summary}</summary>{cases}</details>"
    return (
        f'<li class="{word}"><p><strong>{texts.known("editor.gate", gate.name)}: '
        f"{texts(f'editor.gates.{word}')}</strong></p>"
        f'<p lang="en">{escape(gate.finding)}</p>{cases}</li>'
    )


def _publishing(report: GateReport, texts: Texts) -> str:
    """Return the form that publishes a snapshot, with a reason where a gate failed."""
    snapshot = f'data-snapshot="{escape(report.snapshot_id)}"'
    if report.passed:
        publish = submit(texts("editor.publish.do"))
        return f'<form data-step="editor_publish" {snapshot}>{publish}</form>'
    return (
        f'<form data-step="editor_publish" {snapshot}>'
        f'<label for="editor-reason">{texts("editor.publish.reason")}</label>'
        '<textarea id="editor-reason" name="reason" rows="2" required dir="auto"></textarea>'
        f"{submit(texts('editor.publish.all_the_same'))}</form>"
    )


def cut(items: Iterable[str], number: int, texts: Texts) -> str:
    """Return a list of at most so many items, and how many more there are."""
    shown = list(islice(items, MOST_LISTED))
    more = number - len(shown)
    return listed(shown) + paragraph(texts("editor.more", number=more) if more else "", "quiet")


def submit(words: str) -> str:
    """Return the button that sends a form."""
    return f'<button type="submit" class="primary">{words}</button>'
