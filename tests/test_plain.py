import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import EmptyFileError, NoTextError, UnreadableFileError, WrongFormatError
from corpus.readers.parsed import assemble
from corpus.readers.plain import parse_plain
from corpus.text import repair


def texts(source: str) -> list[str]:
    return [block.text for block in parse_plain(source.encode()).blocks]


def blocks(source: str) -> list[tuple[str, int, str]]:
    parsed = parse_plain(source.encode())
    return [(block.kind, block.level, block.text) for block in parsed.blocks]


def test_a_file_becomes_headings_paragraphs_and_items_in_reading_order() -> None:
    source = """#  Vetting ##

Before you hire,
ask for:
- police files;
  * of this year,
    whole;
  * of last year;
- army files.

Second part
===========
Text.
Third part
---
1. One
2. Two
   a) and
   b) more
"""
    parsed = parse_plain(source.encode())
    assert (parsed.title, parsed.language, parsed.url) == ("Vetting", None, None)
    assert [(block.kind, block.level, block.anchor, block.text) for block in parsed.blocks] == [
        ("heading", 1, None, "Vetting"),
        ("paragraph", 0, None, "Before you hire, ask for:"),
        ("item", 1, None, "• police files;"),
        ("item", 2, None, "• of this year, whole;"),
        ("item", 2, None, "• of last year;"),
        ("item", 1, None, "• army files."),
        ("heading", 1, None, "Second part"),
        ("paragraph", 0, None, "Text. Third part"),
        ("item", 1, None, "1. One"),
        ("item", 1, None, "2. Two"),
        ("item", 2, None, "a) and"),
        ("item", 2, None, "b) more"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("one two three inter-\nnational law", ["one two three international law"]),
        (
            "inter-\nnational law is what they ask about",
            ["inter- national law is what they ask about"],
        ),
        ("the site of UN-\nled forces", ["the site of UN- led forces"]),
        ("forces of a post-\nConflict State", ["forces of a post- Conflict State"]),
        ("a well-known site, a well-\nknown road", ["a well-known site, a well-known road"]),
        ("from 2010 -\nnow", ["from 2010 - now"]),
    ],
)
def test_a_word_is_joined_over_a_wrapped_line_only(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_a_line_wider_than_any_margin_is_a_paragraph_of_its_own() -> None:
    long = "Guards observe and warn. " * 8
    assert texts(f"{long}\n{long}\nShort.") == [long.strip(), long.strip(), "Short."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("It began on\n12. March and ended\n- so they say - soon.", None),
        ("The rule\n– as before –\nholds.", "The rule – as before – holds."),
        ("#hashtag and\nC# too", "#hashtag and C# too"),
        ("-5 degrees\n*no list", "-5 degrees *no list"),
        ("<b>*| `x` $y$ [Annex A]: http://x", "<b>*| `x` $y$ [Annex A]: http://x"),
    ],
)
def test_prose_is_not_taken_for_a_list(source: str, expected: str | None) -> None:
    assert texts(source)[0] == (expected or "It began on 12. March and ended")


def test_numbers_lined_up_at_their_points_are_one_list() -> None:
    assert blocks(" 9. a\n10. b\n\n 11. c") == [
        ("item", 1, "9. a"),
        ("item", 1, "10. b"),
        ("item", 1, "11. c"),
    ]
    assert blocks("- a\n  9. b\n 10. c") == [
        ("item", 1, "• a"),
        ("item", 2, "9. b"),
        ("item", 2, "10. c"),
    ]


def test_a_list_after_a_paragraph_begins_at_depth_one_again() -> None:
    assert blocks("- a\n    - b\n\nText:\n\n    - c") == [
        ("item", 1, "• a"),
        ("item", 2, "• b"),
        ("paragraph", 0, "Text:"),
        ("item", 1, "• c"),
    ]


def test_rules_between_paragraphs_are_left_out() -> None:
    assert texts("One.\n\n---\n\nTwo\nthree.\n-----\n* * *\nFour. # \n") == [
        "One.",
        "Two three.",
        "Four. #",
    ]


def test_the_title_is_the_first_heading_of_level_one() -> None:
    assert parse_plain(b"## Two\n\n# One\n\n# Other\n\nText.").title == "One"
    assert parse_plain(b"## Two\n\nText.").title is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_characters_are_read_in_the_usual_sets(encoding: str) -> None:
    assert parse_plain("Sécurité – “droits”".encode(encoding)).blocks[0].text == (
        "Sécurité – “droits”"
    )


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (b"", EmptyFileError, "empty"),
        (b" \n\t\n", EmptyFileError, "empty"),
        (b"text\x00text", WrongFormatError, "binary"),
        (b"# Heading\n---\n", NoTextError, "headings"),
        ("\u00ad\u200b".encode(), NoTextError, "no text"),
    ],
)
def test_a_file_without_text_is_refused(
    data: bytes, error: type[UnreadableFileError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        parse_plain(data)


LINES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["# a", "===", "---", "- b", "   * c", "1. d", "a) e", "wrap-", "ped", "\u2028", "\f", "ﬁ-"]
    ),
)


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        st.lists(LINES, max_size=25).map(lambda lines: "\n".join(lines).encode("utf-8", "replace")),
        st.binary(max_size=60),
    )
)
def test_any_text_ends_in_blocks_that_are_spans_or_in_a_refusal(data: bytes) -> None:
    try:
        parsed = parse_plain(data)
    except UnreadableFileError:
        return
    text, found, pages = assemble(parsed)
    assert [block.span.of(text) for block in found] == [block.text for block in parsed.blocks]
    assert all(repair(block.text) == block.text for block in parsed.blocks)
    assert pages == ()
