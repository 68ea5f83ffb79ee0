import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import one_line, repair


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("oﬃce ﬁle ﬂow ﬀ ﬄ", "office file flow ff ffl"),
        ("co\u00admpa\u200bny\u2060\ufeff", "company"),
        ("\uf0b7 one \uf0a7 two", "• one • two"),
        ("a\u00a0b\u2009c\u3000d\u202fe", "a b c d e"),
        ("a\r\nb\rc\u2028d\u0085e\x0cf\x0bg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\x00b\x07c\x9fd\x7f", "abcd"),
        ("e\u0301tat", "état"),
        ("a\ud800b", "a\ufffdb"),
        ("tab\tstays", "tab\tstays"),
        ("x² ½ № …", "x² ½ № …"),
        ("می\u200cخواهم \u200fא", "می\u200cخواهم \u200fא"),
    ],
    ids=[
        *("ligatures", "break marks", "private bullets", "spaces", "line ends", "controls"),
        *("composed", "surrogate", "tab", "no compatibility forms", "joiners and directions"),
    ],
)
def test_repair(broken: str, whole: str) -> None:
    assert repair(broken) == whole


def test_one_line_has_single_spaces_and_none_at_the_ends() -> None:
    assert one_line(" a\n\n b\t\u00a0c\u00ad \r\n") == "a b c"
    assert one_line(" \n\u200b") == ""


# What repair looks at, more often than chance would bring it.
CHARACTERS = st.one_of(
    st.characters(),
    st.sampled_from("\r\n\t\v\f\u0085\u2028\u00ad\u200b\ufeffﬁﬅ\u0301e\uf0b7\ud800 "),
)
TEXTS = st.text(CHARACTERS, max_size=40)


@settings(max_examples=300)
@given(TEXTS)
def test_repairing_twice_changes_nothing(text: str) -> None:
    assert repair(repair(text)) == repair(text)
    assert one_line(one_line(text)) == one_line(text)
    assert repair(one_line(text)) == one_line(text)


@given(TEXTS)
def test_repaired_text_can_be_stored_and_shown(text: str) -> None:
    repaired = repair(text)
    repaired.encode("utf-8")
    assert not {"\r", "\0", "\u00a0", "\u00ad", "\ufeff", "ﬁ"} & set(repaired)
    assert len(repaired.splitlines()) <= repaired.count("\n") + 1
