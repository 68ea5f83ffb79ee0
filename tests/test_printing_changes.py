import pytest

from assistant.changes import DocumentChange, PassageChange, by_section
from assistant.printing_changes import word_difference


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Guards stand.", "Guards sit.", "Guards [-stand.-] {+sit.+}"),
        ("Guards stand.", "All guards stand.", "[-Guards-] {+All guards+} stand."),
        ("Two guards stand.", "guards stand.", "[-Two-] guards stand."),
        ("a b c d e f g h x", "a b c d e f g h y", "… c d e f g h [-x-] {+y+}"),
        ("x a b c d e f g h", "y a b c d e f g h", "[-x-] {+y+} a b c d e f …"),
        ("x a b c y", "1 a b c 2", "[-x-] {+1+} a b c [-y-] {+2+}"),
    ],
)
def test_the_words_that_went_and_came_stand_between_those_that_stay(
    before: str, after: str, told: str
) -> None:
    assert word_difference(before, after) == told


def change(kind: str, heading: str) -> PassageChange:
    return PassageChange(kind, (heading,), "before", "after")  # type: ignore[arg-type]


def test_what_was_removed_stands_before_what_was_added_in_its_section() -> None:
    changes = (
        change("added", "A. Gate"), change("added", "C. River"),
        change("removed", "Lamp"), change("removed", "B. River"),
    )  # fmt: skip
    document = DocumentChange("a", "b", "T", None, None, None, None, 0, changes)
    assert [(one.kind, one.headings[0]) for one in by_section(document.changes)] == [
        ("added", "A. Gate"), ("removed", "B. River"), ("added", "C. River"), ("removed", "Lamp"),
    ]  # fmt: skip
