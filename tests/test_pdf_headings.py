import pytest

from corpus.readers.pdf_fragments import Fragment
from corpus.readers.pdf_headings import Body, heading_flags
from corpus.readers.pdf_lines import Line

BODY = Body(size=10.0, is_bold=False, leading=1.2)


def line(text: str, baseline: float, *, bold: bool = False, size: float = 10.0) -> Line:
    fragment = Fragment(text, 0, len(text), 72, 272, baseline, size, bold)
    return Line(text, (fragment,), 1, 72, 272, baseline, size, bold, is_rtl=False)


@pytest.mark.parametrize(
    ("second", "is_heading"),
    [
        pytest.param(line("brought by a visitor", 688, bold=True), True, id="goes on"),
        pytest.param(line("brought by a visitor", 688), False, id="light"),
        pytest.param(line("brought by a visitor", 668, bold=True), False, id="too far below"),
        pytest.param(line("brought by a visitor", 688, bold=True, size=8), False, id="smaller"),
    ],
)
def test_a_bold_heading_may_go_on_with_a_small_letter(second: Line, is_heading: bool) -> None:
    first = line("1.1 Where a complaint can be", 700, bold=True)
    assert heading_flags([first, second], BODY, ()) == [True, is_heading]


def test_a_bold_line_with_a_small_letter_under_running_text_is_no_heading() -> None:
    lines = [line("the complaint is then", 700), line("brought by a visitor", 688, bold=True)]
    assert heading_flags(lines, BODY, ()) == [False, False]
