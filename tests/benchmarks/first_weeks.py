"""Measures whether questions of people new to the tool are called answered if they are.

    python tests/benchmarks/first_weeks.py DATA_DIR [--show]

Fifty-two people who know no more than that the tool is about security and human rights ask what
they would in their first weeks (first_weeks.jsonl): about as many questions that the starter
documents answer, with words of such a passage, as questions that they do not. Printed are the
outcomes of both kinds, how well the confidence tells them apart, and how often that passage is
among five, for the first twelve people, on whom nothing is fitted, and for the others, on whom
confidence.toml is; `--show` prints what comes out wrong. The library of the folder is the starter
library as it is built.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from library import opened
from sklearn.metrics import roc_auc_score

from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion
from corpus.situations import without_space
from index.snapshot import Snapshot

QUESTIONS = Path(__file__).with_name("first_weeks.jsonl")
# The first lines, those of the first twelve people, are kept to measure on.
KEPT = 144


def main() -> None:
    """Ask and print."""
    assistant, show = opened(__doc__)
    questions = read_questions(assistant.snapshot)
    for name, some in (("kept", questions[:KEPT]), ("fitted on", questions[KEPT:])):
        print(f"{len(some)} {name}")
        report(some, assistant, show=show)


def read_questions(snapshot: Snapshot) -> list[JudgedQuestion]:
    """Return the questions in order, graded 2 for the passages that have the words of theirs."""
    texts = [(passage.id, without_space(passage.text)) for passage in snapshot.passages]
    lines = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    questions = []
    for line in lines:
        start = without_space(line.get("passage", ""))
        grades = {passage: 2 for passage, text in texts if start and start in text}
        if line["answered"] != bool(grades):
            raise SystemExit(f"{line['text']!r}: no passage has its words any more.")
        questions.append(JudgedQuestion(line["text"], line["text"], (), grades))
    return questions


def report(questions: Sequence[JudgedQuestion], assistant: Assistant, *, show: bool) -> None:
    """Print what became of some questions."""
    asked = [(one, assistant.ask(one.text)) for one in questions]
    for has in (True, False):
        outcomes = Counter(answer.outcome for one, answer in asked if one.answerable is has)
        print(f"{'answered by a passage' if has else 'by none'}: {dict(outcomes)}")
    has_answer = [one.answerable for one, _ in asked]
    print(f"AUROC {roc_auc_score(has_answer, [answer.confidence for _, answer in asked]):.3f}")
    there = [
        any(citation.passage_id in one.grades for citation in answer.citations)
        for one, answer in asked
        if one.answerable
    ]
    print(f"the passage named is shown for {sum(there)} of {len(there)}")
    for one, answer in asked if show else ():
        if one.answerable is not (answer.outcome == "answered"):
            print(f"{'-+'[one.answerable]} {answer.outcome} {answer.confidence} {one.text}")


if __name__ == "__main__":
    main()
