"""Stand-ins for the rows of ruled tables, while a page is put in its reading order."""

from corpus.readers.pdf_columns import _stand_in
from corpus.readers.pdf_fragments import Fragment
from corpus.readers.pdf_lines import to_lines
from corpus.readers.pdf_tables import to_cells


def test_what_stands_in_for_a_row_has_all_its_glyphs() -> None:
    fragments = [
        Fragment("3.7", 1208, 1211, 176, 190, 258, 11, is_bold=False),
        Fragment("1.6", 1212, 1215, 315, 329, 258, 11, is_bold=False),
    ]
    (line,) = to_lines(fragments, 3)
    one = _stand_in(tuple((cell,) for cell in to_cells(line)))
    assert (one.text, one.start, one.end) == ("3.7 1.6", 1208, 1215)
