import pytest

from corpus.readers.html import parse_html


def texts(markup: str) -> list[str]:
    return [block.text for block in parse_html(markup.encode()).blocks]


def items(markup: str) -> list[tuple[int, str]]:
    blocks = parse_html(markup.encode()).blocks
    return [(block.level, block.text) for block in blocks if block.kind == "item"]


def anchors(markup: str) -> list[tuple[str, str | None]]:
    return [(block.text, block.anchor) for block in parse_html(markup.encode()).blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>UN<br>Security</p>", ["UN\nSecurity"]),
        ("<p>UN<br><br>Security</p>", ["UN", "Security"]),
        ("<div>UN</div><div>Security</div>", ["UN", "Security"]),
        ("<p><span>UN</span> <span>Security</span></p>", ["UN Security"]),
        ("<p><b>UN</b>\n<a href='x'>Security</a></p>", ["UN Security"]),
        ("<p>Un<b>arm</b>ed</p>", ["Unarmed"]),
        ("<p>UN&nbsp;\u200bSecurity</p>", ["UN Security"]),
        ("<p>a<div>b</div>c", ["a", "b", "c"]),
    ],
)
def test_words_are_parted_as_a_browser_shows_them(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_headings_and_cells_are_one_line_with_their_words_parted() -> None:
    page = (
        "<main><h2>A<br>title<div>of</div>three</h2><table><tr><th>x<td><p>a</p><p>b</p>"
        "<tr><th><td>one<ul><li>two<li>three</ul></table><p>.</p></main>"
    )
    assert texts(page) == ["A title of three", "x | a b", "| one • two • three", "."]


def test_a_list_whose_introduction_is_empty_of_items_is_left_as_it_is() -> None:
    assert texts("<main><p>Criteria should at least entail:</p><ul></ul></main>") == [
        "Criteria should at least entail:"
    ]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2 id='own'>H</h2>", "own"),
        ("<section id='wrap'><h2>H</h2></section>", "wrap"),
        ("<h2><a name='old'></a>H</h2>", "old"),
        ("<a name='before'></a><h2>H</h2>", "before"),
        ("<div id='wrap'><h2 id='own'>H <a id='inner'></a></h2></div>", "own"),
        ("<h2 id='not an address'>H</h2>", None),
        ("<h2>H</h2>", None),
    ],
)
def test_a_heading_is_opened_by_the_id_nearest_before_it(markup: str, expected: str | None) -> None:
    assert anchors(f"<main>{markup}<p>Text.</p></main>")[0] == ("H", expected)


def test_a_paragraph_takes_the_id_before_its_first_word() -> None:
    page = "<main><p id='a'>One <span id='b'>two</span></p><p>Three</p></main>"
    assert anchors(page) == [("One two", "a"), ("Three", "b")]


@pytest.mark.parametrize(
    ("attributes", "markers"),
    [
        ("", ["1. x", "2. x"]),
        ("start='3'", ["3. x", "4. x"]),
        ("type='a'", ["a. x", "b. x"]),
        ("type='I' start='4'", ["IV. x", "V. x"]),
        ("style='list-style-type: lower-roman'", ["i. x", "ii. x"]),
        ("start='many'", ["1. x", "2. x"]),
    ],
)
def test_numbered_lists_show_their_numbers(attributes: str, markers: list[str]) -> None:
    page = f"<p>Steps:</p><ol {attributes}><li>x</li><li>x</li></ol>"
    assert [text for _, text in items(page)] == markers


def test_an_item_can_name_its_number_and_the_next_one_follows() -> None:
    assert items("<ol><li>a<li value=7>b<li>c</ol>") == [(1, "1. a"), (1, "7. b"), (1, "8. c")]


def test_paragraphs_inside_an_item_are_lines_of_that_item() -> None:
    page = (
        "<ul><li><p><b>Open a channel.</b></p><p>Name a contact.</p></li><li>• Keep it.</li></ul>"
    )
    assert items(page) == [(1, "• Open a channel.\nName a contact."), (1, "• Keep it.")]


def test_definitions_follow_their_term_as_items() -> None:
    page = "<dl><dt>PSP</dt><dd>Private security provider</dd><dt>MoU</dt><dd>Agreement</dd></dl>"
    blocks = parse_html(page.encode()).blocks
    assert [(block.kind, block.level, block.text) for block in blocks] == [
        ("paragraph", 0, "PSP"),
        ("item", 1, "Private security provider"),
        ("paragraph", 0, "MoU"),
        ("item", 1, "Agreement"),
    ]


def test_a_layout_table_is_walked_into() -> None:
    page = (
        "<table><tr><td><ul class='menu'><li><a href='/'>Home</a></ul></td>"
        "<td><h1>T</h1><p>One.</p><table><tr><td>a</td><td>b</td></tr><tr><td></td><td>c</td>"
        "</tr></table></td></tr></table>"
    )
    assert texts(page) == ["T", "One.", "a | b", "| c"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><td>a</td><td>b</td></tr>", [("row", "a | b")]),
        ("<tr><td>a</td></tr><tr><td>b</td></tr>", [("paragraph", "a"), ("paragraph", "b")]),
        ("<tr><td>a</td><td><ul><li>b</ul></td></tr>", [("paragraph", "a"), ("item", "• b")]),
        (
            "<tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr>",
            [("paragraph", "a"), ("row", "b | c")],
        ),
        (
            "<tr><th>a</th></tr><tr><td><ul><li>b</ul></td></tr>",
            [("row", "a"), ("row", "• b")],
        ),
        ("<caption>d</caption><tr><td>a</td><td>b</td>", [("paragraph", "d"), ("row", "a | b")]),
    ],
    ids=["data", "one column", "list in a cell", "nested", "head cells", "caption"],
)
def test_a_table_is_rows_if_it_holds_data(table: str, expected: list[tuple[str, str]]) -> None:
    blocks = parse_html(f"<main><table>{table}</table></main>".encode()).blocks
    assert [(block.kind, block.text) for block in blocks] == expected


def test_preformatted_text_quotes_and_captions_keep_their_shape() -> None:
    page = (
        "<main><pre>\n{\n  a:  1\n}\n</pre><blockquote><p>Be fair.</p>He said.</blockquote>"
        "<figure><img alt='x'><figcaption>Map 1</figcaption></figure></main>"
    )
    assert texts(page) == ["{\n  a:  1\n}", "Be fair.", "He said.", "Map 1"]


@pytest.mark.parametrize(
    "nasty",
    ["<b>*|", "[Annex A]: http://example.org/a", "$x^2$ and \\(y\\)", "&amp;lt;", "1. not a list"],
)
def test_text_that_looks_like_markup_arrives_unchanged(nasty: str) -> None:
    escaped = nasty.replace("&", "&amp;").replace("<", "&lt;")
    assert texts(f"<main><p>{escaped}</p></main>") == [nasty]
