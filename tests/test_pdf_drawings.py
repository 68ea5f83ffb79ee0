"""What is drawn beside the letters of a PDF says what its text is: bullets, boxes and tables."""

import io
from collections.abc import Callable

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.readers.pdf import parse_pdf

LEADING = 14
TOP = 700


def read(draw: Callable[[Canvas], None]) -> list[tuple[str, int, str]]:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return [(one.kind, one.level, one.text) for one in parse_pdf(target.getvalue()).blocks]


def put(canvas: Canvas, left: float, top: float, *lines: str, font: str = "Helvetica") -> None:
    canvas.setFont(font, 10)
    for number, line in enumerate(lines):
        canvas.drawString(left, top - number * LEADING, line)


def test_a_disc_before_a_line_is_a_bullet() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "Before a guard is posted:", "ask for two references", "call them")
        for line in (1, 2):
            canvas.circle(64, TOP - line * LEADING + 3.5, 2, stroke=0, fill=1)

    assert read(draw) == [
        ("paragraph", 0, "Before a guard is posted:"),
        ("item", 1, "• ask for two references"),
        ("item", 1, "• call them"),
    ]


def test_squares_further_in_are_bullets_of_a_deeper_list() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, TOP, "who commands:")
        put(canvas, 110, TOP - LEADING, "by day, the head of security")
        canvas.circle(82, TOP + 3.5, 2, stroke=0, fill=1)
        canvas.rect(100, TOP - LEADING + 2, 3.5, 3.5, stroke=0, fill=1)

    assert [(level, text) for _, level, text in read(draw)] == [
        (1, "• who commands:"),
        (2, "• by day, the head of security"),
    ]


def test_a_sign_far_from_the_line_or_between_words_is_no_bullet() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 172, TOP, "Guards keep a record.")
        canvas.circle(72, TOP + 3.5, 2, stroke=0, fill=1)
        put(canvas, 72, TOP - 40, "Yes")
        put(canvas, 110, TOP - 40, "No")
        canvas.rect(93, TOP - 39, 5, 5)

    assert not [text for _, _, text in read(draw) if "•" in text]


LONG = "The company keeps a record of every incident at its gate, and it keeps it for five"
SHORT = "years and shows it to whoever was"


def test_a_box_beside_the_text_does_not_break_its_sentences() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP + 2 * LEADING, "Records", font="Helvetica-Bold")
        put(canvas, 72, TOP, LONG, *[SHORT] * 5, LONG + " years.")
        put(canvas, 72, TOP - 9 * LEADING, "Next steps", font="Helvetica-Bold")
        put(canvas, 72, TOP - 10 * LEADING, LONG + " years.", LONG + " years.")
        canvas.rect(300, TOP - 5 * LEADING - 6, 160, 5 * LEADING)
        put(canvas, 310, TOP - LEADING, "A case", font="Helvetica-Bold")
        put(
            canvas,
            310,
            TOP - 2 * LEADING,
            "At one quarry a roof",
            "ended the fights in",
            "the queue.",
        )

    texts = [text for _, _, text in read(draw)]
    assert texts == [
        "Records",
        " ".join([LONG, *[SHORT] * 5, LONG, "years."]),
        "A case",
        "At one quarry a roof ended the fights in the queue.",
        "Next steps",
        f"{LONG} years. {LONG} years.",
    ]
    levels = {text: level for kind, level, text in read(draw) if kind == "heading"}
    assert levels["A case"] > levels["Next steps"]  # or the next steps would stand under the case


def ruled(canvas: Canvas, columns: list[float], rows: list[float]) -> None:
    for place in columns:
        canvas.line(place, rows[0], place, rows[-1])
    for height in rows:
        canvas.line(columns[0], height, columns[-1], height)


def test_cells_of_a_ruled_table_keep_their_lines() -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, [70, 120, 172, 230], [TOP - 50, TOP - 20, TOP + 12])
        put(canvas, 74, TOP, "Record")
        put(canvas, 123, TOP, "Keeper")
        put(canvas, 176, TOP, "Period")
        put(canvas, 74, TOP - 30, "Incidents", "at the gate")
        put(canvas, 123, TOP - 30, "Head of", "security")
        put(canvas, 176, TOP - 30, "Five years")

    assert read(draw) == [
        ("row", 0, "Record | Keeper | Period"),
        ("row", 0, "Incidents at the gate | Head of security | Five years"),
    ]


def test_rows_without_a_rule_between_them_are_told_by_their_figures() -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, [70, 200, 260], [TOP - 50, TOP - 10, TOP + 12])
        put(canvas, 74, TOP, "Site")
        put(canvas, 204, TOP, "Guards")
        put(canvas, 74, TOP - 20, "the north gate", "the quarry")
        put(canvas, 204, TOP - 20, "12", "7")

    assert read(draw) == [
        ("row", 0, "Site | Guards"),
        ("row", 0, "the north gate | 12"),
        ("row", 0, "the quarry | 7"),
    ]


def test_shapes_beside_text_on_its_side_are_no_bullets() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        put(canvas, 100, -300, "Guards keep a record of every incident.")
        canvas.rotate(-90)
        canvas.circle(92, 298.5, 2, stroke=0, fill=1)

    assert [text for _, _, text in read(draw)] == ["Guards keep a record of every incident."]


def test_figures_on_their_side_are_whole() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, "Incidents of the year, all of them")
        canvas.rotate(-90)
        put(canvas, -500, 300, "2024")

    assert read(draw)[-1][2].endswith(" 2024")


def test_a_ruled_table_beside_text_is_read_after_it() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 72, TOP, *["only a few of the incidents at"] * 6)
        ruled(canvas, [300, 380, 440], [TOP - 34, TOP - 20, TOP - 6, TOP + 8])
        for line, (place, count) in enumerate(
            [("Place", "Number"), ("Gate", "60"), ("Road", "58")]
        ):
            put(canvas, 304, TOP - line * LEADING - 2, place)
            put(canvas, 384, TOP - line * LEADING - 2, count)

    assert [(kind, text) for kind, _, text in read(draw)] == [
        ("paragraph", " ".join(["only a few of the incidents at"] * 6)),
        ("row", "Place | Number"),
        ("row", "Gate | 60"),
        ("row", "Road | 58"),
    ]


def test_words_drawn_apart_to_fill_a_line_are_no_cells() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        put(canvas, 72, TOP, "The guard at the gate of the")
        right = 72 + canvas.stringWidth("The guard at the gate of the")
        for line, words in enumerate((["quarry", "asks", "each"], ["visitor", "whom", "they"]), 1):
            place = 72.0
            widths = [canvas.stringWidth(word) for word in words]
            gap = (right - 72 - sum(widths)) / 2
            for word, width in zip(words, widths, strict=True):
                canvas.drawString(place, TOP - line * LEADING, word)
                place += width + gap
        put(canvas, 72, TOP - 3 * LEADING, "came to see.")

    assert read(draw) == [
        (
            "paragraph",
            0,
            "The guard at the gate of the quarry asks each visitor whom they came to see.",
        )
    ]
