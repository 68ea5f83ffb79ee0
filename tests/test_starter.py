import html
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from corpus.catalogue import load_catalogue
from corpus.documents import Source
from corpus.starter import typeset

STARTER = Path(typeset.__file__).parent
DOCUMENTS = STARTER / "documents"
SOURCES = load_catalogue(STARTER / "catalogue.toml")
PDF_NAMES = sorted(path.name for path in DOCUMENTS.glob("*.pdf"))
STATEMENT = "an independent starter text written for the Toolkit Assistant project"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (STARTER / "questions.jsonl").read_text("utf-8").splitlines()
]
# The announcement that the project started from asks these; headings are meant to be near them.
PUBLISHED = {"seed-engage", "seed-supply-chain", "seed-exacerbate"}


def plain_text(source: Source) -> str:
    """Return a document's words on one line, by a second method than the readers'."""
    path = DOCUMENTS / source.file
    if path.suffix == ".html":
        page = re.sub(r"<(script|style|head)\b.*?</\1>", " ", path.read_text("utf-8"), flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    markdown = typeset.SOURCES / f"{path.stem}.md" if path.suffix == ".pdf" else path
    body = markdown.read_text("utf-8").split("---\n", 2)[2]
    return " ".join(
        re.sub(r"^\s*(-|\d\.|#+) |[*|]|\[\^1\]|<!--.*?-->", "", body, flags=re.M).split()
    )


TEXTS = {source.id: plain_text(source) for source in SOURCES.values()}


def test_catalogue_lists_every_document_once() -> None:
    entries = tomllib.loads((STARTER / "catalogue.toml").read_text("utf-8"))["source"]
    assert sorted(entry["file"] for entry in entries) == sorted(
        path.name for path in DOCUMENTS.iterdir()
    )
    assert len({entry["id"] for entry in entries}) == len(entries)


def test_every_work_has_one_current_edition_in_each_language() -> None:
    works = {(source.work, source.language) for source in SOURCES.values()}
    current = Counter(
        (source.work, source.language) for source in SOURCES.values() if source.status == "current"
    )
    assert current == dict.fromkeys(works, 1)


def test_one_document_has_a_superseded_edition_that_says_so_first() -> None:
    superseded = [source for source in SOURCES.values() if source.status == "superseded"]
    assert [source.file for source in superseded] == ["private-security-providers-2025.md"]
    paragraphs = (DOCUMENTS / superseded[0].file).read_text("utf-8").split("\n\n")
    assert paragraphs[2].startswith("This edition is superseded by starter edition 1 (2026).")


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.file)
def test_first_words_after_the_title_name_the_official_publication(source: Source) -> None:
    text = TEXTS[source.id]
    opening = text[text.rindex(source.title, 0, text.index(STATEMENT)) :][:900]
    assert STATEMENT in opening
    assert source.counterpart is not None
    assert source.counterpart in opening
    assert "not prescriptive" in text[len(text) * 2 // 3 :]


@pytest.mark.parametrize("name", PDF_NAMES)
def test_pdf_is_what_its_source_is_typeset_to(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    typeset.typeset(typeset.SOURCES / name.replace(".pdf", ".md"), tmp_path / name)
    assert (tmp_path / name).read_bytes() == (DOCUMENTS / name).read_bytes(), (
        "run `python -m corpus.starter.typeset`"
    )


def test_every_source_has_its_pdf() -> None:
    assert sorted(f"{path.stem}.pdf" for path in typeset.SOURCES.glob("*.md")) == PDF_NAMES


@pytest.mark.parametrize("name", PDF_NAMES)
def test_pages_are_labelled_as_printed(name: str) -> None:
    with PdfReader(DOCUMENTS / name) as reader:
        assert reader.page_labels == ["i", "1", "2", "3"]
        last_lines = [page.extract_text().split("\n")[:4] for page in reader.pages]
        for label, lines in zip(reader.page_labels, last_lines, strict=True):
            assert label in lines


@pytest.mark.parametrize("name", PDF_NAMES)
def test_pdf_says_what_it_is(name: str) -> None:
    source = SOURCES[name]
    with PdfReader(DOCUMENTS / name) as reader:
        assert reader.metadata is not None
        assert reader.metadata.title == source.title
        assert reader.metadata.creation_date is not None
        assert reader.metadata.creation_date.strftime("%Y-%m-%d") == "2026-11-01"
        assert str(reader.root_object["/Lang"]) == "en"
        title = reader.outline[0]
        assert isinstance(title, Destination)
        assert title.title == source.title


def test_note_stands_on_the_page_of_its_mark() -> None:
    for name in PDF_NAMES:
        markdown = (typeset.SOURCES / name.replace(".pdf", ".md")).read_text("utf-8")
        page_1 = markdown.split("<!-- single -->")[1].split("<!-- columns -->")[0]
        assert page_1.count("[^1]") == markdown.count("[^1]") == 2


def test_columns_are_filled_down_then_right() -> None:
    with PdfReader(DOCUMENTS / "artisanal-and-small-scale-mining.pdf") as reader:
        text = " ".join(reader.pages[2].extract_text().split())
    marks = ("B. How companies", "4. Have due diligence", "5. Report every", "C. How ASM can")
    positions = [text.replace("• ", "").find(mark.split(". ")[1]) for mark in marks]
    assert positions == sorted(positions)
    assert -1 not in positions


def test_questions_are_of_every_kind_and_have_unique_ids() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS) == 40
    kinds = Counter(question["kind"] for question in QUESTIONS)
    assert set(kinds) == {"incident", "worry", "request", "off-topic", "near-miss"}
    assert kinds["off-topic"] == kinds["near-miss"] == 6


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_evidence_stands_in_its_document(question: dict[str, Any]) -> None:
    assert bool(question["relevant"]) == (question["kind"] not in {"off-topic", "near-miss"})
    for judgement in question["relevant"]:
        assert judgement["grade"] in {1, 2}
        assert judgement["evidence"] in TEXTS[judgement["source"]]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_questions_are_in_words_of_their_own(question: dict[str, Any]) -> None:
    if question["id"] in PUBLISHED:
        return
    asked = words(question["text"])
    runs = {" ".join(asked[start : start + 5]) for start in range(len(asked) - 4)}
    copied = {run for run in runs for text in TEXTS.values() if run in " ".join(words(text))}
    assert copied == set()


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
