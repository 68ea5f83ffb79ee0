"""A document, a citation and an answer for the tests of the page, and what HTML shows of them."""

from html.parser import HTMLParser

from assistant.answer import Answer, Citation
from assistant.config import Settings
from assistant.feedback import record_feedback
from assistant.places import Place
from assistant.session import Turn
from assistant.texts import texts_of
from corpus.documents import Block, Document, Page, Passage, Section, Source, Span, sha256_of
from index.snapshot import SnapshotStore

NASTY = "<script>alert(1)</script> & \"quotes\" 'n' {{7*7}} ${7*7} `x` [a]: http://x\n\n    1. *_~~"
SNAPSHOT = "20260101T000000Z-aa"
ENGLISH = texts_of("en")

TEXT = "Gates\n\nGuards open the gate. Guards write names down.\n\nRoads\n\nDrivers stop at night."
QUOTE = Span(7, 53)
BEST = Span(29, 53)
DOCUMENT = Document(
    source=Source(id="gates", file="gates.pdf", work="gates", title="Gates", edition="2022"),
    text=TEXT,
    pages=(Page(1, "i", Span(0, 29)), Page(2, "ii", Span(29, len(TEXT)))),
    blocks=(
        Block("heading", Span(0, 5), 1),
        Block("paragraph", QUOTE),
        Block("heading", Span(55, 60), 1),
        Block("paragraph", Span(62, len(TEXT))),
    ),
    sections=(
        Section(("Gates",), Span(0, 55)),
        Section(("Roads",), Span(55, len(TEXT))),
    ),
    file_sha256="",
)
PLACE = Place(SNAPSHOT, "gates", QUOTE, (BEST,))


def citation_of(text: str = TEXT, span: Span = QUOTE) -> Citation:
    return Citation(
        number=1,
        document_id="gates",
        work="gates",
        title="Gates",
        edition="2022",
        language="en",
        kind="fact-sheet",
        status="current",
        headings=("Gates", "At night"),
        page_number=1,
        page_label="i",
        last_page_number=2,
        anchor=None,
        url="https://example.org/gates#page=1",
        counterpart=None,
        also_in=(),
        file="gates.pdf",
        passage_id="gates:1",
        start=span.start,
        end=span.end,
        quote=span.of(text),
        lead_in=None,
        highlights=((29, 53),),
        sha256=sha256_of(span.of(text)),
        cosine=0.5,
        bm25=3.0,
        phrases=0.0,
        late_interaction=0.6,
        fused=1.0,
    )


def answer_of(*citations: Citation, question: str = "Who opens the gate?") -> Answer:
    return Answer(question, question, "answered", 0.9, citations, SNAPSHOT, 0.1)


def turn_of(*citations: Citation, question: str = "Who opens the gate?") -> Turn:
    return Turn(answer_of(*citations, question=question))


class Shown(HTMLParser):
    """The text of each element with a tag or class, and every tag, as a browser would see them."""

    def __init__(self, html: str, wanted: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.found: list[str] = []
        self._wanted = wanted
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("img", "input", "br"):
            return
        is_wanted = self._wanted in (tag, *(dict(attrs).get("class") or "").split())
        self._open.append(is_wanted)
        if is_wanted:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(self._open):
            self.found[-1] += data


def shown(html: str, wanted: str) -> list[str]:
    return Shown(html, wanted).found


def told_helpful(settings: Settings, *questions: str | None) -> tuple[Place, Passage]:
    """Record for each question, None for a private one, that the first passage helps in it."""
    snapshot = SnapshotStore(settings.snapshots).open()
    passage = snapshot.passages[0]
    place = Place(snapshot.id, passage.document_id, passage.span)
    for question in questions:
        record_feedback(settings.data_dir, place, passage.id, verdict="helpful", question=question)
    return place, passage
