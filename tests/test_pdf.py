"""Small PDFs typeset here are read back as the blocks that a person sees on the page."""

import gc
import io
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import (
    EmptyFileError,
    EncryptedFileError,
    NoTextError,
    UnreadableFileError,
    WrongFormatError,
)
from corpus.readers.parsed import ParsedFile, assemble
from corpus.readers.pdf import parse_pdf

SHARED_PDFS = Path(__file__).resolve().parents[2] / "shared" / "pdfs"
TOP = 760
LEADING = 14


def typeset(*pages: Callable[[Canvas], None]) -> bytes:
    """Return a PDF with one page for each function that draws one."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=0, invariant=1)
    canvas.setTitle("A small file")
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def put(
    canvas: Canvas, left: float, top: float, *lines: str, font: str = "Helvetica", size: float = 10
) -> None:
    canvas.setFont(font, size)
    for number, line in enumerate(lines):
        canvas.drawString(left, top - number * LEADING, line)


def texts(parsed: ParsedFile) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, block.text) for block in parsed.blocks]


def page_numbers(parsed: ParsedFile) -> list[int | None]:
    return [piece.page_number for block in parsed.blocks for piece in block.pieces]


def one_page(*lines: str) -> list[tuple[str, int, str]]:
    return texts(parse_pdf(typeset(lambda canvas: put(canvas, 72, TOP, *lines))))


def test_lines_become_a_paragraph() -> None:
    assert one_page("Guards keep a record of every", "incident at the gate.") == [
        ("paragraph", 0, "Guards keep a record of every incident at the gate.")
    ]


def test_a_wider_space_starts_a_new_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "The first thing is to stop the harm and to get help for those hurt,")
        put(canvas, 72, TOP - 14, "and then to write down what was seen by whom and when,")
        put(canvas, 72, TOP - 36, "and the second thing is to tell the people who must know it.")

    assert [text for _, _, text in texts(parse_pdf(typeset(draw)))] == [
        "The first thing is to stop the harm and to get help for those hurt, "
        "and then to write down what was seen by whom and when,",
        "and the second thing is to tell the people who must know it.",
    ]


LEFT = ("Alpha opens the left column with", "a line, and beta is the second,", "gamma is third.")
RIGHT = ("Delta opens the right column and", "epsilon is the second line of it,", "zeta ends it.")


def test_columns_are_read_one_after_the_other_under_their_heading() -> None:
    def draw(canvas: Canvas) -> None:
        put(
            canvas,
            72,
            TOP,
            "A heading over the whole width of the page",
            font="Times-Bold",
            size=20,
        )
        put(canvas, 72, TOP - 40, *LEFT)
        put(canvas, 320, TOP - 40, *RIGHT)

    assert texts(parse_pdf(typeset(draw))) == [
        ("heading", 1, "A heading over the whole width of the page"),
        ("paragraph", 0, " ".join(LEFT)),
        ("paragraph", 0, " ".join(RIGHT)),
    ]


LAST = ("• Voluntary Principles on security", "and human rights")
FIRST = tuple(f"line {number} of the only column that is long" for number in range(8))


def draw_last(canvas: Canvas) -> None:
    put(canvas, 320, TOP, "•")
    put(canvas, 334, TOP, *(line.removeprefix("• ") for line in LAST))


def draw_first(canvas: Canvas) -> None:
    put(canvas, 72, TOP, *FIRST)


def test_a_last_column_of_one_item_is_read_after_the_first() -> None:
    def draw(canvas: Canvas) -> None:
        draw_first(canvas)
        draw_last(canvas)

    assert texts(parse_pdf(typeset(draw))) == [
        ("paragraph", 0, " ".join(FIRST)),
        ("item", 1, " ".join(LAST)),
    ]


def test_what_is_written_before_the_column_beside_it_is_no_last_column() -> None:
    def draw(canvas: Canvas) -> None:
        draw_last(canvas)
        draw_first(canvas)

    [first, *_] = texts(parse_pdf(typeset(draw)))
    assert "Voluntary" in first[2]  # beside the first line, as a label or a date is


def test_three_columns_are_read_from_left_to_right() -> None:
    columns = [
        [f"{name} one is a first line", f"{name} two is a second", f"{name} three is the last."]
        for name in ("North", "Centre", "South")
    ]

    def draw(canvas: Canvas) -> None:
        for left, lines in zip((50, 220, 390), columns, strict=True):
            put(canvas, left, TOP, *lines)

    assert [text for _, _, text in texts(parse_pdf(typeset(draw)))] == [
        " ".join(lines) for lines in columns
    ]


@pytest.mark.parametrize("lefts", [(72, 320), (40, 220, 400)], ids=["two", "three"])
def test_columns_drawn_line_by_line_are_still_columns(lefts: tuple[int, ...]) -> None:
    names = ("left", "middle", "right")[: len(lefts)]
    columns = [[f"the {name} column line number {n} goes" for n in range(8)] for name in names]

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(zip(*columns, strict=True)):
            for left, words in zip(lefts, line, strict=True):
                put(canvas, left, TOP - number * LEADING, words)

    text, _, _ = assemble(parse_pdf(typeset(draw)))
    assert text == " ".join(line for column in columns for line in column)


def test_a_table_of_long_cells_is_not_taken_for_columns() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(6):
            put(canvas, 72, TOP - number * LEADING, f"Question number {number} to be asked")
            put(canvas, 320, TOP - number * LEADING, f"Answer number {number} to be given")

    assert texts(parse_pdf(typeset(draw)))[:2] == [
        ("row", 0, "Question number 0 to be asked | Answer number 0 to be given"),
        ("row", 0, "Question number 1 to be asked | Answer number 1 to be given"),
    ]


def with_running_heads(number: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, 805, f"Security fact sheet {number}", size=8)
        put(canvas, 72, TOP, f"Text of page number {('one', 'two', 'three')[number - 1]}.")
        put(canvas, 290, 40, f"Page {number} of 3", size=8)

    return draw


def test_running_heads_and_page_numbers_are_left_out() -> None:
    parsed = parse_pdf(typeset(*(with_running_heads(number) for number in (1, 2, 3))))
    assert [block.text for block in parsed.blocks] == [
        "Text of page number one.",
        "Text of page number two.",
        "Text of page number three.",
    ]


def test_printed_page_labels_title_and_missing_labels() -> None:
    pages = [with_running_heads(number) for number in (1, 2, 3)]
    assert parse_pdf(typeset(*pages)).page_labels == (None, None, None)
    target = io.BytesIO()
    writer = PdfWriter(clone_from=io.BytesIO(typeset(*pages)))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 2, style=PageLabelStyle.DECIMAL)
    writer.write(target)
    parsed = parse_pdf(target.getvalue())
    assert parsed.page_labels == ("i", "ii", "1")
    assert parsed.title == "A small file"


def test_files_inside_a_file_are_named() -> None:
    target = io.BytesIO()
    writer = PdfWriter(clone_from=io.BytesIO(typeset(with_running_heads(1))))
    writer.add_attachment("annex é.docx", b"a document")
    writer.add_attachment("list.xlsx", b"a sheet")
    writer.write(target)
    assert parse_pdf(target.getvalue()).attachments == ("annex é.docx", "list.xlsx")


def test_a_hyphen_of_the_typesetter_is_taken_out() -> None:
    assert one_page("The company must care for every commu-", "nity around its site.")[0][2] == (
        "The company must care for every community around its site."
    )


def test_a_hyphen_that_the_file_writes_elsewhere_is_kept() -> None:
    lines = ("A risk-based plan is a plan that is risk-", "based and is kept short.")
    assert one_page(*lines)[0][2] == (
        "A risk-based plan is a plan that is risk-based and is kept short."
    )


def test_a_hyphen_before_a_capital_is_kept() -> None:
    assert one_page("The rules for the Anglo-", "Saxon mine are posted.")[0][2] == (
        "The rules for the Anglo-Saxon mine are posted."
    )


def test_bullets_of_two_levels_and_numbers_are_items() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "Before a patrol starts the commander checks three things:")
        for number, (left, mark, text) in enumerate(
            [
                (72, "•", "the state of the vehicles and of all the radios that"),
                (90, "–", "the spare tyre"),
                (90, "–", "the first-aid kit"),
                (72, "•", "the names of the crew"),
                (72, "1.", "the route"),
            ]
        ):
            top = TOP - (number + 1) * LEADING - (LEADING if number else 0)
            put(canvas, left, top, mark)
            put(canvas, left + 18, top, text)
            if number == 0:
                put(canvas, left + 18, top - LEADING, "are carried along")

    assert texts(parse_pdf(typeset(draw))) == [
        ("paragraph", 0, "Before a patrol starts the commander checks three things:"),
        ("item", 1, "• the state of the vehicles and of all the radios that are carried along"),
        ("item", 2, "• the spare tyre"),
        ("item", 2, "• the first-aid kit"),
        ("item", 1, "• the names of the crew"),
        ("item", 1, "1. the route"),
    ]


def test_headings_rank_by_size_and_weight() -> None:
    body = "Here follows a sentence that is long enough to be running text of the file."

    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "The title", size=22)
        put(canvas, 72, TOP - 40, "A part", size=15)
        put(canvas, 72, TOP - 60, body)
        put(canvas, 72, TOP - 90, "A bold line", font="Helvetica-Bold")
        put(canvas, 72, TOP - 104, body)
        put(canvas, 72, TOP - 134, "Another part", size=15)
        put(canvas, 72, TOP - 154, body)

    assert texts(parse_pdf(typeset(draw))) == [
        ("heading", 1, "The title"),
        ("heading", 2, "A part"),
        ("paragraph", 0, body),
        ("heading", 3, "A bold line"),
        ("paragraph", 0, body),
        ("heading", 2, "Another part"),
        ("paragraph", 0, body),
    ]


def test_large_type_over_many_lines_is_a_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        lines = [f"line {n} of a summary that is set in larger type" for n in range(8)]
        put(canvas, 72, TOP, *lines, size=13)
        put(
            canvas, 72, 500, *[f"line {n} of the text that follows in body type" for n in range(20)]
        )

    kinds = [kind for kind, _, _ in texts(parse_pdf(typeset(draw)))]
    assert kinds == ["paragraph", "paragraph"]


ROWS = (("Moment", "Do", "Do not"), ("Before", "Agree roles", "Improvise"))


def test_aligned_cells_become_rows() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "The table below says what to do and what not to do at the gate.")
        for number, row in enumerate(ROWS):
            for left, cell in zip((72, 200, 350), row, strict=True):
                put(canvas, left, TOP - 30 - number * LEADING, cell)

    assert texts(parse_pdf(typeset(draw)))[1:] == [
        ("row", 0, "Moment | Do | Do not"),
        ("row", 0, "Before | Agree roles | Improvise"),
    ]


def test_ruled_lines_part_the_rows_of_cells_with_several_lines() -> None:
    def draw(canvas: Canvas) -> None:
        for number, (name, lines) in enumerate(
            [
                ("First hour", ("Call for help and keep people", "away from the place")),
                ("First day", ("Save the records and list all", "who were present there")),
                ("First week", ("Hear those affected and write", "down what they say of it")),
            ]
        ):
            top = TOP - number * 2 * LEADING
            put(canvas, 72, top, name)
            put(canvas, 200, top, *lines)
            canvas.line(70, top + 11, 400, top + 11)

    assert [text for _, _, text in texts(parse_pdf(typeset(draw)))] == [
        "First hour | Call for help and keep people away from the place",
        "First day | Save the records and list all who were present there",
        "First week | Hear those affected and write down what they say of it",
    ]


FIRST_PAGE = ("The commander explains to the soldiers at the gate, before each of their", "shifts,")
SECOND_PAGE = ("that force is used only when it is needed.",)


def test_a_paragraph_over_a_page_end_is_one_block_with_a_piece_a_page() -> None:
    data = typeset(
        lambda canvas: put(canvas, 72, 100, *FIRST_PAGE),
        lambda canvas: put(canvas, 72, TOP, *SECOND_PAGE),
    )
    (block,) = parse_pdf(data).blocks
    assert [(piece.text, piece.page_number) for piece in block.pieces] == [
        (" ".join(FIRST_PAGE) + " ", 1),
        ("that force is used only when it is needed.", 2),
    ]


def test_a_footnote_does_not_interrupt_the_sentence_over_it() -> None:
    def first(canvas: Canvas) -> None:
        put(canvas, 72, 130, *FIRST_PAGE)
        put(canvas, 72, 80, "1 National law may be stricter than that.", size=7)

    data = typeset(first, lambda canvas: put(canvas, 72, TOP, *SECOND_PAGE))
    assert [
        [(piece.text, piece.page_number) for piece in block.pieces]
        for block in parse_pdf(data).blocks
    ] == [
        [("1 National law may be stricter than that.", 1)],
        [(" ".join(FIRST_PAGE) + " ", 1), (SECOND_PAGE[0], 2)],
    ]


@pytest.mark.parametrize(("mark", "place"), [("1", 2), ("2", 4), ("3", 4)])
def test_a_footnote_stands_in_the_section_that_bears_its_mark(mark: str, place: int) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "Gates", size=20)
        put(canvas, 72, TOP - 40, "The gate is shut at night.1 Guards stand at it by day.")
        put(canvas, 72, TOP - 80, "Roads", size=20)
        put(canvas, 72, TOP - 120, "The road is open2 and nobody watches over it by day.")
        put(canvas, 72, 80, f"{mark} National law may be stricter than that.", size=7)

    texts = [block.text for block in parse_pdf(typeset(draw)).blocks]
    assert texts.index(f"{mark} National law may be stricter than that.") == place


def test_notes_that_fill_a_page_of_their_own_keep_the_pages_in_order() -> None:
    def second(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "Of this page a picture takes all but this line of text")
        put(canvas, 72, 80, "2 A note on the second page, where nothing else stands.", size=7)

    def first(canvas: Canvas) -> None:
        put(canvas, 72, 130, *FIRST_PAGE)
        put(canvas, 72, 80, "1 A note on the first page, set in small type.", size=7)

    data = typeset(first, second, lambda canvas: put(canvas, 72, TOP, *SECOND_PAGE))
    assert page_numbers(parse_pdf(data)) == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_pages_whose_text_is_turned_are_read_upright(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(angle)
        put(canvas, -150, 100, "A turned line comes first and", "a second one comes after it.")

    assert [text for _, _, text in texts(parse_pdf(typeset(draw)))] == [
        "A turned line comes first and a second one comes after it."
    ]


def test_text_outside_the_visible_page_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "On the page.")
        put(canvas, 72, -40, "Beside the page.")

    assert texts(parse_pdf(typeset(draw))) == [("paragraph", 0, "On the page.")]


def test_a_page_without_text_stays_a_page_without_blocks() -> None:
    data = typeset(
        lambda canvas: put(canvas, 72, TOP, "First."),
        lambda canvas: canvas.rect(100, 100, 50, 50),
        lambda canvas: put(canvas, 72, TOP, "Third."),
    )
    _, _, pages = assemble(parse_pdf(data))
    assert [page.span.end - page.span.start for page in pages] == [8, 0, 6]


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(typeset(lambda c: put(c, 72, TOP, "Secret."))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_file_that_an_empty_password_opens_is_read() -> None:
    assert [block.text for block in parse_pdf(encrypted("")).blocks] == ["Secret."]


PLAIN = typeset(lambda canvas: put(canvas, 72, TOP, "Some text."))
DRAWING = typeset(lambda canvas: canvas.rect(100, 100, 50, 50))


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        pytest.param(b"", EmptyFileError, "empty", id="no bytes"),
        pytest.param(b"\n \n", EmptyFileError, "empty", id="blank"),
        pytest.param(b"<html>no</html>", WrongFormatError, "not a PDF", id="another format"),
        pytest.param(PLAIN[:200], WrongFormatError, "damaged", id="cut off"),
        pytest.param(encrypted("secret"), EncryptedFileError, "password", id="password"),
        pytest.param(DRAWING, NoTextError, "scan", id="drawing"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    data: bytes, error: type[UnreadableFileError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        parse_pdf(data)


@pytest.mark.parametrize("data", [PLAIN, DRAWING], ids=["read", "refused"])
def test_cycles_are_looked_for_again_once_a_file_is_read(data: bytes) -> None:
    with suppress(NoTextError):
        parse_pdf(data)
    assert gc.isenabled()


def test_a_refusal_gives_its_own_reason_and_not_an_earlier_file_s() -> None:
    with pytest.raises(EncryptedFileError):
        parse_pdf(encrypted("secret"))
    with pytest.raises(WrongFormatError):
        parse_pdf(b"%PDF-1.7\n" + bytes(100))


def raw_words(data: bytes) -> list[str]:
    """Return each page's characters as pdfium gives them, without blanks and hyphens."""
    document = pdfium.PdfDocument(data)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    document.close()
    return [letters(page) for page in pages]


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def assert_every_word_stands_on_its_page(data: bytes) -> None:
    text, _, pages = assemble(parse_pdf(data))
    for page, raw in zip(pages, raw_words(data), strict=True):
        for word in page.span.of(text).split():
            assert letters(word) in raw


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzABCÉß.", min_size=1, max_size=9), min_size=1, max_size=60
)


@settings(max_examples=25, deadline=None)
@given(
    pages=st.lists(WORDS, min_size=1, max_size=3),
    width=st.integers(2, 9),
    lefts=st.sampled_from([(72,), (72, 320)]),
)
def test_every_word_is_cited_to_the_page_it_stands_on(
    pages: list[list[str]], width: int, lefts: tuple[int, ...]
) -> None:
    def drawing(words: list[str]) -> Callable[[Canvas], None]:
        lines = [" ".join(words[n : n + width]) for n in range(0, len(words), width)]
        half = -(-len(lines) // len(lefts))

        def draw(canvas: Canvas) -> None:
            for number, left in enumerate(lefts):
                put(canvas, left, TOP, *lines[number * half : (number + 1) * half])

        return draw

    data = typeset(*map(drawing, pages))
    try:
        assert_every_word_stands_on_its_page(data)
    except NoTextError:
        assert not "".join(raw_words(data))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "sample-files__multicolumn.pdf",
            "felis. Curabitur dictum gravida mauris. Nam arcu libero, nonummy eget, "
            "consectetuer id, vulputate a, magna.",
        ),
        (
            "camelot__eu-001.pdf",
            "Chlorine and inorganic compounds (as HCl) | 10 000 | - | -",
        ),
        (
            "pdfplumber__federal-register-2020-17221.pdf",
            "a Boeing Model 737–8 airplane operated by Lion Air (Lion Air Flight 610) was "
            "involved in an accident after takeoff from Soekarno-Hatta International Airport",
        ),
    ],
)
def test_shared_files_are_read_in_order(name: str, expected: str) -> None:
    path = SHARED_PDFS / name
    if not path.exists():
        pytest.skip("the shared files are not here")
    data = path.read_bytes()
    assert expected in assemble(parse_pdf(data))[0]
    assert_every_word_stands_on_its_page(data)


def test_labels_are_none_where_pypdf_cannot_read_the_file() -> None:
    path = SHARED_PDFS / "pdfminer.six__simple1.pdf"
    if not path.exists():
        pytest.skip("the shared files are not here")
    with pytest.raises(Exception, match="startxref"):
        PdfReader(path, strict=True)
    assert parse_pdf(path.read_bytes()).page_labels == (None,)
