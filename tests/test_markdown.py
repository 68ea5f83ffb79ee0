import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import EmptyFileError, NoTextError, UnreadableFileError, WrongFormatError
from corpus.readers.markdown import parse_markdown
from corpus.readers.parsed import assemble
from corpus.text import repair


def texts(source: str) -> list[str]:
    return [block.text for block in parse_markdown(source.encode()).blocks]


def blocks(source: str) -> list[tuple[str, int, str]]:
    parsed = parse_markdown(source.encode())
    return [(block.kind, block.level, block.text) for block in parsed.blocks]


def test_a_file_becomes_headings_paragraphs_items_and_rows_in_reading_order() -> None:
    source = """---
title: "Vetting: a sheet"
language: en-GB
url: https://example.org/vetting
---
# Vetting

Before you *hire*,
ask [for **records**](http://x):

- police `file`;
  1. then
  2. later
- army.

> Be fair.

| Who | When |
|-----|------|
| HR \\| you | **First** |
|     | Last |

Section two
-----------

    indented
      code
"""
    parsed = parse_markdown(source.encode())
    assert (parsed.title, parsed.language) == ("Vetting: a sheet", "en")
    assert parsed.url == "https://example.org/vetting"
    assert [(block.kind, block.level, block.anchor, block.text) for block in parsed.blocks] == [
        ("heading", 1, None, "Vetting"),
        ("paragraph", 0, None, "Before you hire, ask for records:"),
        ("item", 1, None, "• police file;"),
        ("item", 2, None, "1. then"),
        ("item", 2, None, "2. later"),
        ("item", 1, None, "• army."),
        ("paragraph", 0, None, "Be fair."),
        ("row", 0, None, "Who | When"),
        ("row", 0, None, "HR | you | First"),
        ("row", 0, None, "| Last"),
        ("heading", 2, None, "Section two"),
        ("paragraph", 0, None, "indented\n  code"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a *b* __c__ ~~d~~ `e`", "a b c d e"),
        ("see [the *guide*](http://x 'title') and <http://y>", "see the guide and http://y"),
        ("![a *map*](x.png)", "a map"),
        ("x <b>y</b><!-- z --> <span class='n'>w</span>", "x y w"),
        ("a<br>b<br/>c  \nd", "a\nb\nc\nd"),
        ("soft\nbreak", "soft break"),
        ("a<p>b", "a b"),
        ("AT&amp;T &copy; &#8211; &shy;ﬁn", "AT&T © – fin"),
        (r"\*not\* \<b\>", "*not* <b>"),
        ("$x$ and $a_1$, 5 * 3 * 2", "$x$ and $a_1$, 5 * 3 * 2"),
        ("\\<b>*|", "<b>*|"),
        (
            "the <name of company> and <address of company>",
            "the <name of company> and <address of company>",
        ),
        ("[not a link] [x][y]", "[not a link] [x][y]"),
        ("# not\u00a0alone", "not alone"),
    ],
)
def test_inline_marks_go_and_words_stay(source: str, expected: str) -> None:
    assert texts(f"{source}\n\nEnd.")[0] == expected


def test_a_line_that_looks_like_a_links_target_is_text_unless_a_link_uses_it() -> None:
    source = "[Annex A]: http://example.org/a\n[used]: http://x\n\nSee [used].\n\n[//]: # (note)\n"
    assert texts(source) == ["[Annex A]: http://example.org/a", "See used."]


def test_a_footnote_stands_apart_and_its_mark_leaves_the_sentence() -> None:
    source = "By hand.[^1] Always[^x].[^2]\n\n[^2]: http://example.org\n\n[^1]: Laws\n  differ.\n"
    assert texts(source) == ["By hand. Always[^x].", "http://example.org", "Laws differ."]


def test_numbered_items_show_the_numbers_that_a_browser_shows() -> None:
    assert texts("3. a\n3. b\n\n<!-- -->\n\n1) c") == ["3. a", "4. b", "1) c"]


def test_paragraphs_and_code_inside_an_item_are_lines_of_it() -> None:
    source = "- **Open a channel.**\n\n  Name a contact.\n\n  ```\n  a:\n    b\n  ```\n- Keep it.\n"
    assert blocks(source) == [
        ("item", 1, "• Open a channel.\nName a contact.\na:\n  b"),
        ("item", 1, "• Keep it."),
    ]


def test_fenced_code_keeps_its_lines() -> None:
    assert texts("```json\n{\n  1\n\n}\n```") == ["{\n  1\n\n}"]


def test_html_blocks_are_read_as_html() -> None:
    source = (
        "<div class='note'>\nOne <b>two</b>\n</div>\n\n<!-- single -->\n\n"
        "- a\n  <ul><li>b</li></ul>\n\n<table><tr><td>c</td><td>d</td></tr></table>\n\n"
        "<company name>\n\n<script>track()</script>\n"
    )
    assert blocks(source) == [
        ("paragraph", 0, "One two"),
        ("item", 1, "• a"),
        ("item", 2, "• b"),
        ("row", 0, "c | d"),
        ("paragraph", 0, "<company name>"),
    ]


@pytest.mark.parametrize(
    ("source", "title", "expected"),
    [
        ("---\ntitle: [broken\n---\nText.", None, ["Text."]),
        ("---\ntitle: 2022\nsize: {a: 1}\n---\nText.", "2022", ["Text."]),
        ("---\ntitle: [a, b]\n---\n# H\n\nText.", "H", ["H", "Text."]),
        ("---\n---\nText.", None, ["Text."]),
        ("---\n\nProse.\n\n---\n\nText.", None, ["Prose.", "Text."]),
        ("---\nText after a rule.", None, ["Text after a rule."]),
        ("## Two\n\nText.\n\n# One", "One", ["Two", "Text.", "One"]),
        ("\ufeff---\ntitle: T\n---\nText.", "T", ["Text."]),
        ("---\r\ntitle: T\r\n---\r\nText.\r\n", "T", ["Text."]),
        (f"---\ntitle: {'[' * 5000}\n---\nText.", None, ["Text."]),
    ],
)
def test_front_matter_is_read_and_never_fatal(
    source: str, title: str | None, expected: list[str]
) -> None:
    parsed = parse_markdown(source.encode())
    assert parsed.title == title
    assert [block.text for block in parsed.blocks] == expected


def test_characters_of_windows_are_read() -> None:
    assert parse_markdown("“Sécurité”".encode("cp1252")).blocks[0].text == "“Sécurité”"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFileError),
        (b"\n \n", EmptyFileError),
        (b"a\x00b", WrongFormatError),
        (b"---\ntitle: T\n---\n", NoTextError),
        (b"# Only a heading\n", NoTextError),
        (b"***\n", NoTextError),
    ],
)
def test_a_file_without_text_is_refused(data: bytes, error: type[UnreadableFileError]) -> None:
    with pytest.raises(error, match=r"^it "):
        parse_markdown(data)


def test_lists_are_read_deeper_than_the_parser_goes_by_itself() -> None:
    source = "\n".join("  " * depth + f"- level {depth}" for depth in range(15))
    assert texts(source)[-1] == "• level 14"


MARKS = st.sampled_from(
    [
        *("# ", "- ", "1. ", "> ", "    ", "\n", "\n\n", "| a | b |\n|--|--|\n", "```\n", "---\n"),
        *("[a]: x\n", "[^1]: n\n", "[^1]", "[a]", "![i](u)", "<div>", "</div>", "<li>", "<b>"),
        *("*", "_", "`", "\\", "&shy;", "&#13;", "\r", "\t", "ﬁ", "\u0301", "title: x\n"),
    ]
)
SOURCES = st.lists(st.one_of(MARKS, st.text(max_size=6)), max_size=40).map(
    lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
)


@settings(max_examples=120, deadline=None)
@given(st.one_of(SOURCES, st.binary(max_size=60)))
def test_any_text_ends_in_blocks_that_are_spans_or_in_a_refusal(data: bytes) -> None:
    try:
        parsed = parse_markdown(data)
    except UnreadableFileError:
        return
    text, found, pages = assemble(parsed)
    assert [block.span.of(text) for block in found] == [block.text for block in parsed.blocks]
    assert all(repair(block.text) == block.text for block in parsed.blocks)
    assert pages == ()
