import pytest
from word_fixtures import blocks, listed, p, r, styled, texts

from corpus.readers.docx_numbering import numeral


def level(place: int, style: str, text: str, more: str = "", *, start: int = 1) -> str:
    """Return a level of a list, set in by half an inch more than the one above it."""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/><w:pPr><w:ind w:left="{720 * (place + 1)}"/></w:pPr></w:lvl>'
    )


def abstract(list_id: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{list_id}">{"".join(levels)}</w:abstractNum>'


def instance(num_id: int, list_id: int, more: str = "") -> str:
    return f'<w:num w:numId="{num_id}"><w:abstractNumId w:val="{list_id}"/>{more}</w:num>'


def override(place: int, more: str) -> str:
    return f'<w:lvlOverride w:ilvl="{place}">{more}</w:lvlOverride>'


def markers(numbering: str, *places: tuple[int, int]) -> list[str]:
    """Return what stands before "x" in items given by the number of their list and their level."""
    body = "".join(listed("x", num_id, place) for num_id, place in places)
    return [text.removesuffix("x") for text in texts(body, numbering=numbering)]


CLAUSES = abstract(
    0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "(%3)")
)


@pytest.mark.parametrize(
    ("style", "count", "expected"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("lowerLetter", 26, "z"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 53, "AAA"),
        ("lowerRoman", 1994, "mcmxciv"),
        ("upperRoman", 4, "IV"),
        ("none", 4, ""),
        ("upperLetter", 0, "0"),
        ("lowerLetter", 999_999_999, "999999999"),
        ("lowerRoman", 999_999_999, "999999999"),
        ("lowerRoman", -3, "-3"),
        ("hindiVowels", 3, "3"),
    ],
)
def test_a_number_is_printed_as_word_does(style: str, count: int, expected: str) -> None:
    assert numeral(count, style) == expected


# The markers of the first three tests are also those that LibreOffice prints.
def test_levels_count_within_the_level_above() -> None:
    places = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2)]
    assert markers(CLAUSES + instance(1, 0), *places) == [
        *("1. ", "1.1 ", "1.2 ", "(a) ", "(b) ", "1.3 ", "(a) ", "2. ", "2.1 ", "(a) "),
    ]


def test_a_level_that_is_passed_over_counts_as_begun() -> None:
    places = [(1, 1), (1, 1), (1, 0), (1, 2)]
    assert markers(CLAUSES + instance(1, 0), *places) == ["1.1 ", "1.2 ", "2. ", "(a) "]


def test_instances_of_a_list_count_on_unless_one_starts_anew() -> None:
    anew = override(0, '<w:startOverride w:val="7"/>')
    numbering = CLAUSES + instance(1, 0) + instance(2, 0) + instance(3, 0, anew)
    places = [(1, 0), (2, 0), (3, 0), (3, 0), (1, 0), (3, 1)]
    assert markers(numbering, *places) == ["1. ", "2. ", "7. ", "8. ", "9. ", "9.1 "]


def test_a_level_starts_anew_where_its_instance_says_so_each_time() -> None:
    anew = override(1, '<w:startOverride w:val="5"/>')
    places = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1)]
    expected = ["1. ", "1.5 ", "1.6 ", "2. ", "2.5 "]
    assert markers(CLAUSES + instance(1, 0, anew), *places) == expected


def test_an_instance_may_number_a_level_in_its_own_way() -> None:
    own = override(0, level(0, "upperRoman", "%1)", start=4))
    assert markers(CLAUSES + instance(1, 0, own), (1, 0), (1, 1)) == ["IV) ", "IV.1 "]


@pytest.mark.parametrize(
    ("restart", "expected"),
    [
        ("", ["1.", "1.", "1.", "1."]),
        ('<w:lvlRestart w:val="0"/>', ["1.", "2.", "3.", "4."]),
        ('<w:lvlRestart w:val="1"/>', ["1.", "2.", "1.", "2."]),
        ('<w:lvlRestart w:val="2"/>', ["1.", "1.", "1.", "1."]),
    ],
)
def test_a_level_restarts_after_the_levels_that_it_names(restart: str, expected: list[str]) -> None:
    upper = (level(0, "decimal", "%1"), level(1, "decimal", "%2"))
    numbering = abstract(0, *upper, level(2, "decimal", "%3.", restart)) + instance(1, 0)
    places = [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 2), (1, 1), (1, 2)]
    found = markers(numbering, *places)
    assert [found[place].strip() for place in (2, 4, 7, 9)] == expected


def test_a_legal_level_shows_all_numbers_in_figures() -> None:
    levels = (level(0, "upperRoman", "Article %1"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    numbering = abstract(0, *levels) + instance(1, 0)
    assert markers(numbering, (1, 0), (1, 0), (1, 1)) == ["Article I ", "Article II ", "2.1 "]


@pytest.mark.parametrize(
    ("of_level", "expected"),
    [
        (level(0, "bullet", "\uf0b7"), "• x"),
        (level(0, "bullet", "o"), "• x"),
        (level(0, "bullet", ""), "• x"),
        (level(0, "decimal", "%1)", '<w:suff w:val="nothing"/>'), "1)x"),
        (level(0, "decimal", "%1)", '<w:suff w:val="space"/>'), "1) x"),
        (level(0, "decimal", "Note:"), "Note: x"),
        (level(0, "none", "%1"), "x"),
        (level(0, "decimal", ""), "x"),
        (level(0, "decimal", "%2%9"), "x"),
        ('<w:lvl w:ilvl="0"><w:lvlText w:val="%1."/></w:lvl>', "0. x"),
    ],
)
def test_a_marker_is_shown_as_the_level_writes_it(of_level: str, expected: str) -> None:
    assert texts(listed("x", 1), numbering=abstract(0, of_level) + instance(1, 0)) == [expected]


@pytest.mark.parametrize(("num_id", "place"), [(0, 0), (9, 0), (1, 8), (2, 0)])
def test_a_paragraph_in_a_list_that_is_not_there_is_a_paragraph(num_id: int, place: int) -> None:
    numbering = CLAUSES + instance(1, 0) + instance(2, 77)
    assert blocks(listed("x", num_id, place), numbering=numbering) == [("paragraph", 0, "x")]


def test_numbers_come_from_styles_and_the_levels_linked_to_them() -> None:
    levels = (
        level(0, "decimal", "%1", '<w:pStyle w:val="Heading1"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="Clause"/>'),
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Narrow"><w:name w:val="Narrow"/>'
        '<w:basedOn w:val="Clause"/></w:style>'
    )
    heading = p(r("Duties"), '<w:pStyle w:val="Heading1"/><w:numPr><w:numId w:val="1"/></w:numPr>')
    free = p(r("free"), '<w:pStyle w:val="Clause"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    body = heading + styled("Clause", "a") + styled("Narrow", "b") + free + styled("Clause", "c")
    numbering = abstract(0, *levels) + instance(1, 0)
    assert blocks(body, styles=styles, numbering=numbering) == [
        ("heading", 1, "1 Duties"),
        ("item", 1, "1.1 a"),
        ("item", 1, "1.2 b"),
        ("paragraph", 0, "free"),
        ("item", 1, "1.3 c"),
    ]


def test_a_list_may_be_described_where_a_style_of_lists_is() -> None:
    linked = (
        '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="Outline"/></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="6"><w:numStyleLink w:val="Circle"/></w:abstractNum>'
    )
    styles = "".join(
        f'<w:style w:type="numbering" w:styleId="{name}"><w:name w:val="{name}"/>'
        f'<w:pPr><w:numPr><w:numId w:val="{num_id}"/></w:numPr></w:pPr></w:style>'
        for name, num_id in (("Outline", 1), ("Circle", 3))
    )
    numbering = CLAUSES + linked + instance(1, 0) + instance(2, 5) + instance(3, 6)
    body = listed("a", 2) + listed("b", 2, 1) + listed("c", 3)
    assert texts(body, numbering=numbering, styles=styles) == ["1. a", "1.1 b", "c"]


def test_paragraphs_that_are_not_shown_take_no_number() -> None:
    hidden = "<w:vanish/>"
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        listed("a", 1)
        + p(r("secret", hidden), f"{numbered}<w:rPr>{hidden}</w:rPr>")
        + p(f"<w:del>{r('gone')}</w:del>", f"{numbered}<w:rPr><w:del/></w:rPr>")
        + listed("b", 1)
        + listed("<w:r/>", 1)
        + listed("c", 1)
    )
    assert texts(body, numbering=CLAUSES + instance(1, 0)) == ["1. a", "2. b", "4. c"]


def test_lists_within_lists_are_told_by_level_and_by_indentation() -> None:
    bullets = abstract(1, level(0, "bullet", "-"), level(1, "bullet", "-"))
    numbering = CLAUSES + bullets + instance(1, 0) + instance(2, 1)
    set_in = '<w:numPr><w:numId w:val="2"/></w:numPr><w:ind w:left="1440"/>'
    body = (
        listed("one", 1) + p("of one", set_in) + p("of one too", set_in) + listed("two", 1)
        + listed("of two", 2, 1) + listed("apart", 2)
    )  # fmt: skip
    assert blocks(body, numbering=numbering) == [
        ("item", 1, "1. one"),
        ("item", 2, "• of one"),
        ("item", 2, "• of one too"),
        ("item", 1, "2. two"),
        ("item", 2, "• of two"),
        ("item", 1, "• apart"),
    ]
