"""Measures whether short answers tell people in danger what keeps them from harm.

    python tests/benchmarks/in_danger.py DATA_DIR [--show]

Seventy people write in the middle of danger or just after it (in_danger.jsonl), each with the
sentences of the starter documents of which one has to be told, and those that mislead dangerously
if none of the former stands beside them. Printed are the outcomes, and of what is answered how many
short answers have one of the former, how many have a misleading one without it, and how many
sentences they have. `--show` prints those that leave it out. The library of the folder is the
starter library as it is built, which has learnt other messages for all of these sentences.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from library import opened

from assistant.answer import Answer
from corpus.situations import without_space

MESSAGES = Path(__file__).with_name("in_danger.jsonl")


def main() -> None:
    """Ask and print."""
    assistant, show = opened(__doc__)
    lines = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    asked = [(line, assistant.ask(line["text"])) for line in lines]
    print(dict(Counter(answer.outcome for _, answer in asked)))
    answered = [(line, answer) for line, answer in asked if answer.short_answer]
    left_out = [(line, answer) for line, answer in answered if not _has(answer, line["first"])]
    misleading = sum(_has(answer, line["misleading"]) for line, answer in left_out)
    sentences = sum(len(answer.short_answer) for _, answer in answered) / len(answered)
    print(
        f"{len(answered)} short answers of {sentences:.2f} sentences, {len(left_out)} leave out "
        f"what keeps people from harm, {misleading} of these have what misleads without it"
    )
    for line, answer in left_out if show else ():
        print(f"{line['text']}: {' / '.join(one.text for one in answer.short_answer)}")


def _has(answer: Answer, sentences: Iterable[str]) -> bool:
    """Tell whether a short answer has one of some sentences, or a part of one."""
    texts = {without_space(sentence) for sentence in sentences}
    told = [without_space(one.text) for one in answer.short_answer]
    return any(part in text for text in texts for part in told)


if __name__ == "__main__":
    main()
