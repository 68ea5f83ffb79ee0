import pytest

from assistant.word_difference import word_parts


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in word_parts(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("One two", "One two", [("same", "One two")]),
        ("One two", "One three", [("same", "One "), ("gone", "two"), ("new", "three")]),
        ("One two", "two", [("gone", "One "), ("same", "two")]),
        ("", "One", [("new", "One")]),
        (
            "• One\n• two", "• One\n• three\n• two",
            [("same", "• One\n• "), ("new", "three\n• "), ("same", "two")],
        ),
        ("保安检查证件", "保安核对证件", [("same", "保安"), ("gone", "检查"), ("new", "核对"),
                                  ("same", "证件")]),
    ],
    ids=["same", "another", "gone", "first", "lines", "unspaced"],
)  # fmt: skip
def test_words_stay_go_and_come_with_their_white_space(
    before: str, after: str, parts: list[tuple[str, str]]
) -> None:
    assert told(before, after) == parts


def test_few_words_between_greater_changes_change_with_them() -> None:
    assert told("a b of c d", "x y of z w") == [("gone", "a b of c d"), ("new", "x y of z w")]
    assert told("a of c", "x of z") == [
        ("gone", "a "), ("new", "x "), ("same", "of "), ("gone", "c"), ("new", "z"),
    ]  # fmt: skip


def test_what_stays_and_comes_is_the_new_wording() -> None:
    before = "Guards  check every driver.\n• They write names down.\n\tAt night too."
    after = "Guards check  the papers of every driver.\n• They write down.\n\tAt night too."
    parts = list(word_parts(before, after))
    assert "".join(part.text for part in parts if part.kind != "gone") == after
