"""Text from anyone's memo in; for each quotation in it: exact, altered or not found, and where.

Typography makes no difference: quotation marks, dashes, white space, ligatures, and "[…]" for what
was left out. Any other letter, figure or mark does.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio_alignment

from assistant.answer import Citation, RankedPassage
from assistant.citations import cite
from assistant.engine import Assistant
from corpus.documents import Document, Passage, Span, sha256_of
from index.search import Hit

Verdict = Literal["exact", "altered", "not_found"]

# A stretch in quotation marks is taken for a quotation from this many words on; shorter ones are
# terms.
FEWEST_WORDS = 4
# Passages looked through for what was altered, and how alike, from 0 to 100, the words must be;
# see tests/benchmarks/check_verdicts.py.
CANDIDATES = 10
ALIKE = 70.0

_QUOTED = re.compile(r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|\"([^\"]+)\"|‹([^‹›]+)›")
_LEFT_OUT = re.compile(r"\s*(?:\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\.\.)\s*")
_WORD = re.compile(r"\w+(?:[’'\-]\w+)*|[^\w\s]")

_SAME = {
    **dict.fromkeys(map(ord, "“”„‟«»‹›″"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), ""),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ: as they were quoted, and as they stand; one of them may be empty."""

    quoted: str
    stands: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of one quotation.

    The citation's quote is what stands, word for word; None if nothing like it was found. The
    differences are empty unless it was altered.
    """

    quotation: str
    verdict: Verdict
    citation: Citation | None
    differences: tuple[Difference, ...] = ()


def verify(text: str, *, assistant: Assistant) -> tuple[Verification, ...]:
    """Return the verification of each quotation of a text, in order; none for a blank text.

    Quotations are what stands in quotation marks; without any the whole text is one. All
    editions are looked through, the current ones first.
    """
    return tuple(_verify(one, assistant) for one in find_quotations(text))


def find_quotations(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, else the text; terms of a few words are left out."""
    quoted = [next(filter(None, groups)).strip() for groups in _QUOTED.findall(text)]
    long_enough = [one for one in quoted if len(one.split()) >= FEWEST_WORDS]
    whole = text.strip().strip("“”„«»\"'‘’ \n")
    return tuple(long_enough) or ((whole,) if whole else ())


def _verify(quotation: str, assistant: Assistant) -> Verification:
    parts = [part for part in _LEFT_OUT.split(quotation) if part.strip()]
    for document in _current_first(assistant):
        if span := find_exactly(parts, document):
            return Verification(quotation, "exact", _cite(document, span, assistant))
    nearest = _nearest(quotation, assistant)
    if nearest is None:
        return Verification(quotation, "not_found", None)
    document, span = nearest
    differences = tuple(compare(quotation, span.of(document.text)))
    return Verification(quotation, "altered", _cite(document, span, assistant), differences)


def _current_first(assistant: Assistant) -> list[Document]:
    documents = assistant.snapshot.documents.values()
    return sorted(documents, key=lambda document: document.source.status != "current")


class Plain(NamedTuple):
    """A text without white space and differences of typography.

    `places` has for each character where it stands in the text it was made of.
    """

    text: str
    places: NDArray[np.int64]


def plain(text: str) -> Plain:
    """Return what is compared of a text."""
    characters = [_plain_character(character) for character in text]
    lengths = np.fromiter(map(len, characters), dtype=np.int64, count=len(text))
    return Plain("".join(characters), np.repeat(np.arange(len(text)), lengths))


@cache
def _plain_character(character: str) -> str:
    return "".join(unicodedata.normalize("NFKC", character).translate(_SAME).split())


# Of a whole document it takes a while, and one memo quotes the same few again and again.
_plain_document = lru_cache(maxsize=256)(plain)


def find_exactly(parts: Sequence[str], document: Document) -> Span | None:
    """Return the span from the first to the last of the parts, in their order; None without."""
    stored = _plain_document(document.text)
    starts: list[int] = []
    end = 0
    for part in parts:
        wanted = plain(unicodedata.normalize("NFC", part)).text
        start = next(_whole_words(wanted, stored, document.text, end), None)
        if start is None:
            return None
        starts.append(start)
        end = start + len(wanted)
    return Span(int(stored.places[starts[0]]), int(stored.places[end - 1]) + 1) if starts else None


def _whole_words(wanted: str, stored: Plain, text: str, start: int) -> Iterator[int]:
    """Yield where the wanted characters stand and neither begin nor end inside a word."""
    place = stored.text.find(wanted, start) if wanted else -1
    while place >= 0:
        first, last = stored.places[place], stored.places[place + len(wanted) - 1]
        if not (_runs_on(text, first - 1) or _runs_on(text, last)):
            yield place
        place = stored.text.find(wanted, place + 1)


def _runs_on(text: str, place: int) -> bool:
    """Tell whether the characters at a place and after it are of one word."""
    pair = text[place : place + 2] if place >= 0 else ""
    return len(pair) == 2 and pair.isalnum()


def _nearest(quotation: str, assistant: Assistant) -> tuple[Document, Span] | None:
    """Return the stretch of a passage that is most like a quotation; None if none is like it."""
    statuses = {"status": ("current", "superseded", "withdrawn")}
    passages = assistant.search(quotation, filters=statuses, k=CANDIDATES)
    best: tuple[float, Citation, Span] | None = None
    for citation in passages:
        aligned = partial_ratio_alignment(quotation, citation.quote, score_cutoff=ALIKE)
        if aligned and (best is None or aligned.score > best[0]):
            best = (aligned.score, citation, Span(aligned.dest_start, aligned.dest_end))
    if best is None:
        return None
    _, citation, rough = best
    span = _to_words(quotation, citation.quote, rough)
    document = assistant.snapshot.documents[citation.document_id]
    return document, Span(citation.start + span.start, citation.start + span.end)


def _to_words(quotation: str, text: str, rough: Span) -> Span:
    """Return the words of a text that a quotation was made of, found near a rough span."""
    margin = len(quotation) // 3
    near = range(rough.start - margin, rough.end + margin)
    words = [word for word in _WORD.finditer(text) if word.start() in near]
    opcodes = _opcodes(_WORD.findall(quotation), [word[0] for word in words])
    same = [code for code in opcodes if code[0] == "equal"]
    if not same:
        return rough
    # Quoted words before the first and after the last that are the same stand for as many.
    first = max(0, same[0][3] - same[0][1])
    last = min(len(words), same[-1][4] + len(_WORD.findall(quotation)) - same[-1][2])
    return Span(words[first].start(), words[last - 1].end())


def compare(quoted: str, stands: str) -> Iterator[Difference]:
    """Yield the words and marks in which two texts differ, typography aside."""
    ours, theirs = _WORD.findall(quoted), _WORD.findall(stands)
    for kind, start, end, other_start, other_end in _opcodes(ours, theirs):
        if kind != "equal":
            yield Difference(" ".join(ours[start:end]), " ".join(theirs[other_start:other_end]))


def _opcodes(
    ours: Sequence[str], theirs: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    plain_ours, plain_theirs = ([plain(word).text for word in words] for words in (ours, theirs))
    return SequenceMatcher(None, plain_ours, plain_theirs, autojunk=False).get_opcodes()


def _cite(document: Document, span: Span, assistant: Assistant) -> Citation:
    """Return the citation of a span, placed by the passage that holds its beginning."""
    passages = [one for one in assistant.snapshot.passages if one.document_id == document.id]
    holding = _holding(passages, span)
    text = span.of(document.text)
    passage = Passage(
        id=holding.id,
        document_id=document.id,
        span=span,
        text=text,
        headings=holding.headings,
        anchor=holding.anchor,
        lead_in=None,
        sha256=sha256_of(text),
        language=holding.language,
    )
    hit = Hit(0, passage, cosine=0, bm25=0, phrases=0, late_interaction=0, fused=0)
    return cite(RankedPassage(1, hit), document, highlights=(span,))


def _holding(passages: Iterable[Passage], span: Span) -> Passage:
    return max(
        passages,
        key=lambda one: min(one.span.end, span.end) - max(one.span.start, span.start),
    )
