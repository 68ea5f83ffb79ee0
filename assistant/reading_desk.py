"""What a reader opens, checks, keeps and judges in, the source or the file out; Gradio-free."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Any

from assistant.config import Settings
from assistant.export import export
from assistant.feedback import record_feedback, record_missing
from assistant.live import LiveAssistant
from assistant.pages import keeping, library, source
from assistant.places import Place, cite_place
from assistant.session import Session
from assistant.shelf import Shelf, places_from_json
from assistant.steps import Act, Step
from assistant.texts import texts_of

# Characters of a text whose quotations are checked.
MOST_CHECKED = 20_000


class ReadingDesk:
    """Opens what is cited beside the conversation, and hands out what is kept of it."""

    def __init__(self, toolkit: LiveAssistant, settings: Settings, shelf: Shelf) -> None:
        """Open the documents of a shelf."""
        self._toolkit = toolkit
        self._settings = settings
        self._shelf = shelf
        self.steps: Mapping[str, Act] = {
            "cite": self._cite, "source": self._source, "quote": self._quote,
            "document": self._document, "close": self._close, "check": self._check,
            "tell": self._tell, "miss": self._miss, "dossier": self._dossier,
            "export": self._export,
        }  # fmt: skip

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

    def _quote(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield the source at the quote of a permalink, and what has become of its words."""
        reopened = self._toolkit.reopen(str(data["permalink"]))
        place = Place.of(reopened.snapshot_id, reopened.citation)
        texts, message = texts_of(session.language), None
        if reopened.state != "unchanged":
            now = reopened.current.quote if reopened.current else ""
            message = texts(f"quote.{reopened.state}", now=now)
        yield replace(self._opened(session, self._shelf.open(place)), message=message)

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

    def _close(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        yield Step(session, side="")

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

    def _miss(self, session: Session, data: Mapping[str, Any]) -> Iterator[Step]:
        """Yield thanks for a question that is not covered, once it is stored."""
        answer = session.turns[int(data["turn"])].answer
        record_missing(self._settings.data_dir, answer.snapshot_id, answer.question)
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
