"""Measures how good the sentences of short answers are, and those marked in the quotes.

    python tests/benchmarks/judged_sentences.py [--data-dir FOLDER]

Of 294 situations of the starter library (judged_sentences.jsonl) each sentence of the five passages
shown was judged: the best to be told alone, the good ones, and those that mislead if read alone.
The library is built without these situations, in FOLDER if it shall be kept, and they are asked.
Printed is for short answers, by language, and for what is marked in the quotes: how many sentences
there are, but for those that end with a colon, what share of them is good, the best among them, and
what share misleads, and in how many answers one of the best is. What the assessors were not shown
counts as neither.
"""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from assistant.answer import Answer
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.rebuild import copy_starter, rebuild
from corpus.situations import SITUATIONS_NAME, without_space

JUDGED = Path(__file__).with_name("judged_sentences.jsonl")


class Judged(NamedTuple):
    """A situation and the sentences judged for it, without white space, each with its grade."""

    text: str
    language: str
    grades: dict[str, str]

    def grade(self, sentence: str) -> str:
        """Return the grade of a sentence or a part of it; empty if it has none."""
        said = without_space(sentence)
        return next((grade for text, grade in self.grades.items() if said in text), "")


def main() -> None:
    """Build, ask, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path)
    arguments = parser.parse_args()
    judged = [_judged(line) for line in JUDGED.read_text("utf-8").splitlines()]
    with ExitStack() as stack:
        folder = arguments.data_dir or Path(stack.enter_context(TemporaryDirectory()))
        assistant = built(folder, {one.text for one in judged})
        asked = [(one, assistant.ask(one.text)) for one in judged]
    asked = [(one, answer) for one, answer in asked if answer.outcome == "answered"]
    for language in ("en", "fr", "es"):
        own = [(one, answer) for one, answer in asked if one.language == language]
        report(f"short answers, {language}", [(one, _in_short(answer)) for one, answer in own])
    report("short answers", [(one, _in_short(answer)) for one, answer in asked])
    marks = [(one, _marked(answer, assistant)) for one, answer in asked]
    report("marked in the quotes", marks)


def _judged(line: str) -> Judged:
    values = json.loads(line)
    grades = {
        without_space(sentence): grade
        for grade in ("good", "misleading", "best")
        for sentence in values[grade]
    }
    return Judged(values["text"], values["language"], grades)


def built(folder: Path, left_out: set[str]) -> Assistant:
    """Return an assistant over the starter library without some situations."""
    settings = Settings(data_dir=folder)
    if not settings.snapshots.exists():
        copy_starter(settings)
        path = folder / SITUATIONS_NAME
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if _text_of(line) not in left_out]
        if len(lines) - len(kept) != len(left_out):
            raise SystemExit("Situations that were judged are not in the file any more.")
        path.write_text("".join(kept), "utf-8")
        rebuild(settings)
    assistant = Assistant.open(settings)
    situations = assistant.snapshot.situations
    if situations is None or not left_out.isdisjoint(situations.texts):
        raise SystemExit(f"{folder} was built with situations that were judged. Name another.")
    return assistant


def _text_of(line: str) -> str | None:
    """Return the situation of a line of the file that names what answers it."""
    key, found, _ = line.rpartition('" = "')
    return str(json.loads(f'{key}"')) if found and key.startswith('"') else None


def report(name: str, told: Sequence[tuple[Judged, list[str]]]) -> None:
    """Print what the judgements say of the sentences told for some situations."""
    answers = [[one.grade(sentence) for sentence in sentences] for one, sentences in told]
    grades = [grade for answer in answers for grade in answer]
    good, best, bad = (
        np.mean([grade in kinds for grade in grades])
        for kinds in (("good", "best"), ("best",), ("misleading",))
    )
    has_best = np.mean(["best" in answer for answer in answers])
    print(
        f"{name}: {len(answers)} answered, {np.mean([*map(len, answers)]):.2f} sentences, "
        f"{good:.3f} good, {best:.3f} best, {bad:.3f} misleading; one of the best in {has_best:.3f}"
    )


def _in_short(answer: Answer) -> list[str]:
    texts = (one.text for one in answer.short_answer)
    return [text for text in texts if not text.endswith(":")]


def _marked(answer: Answer, assistant: Assistant) -> list[str]:
    documents = assistant.snapshot.documents
    spans = ((one.document_id, *mark) for one in answer.citations for mark in one.highlights)
    texts = (documents[document].text[start:end] for document, start, end in spans)
    return [text for text in texts if not text.endswith(":")]


if __name__ == "__main__":
    main()
