"""What a reader asks in, the conversation on the page out; Gradio-free like the desk."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from assistant.answer import History
from assistant.config import Settings
from assistant.kept import KeptTurn
from assistant.live import LiveAssistant
from assistant.narrowing import narrowed, widened
from assistant.pages import answers
from assistant.queries import KEPT_CHARACTERS
from assistant.session import Session, Turn, history_of
from assistant.steps import Act, Step
from assistant.texts import texts_of
from assistant.turns import make_turn
from corpus.errors import SnapshotError, ToolkitError
from index.search import Filters

# Turns of a conversation that a reload brings back; each is asked again.
MOST_RESTORED = 20


class ConversationDesk:
    """Answers a reader's questions, again where they are narrowed, and those that links lead to."""

    def __init__(self, toolkit: LiveAssistant, settings: Settings) -> None:
        """Ask a toolkit for as many passages as the settings say."""
        self._toolkit = toolkit
        self._settings = settings
        self.steps: Mapping[str, Act] = {
            "ask": self._ask_named, "choose": self._choose, "drop": self._drop,
            "permalink": self._permalink, "conversation": self._conversation,
        }  # fmt: skip

    def ask(self, session: Session, question: str, *, alone: bool = False) -> Iterator[Step]:
        """Yield the conversation with the question at once, then with its answer.

        One that is asked `alone` is not searched with the one before. An empty question changes
        nothing. Only the first step empties the box: what is typed while the answer is looked up
        stays.
        """
        question = question.strip()[:KEPT_CHARACTERS]
        if not question:
            yield Step(session)
            return
        texts = texts_of(session.language)
        waiting = answers.conversation(session.turns, texts, pending=question)
        yield Step(session, question="", conversation=waiting)
        try:
            history = () if alone else history_of(session.turns)
            turn = self._turn(question, history, session.filters)
        except ToolkitError as error:
            yield self._failed(session, question, error)
            return
        yield self._with_turns(session, (*session.turns, turn))

    def _ask_named(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        yield from self.ask(session, str(data["question"]), alone="alone" in data)

    def _choose(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        turn = session.turns[int(data["turn"])]
        filters = narrowed(turn.filters, data["key"], str(data["value"]))
        if data["key"] == "edition":  # that of the work cited first
            filters = {**filters, "work": tuple(one.work for one in turn.answer.citations[:1])}
        yield from self._again(session, int(data["turn"]), replace(turn, filters=filters))

    def _drop(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the turn without a filter, a word that was searched besides, or the one before."""
        turn = session.turns[int(data["turn"])]
        if "before" in data:
            wanted = replace(turn, after="")
        elif "word" in data:
            wanted = replace(turn, without=(*turn.without, str(data["word"])))
        else:
            wanted = replace(turn, filters=widened(turn.filters, data["key"]))
        yield from self._again(session, int(data["turn"]), wanted)

    def _permalink(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the conversation with the answer that a permalink leads to."""
        yield from self._restored(session, [str(data["kept"])])

    def _conversation(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the conversation that the browser has kept, of which a reload leaves nothing."""
        kept = json.loads(str(data["kept"]))[-MOST_RESTORED:]
        yield from self._restored(session, [str(one) for one in kept])

    def _restored(self, session: Session, kept: Sequence[str]) -> Iterator[Step]:
        """Yield the conversation at once, then with what was kept of turns asked again.

        One that has no answer any more does not take the others with it.
        """
        wanted = [KeptTurn.from_json(one) for one in kept]
        texts = texts_of(session.language)
        pending = wanted[-1].question
        yield Step(
            session, conversation=answers.conversation(session.turns, texts, pending=pending)
        )
        turns, failed, message = list(session.turns), None, None
        for one in wanted:
            try:
                turn = self._kept_turn(one)
            except ToolkitError as error:
                failed = one.question, error
                continue
            turns.append(turn)
            if turn.answer.snapshot_id != one.snapshot:
                message = texts("answer.not_pinned", snapshot=one.snapshot)
        step = self._with_turns(session, tuple(turns))
        yield replace(self._failed(step.session, *failed) if failed else step, message=message)

    def _kept_turn(self, kept: KeptTurn) -> Turn:
        """Return a turn that was kept, asked again of its snapshot, else of today's."""
        after, without = _after(kept.after), kept.without
        asked = partial(self._turn, kept.question, after, kept.filters, without=without)
        try:
            return asked(snapshot_id=kept.snapshot)
        except SnapshotError:
            return asked()

    def _again(self, session: Session, number: int, wanted: Turn) -> Iterator[Step]:
        """Yield the conversation with a turn asked again as it is wanted now."""
        again = self._turn(
            wanted.answer.question, _after(wanted.after), wanted.filters, without=wanted.without
        )
        if not wanted.filters:  # the choice stands open again
            again = replace(again, choices=wanted.choices or again.choices)
        turns = session.turns
        yield self._with_turns(session, (*turns[:number], again, *turns[number + 1 :]))

    def _turn(
        self,
        question: str,
        history: History,
        filters: Filters,
        *,
        without: tuple[str, ...] = (),
        snapshot_id: str | None = None,
    ) -> Turn:
        return make_turn(
            self._toolkit,
            question,
            history=history,
            filters=filters,
            limit=self._settings.limit,
            without=without,
            snapshot_id=snapshot_id,
        )

    def _with_turns(self, session: Session, turns: tuple[Turn, ...]) -> Step:
        session = replace(session, turns=turns)
        shown = answers.conversation(turns, texts_of(session.language))
        return Step(session, conversation=shown)

    def _failed(self, session: Session, question: str, error: ToolkitError) -> Step:
        """Return the conversation with why a question has no answer."""
        texts = texts_of(session.language)
        shown = answers.conversation(session.turns, texts, pending=question, failed=error)
        return Step(session, conversation=shown)


def _after(question: str) -> History:
    """Return the history of a question that is asked right after another one, if there is one."""
    return (("user", question),) if question else ()
