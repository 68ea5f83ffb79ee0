"""Asks about random sentences of the stored documents and checks every quote by a second method.

    python tests/benchmarks/check_quotes.py DATA_DIR DOCUMENTS_DIR [--questions N] [--seed N]

DOCUMENTS_DIR is the folder that the live snapshot in DATA_DIR was built from. The stored documents
are read as plain JSON. Checked for each citation: the quote is its span of the stored document and
has the hash it says; its marks lie inside it; its page numbers are those of its span; and, for a
PDF, its words stand on these pages as plain pypdfium2 reads them. The short answers, and the quotes
of the other surfaces (search, reading on, verify, quote by permalink), are checked against the
stored documents. Prints every failure and the counts; exit status 1 if anything failed.

Words are compared without white space, hyphens, bullets, cell separators, ligatures and control
characters, and must all be on the pages, whole or in two parts: over a line or page end something
else may stand between them. How many quotes also stand there in one piece is counted,
not demanded: PDFium gives the text of columns and tables in the order it was drawn in.
"""

import argparse
import hashlib
import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2

from assistant.answer import Answer, Citation
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.reopening import reopen
from assistant.verification import verify
from index.snapshot import SnapshotStore

Stored = Mapping[str, Any]  # a document as its line of JSON has it

# Questions as long as people ask them; the marks at which a sentence is taken to end.
SHORTEST, LONGEST = 20, 250
_SENTENCE_END = re.compile(r"(?<=[.!?:;。])\s+|\n+")
_BULLETS = set("•‣◦▪●·|\ufffd")
_LINE_END = re.compile(r"[\r\n\ufffe]+")
_LEFT_OUT = ("C", "Z", "Pd")  # categories: control and private use, separators, dashes


def main() -> None:
    """Ask, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("documents_dir", type=Path)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    settings = Settings(data_dir=arguments.data_dir)
    assistant, store = Assistant.open(settings), SnapshotStore(settings.snapshots)
    documents = stored_documents(assistant.snapshot.folder / "documents.jsonl")
    counts: Counter[str] = Counter()
    for question in questions(documents, number=arguments.questions, seed=arguments.seed):
        answer = assistant.ask(question)
        counts.update(["questions", answer.outcome])
        faults = [
            *check(answer, documents, arguments.documents_dir, counts),
            *_short_faults(answer, documents, counts),
            *_other_faults(question, answer, assistant, store, documents, counts),
        ]
        for fault in faults:
            counts["failures"] += 1
            print(f"{fault}\n    asked: {question!r}")
    print(", ".join(f"{number} {name}" for name, number in counts.items()))
    sys.exit(1 if counts["failures"] or not counts["quotes"] else 0)


def stored_documents(path: Path) -> dict[str, Stored]:
    """Return the stored documents by id."""
    documents = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
    return {document["source"]["id"]: document for document in documents}


def questions(documents: Mapping[str, Stored], *, number: int, seed: int) -> list[str]:
    """Return random sentences and headings, every document as likely as another."""
    chance = random.Random(seed)
    pools = [list(_askable(document["text"])) for document in documents.values()]
    pools = [pool for pool in pools if pool]
    return [chance.choice(chance.choice(pools)) for _ in range(number)]


def _askable(text: str) -> Iterator[str]:
    for part in _SENTENCE_END.split(text):
        if SHORTEST <= len(part.strip()) <= LONGEST:
            yield part.strip()


def check(
    answer: Answer, documents: Mapping[str, Stored], folder: Path, counts: Counter[str]
) -> Iterator[str]:
    """Yield what is wrong with the citations of an answer."""
    for passage_id in answer.withheld:
        yield f"{passage_id}: withheld"
    for citation in answer.citations:
        counts["quotes"] += 1
        document = documents[citation.document_id]
        for fault in (*_text_faults(citation, document), *_page_faults(citation, document)):
            yield f"{citation.file}, {citation.start}-{citation.end}: {fault}"
        if document["pages"]:
            counts["quotes of PDFs"] += 1
            yield from _pdf_faults(citation, folder / citation.file, counts)


def _short_faults(
    answer: Answer, documents: Mapping[str, Stored], counts: Counter[str]
) -> Iterator[str]:
    """Yield the sentences of the short answer that stand neither in their quote nor lead-in."""
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in answer.short_answer:
        counts["sentences of short answers"] += 1
        citation = by_number[sentence.number]
        text = documents[citation.document_id]["text"]
        inside = citation.start <= sentence.start < sentence.end <= citation.end
        inside |= sentence.text in (citation.lead_in or "")
        if not inside or text[sentence.start : sentence.end] != sentence.text:
            yield f"{sentence.text!r} does not stand in citation {sentence.number}"


def _other_faults(
    question: str,
    answer: Answer,
    assistant: Assistant,
    store: SnapshotStore,
    documents: Mapping[str, Stored],
    counts: Counter[str],
) -> Iterator[str]:
    """Yield what is wrong with quotes of the other surfaces: search, reading on, verify, quote."""
    verified = [one.citation for one in verify(question, assistant=assistant, store=store)]
    surfaces: dict[str, list[Citation | None]] = {
        "search": list(assistant.search(question)),
        "verify": verified,
    }
    for citation in answer.citations:
        beside = assistant.neighbours(citation.passage_id)
        reopened = reopen(citation.permalink, store)
        surfaces.setdefault("reading on", []).extend([beside.before, beside.after])
        surfaces.setdefault("quote", []).extend([reopened.citation, reopened.current])
    for surface, citations in surfaces.items():
        for citation in filter(None, citations):
            counts[f"quotes of {surface}"] += 1
            for fault in _quote_faults(citation, documents[citation.document_id]):
                yield f"{surface}: {citation.file}, {citation.start}-{citation.end}: {fault}"


def _quote_faults(citation: Citation, document: Stored) -> Iterator[str]:
    if document["text"][citation.start : citation.end] != citation.quote:
        yield "the quote is not its span of the stored document"
    if hashlib.sha256(citation.quote.encode()).hexdigest() != citation.sha256:
        yield "the quote has another hash"


def _text_faults(citation: Citation, document: Stored) -> Iterator[str]:
    yield from _quote_faults(citation, document)
    if citation.lead_in is not None and citation.lead_in not in document["text"]:
        yield f"the lead-in {citation.lead_in!r} is not in the stored document"
    if not citation.highlights:
        yield "nothing is marked"
    for start, end in citation.highlights:
        if not citation.start <= start < end <= citation.end:
            yield f"the mark {start}-{end} is not inside the quote"


def _page_faults(citation: Citation, document: Stored) -> Iterator[str]:
    holding = [
        page["number"]
        for page in document["pages"]
        if max(page["span"]["start"], citation.start) < min(page["span"]["end"], citation.end)
    ]
    told = (citation.page_number, citation.last_page_number)
    if told != ((holding[0], holding[-1]) if holding else (None, None)):
        yield f"it tells the pages {told}, but its span is on {holding}"


def _pdf_faults(citation: Citation, path: Path, counts: Counter[str]) -> Iterator[str]:
    """Yield the quote's words that are not on the pages it tells."""
    first, last = citation.page_number or 1, citation.last_page_number or 1
    lines = [line for number in range(first, last + 1) for line in _page_lines(path, number)]
    page = "".join(lines)
    counts["in one piece"] += _squeezed(citation.quote) in page
    missing = [
        word for word in citation.quote.split() if not _is_there(_squeezed(word), page, lines)
    ]
    if missing:
        place = f"{citation.file}, pages {first}-{last}, {citation.start}-{citation.end}"
        yield f"{place}: {len(missing)} words are not there: {' '.join(missing[:12])!r}"


def _is_there(word: str, page: str, lines: Sequence[str]) -> bool:
    """Tell whether a word is on a page, or its beginning ends a line and its end begins one."""
    return word in page or any(
        any(line.endswith(word[:cut]) for line in lines)
        and any(line.startswith(word[cut:]) for line in lines)
        for cut in range(1, len(word))
    )


@cache
def _page_lines(path: Path, number: int) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        text = pdf[number - 1].get_textpage().get_text_range()
    return [line for line in map(_squeezed, _LINE_END.split(text)) if line]


def _squeezed(text: str) -> str:
    """Return the text with nothing but what is compared."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if character not in _BULLETS and not unicodedata.category(character).startswith(_LEFT_OUT)
    )


if __name__ == "__main__":
    main()
