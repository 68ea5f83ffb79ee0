"""The two walks from end to end: real files to a live snapshot, a question to checked citations."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from assistant.answer import Citation
from assistant.citations import where
from assistant.config import Settings
from assistant.engine import Assistant
from assistant.rebuild import rebuild
from corpus.starter.typeset import typeset
from corpus.starter.typesetting.source import load_source
from index.embedding import SentenceTransformerEmbedder
from index.snapshot import SnapshotStore

MARKDOWN = """\
# Site rules

## Visitors

The gate keeper writes every visitor into the blue book, with the hour of arrival and of leaving.

## Vehicles

Drivers switch off the engine at the barrier and open the boot when they are asked to:

- trucks are weighed;
- taxis wait outside.
"""
HTML = """\
<!doctype html><html lang="en"><head><title>Night shift handbook</title></head><body>
<nav><a href="/">Home</a> <a href="/lamps">Lamps and dogs</a></nav>
<main><h1>Night shift handbook</h1>
<h2 id="lamps">Lamps</h2><p>Every lamp on the fence is tested before sunset &amp; logged.</p>
<h2 id="dogs">Dogs</h2><p>A guard dog is kept on a leash, and it rests after four hours.</p>
</main><footer>Printed on recycled paper</footer></body></html>
"""
PLAIN = """\
First aid box

The first aid box hangs in the canteen. The nurse counts the bandages every Monday.
"""
PDF = """\
---
title: Radio procedure
short_title: Radio procedure
edition: second edition
date: 2026-11-01
language: en
kind: guide
topic: Radio
format: pdf
counterpart: https://example.org/
official: Radio
---

# Radio procedure

This booklet is for operators of the control room.

<!-- single -->

## Channels

Channel four is kept free for emergencies and nobody chats on it.

<!-- single -->

## Batteries

Charge spare radio batteries overnight and swap them at noon.
"""
# What is asked, the file that answers, the headings, the page with its label, what opens it there.
ASKED = [
    (
        "Who writes visitors into a book?", "rules.md",
        ("Site rules", "Visitors"), (None, None), "rules.md",
    ),
    (
        "What must drivers do at the barrier?", "rules.md",
        ("Site rules", "Vehicles"), (None, None), "rules.md",
    ),
    (
        "When are the lamps of the fence tested?", "night/shift.html",
        ("Night shift handbook", "Lamps"), (None, None), "night/shift.html#lamps",
    ),
    (
        "How long may a guard dog work before it rests?", "night/shift.html",
        ("Night shift handbook", "Dogs"), (None, None), "night/shift.html#dogs",
    ),
    (
        "Where does the first aid box hang?", "first-aid.txt",
        (), (None, None), "first-aid.txt",
    ),
    (
        "Which radio channel is for emergencies?", "radio.pdf",
        ("Radio procedure", "Channels"), (2, "1"), "radio.pdf#page=2",
    ),
    (
        "When should radio batteries be charged?", "radio.pdf",
        ("Radio procedure", "Batteries"), (3, "2"), "radio.pdf#page=3",
    ),
]  # fmt: skip
QUESTIONS = [question for question, *_ in ASKED]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file of each format, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "night").mkdir()
    (folder / "rules.md").write_text(MARKDOWN, "utf-8")
    (folder / "night" / "shift.html").write_text(HTML, "utf-8")
    (folder / "first-aid.txt").write_text(PLAIN, "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    source = tmp_path_factory.mktemp("source") / "radio.md"
    source.write_text(PDF, "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOURCE_DATE_EPOCH", "0")  # typesetting sets it; taken back afterwards
        (folder / "radio.pdf").write_bytes(typeset(load_source(source)))
    return folder


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, documents: Path) -> Settings:
    """Return the settings of a data folder in which the documents are live."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    report = rebuild(settings, documents=documents)
    assert [one.file for one in report.documents] == [
        "first-aid.txt", "night/shift.html", "radio.pdf", "rules.md",
    ]  # fmt: skip
    assert [one.file for one in report.failed] == ["broken.pdf"]
    return settings


@pytest.fixture(scope="module")
def assistant(settings: Settings, default_embedder: SentenceTransformerEmbedder) -> Assistant:
    return Assistant(SnapshotStore(settings.snapshots).open(), default_embedder)


def citations_of(assistant: Assistant, question: str) -> tuple[Citation, ...]:
    citations = assistant.ask(question).citations
    assert citations
    return citations


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@pytest.mark.parametrize(
    ("question", "file", "headings", "page", "opened_by"), ASKED, ids=QUESTIONS
)
def test_a_question_is_answered_first_by_the_place_that_says_it(
    assistant: Assistant,
    question: str,
    file: str,
    headings: tuple[str, ...],
    page: tuple[int | None, str | None],
    opened_by: str,
) -> None:
    first = citations_of(assistant, question)[0]
    assert (first.number, first.file, first.headings) == (1, file, headings)
    assert (first.page_number, first.page_label) == page
    assert where(first) == opened_by


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_its_span_of_the_stored_text(assistant: Assistant, question: str) -> None:
    for citation in citations_of(assistant, question):
        stored = assistant.snapshot.documents[citation.document_id].text
        assert stored[citation.start : citation.end] == citation.quote
        assert hashlib.sha256(citation.quote.encode()).hexdigest() == citation.sha256


@pytest.mark.parametrize("question", QUESTIONS)
def test_highlights_are_sentences_inside_the_quote(assistant: Assistant, question: str) -> None:
    for citation in citations_of(assistant, question):
        ends = [position for highlight in citation.highlights for position in highlight]
        assert ends == sorted(set(ends))
        assert citation.start <= ends[0] < ends[-1] <= citation.end


def test_the_sentence_that_answers_is_highlighted(assistant: Assistant) -> None:
    first = citations_of(assistant, "How often are the bandages counted?")[0]
    stored = assistant.snapshot.documents[first.document_id].text
    marked = [stored[start:end] for start, end in first.highlights]
    assert "The nurse counts the bandages every Monday." in marked


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_stands_in_its_file(
    assistant: Assistant, documents: Path, question: str
) -> None:
    texts = {"rules.md": MARKDOWN, "first-aid.txt": PLAIN, "night/shift.html": HTML}
    for citation in citations_of(assistant, question):
        if citation.file == "radio.pdf":
            with PdfReader(documents / citation.file) as reader:
                assert citation.page_number is not None
                text = reader.pages[citation.page_number - 1].extract_text()
                assert reader.page_labels[citation.page_number - 1] == citation.page_label
        else:
            text = texts[citation.file].replace("&amp;", "&")
        assert letters(citation.quote) in letters(text)


@pytest.mark.parametrize("furniture", ["Printed on recycled paper", "Lamps and dogs Home"])
def test_what_stands_around_a_web_page_is_not_quoted(assistant: Assistant, furniture: str) -> None:
    assert all(furniture not in one.text for one in assistant.snapshot.documents.values())
    quotes = [citation.quote for citation in assistant.search(furniture)]
    assert not any("recycled" in quote or "Home" in quote for quote in quotes)


@pytest.mark.parametrize("question", ["best pasta recipe", "Who won the world cup?", "?", ""])
def test_what_is_off_the_subject_is_not_covered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.outcome, answer.citations) == ("not_covered", ())


def test_a_new_build_serves_what_the_files_say_now(
    tmp_path: Path, default_embedder: SentenceTransformerEmbedder
) -> None:
    settings = Settings(data_dir=tmp_path)
    store = SnapshotStore(settings.snapshots)
    settings.documents.mkdir()
    question = "Where does the first aid box hang?"
    quotes = []
    for place in ("canteen", "laundry"):
        text = PLAIN.replace("canteen", place)
        (settings.documents / "first-aid.txt").write_text(text, "utf-8")
        rebuild(settings)
        quotes.append(Assistant(store.open(), default_embedder).ask(question).citations[0].quote)
    assert ["canteen" in quote for quote in quotes] == [True, False]
    assert ["laundry" in quote for quote in quotes] == [False, True]


# Killed at any instant, the old snapshot or the new one is live, never half of one.

KILLED_BUILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from fakes import WordEmbedder
from assistant import rebuild
from assistant.config import Settings

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

rebuild.load_embedder = lambda model: WordEmbedder()
{place} = die
rebuild.rebuild(Settings(data_dir=Path({data!r})))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(
    "place",
    [
        "WordEmbedder.encode_passages",
        "rebuild.SnapshotStore.save",
        "Path.rename",
        "rebuild.SnapshotStore.promote",
        "Path.replace",
    ],
)
def test_a_build_that_is_killed_leaves_the_old_snapshot_and_can_be_repeated(
    tmp_path: Path, place: str, default_embedder: SentenceTransformerEmbedder
) -> None:
    settings = Settings(data_dir=tmp_path)
    store = SnapshotStore(settings.snapshots)
    settings.documents.mkdir()
    (settings.documents / "first-aid.txt").write_text(PLAIN, "utf-8")
    live = rebuild(settings).snapshot_id
    script = KILLED_BUILD.format(tests=str(Path(__file__).parent), data=str(tmp_path), place=place)
    (settings.documents / "rules.md").write_text(MARKDOWN, "utf-8")
    root = Path(__file__).resolve().parents[1]
    killed = subprocess.run([sys.executable, "-c", script], cwd=root, check=False)
    assert killed.returncode == -9
    snapshot = store.open()
    assert (snapshot.id, list(snapshot.documents)) == (live, ["first-aid-txt"])
    assert rebuild(settings).snapshot_id == store.open().id != live
    answer = Assistant(store.open(), default_embedder).ask("Who writes visitors into a book?")
    assert answer.citations[0].file == "rules.md"


def test_what_a_killed_build_left_over_disturbs_nobody(
    settings: Settings, assistant: Assistant, default_embedder: SentenceTransformerEmbedder
) -> None:
    store = SnapshotStore(settings.snapshots)
    half = store.folder / ".building-0123abcd"
    half.mkdir()
    whole = assistant.snapshot.folder
    for name in ("manifest.json", "documents.jsonl"):
        (half / name).write_bytes((whole / name).read_bytes())
    (store.folder / ".current-0123abcd").write_text(half.name, "ascii")
    assert store.ids() == (assistant.snapshot.id,)
    again = Assistant(store.open(), default_embedder).ask(QUESTIONS[0])
    assert again.citations == assistant.ask(QUESTIONS[0]).citations
