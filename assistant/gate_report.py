"""A gate report in, files out that a person, a browser and a program can read."""

import json
from html import escape
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.gates import Gate, GateReport
from assistant.regression import QuestionChange, Regression
from corpus.ledger import replace_file

_REPORT_JSON = TypeAdapter(GateReport)
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1e293b; background: #fff }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #cbd5e1; padding: .3rem .6rem; text-align: start;
  vertical-align: top }
.failed { color: #b91c1c; font-weight: 600 }
.passed { color: #0f766e }
"""


def write_report(report: GateReport, folder: Path) -> Path:
    """Write a report as text, HTML and JSON, named by its snapshot; return where the text is."""
    values = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
    forms = {"json": values, "html": as_html(report), "txt": as_text(report)}
    for suffix, text in forms.items():
        replace_file(folder / f"{report.snapshot_id}.{suffix}", text.encode("utf-8"))
    return folder / f"{report.snapshot_id}.txt"


def read_report(folder: Path, snapshot_id: str) -> GateReport | None:
    """Return the report on a snapshot; None if there is none, or none that can be read."""
    if Path(snapshot_id).name != snapshot_id:
        return None
    try:
        return _REPORT_JSON.validate_json((folder / f"{snapshot_id}.json").read_bytes())
    except (OSError, ValidationError):
        return None


def as_text(report: GateReport) -> str:
    """Return the report to be read in a terminal, a line for each gate and each case."""
    lines = [_headline(report), _compared(report)]
    for gate in report.gates:
        lines.append(f"{_word(gate)} {gate.name}: {gate.finding}")
        lines += [f"    {case}" for case in gate.against]
    if report.regression and report.regression.skipped:
        lines.append(_skipped(report.regression))
    return "\n".join(lines) + "\n"


def as_html(report: GateReport) -> str:
    """Return the report as one page that loads nothing; all text of documents is escaped."""
    title = escape(_headline(report))
    rows = "".join(_row(gate) for gate in report.gates)
    questions = _questions(report.regression) if report.regression else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(_compared(report))}</p>"
        f"<table><tr><th>Gate</th><th></th><th>Finding</th></tr>{rows}</table>"
        f"{questions}</body></html>\n"
    )


def _headline(report: GateReport) -> str:
    if report.passed:
        return f"Snapshot {report.snapshot_id} passes every gate"
    failed = ", ".join(gate.name for gate in report.gates if not gate.passed)
    told = f"; it went live because: {report.forced}" if report.forced else ""
    return f"Snapshot {report.snapshot_id} fails: {failed}{told}"


def _compared(report: GateReport) -> str:
    with_live = f"the live snapshot {report.live_id}" if report.live_id else "nothing"
    return f"Checked {report.checked}, compared with {with_live}."


def _word(gate: Gate) -> str:
    return "passed" if gate.passed else "FAILED"


def _skipped(found: Regression) -> str:
    return (
        f"{found.skipped} judged questions were not asked: their evidence does not stand in the "
        "live snapshot."
    )


def _row(gate: Gate) -> str:
    cases = "".join(f"<li>{escape(case)}</li>" for case in gate.against)
    found = f"{escape(gate.finding)}{f'<ul>{cases}</ul>' if cases else ''}"
    word = _word(gate).lower()
    return f'<tr><td>{escape(gate.name)}</td><td class="{word}">{word}</td><td>{found}</td></tr>'


def _questions(found: Regression) -> str:
    """Return every judged question with its figures before and now, the worst first."""
    losses = sorted(found.questions, key=lambda one: one.ndcg_after - one.ndcg_before)
    rows = "".join(map(_question, losses))
    note = f"<p>{escape(_skipped(found))}</p>" if found.skipped else ""
    head = "<th>Question</th><th>success@5</th><th>nDCG@10</th><th>Evidence that is gone</th>"
    return f"<h2>Judged questions</h2>{note}<table><tr>{head}</tr>{rows}</table>" if rows else note


def _question(one: QuestionChange) -> str:
    cells = (
        f"{one.id}: {one.text}",
        f"{one.success_before:.0f} → {one.success_after:.0f}",
        f"{one.ndcg_before:.2f} → {one.ndcg_after:.2f}",
        "; ".join(one.gone),
    )
    worse = ' class="failed"' if one.is_worse else ""
    return f"<tr{worse}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
