"""Exports: each format is read again by a library of its own, and every quote in it is verbatim."""

import io
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2 as pdfium
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from docx.enum.text import WD_COLOR_INDEX
from markdown_it import MarkdownIt
from page_fixtures import ENGLISH, SNAPSHOT, citation_of
from pypdf import PdfReader

from assistant.answer import Citation
from assistant.export import FORMATS, export, fonts
from assistant.texts import texts_of
from corpus.errors import SettingsError

NASTY = (
    "1. first\n  • *second* _third_ ~~x~~ `code` $y$\n\n# no heading\n---\n"
    "[Annex A]: http://example.org <b>|bold|</b> &amp; \\n {{x}} 100% #1 ^~ {a}\n    four spaces "
)


def quoted(quote: str, *marks: tuple[int, int]) -> Citation:
    return replace(
        citation_of(), quote=quote, start=0, end=len(quote), highlights=marks,
        title="Gates & <roads>", permalink="s/gates/0-9/0123456789ab",
    )  # fmt: skip


def written(kind: str, citation: Citation, language: str = "en") -> bytes:
    return export([(SNAPSHOT, citation)], kind, texts_of(language), question="Who?").data


def test_markdown_shows_the_quote_as_it_stands() -> None:
    tokens = MarkdownIt().parse(written("md", quoted(NASTY, (10, 20))).decode())
    start = next(n for n, one in enumerate(tokens) if one.type == "blockquote_open")
    end = next(n for n, one in enumerate(tokens) if one.type == "blockquote_close")
    kinds = {one.type for one in tokens[start + 1 : end]}
    assert kinds == {"paragraph_open", "inline", "paragraph_close"}
    paragraphs = [one.children or [] for one in tokens[start:end] if one.type == "inline"]
    shown = "\n\n".join(
        "".join("\n" if one.type == "hardbreak" else one.content for one in children
                if one.type != "html_inline")
        for children in paragraphs
    )  # fmt: skip
    assert shown == NASTY
    tags = [one.content for each in paragraphs for one in each if one.type == "html_inline"]
    assert set(tags) == {"<mark>", "</mark>"}


def test_a_word_document_has_the_quote_and_its_highlight() -> None:
    document = docx.Document(io.BytesIO(written("docx", quoted(NASTY, (12, 20)))))
    quotes = [one for one in document.paragraphs if one.style and one.style.name == "Quote"]
    assert [one.text for one in quotes] == [NASTY]
    lit = [run.text for run in quotes[0].runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW]
    assert lit == [NASTY[12:20]]
    told = "\n".join(one.text for one in document.paragraphs)
    assert "Gates & <roads> (2022) › Gates › At night, from p. i (PDF pages 1–2)" in told
    assert SNAPSHOT in told
    assert "s/gates/0-9/0123456789ab" in told


def test_what_xml_cannot_hold_does_not_break_a_word_document() -> None:
    document = docx.Document(io.BytesIO(written("docx", quoted("a\x00b\x0bc\ud800"))))
    assert "a\ufffdb\ufffdc\ufffd" in [one.text for one in document.paragraphs]


@pytest.mark.parametrize(
    "quote",
    [
        "Guards open the gate. Guards write names down.",
        "L’élève paie 5 € — « déjà » ; señor, ¿qué?",
        "1. first\n  • second <b>bold</b> &amp; end",
    ],
)
def test_a_pdf_says_the_quote_in_its_order(quote: str) -> None:
    data = written("pdf", quoted(quote, (0, 6)))
    reader = PdfReader(io.BytesIO(data))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "".join(quote.split()) in "".join(text.split())
    assert b"/FontFile2" in data  # the font is embedded


@pytest.mark.parametrize("quote", ["Стража ставит часовых.", "Φύλακες στην πύλη.", "Ţ ő ẵ ł ☐ ✓ →"])
def test_a_pdf_needs_no_font_of_the_machine(quote: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_paths", lambda: (fonts._PACKAGED,))
    fonts._shown.cache_clear()
    assert quote in text_of(written("pdf", quoted(quote)))
    fonts._shown.cache_clear()


def test_a_pdf_has_chinese_beside_other_letters() -> None:
    quote = "保安人员检查证件（ID）。 Guards wait — ждут."
    data = written("pdf", quoted(quote, (0, 6)), "zh")
    assert "".join(quote.split()) in "".join(text_of(data).split())


def text_of(pdf: bytes) -> str:
    file = pdfium.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in file)
    file.close()
    return text


def test_a_pdf_of_letters_that_no_font_has_names_them_and_a_way_out() -> None:
    with pytest.raises(SettingsError, match=r"م \(U\+0645\).*docx") as refused:
        written("pdf", quoted("مرحبا"))
    assert refused.value.key == "no_font"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("question", ["Who opens <the> gate?", None], ids=["answer", "dossier"])
def test_a_word_document_is_converted_by_libreoffice(
    tmp_path: Path, language: str, question: str | None
) -> None:
    arabic = quoted("يفتح الحراس البوابة ليلا.", (0, 10))
    entries = [(SNAPSHOT, quoted(NASTY, (12, 20))), (SNAPSHOT, arabic)]
    file = export(entries, "docx", texts_of(language), question=question)
    (tmp_path / "quotes.docx").write_bytes(file.data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    subprocess.run([*command, "quotes.docx"], cwd=tmp_path, check=True, capture_output=True)
    text = (tmp_path / "quotes.txt").read_text("utf-8-sig")
    for _, citation in entries:
        assert citation.quote in text
    assert (question or texts_of(language).plain("dossier.title")) in text


def test_ris_is_read_by_its_parser() -> None:
    [record] = rispy.loads(written("ris", quoted("Open\nthe gate.")).decode())
    assert record["title"] == "Gates & <roads>"
    assert record["year"] == "2022"
    assert record["notes"] == ["Open the gate."]
    assert record["urls"] == ["https://example.org/gates#page=1"]
    assert record["type_of_reference"] == "RPRT"


def test_bibtex_is_read_by_its_parser() -> None:
    text = written("bibtex", quoted("Open {the} 100% gate_1 & #2 \\x ~.")).decode()
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    fields = library.entries[0].fields_dict
    assert fields["annote"].value == "Open {the} 100% gate_1 & #2 \\x ~."
    assert fields["title"].value == "Gates & <roads>"
    assert fields["url"].value == "https://example.org/gates#page=1"


def test_csl_has_the_quote_word_for_word() -> None:
    [item] = json.loads(written("csl", quoted(NASTY)))
    assert item["annote"] == NASTY
    assert item["issued"] == {"date-parts": [[2022]]}
    assert item["type"] == "report"
    # The variables of CSL 1.0.2 that are strings, and its dates.
    texts = {"id", "type", "title", "edition", "language", "URL", "page", "annote", "note"}
    assert {key for key, value in item.items() if isinstance(value, str)} <= texts
    assert item.keys() - texts == {"accessed", "issued"}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("language", ["fr", "zh"])
def test_every_format_can_be_written_in_every_language(kind: str, language: str) -> None:
    assert len(written(kind, quoted("Open."), language)) > 50


def test_quotes_are_numbered_and_named_by_the_day() -> None:
    two = [(SNAPSHOT, quoted("One.")), (SNAPSHOT, quoted("Two."))]
    file = export(two, "md", ENGLISH)
    assert file.name.startswith("toolkit-quotes-20")
    assert file.name.endswith(".md")
    text = file.data.decode()
    assert text.startswith("# Dossier\n")
    assert text.index("## 1.") < text.index("> One") < text.index("## 2.") < text.index("> Two")


def test_what_cannot_be_exported_is_told() -> None:
    with pytest.raises(SettingsError, match="no quote"):
        export([], "md", ENGLISH)
    with pytest.raises(SettingsError, match="'exe'"):
        export([(SNAPSHOT, quoted("x"))], "exe", ENGLISH)
