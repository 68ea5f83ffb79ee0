"""Measures what it costs a question that stands alone to be asked after another one.

    python tests/benchmarks/after_another.py DATA_DIR

The library of the folder is the starter library as it is built. Its judged questions without turns
before are asked alone, and each after another of them that is drawn by chance; those with turns
before are asked alone and as they are. Printed is nDCG@10 of each, and how many were searched
together with a question before.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.config import Settings
from assistant.engine import Assistant
from assistant.evaluation import JudgedQuestion, measure, run_questions
from assistant.queries import to_query
from assistant.questions import read_questions

QUESTIONS = Path("corpus/starter/questions.jsonl")


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    assistant = Assistant.open(Settings(data_dir=parser.parse_args().data_dir))
    questions, _ = read_questions(QUESTIONS, assistant.snapshot)
    answerable = [one for one in questions if one.answerable]
    alone = [one for one in answerable if not one.history]
    chance = random.Random(3)
    after = [replace(one, history=(("user", chance.choice(alone).text),)) for one in alone]
    follow_ups = [one for one in answerable if one.history]
    _report("questions alone", alone, assistant)
    _report("after another", after, assistant)
    _report("follow-ups alone", [replace(one, history=()) for one in follow_ups], assistant)
    _report("follow-ups", follow_ups, assistant)


def _report(name: str, questions: Sequence[JudgedQuestion], assistant: Assistant) -> None:
    runs = run_questions(assistant, questions, record_of=lambda passage: passage.id)
    ndcg = measure(runs, "shown")["ndcg@10"].mean()
    queries = [to_query(one.text, history=one.history) for one in questions if one.history]
    leaning = sum(bool(assistant.find(one, limit=1).query.after) for one in queries)
    print(f"{name}: {len(questions)}, nDCG@10 {ndcg:.4f}, {leaning} with the question before")


if __name__ == "__main__":
    main()
