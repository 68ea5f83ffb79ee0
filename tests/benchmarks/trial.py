"""Measures ideas about ranking on the public question sets, against the code as it is.

    python tests/benchmarks/trial.py ../shared/eval --cache FOLDER [--sets orsharc cpgqa]
        [--limit-queries 300] [--no-history] [--set index.late.HALF_WINDOW=16 ...] [--set ...]

Each `--set` is a trial: it gives constants of modules other values, so that an idea that is a
number can be tried without touching the code. Snapshots are kept in the cache folder: use another
one for an idea that changes them. Prints nDCG@10 of each set, and for each trial nDCG@10 and the
95 % interval of the difference to the code as it is, questions paired.
"""

import argparse
import importlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.beir import read_beir, read_documents
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, interval, measure, run_questions
from index.build import build_snapshot
from index.embedding import DEFAULT_MODEL, Embedder, load_embedder
from index.snapshot import SnapshotStore

SETS = ("orsharc", "cpgqa", "squad2", "mtrag_un", "scifact")


def main() -> None:
    """Measure the code as it is and each trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--limit-queries", type=int, default=300)
    parser.add_argument("--no-history", action="store_true")
    parser.add_argument("--set", nargs="+", action="append", default=[], dest="trials")
    arguments = parser.parse_args()
    embedder = load_embedder()
    for name in arguments.sets:
        assistant = open_set(arguments.folder / name, arguments.cache / name, embedder)
        questions = judged(arguments.folder / name, arguments.limit_queries)
        if arguments.no_history:
            questions = [JudgedQuestion(one.id, one.text, (), one.grades) for one in questions]
        before = ndcg(assistant, questions)
        print(f"{name:10} {before.mean():.4f}  as it is, {len(questions)} questions", flush=True)
        for constants in arguments.trials:
            after = ndcg_with(constants, assistant, questions)
            low, high = interval(after - before)
            result = f"{after.mean():.4f}  {low:+.4f} to {high:+.4f}"
            print(f"{name:10} {result}  {' '.join(constants)}", flush=True)


def open_set(folder: Path, cache: Path, embedder: Embedder) -> Assistant:
    """Return an assistant over a set, its snapshot built if the cache has none."""
    store = SnapshotStore(cache)
    if store.current_id() is None:
        documents = list(read_documents(read_beir(folder)[0]))
        snapshot, _ = build_snapshot(documents, embedder=embedder, model=DEFAULT_MODEL, store=store)
        store.promote(snapshot.id)
    return Assistant(store.open(), embedder)


def judged(folder: Path, limit: int) -> list[JudgedQuestion]:
    """Return the first questions of a set that have an answer."""
    return [question for question in read_beir(folder)[1] if question.answerable][:limit]


def ndcg_with(
    constants: Iterable[str], assistant: Assistant, questions: Sequence[JudgedQuestion]
) -> NDArray[np.float64]:
    """Return nDCG@10 of each question while the constants are set."""
    old = [set_constant(constant) for constant in constants]
    values = ndcg(assistant, questions)
    for constant in old:
        set_constant(constant)
    return values


def set_constant(assignment: str) -> str:
    """Set module.NAME=value, the value as JSON; return the assignment that undoes it."""
    name, value = assignment.split("=", 1)
    module, constant = name.rsplit(".", 1)
    old = getattr(importlib.import_module(module), constant)
    setattr(importlib.import_module(module), constant, json.loads(value))
    return f"{name}={json.dumps(old)}"


def ndcg(assistant: Assistant, questions: Sequence[JudgedQuestion]) -> NDArray[np.float64]:
    """Return nDCG@10 of each question."""
    runs = run_questions(assistant, questions, record_of=lambda passage: passage.document_id)
    return measure(runs, "shown")["ndcg@10"]


if __name__ == "__main__":
    main()
