"""Measures whether the sentences marked in a passage, and the short answer, hold the answer.

    python tests/benchmarks/highlights.py ../shared/eval/squad2 --cache FOLDER [--limit 1200]

For each question of a set whose `metadata.answers` are stretches of its record: the passage of the
record that holds one is given, and its sentences are marked as in an answer. Prints the share of
questions with an answer inside a marked sentence, and how much of the passages is marked. Then all
are asked, without any passage given: printed is the share of those that are answered with an answer
inside a sentence of the short answer.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from trial import open_set

from assistant.citations import answering, sentences_of
from assistant.engine import Assistant
from assistant.evaluation import interval
from corpus.documents import Passage
from index.embedding import Embedder, load_embedder
from index.search import Hit, Searcher


def main() -> None:
    """Mark, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=1200)
    arguments = parser.parse_args()
    embedder = load_embedder()
    assistant = open_set(arguments.folder, arguments.cache / arguments.folder.name, embedder)
    lines = (arguments.folder / "queries.jsonl").read_text("utf-8").splitlines()
    questions = [one for one in map(json.loads, lines) if one["metadata"]["answers"]]
    found, marked = zip(*outcomes(questions[: arguments.limit], assistant, embedder), strict=True)
    low, high = interval(np.array(found, dtype=np.float64))
    print(f"{len(found)} questions: answer inside {np.mean(found):.4f} ({low} to {high})")
    print(f"marked {np.mean(marked):.3f} of the passage")
    inside, sentences = zip(*short_answers(questions[: arguments.limit], assistant), strict=True)
    low, high = interval(np.array(inside, dtype=np.float64))
    print(f"{len(inside)} answered: in the short answer {np.mean(inside):.4f} ({low} to {high})")
    print(f"{np.mean(sentences):.2f} sentences")


def outcomes(
    questions: Iterable[Mapping[str, Any]], assistant: Assistant, embedder: Embedder
) -> Iterator[tuple[bool, float]]:
    """Yield for each question whether a marked sentence holds an answer, and the share marked."""
    searcher = Searcher(assistant.snapshot, embedder)
    passages = passages_by_record(assistant)
    for question in questions:
        answers = question["metadata"]["answers"]
        own = passages[question["metadata"]["paragraph"]]
        holding = [one for one in own if any(answer in one[1].text for answer in answers)]
        if not holding:
            continue  # the answer runs over the end of a passage
        row, passage = holding[0]
        hit = Hit(row, passage, cosine=0, bm25=0, phrases=0, late_interaction=0, fused=0)
        document = assistant.snapshot.documents[passage.document_id]
        results = searcher.search(question["text"], k=1)
        marked = answering(sentences_of(document, hit, results, searcher))
        sentences = [one.span.of(document.text) for one in marked]
        is_found = any(answer in sentence for answer in answers for sentence in sentences)
        yield is_found, sum(map(len, sentences)) / len(passage.text)


def short_answers(
    questions: Iterable[Mapping[str, Any]], assistant: Assistant
) -> Iterator[tuple[bool, int]]:
    """Yield for each answered question whether an answer is in the short answer, and its length."""
    for question in questions:
        answer = assistant.ask(question["text"])
        texts = [sentence.text for sentence in answer.short_answer]
        if answer.outcome == "answered":
            answers = question["metadata"]["answers"]
            yield any(one in text for one in answers for text in texts), len(texts)


def passages_by_record(assistant: Assistant) -> dict[str, list[tuple[int, Passage]]]:
    """Return the passages of each record with their rows."""
    passages: dict[str, list[tuple[int, Passage]]] = {}
    for row, passage in enumerate(assistant.snapshot.passages):
        passages.setdefault(passage.document_id, []).append((row, passage))
    return passages


if __name__ == "__main__":
    main()
