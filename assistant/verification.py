"""Text from anyone's memo in; for each quotation in it: exact, altered or not found, and where.

Typography makes no difference: quotation marks, dashes, bullets, line ends, ligatures; nor does
"[…]" for what was left out, which is told. Any other letter, figure or mark does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple
from unicodedata import decomposition, normalize

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio_alignment

from assistant.answer import Citation, RankedPassage
from assistant.citations import cite
from assistant.engine import Assistant
from corpus.documents import Document, Passage, Span, sha256_of
from index.lexical import MARKS, UNSPACED, terms_of
from index.search import Hit
from index.snapshot import Snapshot

Verdict = Literal["exact", "altered", "not_found"]

# A stretch in quotation marks is taken for a quotation from this many words on; shorter ones are
# terms.
FEWEST_WORDS = 4
# Passages looked through for what was altered, and how alike, from 0 to 100, the words must be;
# see tests/benchmarks/check_verdicts.py.
CANDIDATES = 10
ALIKE = 70.0

# A quotation ends before an empty line; an apostrophe in a word does not end one.
_QUOTED = re.compile(
    r"“((?:(?!\n\s*\n)[^“”])+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|‹([^‹›]+)›"
    r"|\"((?:(?!\n\s*\n)[^\"])+)\"|(?<!\w)‘((?:[^‘’]|’(?=\w))+)’(?!\w)"
)
_LEFT_OUT = re.compile(r"\s*(?:\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\.\.)\s*")
_RUN = re.compile(
    rf"(?:[^\W{UNSPACED}]|[{MARKS}])+(?:(?:[-‐‑’']|(?<=\d)[.,](?=\d))(?:[^\W{UNSPACED}]|[{MARKS}])+)*"
)
_WORD = re.compile(r"\w+(?:(?:[’']|(?<=\d)[.,](?=\d))\w+)*|[^\w\s]")

_SAME = {
    **dict.fromkeys(map(ord, "“”„‟«»‹›″"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "•|"), ""),  # bullets, and what parts the cells of a row
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), ""),
}

# Raised figures and fractions are no typography: 10\u00b3 is not 103.
_NOT_THE_SAME = ("<super>", "<sub>", "<fraction>")
# Characters that "[…]" may stand for: about a long paragraph.
MOST_LEFT_OUT = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ: as they were quoted, and as they stand; one of them may be empty."""

    quoted: str
    stands: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of one quotation.

    The citation's quote is what stands, word for word; None if nothing like it was found. The
    differences are empty unless it was altered. `left_out` has what stands where an exact
    quotation has "[…]": it may be the word that turns it.
    """

    quotation: str
    verdict: Verdict
    citation: Citation | None
    differences: tuple[Difference, ...] = ()
    left_out: tuple[str, ...] = ()


def verify(text: str, *, assistant: Assistant) -> tuple[Verification, ...]:
    """Return the verification of each quotation of a text, in order; none for a blank text.

    Quotations are what stands in quotation marks; without any the whole text is one. All
    editions are looked through, the current ones first.
    """
    return tuple(_verify(one, assistant) for one in find_quotations(text))


def find_quotations(text: str) -> tuple[str, ...]:
    """Return what stands in quotation marks, else the text; terms of a few words are left out."""
    quoted = [next(filter(None, groups)).strip() for groups in _QUOTED.findall(text)]
    long_enough = [one for one in quoted if len(terms_of(one, "")) >= FEWEST_WORDS]
    whole = text.strip().strip("“”„«»\"'‘’ \n")
    return tuple(long_enough) or ((whole,) if whole else ())


def _verify(quotation: str, assistant: Assistant) -> Verification:
    parts = [part for part in _LEFT_OUT.split(quotation) if part.strip()]
    for document in _current_first(assistant):
        stored = plain_documents(assistant.snapshot)[document.id]
        if stretches := find_exactly(parts, document, stored):
            span = Span(stretches[0].start, stretches[-1].end)
            between = [Span(one.end, other.start) for one, other in pairwise(stretches)]
            left_out = tuple(gap.of(document.text).strip() for gap in between)
            citation = _cite(document, span, assistant)
            return Verification(quotation, "exact", citation, left_out=left_out)
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
    if decomposition(character).startswith(_NOT_THE_SAME):
        return character
    whole = normalize("NFKC", character.translate(_SAME))
    return "".join(whole.translate(_SAME).split())


@lru_cache(maxsize=2)  # the live snapshot and the one before it
def plain_documents(snapshot: Snapshot) -> dict[str, Plain]:
    """Return what is compared of each document of a snapshot, by its id."""
    return {key: plain(document.text) for key, document in snapshot.documents.items()}


def find_exactly(
    parts: Sequence[str], document: Document, stored: Plain
) -> tuple[Span, ...] | None:
    """Return where the parts stand, in their order and as near together as they do; None without.

    Between two of them at most `MOST_LEFT_OUT` characters are left out.
    """
    runs = []
    for first in _stretches(parts[0], document.text, stored, 0) if parts else ():
        run = [first]
        for part in parts[1:]:
            following = next(_stretches(part, document.text, stored, run[-1].end), None)
            if following is None or following.start - run[-1].end > MOST_LEFT_OUT:
                break
            run.append(following)
        if len(run) == len(parts):
            runs.append(tuple(run))
    return min(runs, key=lambda run: run[-1].end - run[0].start, default=None)


@lru_cache(maxsize=256)
def _plain_part(part: str) -> str:
    return plain(normalize("NFC", part)).text


def _stretches(part: str, text: str, stored: Plain, start: int) -> Iterator[Span]:
    """Yield where a part stands from a place in the text on, word by word."""
    wanted = _plain_part(part)
    place = stored.text.find(wanted, int(np.searchsorted(stored.places, start))) if wanted else -1
    while place >= 0:
        span = Span(int(stored.places[place]), int(stored.places[place + len(wanted) - 1]) + 1)
        cuts_a_word = _runs_on(text, span.start - 1) or _runs_on(text, span.end - 1)
        if not cuts_a_word and not any(compare(part, span.of(text))):
            yield span
        place = stored.text.find(wanted, place + 1)


def _runs_on(text: str, place: int) -> bool:
    """Tell whether a word or a figure goes on from a place to the one after it."""
    around = text[max(0, place - 1) : place + 3]
    cut = place + 1 - max(0, place - 1)
    return place >= 0 and any(match.start() < cut < match.end() for match in _RUN.finditer(around))


def _nearest(quotation: str, assistant: Assistant) -> tuple[Document, Span] | None:
    """Return the stretch of a passage that is most like a quotation; None if none is like it."""
    statuses = {"status": ("current", "superseded", "withdrawn")}
    passages = assistant.search(quotation, filters=statuses, k=CANDIDATES)
    best: tuple[float, Document, Span, str] | None = None
    for citation in passages:
        document = assistant.snapshot.documents[citation.document_id]
        start = max(0, citation.start - len(quotation))  # it may begin or end in a neighbour
        text = document.text[start : citation.end + len(quotation)]
        if len(text) < ALIKE / 100 * len(quotation):
            continue
        aligned = partial_ratio_alignment(quotation, text, score_cutoff=ALIKE)
        if aligned and (best is None or aligned.score > best[0]):
            rough = Span(aligned.dest_start, aligned.dest_end)
            span = _to_words(quotation, text, rough)
            best = (aligned.score, document, Span(start + span.start, start + span.end), text)
    return best and (best[1], best[2])


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
    ours, theirs = _words(quoted), _words(stands)
    for kind, start, end, other_start, other_end in _opcodes(ours, theirs):
        if kind != "equal":
            yield Difference(" ".join(ours[start:end]), " ".join(theirs[other_start:other_end]))


def _words(text: str) -> list[str]:
    """Return the words and marks of a text, without those that are typography alone."""
    return [word for word in _WORD.findall(normalize("NFC", text)) if plain(word).text]


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
    return cite(
        RankedPassage(1, hit), document, snapshot_id=assistant.snapshot.id, highlights=(span,)
    )


def _holding(passages: Sequence[Passage], span: Span) -> Passage:
    return next((one for one in passages if span.start < one.span.end), passages[-1])
