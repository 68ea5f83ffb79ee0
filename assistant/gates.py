"""A new snapshot and the live one in, out: whether the new one may go live, and why not.

A first snapshot, and one of another folder than the live one's, is a library of its own: it is
checked by itself and compared with nothing.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.citations import is_verbatim
from assistant.paired import SIGNIFICANT, SMALLEST_LOSS
from assistant.readability import readable_share
from assistant.regression import Regression, compare_answers, successor
from corpus.documents import Document, Source
from corpus.errors import SnapshotError
from corpus.progress import Progress, untold
from index.embedding import Embedder
from index.search import Searcher
from index.snapshot import Snapshot, SnapshotStore

# Passages whose quotes are re-checked: enough that a fault in one of a hundred is found (99 %).
SAMPLE = 500
# A text that stays the same edition keeps its words: of all runs of five words, this share. A
# splitter or reader that was mended moves less; half the text replaced leaves 0.5.
KEPT_FROM = 0.7
# Below so many words a text is a note that may well be written anew.
FEWEST_WORDS = 2000
_RUN = 5


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: what was found, and each case that speaks against it."""

    name: str
    passed: bool
    finding: str
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateReport:
    """Every gate of a new snapshot; `forced` is the reason for which it went live all the same.

    `live_id` is the snapshot it was compared with, None if with none. `regression` tells of the
    judged questions, None if none were asked.
    """

    snapshot_id: str
    live_id: str | None
    checked: str
    gates: tuple[Gate, ...]
    regression: Regression | None = None
    forced: str | None = None

    @property
    def passed(self) -> bool:
        """Tell whether every gate is passed."""
        return all(gate.passed for gate in self.gates)

    def to_json(self) -> dict[str, Any]:
        """Return the report as values that `json.dumps` takes."""
        return {**asdict(self), "passed": self.passed}


def check(
    new: Snapshot,
    live: Snapshot | None,
    *,
    store: SnapshotStore,
    embedder: Embedder,
    catalogue: Mapping[str, Source],
    questions: Sequence[Path] = (),
    progress: Progress = untold,
) -> GateReport:
    """Return the report on a new snapshot, compared with the live one if there is one.

    `catalogue` tells which documents are withdrawn, `questions` are files of judged questions.
    """
    gates = [_whole(new, store, embedder), _quotes(new)]
    regression = None
    if live:
        gates += [_documents(new, live, catalogue), _texts(new, live), _pages(new, live)]
        if new.manifest.embedder != live.manifest.embedder:
            told = f"Not asked: the live snapshot was built with {live.manifest.model}."
            gates.append(Gate("questions", True, told))
        elif new.manifest.files != live.manifest.files:  # else they find the same
            regression = compare_answers(
                live, new, embedder=embedder, files=questions, progress=progress
            )
            gates.append(_questions(regression))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return GateReport(new.id, live.id if live else None, now, tuple(gates), regression)


def forced(report: GateReport, reason: str) -> GateReport:
    """Return the report with the reason for which its snapshot goes live all the same."""
    return replace(report, forced=reason)


def _whole(new: Snapshot, store: SnapshotStore, embedder: Embedder) -> Gate:
    """Check every file by its hash, and that all indexes have a row for each passage."""
    try:
        snapshot = store.open(new.id)
        Searcher(snapshot, embedder)
    except SnapshotError as error:
        return Gate("whole", False, str(error))
    rows = {
        "manifest.json": new.manifest.passages,
        "passages": len(snapshot.passages),
        "keys": len(snapshot.keys),
        "pooled vectors": len(snapshot.dense),
        "token vectors": len(snapshot.late),
    }
    if len(set(rows.values())) > 1:
        told = tuple(f"{name}: {number}" for name, number in rows.items())
        return Gate("whole", False, "Its parts do not have the same number of passages.", told)
    return Gate("whole", True, f"All files are as written; {rows['passages']} passages.")


def _quotes(new: Snapshot) -> Gate:
    """Check that the quotes of a sample stand in the stored text, letter by letter."""
    sample = new.passages
    if len(sample) > SAMPLE:
        sample = tuple(random.Random(new.id).sample(sample, SAMPLE))
    wrong = tuple(
        passage.id
        for passage in sample
        if not is_verbatim(new.documents[passage.document_id], passage)
    )
    finding = f"{len(sample) - len(wrong)} of {len(sample)} quotes stand in their documents."
    return Gate("quotes", not wrong, finding, wrong)


def _documents(new: Snapshot, live: Snapshot, catalogue: Mapping[str, Source]) -> Gate:
    """Check that each document of the live snapshot is there, replaced or withdrawn."""
    withdrawn = {source.id for source in catalogue.values() if source.status == "withdrawn"}
    there = withdrawn | _by_source(new).keys()
    lost = tuple(
        f"{document.source.file} ({document_id}: {document.source.title})"
        for document_id, document in live.documents.items()
        if document_id not in there and successor(document_id, new, live) is None
    )
    if not lost:
        return Gate("documents", True, f"None of {len(live.documents)} documents is lost.")
    finding = (
        f"Documents lost: {len(lost)} of {len(live.documents)}. Bring them back, or enter them "
        'in the catalogue with status = "withdrawn".'
    )
    return Gate("documents", False, finding, lost)


def _texts(new: Snapshot, live: Snapshot) -> Gate:
    """Check that documents which stay the same edition keep most of their words."""
    every = kept = 0
    changed: list[tuple[float, str]] = []
    now = _by_source(new)
    for key, old in live.documents.items():
        if key in now:
            before, after = old.text, now[key].text
            runs = _runs(before)
            stay = len(runs) if before == after else len(runs & _runs(after))
            every, kept = every + len(runs), kept + stay
            changed.append((stay / len(runs) if runs else 1.0, old.source.file))
    share = kept / every if every else 1.0
    finding = f"{100 * share:.0f} % of the words of documents that stay are kept."
    if share >= KEPT_FROM or every < FEWEST_WORDS:
        return Gate("texts", True, finding)
    against = tuple(
        f"{file}: {100 * one:.0f} % kept" for one, file in sorted(changed) if one < KEPT_FROM
    )
    finding += " A new edition is a source of its own; was a file overwritten by another?"
    return Gate("texts", False, finding, against)


def _by_source(snapshot: Snapshot) -> dict[str, Document]:
    """Return the documents by the id of each source: one may stand for files with its text."""
    twins = {twin.id: one for one in snapshot.documents.values() for twin in one.twins}
    return {**twins, **snapshot.documents}


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Return every run of five words of a text."""
    words = text.split()
    return frozenset(zip(*(words[place:] for place in range(_RUN)), strict=False))


def _pages(new: Snapshot, live: Snapshot) -> Gate:
    """Check that of no document that both have a smaller share of pages can be read."""
    fallen = []
    for key, old in live.documents.items():
        if key in new.documents:
            before, after = readable_share(old), readable_share(new.documents[key])
            if after < before:
                told = f"{100 * before:.0f} % of its pages could be read, now {100 * after:.0f} %"
                fallen.append(f"{old.source.file}: {told}")
    finding = "The share of pages that can be read did not fall."
    if fallen:
        finding = f"Documents of which fewer pages can be read than before: {len(fallen)}."
    return Gate("pages", not fallen, finding, tuple(fallen))


def _questions(found: Regression) -> Gate:
    """Check that the judged questions are not significantly worse answered."""
    if not found.questions:
        return Gate("questions", True, "No judged question is about these documents.")
    told = "; ".join(
        f"{name} {before:.3f} before, {after:.3f} now (by chance: {found.chances[name]:.3f})"
        for name, (before, after) in found.means.items()
    )
    worse = tuple(
        f"{one.id}: {one.text}" + (f" (gone: {'; '.join(one.gone)})" if one.gone else "")
        for one in found.questions
        if one.is_worse
    )
    many = f"Judged questions answered worse: {len(worse)} of {len(found.questions)}"
    return Gate("questions", not found.is_loss, f"{many}, {_verdict(found)}: {told}.", worse)


def _verdict(found: Regression) -> str:
    """Return in words why the judged questions stop a release, or why they do not."""
    if found.is_loss:
        return "more than chance explains"
    small = [name for name, chance in found.chances.items() if chance < SIGNIFICANT]
    if small:
        fallen = " and ".join(small)
        return f"but {fallen} fell by less than {SMALLEST_LOSS}, too little to stop a release"
    return "no more than chance explains"
