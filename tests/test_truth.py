"""The truth set: documents typeset from known texts are read back as these texts.

The floors are what the readers reach today, in percent; beside them what is to be reached.
`python tests/truth/measure.py` prints the figures and every document's faults.
"""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "truth"))

from compare import Answers, Figures, compare
from made import Made, all_made
from measure import figures_of, totals
from texts import Text, expected, load_text

from corpus.documents import Document, Source
from corpus.readers.formats import SUFFIXES
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece
from corpus.reading import make_document

# measure: (floor, target)
FLOORS = {
    "words": (99.9, 99.5),
    "own": (99.8, 99.5),
    "pages": (100.0, 100.0),
    "labels": (100.0, 100.0),
    "paths": (99.6, 98.0),
    "lead-ins": (100.0, 98.0),
    "items": (99.8, 98.0),
    "rows": (100.0, 98.0),
    "whole": (100.0, 100.0),
}


@pytest.fixture(scope="module")
def measured() -> list[tuple[Made, Figures]]:
    return [(made, figures_of(made)) for made in all_made() if made.suffix in SUFFIXES]


def test_the_set_has_forty_documents_by_three_producers_of_pdfs(
    measured: list[tuple[Made, Figures]],
) -> None:
    assert len(measured) >= 40
    producers = {made.producer for made, _ in measured if made.suffix == ".pdf"}
    assert producers == {"reportlab", "browser", "office"}


@pytest.mark.parametrize("measure", FLOORS)
def test_what_is_read_is_what_was_written(
    measured: list[tuple[Made, Figures]], measure: str
) -> None:
    total = totals(figures for _, figures in measured)
    assert total.total[measure] > 0
    assert 100 * total.right[measure] / total.total[measure] >= FLOORS[measure][0]


@pytest.mark.parametrize(
    ("producer", "floor"),
    [("reportlab", 99.8), ("browser", 99.9), ("office", 99.8), ("docx", 100.0), ("html", 100.0)],
)
def test_the_words_of_every_producer_s_documents_are_read_in_order(
    measured: list[tuple[Made, Figures]], producer: str, floor: float
) -> None:
    total = totals(figures for made, figures in measured if made.producer == producer)
    assert 100 * total.right["words"] / total.total["words"] >= floor


def text_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> Text:
    monkeypatch.setattr("texts.FOLDER", tmp_path)
    (tmp_path / "small.md").write_text(f"language: en\nhead: Head\n\n{body}", "utf-8")
    return load_text("small")


SMALL = """# Gates

## Staff

A guard stands here.
The guard may do this:

- shut the gate
  - at night
"""


def document_of(*blocks: tuple[str, int, str, int]) -> Document:
    """Return a document of blocks, each with its kind, level, text and page."""
    parsed = ParsedFile(
        tuple(
            ParsedBlock(kind, (Piece(text, page),), level)  # type: ignore[arg-type]
            for kind, level, text, page in blocks
        ),
        page_labels=(None, None),
    )
    return make_document(parsed, Source("small", "small.pdf", "small", "Gates"), file_sha256="")


RIGHT = (
    ("heading", 1, "Gates", 1),
    ("heading", 2, "Staff", 1),
    ("paragraph", 0, "A guard stands here. The guard may do this:", 1),
    ("item", 1, "• shut the gate", 1),
    ("item", 2, "– at night", 2),
)


def wrong_in(document: Document, text: Text) -> set[str]:
    answers = Answers(pages=((), (), (1,), (1,), (1,), (2,)), labels=(None, None))
    figures = compare(document, text, answers)
    return {measure for measure in figures.total if figures.right[measure] < figures.total[measure]}


def test_an_original_says_what_introduces_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truths = expected(text_in(tmp_path, monkeypatch, SMALL))
    assert [(truth.text, truth.path, truth.lead_in) for truth in truths[2:]] == [
        ("A guard stands here.", ("Staff",), None),
        ("The guard may do this:", ("Staff",), None),
        ("shut the gate", ("Staff",), "The guard may do this:"),
        ("at night", ("Staff",), "shut the gate"),
    ]


def test_a_document_that_is_right_has_no_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wrong_in(document_of(*RIGHT), text_in(tmp_path, monkeypatch, SMALL)) == set()


@pytest.mark.parametrize(
    ("number", "block", "wrong"),
    [
        (2, ("paragraph", 0, "A gard stands here. The guard may do this:", 1),
         {"words", "own"}),
        (2, ("paragraph", 0, "A guard Head 1 stands here. The guard may do this:", 1),
         {"own", "whole"}),
        (2, ("paragraph", 0, "A guard stands here. The guard may do this:", 2), {"pages"}),
        (1, ("paragraph", 0, "Staff", 1), {"paths"}),
        (3, ("paragraph", 0, "shut the gate", 1), {"items"}),
        (4, ("item", 1, "– at night", 2), {"items"}),
    ],
    ids=["a word misspelt", "a running head inside", "another page", "a heading missed",
         "an item missed", "an item too high"],
)  # fmt: skip
def test_a_fault_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    block: tuple[str, int, str, int],
    wrong: set[str],
) -> None:
    blocks = [*RIGHT[:number], block, *RIGHT[number + 1 :]]
    assert wrong_in(document_of(*blocks), text_in(tmp_path, monkeypatch, SMALL)) >= wrong
