"""A document as the project reads it, against its original -> figures and the faults by name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from statistics import median

from texts import Text, Truth, expected
from wording import plain_text, plain_words, words_without_marks

from corpus.documents import Block, Document, Passage, Section, Span
from corpus.passages import split_passages

MEASURES = ("words", "own", "pages", "labels", "paths", "lead-ins", "items", "rows", "whole")
# Small passages, so that lists are cut and have to keep what introduces them.
_MAX_TOKENS = 128
_NEAR = 120  # words that a box or note inside a sentence may have
_FOUND = 0.6  # of its words, for a sentence to have a place


@dataclass(slots=True)
class Figures:
    """How often each measure was right, of how many times, and an example of each fault."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def count(self, measure: str, is_right: bool, fault: str) -> None:
        """Take in one case of a measure."""
        self.total[measure] += 1
        self.right[measure] += is_right
        if not is_right:
            self.faults.append((measure, fault))

    def add(self, other: "Figures") -> None:
        """Take in the figures of another document; its faults stay its own."""
        self.right += other.right
        self.total += other.total


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of a document besides its text; None where it has no pages.

    `pages` has an entry for each `Truth`, empty for headings. Where `notes_at_end`, notes stand
    after the text and in no section of their own.
    """

    pages: tuple[tuple[int, ...], ...] | None = None
    labels: tuple[str | None, ...] | None = None
    notes_at_end: bool = False


def compare(document: Document, text: Text, answers: Answers) -> Figures:
    """Return the figures of one document."""
    return _Comparison(document, text, answers).figures()


class _Comparison:
    def __init__(self, document: Document, text: Text, answers: Answers) -> None:
        self.document, self.text, self.answers = document, text, answers
        self.truths = expected(text)
        self.words = words_without_marks(document.text)
        self.places: list[list[int]] = []  # of each truth: the numbers of its words in the document
        self.result = Figures()
        self.passages = split_passages(
            document, count_tokens=lambda part: len(part) // 4 + 1, max_tokens=_MAX_TOKENS
        )

    def figures(self) -> Figures:
        self.align()
        self.judge_own()
        self.judge_labels()
        for number, truth in enumerate(self.truths):
            self.judge_words(number, truth)
            span = self.span_of(number)
            if truth.kind != "heading":
                self.judge_whole(number, truth)
                self.judge_pages(number, truth, span)
                self.judge_path(truth, span)
            self.judge_kind(truth, span)
        return self.result

    def align(self) -> None:
        """Find the words of what floats by themselves, then those of the text in their order."""
        claimed: dict[int, list[int]] = {}
        taken: set[int] = set()
        for number, truth in enumerate(self.truths):
            run = self.run_of(plain_words(truth.text)) if truth.floats else []
            if run and taken.isdisjoint(run):
                claimed[number] = run
                taken.update(run)
        rest = [n for n in range(len(self.words)) if n not in taken]
        owners: list[tuple[int, str]] = [
            (number, word)
            for number, truth in enumerate(self.truths)
            if number not in claimed
            for word in plain_words(truth.text)
        ]
        matcher = SequenceMatcher(
            None, [word for _, word in owners], [self.words[n].text for n in rest], autojunk=False
        )
        self.places = [claimed.get(number, []) for number in range(len(self.truths))]
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                self.places[owners[block.a + step][0]].append(rest[block.b + step])

    def run_of(self, words: Sequence[str]) -> list[int]:
        """Return where words stand one after the other in the document; empty if nowhere."""
        texts = [word.text for word in self.words]
        for start in range(len(texts) - len(words) + 1):
            if texts[start : start + len(words)] == list(words):
                return list(range(start, start + len(words)))
        return []

    def span_of(self, number: int) -> Span | None:
        """Return where a truth stands in the document, also where it is out of order."""
        words = plain_words(self.truths[number].text)
        places = _cluster(self.places[number], len(words))
        if len(places) < _FOUND * len(words):
            places = self.run_of(words)
        if not places:
            return None
        return Span(self.words[places[0]].span.start, self.words[places[-1]].span.end)

    def judge_words(self, number: int, truth: Truth) -> None:
        words = plain_words(truth.text)
        found = len(self.places[number])
        self.result.right["words"] += found
        self.result.total["words"] += len(words)
        if found < len(words):
            span = self.span_of(number)
            shown = span.of(self.document.text) if span else "nothing"
            self.result.faults.append(("words", f"{truth.text!r} reads {shown!r}"))

    def judge_own(self) -> None:
        """Count words that the original does not have; numbers of items and notes are no words."""
        free = Counter(word for truth in self.truths for word in plain_words(truth.marker))
        own = {place for places in self.places for place in places}
        invented: list[str] = []
        for number, word in enumerate(self.words):
            if number not in own:
                free[word.text] -= 1
                if free[word.text] < 0:
                    invented.append(word.text)
        self.result.right["own"] += len(self.words) - len(invented)
        self.result.total["own"] += len(self.words)
        if invented:
            self.result.faults.append(("own", " ".join(invented)))

    def judge_whole(self, number: int, truth: Truth) -> None:
        """A sentence with more foreign words inside than it lacks is interrupted."""
        words = plain_words(truth.text)
        places = _cluster(self.places[number], len(words))
        if not places:
            self.result.count("whole", False, f"lost: {truth.text!r}")
            return
        foreign = places[-1] - places[0] + 1 - len(places)
        is_whole = foreign <= 2 * (len(words) - len(places)) or bool(self.run_of(words))
        stretch = Span(self.words[places[0]].span.start, self.words[places[-1]].span.end)
        self.result.count("whole", is_whole, repr(stretch.of(self.document.text)))

    def judge_pages(self, number: int, truth: Truth, span: Span | None) -> None:
        if self.answers.pages is None:
            return
        right = self.answers.pages[number]
        found = tuple(page.number for page in self.document.pages_of(span)) if span else ()
        self.result.count("pages", found == right, f"{truth.text!r} on {found}, not {right}")

    def judge_labels(self) -> None:
        if self.answers.labels is None:
            return
        found = tuple(page.label for page in self.document.pages)
        for number, label in enumerate(self.answers.labels):
            shown = found[number] if number < len(found) else "no page"
            fault = f"page {number + 1} is {shown}, not {label}"
            self.result.count("labels", shown == label, fault)

    def judge_path(self, truth: Truth, span: Span | None) -> None:
        if truth.kind == "note" and self.answers.notes_at_end:
            return
        found = _path(self.section_of(span), self.text.title)
        right = tuple(map(plain_text, truth.path))
        allowed = {right}
        if (
            truth.floats and truth.kind != "note"
        ):  # a box's title may be no heading, or the only one
            allowed |= {right[:-1]}
            is_right = found in allowed or found[-1:] == right[-1:]
        else:
            is_right = found in allowed or self.is_under_its_lead_in(truth, found, right)
        self.result.count("paths", is_right, f"{truth.text!r} under {found}, not {right}")

    def is_under_its_lead_in(
        self, truth: Truth, found: tuple[str, ...], right: tuple[str, ...]
    ) -> bool:
        """Tell an item whose bold lead-in was taken for a heading: both are right."""
        leads = {plain_text(other.lead_in) for other in self.truths if other.lead_in}
        return truth.kind in ("item", "paragraph") and found[:-1] == right and found[-1] in (
            leads if truth.kind == "item" else {plain_text(truth.text)} & leads
        )  # fmt: skip

    def section_of(self, span: Span | None) -> Section | None:
        if span is None:
            return None
        middle = (span.start + span.end) // 2
        sections = self.document.sections
        return next(one for one in sections if one.span.start <= middle < one.span.end)

    def judge_kind(self, truth: Truth, span: Span | None) -> None:
        block = next((b for b in self.document.blocks if span and b.span.contains(span)), None)
        if truth.kind == "item":
            shown = _shown(block, self.document)
            self.result.count("items", _is_item(truth, shown), f"{truth.text!r} is {shown}")
            if truth.lead_in:
                fault = f"{truth.text!r} without {truth.lead_in!r}"
                self.result.count("lead-ins", self.is_led_in(truth, span), fault)
        elif truth.kind == "row":
            shown = _shown(block, self.document)
            cells = tuple(map(plain_text, shown[2].split(" | ")))
            is_row = shown[0] == "row" and cells == tuple(map(plain_text, truth.cells))
            self.result.count("rows", is_row, f"{truth.cells} is {shown}")

    def is_led_in(self, truth: Truth, span: Span | None) -> bool:
        """Tell whether every passage with a part of an item shows what introduces it."""
        number = next(n for n, other in enumerate(self.truths) if other.text == truth.lead_in)
        lead_in = self.span_of(number)
        if span is None or lead_in is None:
            return False
        holding = [p for p in self.passages if p.span.start < span.end and span.start < p.span.end]
        return bool(holding) and all(self.shows(passage, lead_in) for passage in holding)

    def shows(self, passage: Passage, lead_in: Span) -> bool:
        if passage.span.contains(lead_in):
            return True
        if passage.lead_in and passage.lead_in.contains(lead_in):
            return True
        words = plain_text(lead_in.of(self.document.text))
        return any(plain_text(heading) == words for heading in passage.headings[-1:])


def _cluster(places: Sequence[int], count: int) -> list[int]:
    """Return the places that stand near one another: a stray "the" is no part of a sentence."""
    if not places:
        return []
    middle = median(places)
    return [place for place in places if abs(place - middle) <= count + _NEAR]


def _path(section: Section | None, title: str) -> tuple[str, ...]:
    headings = tuple(map(plain_text, section.headings)) if section else ("?",)
    return headings[1:] if headings[:1] == (plain_text(title),) else headings


def _shown(block: Block | None, document: Document) -> tuple[str, int, str]:
    return (block.kind, block.level, block.span.of(document.text)) if block else ("none", 0, "")


def _is_item(truth: Truth, shown: tuple[str, int, str]) -> bool:
    """Tell whether a block is the item, at its depth and with its number."""
    kind, level, text = shown
    number = [*plain_words(truth.marker), *plain_words(truth.text)]
    return kind == "item" and level == truth.level and plain_words(text)[: len(number)] == number
