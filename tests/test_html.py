from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import EmptyFileError, NoTextError, UnreadableFileError, WrongFormatError
from corpus.passages import split_passages
from corpus.readers.html import parse_html
from corpus.readers.parsed import assemble
from corpus.reading import guess_source, make_document
from corpus.text import repair

HANDBOOK = Path(__file__).resolve().parents[2] / "shared" / "html" / "sfm_research_handbook"


def texts(markup: str) -> list[str]:
    return [block.text for block in parse_html(markup.encode()).blocks]


def items(markup: str) -> list[tuple[int, str]]:
    blocks = parse_html(markup.encode()).blocks
    return [(block.level, block.text) for block in blocks if block.kind == "item"]


def anchors(markup: str) -> list[tuple[str, str | None]]:
    return [(block.text, block.anchor) for block in parse_html(markup.encode()).blocks]


def read(file_name: str) -> list[tuple[str, int, str | None, str]]:
    blocks = parse_html((HANDBOOK / file_name).read_bytes()).blocks
    return [(block.kind, block.level, block.anchor, block.text) for block in blocks]


def test_a_page_becomes_headings_paragraphs_items_and_rows_in_reading_order() -> None:
    page = """
    <html lang="en-GB"><head><title>Vetting | Hub</title>
    <link rel="canonical" href="https://example.org/vetting.html"></head><body>
    <nav><ul><li><a href="/">Home</a></li></ul></nav>
    <main id="top"><h1 id="vetting">Vetting</h1><p>Before you <b>hire</b>:</p>
    <ul><li>ask for records;</li><li>keep them.</li></ul>
    <h2>Who asks</h2>
    <table><tr><th>Who</th><th>When</th></tr><tr><td>Manager</td><td>First</td></tr></table>
    </main><footer>Copyright 2026</footer></body></html>
    """
    parsed = parse_html(page.encode())
    assert (parsed.title, parsed.language) == ("Vetting", "en")
    assert parsed.url == "https://example.org/vetting.html"
    assert [(block.kind, block.level, block.anchor, block.text) for block in parsed.blocks] == [
        ("heading", 1, "vetting", "Vetting"),
        ("paragraph", 0, "vetting", "Before you hire:"),
        ("item", 1, "vetting", "• ask for records;"),
        ("item", 1, "vetting", "• keep them."),
        ("heading", 2, "vetting", "Who asks"),
        ("row", 0, "vetting", "Who | When"),
        ("row", 0, "vetting", "Manager | First"),
    ]


# The defects that were seen on the real Toolkit's pages, each of which lost or moved words.


def test_a_bold_lead_in_stays_before_its_bullets_and_is_no_heading() -> None:
    page = "<main><p><strong>Agree on rules:</strong></p><ul><li>who</li><li>when</li></ul></main>"
    blocks = parse_html(page.encode()).blocks
    assert [(block.kind, block.level, block.text) for block in blocks] == [
        ("paragraph", 0, "Agree on rules:"),
        ("item", 1, "• who"),
        ("item", 1, "• when"),
    ]


def test_nested_lists_keep_their_depth_and_their_parent_comes_first() -> None:
    page = "<ul><li>Clauses on:<ul><li>force<ol><li>last resort</ol><li>vetting</ul>after<li>End"
    assert items(page) == [
        (1, "• Clauses on:"),
        (2, "• force"),
        (3, "1. last resort"),
        (2, "• vetting"),
        (1, "after"),
        (1, "• End"),
    ]


@pytest.mark.parametrize(
    "letter", ["<p>A.</p>", "<h2>A.</h2>", "<div><span>A.</span></div>"], ids=["p", "h2", "div"]
)
def test_a_letter_on_its_own_line_joins_the_heading_after_it(letter: str) -> None:
    page = f"<main>{letter}<h3 id='x'>Turnover of officials</h3><p>Keep notes.</p></main>"
    assert anchors(page) == [("A. Turnover of officials", "x"), ("Keep notes.", "x")]


def test_linked_words_survive() -> None:
    page = (
        "<p>Clauses contained in the <a href='/v'>Voluntary\nPrinciples</a> and the"
        " <a href='/i'><em>ICoC</em></a>, agreed.</p>"
    )
    assert texts(page) == ["Clauses contained in the Voluntary Principles and the ICoC, agreed."]


def test_the_title_is_the_first_heading_of_the_text_else_the_pages_title() -> None:
    page = b"<title> Page\n title </title><header><h1>Hub</h1></header><main>%s<p>x</p></main>"
    assert parse_html(page % b"<h1>Text <i>title</i></h1>").title == "Text title"
    assert parse_html(page % b"<h2>Section</h2>").title == "Page title"
    assert parse_html(b"<p>x</p>").title is None


@pytest.mark.parametrize(
    ("head", "language", "url"),
    [
        ("<html lang='zh-Hans'>", "zh", None),
        ("<html lang='english'>", None, None),
        ("<html lang=''>", None, None),
        ("<link rel='canonical' href='/relative'>", None, None),
        ("<link rel='canonical' href='http://example.org/a'>", None, "http://example.org/a"),
    ],
)
def test_language_and_address_are_read_or_left_open(
    head: str, language: str | None, url: str | None
) -> None:
    parsed = parse_html(f"{head}<p>x</p>".encode())
    assert (parsed.language, parsed.url) == (language, url)


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (b"", EmptyFileError, "empty"),
        (b"\x00\x01\x02\xff" * 20, WrongFormatError, "binary"),
        (b"<html><body></body></html>", NoTextError, "no text"),
        (b"<main><h1>Loading</h1></main><script>load()</script>", NoTextError, "no text"),
        (b"<frameset><frame src='a'></frameset>", NoTextError, "no text"),
    ],
)
def test_a_file_without_text_is_refused_with_its_reason(
    data: bytes, error: type[UnreadableFileError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        parse_html(data)


def letters_of(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def passages_of(path: Path) -> list[str]:
    parsed = parse_html(path.read_bytes())
    document = make_document(parsed, guess_source(path.name, parsed), file_sha256="")
    found = split_passages(document, count_tokens=lambda text: len(text.split()), max_tokens=200)
    return [passage.text for passage in found]


def entries_of(menu: LexborNode) -> list[str]:
    return [letters_of(link.text()) for link in menu.css("li > a")]


def test_what_is_left_out_is_told_by_its_first_words_once() -> None:
    bar = "<div class='share-bar'><a href='/s'>Share it</a></div>"
    menu = f"<nav><script>no</script> All {'topics ' * 20}</nav>"
    page = f"{menu}<p>Before</p>{bar}<main><p>Text. <a href='#n'>¶</a></p>{bar}</main>"
    parsed = parse_html(page.encode())
    assert [block.text for block in parsed.blocks] == ["Text."]
    assert parsed.taken_out == (f"All {'topics ' * 10}topic…", "Share it", "Before")


@pytest.mark.parametrize("tag", ["div", "ul><li", "b", "table><tr><td", "blockquote"])
def test_thousands_of_nested_elements_are_read(tag: str) -> None:
    [block] = parse_html((f"<{tag}>" * 10_000 + "deep").encode()).blocks
    assert block.text.removeprefix("• ") == "deep"
    assert block.level <= 12


@pytest.mark.skipif(not HANDBOOK.is_dir(), reason="the shared handbook is not here")
class TestHandbook:
    def test_no_navigation_stands_in_any_page(self) -> None:
        unread = []
        for path in sorted(HANDBOOK.glob("*.html")):
            try:
                blocks = parse_html(path.read_bytes()).blocks
            except NoTextError:
                unread.append(path.name)
                continue
            boilerplate = ("¶", "View page source", "Read the Docs", "Search docs", "© Copyright")
            for block in blocks:
                assert not any(words in block.text for words in boilerplate), (path, block)
                assert block.text not in ("Next", "Previous", "• »")
                assert block.kind != "heading" or block.anchor
        # Two pages of the generator's, and a draft with headings only.
        assert unread == ["genindex.html", "scratch-locations.html", "search.html"]

    def test_no_two_entries_of_a_menu_stand_in_any_passage(self) -> None:
        looked_for = 0
        for path in sorted(HANDBOOK.glob("*.html")):
            tree = LexborHTMLParser(path.read_bytes().decode())
            menu, main = tree.css_first("nav.wy-nav-side"), tree.css_first("div[role=main]")
            assert menu is not None
            assert main is not None
            own = letters_of(main.text())  # two pages list the same in their text
            pairs = [a + b for a, b in pairwise(entries_of(menu)) if a + b not in own]
            looked_for += len(pairs)
            try:
                passages = "".join(map(letters_of, passages_of(path)))
            except NoTextError:
                continue
            assert [pair for pair in pairs if pair in passages] == []
        assert looked_for > 1000

    def test_a_page_reads_as_it_is_written(self) -> None:
        blocks = read("how-dates-work.html")
        assert blocks[0] == ("heading", 1, "claims-with-dates", "Claims with dates")
        anchor = "finding-dates-in-sources"
        at = blocks.index(("heading", 2, anchor, "Finding dates in sources"))
        lead_in = "Sources contain dates that have different levels of “granularity”, for example:"
        first = "• A single specific date, like in the example above: 20 June 2023"
        assert blocks[at + 1 : at + 3] == [
            ("paragraph", 0, anchor, lead_in),
            ("item", 1, anchor, first),
        ]
        row = "Unit Relation: Earliest Precise Date | ::relation:date-range-precise:first"
        assert ("row", 0, "capturing-dates-in-claims", row) in blocks


TAGS = st.sampled_from(
    [
        *("p", "div", "ul", "ol", "li", "table", "tr", "td", "th", "h1", "h2", "pre", "br", "a"),
        *("b", "span", "main", "article", "nav", "dl", "dt", "dd", "section", "blockquote"),
    ]
)
MARKUP = st.lists(
    st.one_of(
        st.text(max_size=8),
        TAGS.map(lambda tag: f"<{tag}>"),
        TAGS.map(lambda tag: f"</{tag}>"),
        TAGS.map(lambda tag: f"<{tag} id='i' class='menu note' hidden role=main href='#'>"),
        st.sampled_from(["&shy;", "&#13;", "&#xFEFF;", "\u0301", "ﬁ", "<!--", "-->", "<p id=a>"]),
    ),
    max_size=40,
).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))


@settings(max_examples=120, deadline=None)
@given(st.one_of(MARKUP, st.binary(max_size=60)))
def test_any_markup_ends_in_blocks_that_are_spans_or_in_a_refusal(data: bytes) -> None:
    try:
        parsed = parse_html(data)
    except UnreadableFileError:
        return
    text, blocks, pages = assemble(parsed)
    assert [block.span.of(text) for block in blocks] == [block.text for block in parsed.blocks]
    assert all(repair(block.text) == block.text for block in parsed.blocks)
    assert pages == ()
