"""Measures how often the short answer to a starter question holds a sentence judged to answer it.

    python tests/benchmarks/short_answers.py DATA_DIR [--show]

The library of the folder is the starter library as it is built. All its judged questions without
turns before are asked, those of corpus/starter and tests/benchmarks/assessed.jsonl together; of
those that are answered, printed is the share whose short answer has a sentence inside judged
evidence or round it, and the share of all its sentences that are so. `--show` prints them, with "+"
before those that are judged.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from library import opened

from assistant.answer import Answer, ShortSentence
from assistant.engine import Assistant
from assistant.evaluation import interval
from assistant.questions import Judgement, read_lines
from corpus.situations import without_space

FILES = (Path("corpus/starter/questions.jsonl"), Path("tests/benchmarks/assessed.jsonl"))


def main() -> None:
    """Ask, compare, print."""
    assistant, show = opened(__doc__)
    outcomes: list[list[bool]] = []
    for question, answer, judged in judgements(assistant):
        outcomes.append(judged)
        if show:
            told = zip(answer.short_answer, judged, strict=True)
            sentences = [f"  {'-+'[good]} [{one.number}] {one.text}" for one, good in told]
            print("\n".join((question, *sentences)))
    found = np.array([any(one) for one in outcomes], dtype=np.float64)
    low, high = interval(found)
    print(f"{len(found)} answered: judged in the short answer {found.mean():.4f} ({low} to {high})")
    sentences_judged = np.concatenate(outcomes).mean()
    print(f"{np.mean([*map(len, outcomes)]):.2f} sentences, {sentences_judged:.3f} of them judged")


def judgements(assistant: Assistant) -> Iterator[tuple[str, Answer, list[bool]]]:
    """Yield each answered question with its answer, and which of its sentences are judged."""
    for lines in zip(*map(read_lines, FILES), strict=True):
        evidence = [one for line in lines for one in line.relevant]
        if evidence and not lines[0].history:
            answer = assistant.ask(lines[0].text)
            if answer.outcome == "answered":
                told = [is_judged(one, answer, evidence) for one in answer.short_answer]
                yield lines[0].text, answer, told


def is_judged(sentence: ShortSentence, answer: Answer, evidence: Iterable[Judgement]) -> bool:
    """Tell whether a sentence lies inside judged evidence of its document, or evidence in it."""
    (document,) = {c.document_id for c in answer.citations if c.number == sentence.number}
    said = without_space(sentence.text)
    own = [without_space(one.evidence) for one in evidence if one.source == document]
    return any(said in one or one in said for one in own)


if __name__ == "__main__":
    main()
