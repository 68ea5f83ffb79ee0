"""Measures whether what is asked in the words of a text is found, and called answered.

    python tests/benchmarks/known_items.py DATA_DIR [--passages 260]

Of passages of the folder's library drawn by chance, of each a sentence of nine words or more drawn
by chance, two things are asked: the sentence with two fifths of its words left out, and its first
seven words. Printed is the share for which the passage is the first, or one of the first five, and
how many are answered, related and not covered.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.confidence import outcome
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.queries import to_query
from corpus.documents import Passage
from corpus.sentences import sentences_within

LEAST_WORDS = 9
KEPT = 0.6
FIRST_WORDS = 7


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--passages", type=int, default=260)
    arguments = parser.parse_args()
    assistant = Assistant.open(Settings(data_dir=arguments.data_dir))
    chance = random.Random(1)
    items = list(_items(assistant, chance, arguments.passages))
    thinned = [(passage, _thinned(words, chance)) for passage, words in items]
    _report("two fifths left out", thinned, assistant)
    begun = [(passage, " ".join(words[:FIRST_WORDS])) for passage, words in items]
    _report(f"first {FIRST_WORDS} words", begun, assistant)


def _items(
    assistant: Assistant, chance: random.Random, count: int
) -> Iterator[tuple[Passage, list[str]]]:
    """Yield passages of current documents, each with the words of one of its sentences."""
    documents, passages = assistant.snapshot.documents, assistant.snapshot.passages
    for passage in chance.sample(passages, min(count, len(passages))):
        document = documents[passage.document_id]
        spans = sentences_within(document, passage.span, passage.language)
        sentences = [span.of(document.text).split() for span in spans]
        long = [words for words in sentences if len(words) >= LEAST_WORDS]
        if long and document.source.status == "current":
            yield passage, chance.choice(long)


def _thinned(words: Sequence[str], chance: random.Random) -> str:
    kept = sorted(chance.sample(range(len(words)), int(KEPT * len(words))))
    return " ".join(words[place] for place in kept)


def _report(name: str, asked: Sequence[tuple[Passage, str]], assistant: Assistant) -> None:
    first = five = 0
    outcomes: Counter[str] = Counter()
    for passage, text in asked:
        found = assistant.find(to_query(text), limit=5)
        ids = [hit.passage.id for one in found.ranked for hit in (one.hit, *one.twins)]
        first += ids[:1] == [passage.id]
        five += passage.id in ids
        outcomes[outcome(found.confidence, assistant.calibration)] += 1
    count = len(asked)
    print(f"{name}: {count} asked, first {first / count:.3f}, of five {five / count:.3f}", end="; ")
    print(", ".join(f"{outcomes[one]} {one}" for one in ("answered", "related", "not_covered")))


if __name__ == "__main__":
    main()
