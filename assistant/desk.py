"""What happens on the page: something a reader does in, what changes on the screen out.

Gradio-free. What a browser sends is never trusted: a place, a filter or a name that is none gives
a message.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from assistant.answer import History
from assistant.config import Settings
from assistant.export import export
from assistant.feedback import record_feedback
from assistant.live import LiveAssistant
from assistant.narrowing import filter_key, narrowed, widened
from assistant.pages import answers, frame, keeping, library, source
from assistant.places import Place, cite_place
from assistant.queries import MAX_CHARACTERS
from assistant.session import Session, Turn, history_of
from assistant.shelf import Shelf, places_from_json
from assistant.texts import texts_of
from assistant.turns import make_turn
from corpus.errors import SettingsError, SnapshotError, ToolkitError
from index.search import Filters

# Characters of a text whose quotations are checked.
MOST_CHECKED = 20_000

# What anything but the page's own script makes of a step.
_UNUSABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Step:
    """What changes on the page; what is None stays as it is.

    `file` is a link that the browser follows at once, `message` is read out and shown.
    """

    session: Session
    question: str | None = None
    conversation: str | None = None
    narrowing: str | None = None
    library: str | None = None
    checker: str | None = None
    side: str | None = None
    message: str | None = None
    file: str | None = None
    masthead: str | None = None
    foot: str | None = None
    caveat: str | None = None
    changes: str | None = None
    editor: str | None = None
    building: str | None = None


Act = Callable[[Session, Mapping[str, Any]], Iterator[Step]]


def acted(
    steps: Mapping[str, Act], session: Session, name: object, data: Mapping[str, Any]
) -> Iterator[Step]:
    """Yield what a step changes; raises `ToolkitError` with the reason.

    `name` and `data` are as the browser sends them.
    """
    step = steps.get(str(name))
    if step is None:
        raise SettingsError(f"The page has no step {str(name)[:40]!r}.", key="unusable")
    try:
        yield from step(session, data)
    except _UNUSABLE as error:
        raise SettingsError(
            "The page sent something that cannot be used. Reload it.", key="unusable"
        ) from error


class Desk:
    """Serves readers over the live snapshot; what a visit holds is in its session alone."""

    def __init__(self, toolkit: LiveAssistant, settings: Settings, shelf: Shelf) -> None:
        """Serve from a toolkit and the shelf of its documents."""
        self._toolkit = toolkit
        self._settings = settings
        self._shelf = shelf
        self._steps: Mapping[str, Act] = {
            "ask": self._ask_named, "choose": self._choose, "drop": self._drop,
            "narrow": self._narrow, "ask_this": self._ask_this, "cite": self._cite,
            "source": self._source, "document": self._document, "check": self._check,
            "tell": self._tell, "dossier": self._dossier, "export": self._export,
            "language": self._language, "clear": self._clear, "permalink": self._permalink,
            "quote": self._quote, "close": self._close,
        }  # fmt: skip

    @property
    def _views(self) -> tuple[str, ...]:
        has_editor = bool(self._settings.editor_password.get_secret_value())
        return (*frame.VIEWS, *(["editor"] if has_editor else []))

    @property
    def style(self) -> str:
        """Return the rules of the organisation's colours."""
        return frame.colours(self._settings.page)

    def start(self, language: str) -> Step:
        """Return the page as it is first seen, in a language."""
        return self._everything(Session(language=texts_of(language).language))

    def act(self, session: Session, name: object, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield what changes when a reader does something, as `acted` does."""
        yield from acted(self._steps, session, name, data)

    def ask(self, session: Session, question: str, *, alone: bool = False) -> Iterator[Step]:
        """Yield the conversation with the question at once, then with its answer.

        One that is asked `alone` is not searched with the one before. An empty question changes
        nothing. Only the first step empties the box: what is typed while the answer is looked up
        stays.
        """
        question = question.strip()[:MAX_CHARACTERS]
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

    def _failed(self, session: Session, question: str, error: ToolkitError) -> Step:
        """Return the conversation with why a question has no answer."""
        texts = texts_of(session.language)
        shown = answers.conversation(session.turns, texts, pending=question, failed=error)
        return Step(session, conversation=shown)

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

    def _ask_named(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        yield from self.ask(session, str(data["question"]), alone="alone" in data)

    def _again(self, session: Session, number: int, wanted: Turn) -> Iterator[Step]:
        """Yield the conversation with a turn asked again as it is wanted now."""
        again = self._turn(
            wanted.answer.question, _after(wanted.after), wanted.filters, without=wanted.without
        )
        if not wanted.filters:  # the choice stands open again
            again = replace(again, choices=wanted.choices or again.choices)
        turns = session.turns
        yield self._with_turns(session, (*turns[:number], again, *turns[number + 1 :]))

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

    def _narrow(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the select boxes and the library as narrowed by one key, or by nothing."""
        filters: Filters = {}
        if data.get("key"):
            value = str(data.get("value", ""))
            add = narrowed(session.filters, data["key"], value)
            filters = add if value else widened(session.filters, data["key"])
        yield self._narrowed(replace(session, filters=filters))

    def _narrowed(self, session: Session) -> Step:
        texts, documents = texts_of(session.language), self._toolkit.snapshot.documents.values()
        titles = {document.id: document.source.title for document in documents}
        boxes = library.narrowing(library.facets(documents), session.filters, texts, titles)
        listed = library.library(documents, session.filters, texts, boxes)
        return Step(session, narrowing=boxes, library=listed)

    def _ask_this(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the page narrowed to one document."""
        document = self._toolkit.snapshot.documents[str(data["document"])]
        filters = narrowed({}, "document_id", document.id)
        step = self._narrowed(replace(session, filters=filters))
        message = texts_of(session.language)("library.asking", title=document.source.title)
        yield replace(step, message=message, side="")

    def _cite(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the source of a citation that was clicked."""
        answer = session.turns[int(data["turn"])].answer
        number = int(data["number"])
        citation = next(one for one in answer.citations if one.number == number)
        place = Place.of(answer.snapshot_id, citation)
        yield self._opened(session, self._shelf.open(place))

    def _source(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield a source at a place, as a page of its PDF, by its number if given, or as text."""
        place = Place.from_json(data["place"])
        number = int(data.get("page", 0))
        as_text = data.get("view") == "text"
        yield self._opened(session, self._shelf.open(place, number=number, as_text=as_text))

    def _opened(self, session: Session, opened: source.Opened) -> Step:
        return Step(session, side=source.source_panel(opened, texts_of(session.language)))

    def _document(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield a document's own page."""
        snapshot = self._toolkit.snapshot
        if data.get("snapshot"):
            snapshot = self._toolkit.assistant_of(str(data["snapshot"])).snapshot
        document = snapshot.documents[str(data["document"])]
        siblings = [
            one for one in snapshot.documents.values() if one.source.work == document.source.work
        ]
        passages = sum(one.document_id == document.id for one in snapshot.passages)
        page = library.document_page(
            document, siblings, texts_of(session.language), snapshot_id=snapshot.id,
            passages=passages,
        )  # fmt: skip
        yield Step(session, side=page)

    def _check(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield what became of the quotations of a text."""
        texts, text = texts_of(session.language), str(data["text"])
        yield Step(
            session, checker=keeping.checker(texts, text=text, result=keeping.checking(texts))
        )
        result = keeping.verdicts(self._toolkit.verify(text[:MOST_CHECKED]), texts)
        if len(text) > MOST_CHECKED:
            result = keeping.cut_off(MOST_CHECKED, texts) + result
        yield Step(session, checker=keeping.checker(texts, text=text, result=result))

    def _tell(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield thanks for a judgement on a passage, once it is stored."""
        turn = session.turns[int(data["turn"])]
        question = turn.answer.question if data.get("with_question") is True else None
        place = Place.from_json(data["place"])
        citation = cite_place(self._toolkit.assistant_of(place.snapshot_id).snapshot, place)
        record_feedback(
            self._settings.data_dir, place, citation.passage_id, question=question,
            verdict=str(data["verdict"]), reason=str(data.get("reason", "")),
        )  # fmt: skip
        yield Step(session, message=texts_of(session.language)("tell.thanks"))

    def _dossier(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the quotes that the browser has kept."""
        sent = places_from_json(data["places"])
        kept = list(self._shelf.kept(sent))
        lost = len(sent) - len(kept)
        yield Step(session, side=keeping.dossier(kept, lost, texts_of(session.language)))

    def _export(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield a file of a turn's quotes, or of the quotes that the browser has kept."""
        texts = texts_of(session.language)
        if "places" in data:
            kept = list(self._shelf.kept(places_from_json(data["places"])))
            question, entries = None, [(place.snapshot_id, one) for place, one in kept]
        else:
            answer = session.turns[int(data["turn"])].answer
            question = answer.question
            entries = [(answer.snapshot_id, one) for one in answer.citations]
        file = export(entries, str(data["format"]), texts, question=question)
        content = b64encode(file.data).decode()
        link = (
            f'<a download="{escape(file.name)}" '
            f'href="data:{file.media_type};base64,{content}">{escape(file.name)}</a>'
        )
        yield Step(session, file=link, message=texts("export.done", name=file.name))

    def _language(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        yield self._everything(replace(session, language=texts_of(str(data["value"])).language))

    def _permalink(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the answer that a permalink leads to, from its snapshot, else from today's."""
        kept = json.loads(str(data["kept"]))
        question = str(kept["question"]).strip()[:MAX_CHARACTERS]
        filters = {
            filter_key(key): tuple(map(str, values)) for key, values in kept["filters"].items()
        }
        without = tuple(map(str, kept.get("without", ())))
        snapshot_id, message = str(kept["snapshot"]), None
        history = _after(str(kept.get("after", ""))[:MAX_CHARACTERS])
        texts = texts_of(session.language)
        yield Step(
            session, conversation=answers.conversation(session.turns, texts, pending=question)
        )
        try:
            turn = self._turn(question, history, filters, without=without, snapshot_id=snapshot_id)
        except SnapshotError:
            message = texts("answer.not_pinned", snapshot=snapshot_id)
            try:
                turn = self._turn(question, history, filters, without=without)
            except ToolkitError as error:
                yield self._failed(session, question, error)
                return
        yield replace(self._with_turns(session, (*session.turns, turn)), message=message)

    def _quote(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the source at the quote of a permalink, and what has become of its words."""
        reopened = self._toolkit.reopen(str(data["permalink"]))
        place = Place.of(reopened.snapshot_id, reopened.citation)
        texts, message = texts_of(session.language), None
        if reopened.state != "unchanged":
            now = reopened.current.quote if reopened.current else ""
            message = texts(f"quote.{reopened.state}", now=now)
        yield replace(self._opened(session, self._shelf.open(place)), message=message)

    def _close(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        yield Step(session, side="")

    def _clear(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the page as it is at the start, in the reader's language."""
        yield replace(self._everything(Session(language=session.language)), question="")

    def _everything(self, session: Session) -> Step:
        texts, page = texts_of(session.language), self._settings.page
        step = self._narrowed(session)
        shown = answers.conversation(session.turns, texts) or frame.welcome(page, texts)
        return replace(
            step,
            conversation=shown,
            checker=keeping.checker(texts),
            side="",
            masthead=frame.masthead(page, texts, views=self._views),
            caveat=frame.caveat(texts),
            foot=frame.footer(self._toolkit.snapshot.manifest, texts),
        )


def _after(question: str) -> History:
    """Return the history of a question that is asked right after another one, if there is one."""
    return (("user", question),) if question else ()
