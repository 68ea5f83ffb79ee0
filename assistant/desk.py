"""What happens on the page: something a reader does in, what changes on the screen out.

Gradio-free. What a browser sends is never trusted: a place, a filter or a name that is none gives
a message.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from assistant.config import Settings
from assistant.conversation_desk import ConversationDesk
from assistant.live import LiveAssistant
from assistant.narrowing import narrowed, widened
from assistant.pages import answers, frame, keeping, library
from assistant.reading_desk import ReadingDesk
from assistant.session import Session
from assistant.shelf import Shelf
from assistant.steps import Act, Step, acted
from assistant.texts import texts_of
from index.search import Filters


class Desk:
    """Serves readers over the live snapshot; what a visit holds is in its session alone."""

    def __init__(self, toolkit: LiveAssistant, settings: Settings, shelf: Shelf) -> None:
        """Serve from a toolkit and the shelf of its documents."""
        self._toolkit = toolkit
        self._settings = settings
        self._conversation = ConversationDesk(toolkit, settings)
        self.steps: Mapping[str, Act] = {
            "narrow": self._narrow, "ask_this": self._ask_this,
            "language": self._language, "clear": self._clear, "arrive": self._arrive,
            **self._conversation.steps,
            **ReadingDesk(toolkit, settings, shelf).steps,
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
        yield from acted(self.steps, session, name, data)

    def ask(self, session: Session, question: str) -> Iterator[Step]:
        """Yield the conversation with a question, at once and answered."""
        yield from self._conversation.ask(session, question)

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

    def _language(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        yield self._everything(replace(session, language=texts_of(str(data["value"])).language))

    def _arrive(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield what tells of the live snapshot: the page was made when the server started."""
        foot = frame.footer(self._toolkit.snapshot.manifest, texts_of(session.language))
        yield replace(self._narrowed(session), foot=foot)

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
