import pytest

from assistant.permalinks import Permalink, permalink
from corpus.documents import Span, sha256_of
from corpus.errors import SettingsError


def test_a_permalink_says_where_the_quote_stands() -> None:
    sha256 = sha256_of("x" * 7)
    token = permalink("20260101T000000000000Z-ab", "a/b c-é", Span(3, 10), sha256)
    assert token == f"20260101T000000000000Z-ab/a%2Fb%20c-%C3%A9/3-10/{sha256[:12]}"
    link = Permalink.parse(f" {token}\n")
    assert (link.snapshot_id, link.document_id) == ("20260101T000000000000Z-ab", "a/b c-é")
    assert (link.span, link.sha256_start) == (Span(3, 10), sha256[:12])


@pytest.mark.parametrize(
    "token",
    ["", "x", "s/d/3-10", "s/d/10-3/000000000000", "s/d/3-3/000000000000", "../d/0-3/000000000000",
     "s/d/0-3/00000000000", "s/d/0-3/000000000000/x"],
)  # fmt: skip
def test_what_is_no_permalink_is_refused(token: str) -> None:
    with pytest.raises(SettingsError, match="not a permalink"):
        Permalink.parse(token)
