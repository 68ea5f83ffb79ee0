"""Measures whether later questions of conversations are understood and called answered rightly.

    python tests/benchmarks/conversations.py DATA_DIR [--show]

Ninety-six people who do not know the tool ask it four to six questions each (conversations.jsonl):
some go on with what was said before and some do not, some are answered by passages of the starter
documents and some by none. Printed are for the later questions of each kind the outcomes, how many
were searched together with a question before, and for how many one of their passages is shown; then
the same with those that go on asked as a stranger would have to ask them. Last comes what
`assistant.confidence.FOLLOW_UP` is when fitted on those that go on, of one half of the
conversations, of the other, and of all, with how well it tells those that are answered from those
that are not in what it was not fitted on. `--show` prints what comes out wrong. The library of the
folder is the starter library as it is built.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from library import opened, passages_with
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answer import Answer, History
from assistant.confidence import log_odds
from assistant.engine import Assistant
from assistant.queries import standing_alone, to_query

CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")


@dataclass(frozen=True, slots=True)
class Asked:
    """A later question, what it was answered with, and what it should have been.

    `alone` has the words of a stranger for one that goes on, and is empty for another. `odds` are
    the log-odds of what it finds together with the question before and alone; None if it is not
    searched together with one.
    """

    conversation: int
    text: str
    alone: str
    passages: frozenset[str]
    answer: Answer
    odds: tuple[float, float] | None


def main() -> None:
    """Ask and print."""
    assistant, show = opened(__doc__)
    asked = list(ask_all(assistant))
    for goes_on in (True, False):
        for has in (True, False):
            own = [one for one in asked if bool(one.alone) is goes_on and bool(one.passages) is has]
            name = f"{'go on' if goes_on else 'stand alone'}, {'answered' if has else 'by none'}"
            report(name, [(one, one.answer) for one in own])
            if goes_on:
                report("  as a stranger asks", [(one, assistant.ask(one.alone)) for one in own])
    answered = [bool(one.passages) for one in asked]
    print(f"AUROC {roc_auc_score(answered, [one.answer.confidence for one in asked]):.3f}")
    fit([one for one in asked if one.alone and one.odds])
    for one in asked if show else ():
        if bool(one.passages) is not (one.answer.outcome == "answered"):
            sign, answer = "-+"[bool(one.passages)], one.answer
            print(f"{sign} {answer.outcome} {answer.confidence} {one.text} (after {answer.after})")


def ask_all(assistant: Assistant) -> Iterable[Asked]:
    """Yield the later questions of all conversations, each asked after those before it."""
    for number, line in enumerate(CONVERSATIONS.read_text("utf-8").splitlines()):
        history: History = ()
        for turn in json.loads(line)["turns"]:
            answer = assistant.ask(turn["text"], history=history)
            if history:
                yield Asked(
                    number,
                    turn["text"],
                    turn.get("alone", ""),
                    passages_with(turn["passages"], assistant.snapshot),
                    answer,
                    _odds(turn["text"], history, assistant),
                )
            quotes = "\n".join(citation.quote for citation in answer.citations)
            history += (("user", turn["text"]), ("assistant", quotes))


def _odds(text: str, history: History, assistant: Assistant) -> tuple[float, float] | None:
    query = to_query(text, history=history)
    if query.leans_by is None:
        return None
    searched = (query, standing_alone(query))
    together, alone = (
        log_odds(assistant.find_as_it_is(one, limit=5).confidence) for one in searched
    )
    return together, alone


def report(name: str, told: Sequence[tuple[Asked, Answer]]) -> None:
    """Print what became of some questions."""
    outcomes = Counter(answer.outcome for _, answer in told)
    leaning = sum(bool(answer.after) for _, answer in told)
    there = sum(
        any(citation.passage_id in one.passages for citation in answer.citations)
        for one, answer in told
    )
    print(
        f"{name}: {len(told)}, {dict(outcomes)}, {leaning} with a question before, {there} with "
        "one of their passages"
    )


def fit(asked: Sequence[Asked]) -> None:
    """Print the regressions of being answered on the log-odds."""
    parts = [[one for one in asked if one.conversation % 2 == half] for half in (0, 1)]
    for own, other in (parts, parts[::-1], (asked, [])):
        regression = LogisticRegression().fit(_odds_of(own), _is_answered(own))
        together, alone = regression.coef_[0]
        fitted = f"intercept {regression.intercept_[0]:.2f}, {together:.2f}, {alone:.2f}"
        left_out = ""
        if other:
            odds = _odds_of(other)
            chances = regression.decision_function(odds)
            as_found = roc_auc_score(_is_answered(other), odds[:, 0])
            area = roc_auc_score(_is_answered(other), chances)
            left_out = f", AUROC of the others {area:.3f}, together alone {as_found:.3f}"
        print(f"fitted on {len(own)}: {fitted}{left_out}")


def _odds_of(asked: Sequence[Asked]) -> NDArray[np.float64]:
    return np.array([one.odds for one in asked], dtype=np.float64)


def _is_answered(asked: Sequence[Asked]) -> list[bool]:
    return [bool(one.passages) for one in asked]


if __name__ == "__main__":
    main()
