from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Block, Page, Span
from corpus.readers.parsed import ParsedBlock, ParsedFile, Piece, assemble


def block(kind: str, *texts: str, level: int = 0, anchor: str | None = None) -> ParsedBlock:
    pieces = tuple(Piece(text) for text in texts)
    return ParsedBlock(kind, pieces, level, anchor)  # type: ignore[arg-type]


def on_pages(*pieces: tuple[str, int]) -> ParsedBlock:
    return ParsedBlock("paragraph", tuple(Piece(text, number) for text, number in pieces))


def test_blocks_are_parted_by_an_empty_line_and_lists_and_tables_by_line_ends() -> None:
    parsed = ParsedFile(
        (
            block("heading", "H", level=1, anchor="h"),
            block("paragraph", "Ask:"),
            block("item", "• a", level=1),
            block("item", "• b", level=2),
            block("row", "x | y"),
            block("row", "1 | 2"),
            block("item", "• c", level=1),
            block("paragraph", "End."),
        )
    )
    text, blocks, pages = assemble(parsed)
    assert text == "H\n\nAsk:\n• a\n  • b\n\nx | y\n1 | 2\n\n• c\n\nEnd."
    assert blocks[0] == Block("heading", Span(0, 1), 1, "h")
    assert blocks[3] == Block("item", Span(14, 17), 2, None)
    assert text[14:17] == "• b"
    assert pages == ()


def test_pieces_are_put_together_with_nothing_in_between() -> None:
    text, blocks, _ = assemble(ParsedFile((block("paragraph", "inter", "national"),)))
    assert (text, blocks[0].span) == ("international", Span(0, 13))


def test_blank_blocks_are_left_out() -> None:
    blank = block("paragraph", " ", "\n")
    text, blocks, _ = assemble(ParsedFile((blank, block("paragraph", "a"), blank)))
    assert (text, len(blocks)) == ("a", 1)


def test_a_file_without_blocks_is_an_empty_text() -> None:
    assert assemble(ParsedFile(())) == ("", (), ())
    assert assemble(ParsedFile((), page_labels=("i", None))) == (
        "",
        (),
        (Page(1, "i", Span(0, 0)), Page(2, None, Span(0, 0))),
    )


def test_a_page_runs_to_where_the_next_page_with_text_starts() -> None:
    parsed = ParsedFile(
        (on_pages(("One. Two ", 2), ("goes on.", 3)), on_pages(("Last.", 5))),
        page_labels=("i", "ii", "1", "2", "3", "4"),
    )
    text, _, pages = assemble(parsed)
    assert [(page.number, page.label, page.span.of(text)) for page in pages] == [
        (1, "i", ""),
        (2, "ii", "One. Two "),
        (3, "1", "goes on.\n\n"),
        (4, "2", ""),
        (5, "3", "Last."),
        (6, "4", ""),
    ]


@st.composite
def parsed_files(draw: st.DrawFn) -> ParsedFile:
    """Draw files as the readers hand them over: pages never go back."""
    texts = st.text("ab •\n", max_size=4)
    page_count = draw(st.integers(0, 4))
    number = 1
    blocks = []
    for kind in draw(
        st.lists(st.sampled_from(["heading", "paragraph", "item", "row"]), max_size=8)
    ):
        pieces = []
        for text in draw(st.lists(texts, max_size=3)):
            number = draw(st.integers(number, max(page_count, number)))
            pieces.append(Piece(text, number if page_count else None))
        level = draw(st.integers(1, 3)) if kind in ("heading", "item") else 0
        blocks.append(ParsedBlock(kind, tuple(pieces), level))  # type: ignore[arg-type]
    return ParsedFile(tuple(blocks), page_labels=(None,) * page_count)


@given(parsed_files())
def test_blocks_are_spans_in_order_without_overlap(parsed: ParsedFile) -> None:
    text, blocks, _ = assemble(parsed)
    assert [found.span.of(text) for found in blocks] == [
        given_block.text for given_block in parsed.blocks if given_block.text.strip()
    ]
    edges = [edge for found in blocks for edge in (found.span.start, found.span.end)]
    assert edges == sorted(edges)


@given(parsed_files())
def test_pages_cover_the_text_without_a_gap(parsed: ParsedFile) -> None:
    text, _, pages = assemble(parsed)
    assert [page.number for page in pages] == list(range(1, len(parsed.page_labels) + 1))
    if pages:
        assert "".join(page.span.of(text) for page in pages) == text
        assert pages[0].span.start == 0
        for page, following in pairwise(pages):
            assert page.span.end == following.span.start


@given(parsed_files())
def test_every_piece_lies_on_its_page(parsed: ParsedFile) -> None:
    text, blocks, pages = assemble(parsed)
    kept = [given_block for given_block in parsed.blocks if given_block.text.strip()]
    for found, given_block in zip(blocks, kept, strict=True):
        at = found.span.start
        for piece in given_block.pieces:
            span = Span(at, at + len(piece.text))
            at = span.end
            if piece.page_number is not None and piece.text:
                assert span.of(text) == piece.text
                assert pages[piece.page_number - 1].span.contains(span)
