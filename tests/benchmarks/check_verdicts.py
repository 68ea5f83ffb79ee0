"""Verifies quotations made from the live snapshot: exact ones, and ones with an alteration.

    python tests/benchmarks/check_verdicts.py DATA_DIR [--each 500] [--seed 0]

Exact ones differ in typography at most: other quotation marks, dashes and spaces, line ends, words
left out and marked so. Altered ones have a word changed, left out, put in or moved, or a figure
changed. Prints how many got which verdict, and every wrong one; exit status 1 if an altered one
was called exact or an exact one was not.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from assistant.config import Settings
from assistant.engine import Assistant
from assistant.matching import find_exactly
from assistant.verification import find_quotations, plain_documents, verify
from corpus.sentences import sentences_within

SHORTEST, LONGEST = 6, 60  # words of a quotation
WORDS = ("never", "always", "not", "may", "must", "soldiers", "women", "seven", "unless")


def main() -> None:
    """Make, verify, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--each", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    assistant = Assistant.open(Settings(data_dir=arguments.data_dir))
    chance = random.Random(arguments.seed)
    sentences = all_sentences(assistant)
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    for kind, make in (("exact", retyped), ("altered", altered)):
        for _ in range(arguments.each):
            quotation = make(chance.choice(sentences), chance)
            if kind == "altered" and stands_somewhere(quotation, assistant):
                continue  # another sentence says just that
            verdict = verify(quotation, assistant=assistant)[0].verdict
            counts[f"{kind} called {verdict}"] += 1
            if (kind == "exact") != (verdict == "exact"):
                print(f"{kind}, called {verdict}: {quotation!r}")
    print(", ".join(f"{number} {name}" for name, number in counts.items()))
    print(f"{1000 * (time.perf_counter() - started) / sum(counts.values()):.0f} ms each")
    wrong = counts["altered called exact"], counts["exact called altered"]
    sys.exit(1 if any((*wrong, counts["exact called not_found"])) else 0)


def all_sentences(assistant: Assistant) -> list[str]:
    """Return the sentences of all documents that are long enough to be quoted.

    Without those that quote something themselves: of a text with quotation marks only what stands
    in them is verified.
    """
    found: list[str] = []
    for passage in assistant.snapshot.passages:
        document = assistant.snapshot.documents[passage.document_id]
        spans = sentences_within(document, passage.span, passage.language)
        found += [span.of(document.text) for span in spans]
    return [
        one
        for one in found
        if SHORTEST <= len(one.split()) <= LONGEST and find_quotations(one) == (one,)
    ]


def retyped(sentence: str, chance: random.Random) -> str:
    """Return a sentence as it comes out of a memo."""
    changes: list[Callable[[str], str]] = [
        lambda text: text.replace("’", "'").replace("–", "-"),
        lambda text: re.sub(r"\s", lambda space: chance.choice((" ", "\n", "  ")), text),
        lambda text: text.replace("fi", "\ufb01"),
        lambda text: left_out(text, chance),
        lambda text: text,
    ]
    return chance.choice(changes)(sentence)


def left_out(text: str, chance: random.Random) -> str:
    """Return a text with some words in the middle replaced by the mark for it."""
    words = text.split()
    start = chance.randrange(2, len(words) - 2)
    end = chance.randrange(start + 1, len(words) - 1)
    return " ".join([*words[:start], chance.choice(("[…]", "...", "[...]")), *words[end:]])


def altered(sentence: str, chance: random.Random) -> str:
    """Return a sentence with one word changed, left out, put in or moved."""
    words = sentence.split()
    place = chance.randrange(1, len(words) - 1)
    word = next(one for one in chance.sample(WORDS, 2) if one != words[place])
    kind = chance.randrange(4)
    if kind == 0:
        words[place] = word
    elif kind == 1:
        del words[place]
    elif kind == 2:
        words.insert(place, word)
    else:
        words[place], words[place - 1] = words[place - 1], words[place]
    return " ".join(words)


def stands_somewhere(quotation: str, assistant: Assistant) -> bool:
    """Tell whether an alteration happens to make what stands in a document."""
    stored = plain_documents(assistant.snapshot)
    documents = assistant.snapshot.documents
    return any(find_exactly([quotation], documents[key], stored[key]) for key in documents)


if __name__ == "__main__":
    main()
