import re
import tomllib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import docx
import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from corpus.catalogue import load_catalogue
from corpus.documents import Source
from corpus.starter import typeset
from corpus.starter.typesetting.catalogue import catalogue_text

STARTER = typeset.FOLDER
DOCUMENTS = typeset.DOCUMENTS
WRITTEN = {source.file: source for source in typeset.load_sources()}
SOURCES = load_catalogue(STARTER / "catalogue.toml")
OFFICIAL = tomllib.loads((STARTER / "official.toml").read_text("utf-8"))["source"]
PDF_NAMES = sorted(path.name for path in DOCUMENTS.glob("*.pdf"))
STATEMENTS = {
    "en": "an independent starter text written for the Toolkit Assistant project",
    "es": "Este texto inicial independiente fue escrito para el proyecto Toolkit Assistant",
    "fr": "Ce texte de départ indépendant a été rédigé pour le projet Toolkit Assistant",
}
AREAS = {
    "Working with Host Governments",
    "Working with Public Security Forces",
    "Working with Private Security Providers",
    "Working with Communities",
}
CAVEATS = {"en": "not prescriptive", "es": "no son prescriptivas", "fr": "pas prescriptives"}


def plain_text(source: Source) -> str:
    """Return a document's words on one line, by a second method than the readers'."""
    body = WRITTEN[source.file].markdown
    return " ".join(
        re.sub(r"^\s*(-|\d\.|#+) |[*|<>]|\[\^1\]|<!--.*?-->", "", body, flags=re.M).split()
    )


TEXTS = {source.id: plain_text(source) for source in SOURCES.values()}


def test_documents_and_catalogue_are_what_their_sources_are_typeset_to() -> None:
    stale = "run `python -m corpus.starter.typeset`"
    assert sorted(path.name for path in DOCUMENTS.iterdir()) == sorted(WRITTEN), stale
    catalogue = (STARTER / "catalogue.toml").read_text("utf-8")
    assert catalogue == catalogue_text(list(WRITTEN.values())), stale


@pytest.mark.parametrize("name", WRITTEN)
def test_a_document_is_what_its_source_is_typeset_to(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    typeset_now = typeset.typeset(WRITTEN[name])
    assert typeset_now == (DOCUMENTS / name).read_bytes(), "run `python -m corpus.starter.typeset`"


def test_the_library_covers_the_field_in_four_formats_and_three_languages() -> None:
    suffixes = Counter(Path(name).suffix for name in WRITTEN)
    assert min(suffixes[suffix] for suffix in (".pdf", ".html", ".md", ".docx")) >= 3
    assert Counter(source.language for source in SOURCES.values()).keys() == {"en", "es", "fr"}
    assert {source.area for source in SOURCES.values()} == AREAS | {None}
    assert len(SOURCES) >= 40


def test_the_library_is_small() -> None:
    files = (path for path in STARTER.rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) < 10 * 2**20


def test_every_work_has_one_current_edition_in_each_language() -> None:
    works = {(source.work, source.language) for source in SOURCES.values()}
    current = Counter(
        (source.work, source.language) for source in SOURCES.values() if source.status == "current"
    )
    assert current == dict.fromkeys(works, 1)


def test_superseded_editions_say_so_first() -> None:
    superseded = [source for source in SOURCES.values() if source.status == "superseded"]
    assert len(superseded) == 2
    for source in superseded:
        text = TEXTS[source.id]
        notice = "This edition is superseded by starter edition 1 (2026)."
        assert notice in text[: text.index("## ") if "## " in text else 900]
        assert re.search(r"\b0 \(2025\)", source.edition or "")


def test_translations_belong_to_an_english_work() -> None:
    english = {source.work for source in SOURCES.values() if source.language == "en"}
    translated = Counter(source.work for source in SOURCES.values() if source.language != "en")
    assert len(translated) == 3
    assert set(translated.values()) == {2}
    assert translated.keys() <= english


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.file)
def test_first_words_after_the_title_name_the_official_publication(source: Source) -> None:
    text, statement = TEXTS[source.id], STATEMENTS[source.language]
    opening = text[text.rindex(source.title, 0, text.index(statement)) :][:900]
    assert statement in opening
    assert source.counterpart is not None
    assert source.counterpart in opening
    assert CAVEATS[source.language] in text[len(text) * 2 // 3 :]


@pytest.mark.parametrize("name", PDF_NAMES)
def test_pages_are_labelled_as_printed(name: str) -> None:
    with PdfReader(DOCUMENTS / name) as reader:
        labels = reader.page_labels
        assert labels == ["i", *map(str, range(1, len(labels)))]
        assert len(labels) >= 3
        last_lines = [page.extract_text().split("\n")[:4] for page in reader.pages]
        for label, lines in zip(labels, last_lines, strict=True):
            assert label in lines


@pytest.mark.parametrize("name", PDF_NAMES)
def test_pdf_says_what_it_is(name: str) -> None:
    source = SOURCES[name]
    with PdfReader(DOCUMENTS / name) as reader:
        assert reader.metadata is not None
        assert reader.metadata.title == source.title
        assert reader.metadata.creation_date is not None
        assert reader.metadata.creation_date.date() == WRITTEN[name].date
        assert str(reader.root_object["/Lang"]) == "en"
        title = reader.outline[0]
        assert isinstance(title, Destination)
        assert title.title == source.title


def test_notes_stand_on_the_page_of_their_marks() -> None:
    noted = [source for source in WRITTEN.values() if source.notes]
    assert len(noted) >= 4
    for source in noted:
        page_1 = source.markdown.split("<!-- single -->")[1].split("<!-- columns -->")[0]
        assert page_1.count("[^1]") == source.markdown.count("[^1]") == 1


def test_columns_are_filled_down_then_right() -> None:
    with PdfReader(DOCUMENTS / "artisanal-and-small-scale-mining.pdf") as reader:
        text = " ".join(reader.pages[2].extract_text().split())
    marks = ("B. How companies", "4. Have due diligence", "5. Report every", "C. How ASM can")
    positions = [text.replace("• ", "").find(mark.split(". ")[1]) for mark in marks]
    assert positions == sorted(positions)
    assert -1 not in positions


def test_word_files_have_headings_lists_and_numbers_of_word() -> None:
    names = [name for name in WRITTEN if name.endswith(".docx")]
    for name in names:
        word = docx.Document(str(DOCUMENTS / name))
        styles = {paragraph.style.name for paragraph in word.paragraphs if paragraph.style}
        assert {"Title", "Heading 1"} <= styles
        assert any(style.startswith("List") for style in styles)
        assert word.core_properties.title == WRITTEN[name].title


def test_official_pages_have_unique_ids_and_well_formed_addresses() -> None:
    ids = [entry["id"] for entry in OFFICIAL]
    addresses = [one for entry in OFFICIAL for one in (entry["url"], *entry.get("variants", ()))]
    assert len(set(ids)) == len(ids) >= 70
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme in {"http", "https"}
        assert re.fullmatch(r"(www\.)?securityhumanrightshub\.(org|com)", parts.netloc)
        assert "rss.xml" not in address


def test_an_official_page_is_taken_from_its_canonical_address() -> None:
    for entry in OFFICIAL:
        assert not re.search(r"/(inner\.php|es|fr|zh)/", entry["url"])


def test_every_official_work_has_at_most_one_current_edition_in_a_language() -> None:
    current = Counter(
        (entry["work"], entry["language"]) for entry in OFFICIAL if entry["status"] == "current"
    )
    assert set(current.values()) == {1}
    newer = {work for work, _ in current}
    both = [entry for entry in OFFICIAL if entry["work"] in newer]
    assert sum(entry["status"] == "superseded" for entry in both) >= 15


def test_official_entries_name_what_they_are() -> None:
    for entry in OFFICIAL:
        assert entry.get("area") in AREAS | {None}
        assert entry["kind"] in {"challenge", "fact-sheet", "tool", "case-study", "instrument"}
        assert entry["language"] in {"en", "zh"}
        assert entry.get("year", 2022) in range(2008, 2027)
