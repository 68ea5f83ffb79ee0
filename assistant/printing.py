"""What the commands print: for people, and as JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import typer

from assistant.answer import Answer, Citation
from assistant.citations import describe, where
from assistant.doctor import Health
from assistant.explanation import Explanation
from assistant.feedback import Feedback
from assistant.gate_report import as_text
from assistant.matching import Difference
from assistant.neighbours import Neighbours
from assistant.rebuild import BuildReport
from assistant.reopening import ReopenedQuote
from assistant.verification import Verification
from corpus.situations import SITUATIONS_NAME

# Control characters, which documents may hold in names and titles, and what is shown for them.
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\N{REPLACEMENT CHARACTER}")


def print_json(values: Any) -> None:  # noqa: ANN401  # whatever json.dumps takes
    """Print values on one line."""
    print(json.dumps(values, ensure_ascii=False))


def print_line(text: str) -> None:
    """Print a line in which names and titles of files cannot steer the terminal."""
    print(text.translate(_CONTROLS))


def print_report(report: BuildReport) -> None:
    """Print what became of each file, and the counts."""
    index = report.index
    for document in report.documents:
        if document.twin_of:
            print_line(f"read    {document.file}: the same text as {document.twin_of}")
            continue
        pages = f"{document.pages} pages, " if document.pages else ""
        without = document.pages_without_text
        scans = f"{without} without text (scans?), " if without else ""
        print_line(f"read    {document.file}: {pages}{scans}{document.passages} passages")
    for failed in report.failed:
        print_line(f"skipped {failed.file}: {failed.reason}")
    for kept in report.kept:
        print_line(f"kept    {kept.file} as it was read before: {kept.reason}")
    for unused in index.unused_situations:
        print_line(
            f"unused  {SITUATIONS_NAME}: no passage of {unused.work} has {unused.quote!r}; "
            "correct the quote"
        )
    print(
        f"{len(report.documents)} documents, {index.passages} passages ({index.added} added, "
        f"{index.changed} changed, {index.removed} removed, {index.reused_vectors} vectors reused)"
        + (f", {index.situations} situations" if index.situations else "")
    )
    if not report.gates.passed:
        for line in as_text(report.gates).splitlines():
            print_line(line)
    print(f"Snapshot {report.snapshot_id} {_state(report)}")


def _state(report: BuildReport) -> str:
    if report.promoted:
        return "is live"
    if report.gates.passed:
        return f"is built; make it live: toolkit-assistant promote {report.snapshot_id}"
    return (
        "is built and not live; the one before stays. Mend what is wrong and build again, or "
        f'build with --force "why". The whole report: {report.report}'
    )


def print_answer(answer: Answer) -> None:
    """Print the outcome, the short answer or what there is instead, and the citations."""
    print(_HEADLINES[answer.outcome])
    if answer.note:
        print_line(answer.note)
    for sentence in answer.short_answer:
        print_line(f"  • {' '.join(sentence.text.split())} [{sentence.number}]")
    if answer.lacks:
        print_line(f"None of them has: {', '.join(answer.lacks)}")
    for topic in answer.nearest_topics:
        print_line(f"  The nearest there is: {topic}")
    if answer.also_searched:
        print_line(f"Also searched for: {'; '.join(answer.also_searched)} (leave out: --without)")
    for citation in answer.citations:
        print_citation(citation)
    for passage_id in answer.withheld:
        print(f"\nPassage {passage_id} is withheld: its text is not as it was indexed.")


_HEADLINES = {
    "answered": "Answered by these passages, word for word:",
    "related": "No passage clearly answers this. Related passages:",
    "not_covered": "Not covered by the documents.",
}


def print_citation(citation: Citation) -> None:
    """Print where a quote stands, and the quote."""
    print()
    print_line(f"[{citation.number}] {describe(citation)}")
    if citation.lead_in:
        print(f"    … {citation.lead_in}")
    for line in _with_bold_sentences(citation).splitlines():
        typer.echo(f"    {line}")  # takes the bold out where nobody watches
    if wording := _wording_of(citation):
        print(f"    — wording: {wording}")
    for place in (where(citation), *citation.also_in):
        print_line(f"    — {place}")


def _wording_of(citation: Citation) -> str:
    """Return how strong the marked sentences are, and that something limits them."""
    limited = "with an exception or a condition" if citation.exceptions else ""
    return ", ".join(filter(None, (citation.strength, limited)))


def print_explanation(explanation: Explanation) -> None:
    """Print for each passage its signals, the most telling first, and its lead over the next."""
    filters = "; ".join(f"{key}={', '.join(own)}" for key, own in explanation.filters.items())
    print_line(f"Searched: {explanation.query}")
    print_line(f"Also searched for: {'; '.join(explanation.also_searched) or 'nothing'}")
    print_line(f"Filters: {filters or 'none'}. Chosen among {explanation.candidates} candidates.")
    for one in explanation.passages:
        print()
        print_line(f"[{one.number}] {' › '.join((one.title, *one.headings))}: {one.fused:+.2f}")
        print_line(f"    words in it: {', '.join(one.matched) or 'none'}")
        for own in one.signals:
            print(
                f"    {own.signal:<17} {own.value:8.3f}  standardised {own.standardised:+6.2f}"
                f"  × {own.weight:.1f} = {own.share:+6.2f}  rank {own.rank}"
            )
        if one.lead:
            leads = ", ".join(f"{signal} {lead:+.2f}" for signal, lead in one.lead)
            print(f"    before the next by {sum(lead for _, lead in one.lead):+.2f}: {leads}")


def print_feedback(found: Sequence[Feedback]) -> None:
    """Print what readers said, a line each; the question where it may be kept."""
    for one in found:
        said = f"{one.verdict}{f' ({one.reason})' if one.reason else ''}"
        asked = f": {' '.join(one.question.split())}" if one.question else ""
        of = f", {one.document_id} {one.passage_id}" if one.document_id else ""
        print_line(f"{one.id} {one.when} {said}{of}{asked}")
    if not found:
        print("No reader has said anything yet")


def print_health(health: Health) -> None:
    """Print how each document was read, and what is wrong with what mends it."""
    for one in health.documents:
        pages = f"{one.pages} pages, {one.pages_without_text} without text, " if one.pages else ""
        parts = f"{one.headings} headings, {one.rows} table rows, {one.passages} passages"
        broken = f", {100 * one.broken:.1f} % broken characters" if one.broken else ""
        print_line(f"{one.file} [{one.language}]: {pages}{parts}{broken}")
        if one.recognised_pages:
            print_line(f"    text of {one.recognised_pages} pages recognised from pictures")
        if one.taken_out:
            what = "running heads" if one.pages else "not of the text"
            print_line(f"    left out as {what}: {' / '.join(one.taken_out)}")
        if one.attachments:
            print_line(
                f"    attached, not read (save them beside it): {', '.join(one.attachments)}"
            )
        if one.twins:
            print_line(f"    the same text: {', '.join(one.twins)}")
    for problem in health.problems:
        print_line(f"Wrong: {problem.what}")
        print_line(f"    {problem.remedy}")
    if not health.problems:
        print(f"Nothing is wrong with snapshot {health.snapshot_id}")


def _shown(words: str) -> str:
    return repr(words) if words else "nothing"


_VERDICTS = {
    "exact": "Exact",
    "altered": "Altered; the documents have it otherwise",
    "not_found": "Not found in the documents",
}


def print_verification(verification: Verification) -> None:
    """Print the verdict, the words that differ, and what stands."""
    print(f"{_VERDICTS[verification.verdict]}: {verification.quotation}")
    for difference in verification.differences:
        print(f"    {_shown(difference.quoted)} stands for {_shown(difference.stands)}")
    for words in verification.left_out:
        print(f"    left out: {words!r}")
    if verification.retyped:
        print("    the typography differs: quotation marks, dashes, spaces or line ends")
    if verification.citation:
        print_citation(verification.citation)
        print(f"    — {verification.citation.permalink}")
    if verification.live_snapshot_id != verification.snapshot_id and verification.citation:
        print(f"    This is from another snapshot, {verification.snapshot_id}.")
        _print_now(verification.current, verification.differences_now)
    print()


def print_reopened(reopened: ReopenedQuote, beside: Neighbours) -> None:
    """Print a quote as it stood, with what stands around it, and what it says now."""
    if not reopened.own_is_kept:
        print("Its own snapshot is not kept any more; the same words stand at the same place in")
    print(f"Snapshot {reopened.snapshot_id}")
    for citation in (beside.before, reopened.citation, beside.after):
        if citation:
            print_citation(citation)
    if reopened.snapshot_id == reopened.live_snapshot_id:
        print("\nThis is the live snapshot.")
    else:
        print()
        _print_now(reopened.current, reopened.differences)


def _print_now(current: Citation | None, differences: Iterable[Difference]) -> None:
    """Print what stands in the live snapshot in place of words from an older one."""
    if current is None:
        print("    The live snapshot has nothing like it any more.")
        return
    words = list(differences)
    print(f"    The live snapshot says {'it otherwise' if words else 'the same'}:")
    for difference in words:
        print(f"    {_shown(difference.quoted)} became {_shown(difference.stands)}")
    print_citation(current)


def _with_bold_sentences(citation: Citation) -> str:
    """Return the quote with the sentences that answer in bold, for a terminal."""
    parts: list[str] = []
    end = citation.start
    for start, stop in citation.highlights:
        parts.append(citation.quote[end - citation.start : start - citation.start])
        sentence = citation.quote[start - citation.start : stop - citation.start]
        parts.append("\n".join(typer.style(line, bold=True) for line in sentence.splitlines()))
        end = stop
    return "".join(parts) + citation.quote[end - citation.start :]
