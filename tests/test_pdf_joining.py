import pytest

from corpus.readers.pdf_joining import count_words, join_lines


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("其中15", "件已经", "其中15件已经"),
        ("已经完成", "15件", "已经完成15件"),
        ("保安", "人员", "保安人员"),
        ("in 2015", "15 of them", "in 2015 15 of them"),
        ("第1", "gate", "第1 gate"),
        ("0.002", "时间", "0.002 时间"),  # a label beside a scale
    ],
)
def test_no_space_comes_between_chinese_and_figures(first: str, second: str, joined: str) -> None:
    (piece,) = join_lines([(first, 1), (second, 1)], count_words([first, second]))
    assert piece.text == joined


def test_words_are_counted_alike_in_lines_with_and_without_accents() -> None:
    lines = [
        "A well-known guard--a guard",
        "-guard's e-mail_2 Well-",
        "un garde bien‑connu – a guard",
    ]
    assert count_words(lines) == {
        "a": 3, "well-known": 1, "guard": 4, "s": 1, "e-mail": 1, "well": 1,
        "un": 1, "garde": 1, "bien-connu": 1,
    }  # fmt: skip
