from fakes import document_of

from corpus.documents import Block, Section, Span
from corpus.sections import find_sections


def sections_of(written: str) -> list[tuple[tuple[str, ...], str]]:
    """Return heading path and text of each section."""
    document = document_of(written)
    return [(section.headings, section.span.of(document.text)) for section in document.sections]


def test_a_section_stands_under_its_headings_from_the_outermost_in() -> None:
    assert sections_of("# A\na\n## B\nb\n### C\nc\n## D\nd\n# E\ne") == [
        (("A",), "A\n\na\n\n"),
        (("A", "B"), "B\n\nb\n\n"),
        (("A", "B", "C"), "C\n\nc\n\n"),
        (("A", "D"), "D\n\nd\n\n"),
        (("E",), "E\n\ne"),
    ]


def test_a_level_that_was_skipped_leaves_no_gap_in_the_path() -> None:
    paths = [headings for headings, _ in sections_of("# A\n#### B\n### C\n## D\n##### E\n# F")]
    assert paths == [("A",), ("A", "B"), ("A", "C"), ("A", "D"), ("A", "D", "E"), ("F",)]


def test_headings_may_begin_below_the_first_level() -> None:
    paths = [headings for headings, _ in sections_of("### A\n## B\n### C")]
    assert paths == [("A",), ("B",), ("B", "C")]


def test_text_before_the_first_heading_is_a_section_without_headings() -> None:
    assert sections_of("before\n• it\n# A\na") == [((), "before\n• it\n\n"), (("A",), "A\n\na")]


def test_a_text_without_headings_is_one_section() -> None:
    assert sections_of("one\ntwo") == [((), "one\n\ntwo")]


def test_a_text_without_blocks_has_no_section() -> None:
    assert find_sections("", ()) == ()


def test_a_section_opens_at_its_headings_anchor() -> None:
    blocks = (
        Block("paragraph", Span(0, 1), anchor="top"),
        Block("heading", Span(3, 4), 1, "a"),
        Block("paragraph", Span(6, 7), anchor="inside"),
        Block("heading", Span(9, 10), 2),
    )
    assert find_sections("p\n\nA\n\nq\n\nB", blocks) == (
        Section((), Span(0, 3), "top"),
        Section(("A",), Span(3, 9), "a"),
        Section(("A", "B"), Span(9, 10), None),
    )
