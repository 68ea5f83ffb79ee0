"""Places that a browser keeps, and originals: nothing that is not what it says is taken."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from page_fixtures import DOCUMENT, PLACE, citation_of

from assistant.originals import original_of
from assistant.places import Place, fitted
from corpus.documents import Span
from corpus.errors import SettingsError


def test_a_place_survives_the_way_through_the_browser() -> None:
    assert Place.from_json(PLACE.to_json()) == PLACE
    assert Place.of(PLACE.snapshot_id, citation_of()) == PLACE


@pytest.mark.parametrize(
    "sent",
    ["", "null", "[]", "{}", '"x"', "[" * 3000, '{"snapshot":1,"document":2,"start":"x","end":3}',
     '{"snapshot":"a","document":"b","start":1,"end":2,"marks":[[1]]}', None],
)  # fmt: skip
def test_what_is_no_place_is_refused(sent: object) -> None:
    with pytest.raises(SettingsError, match="no place"):
        Place.from_json(sent)


@pytest.mark.parametrize(
    ("span", "marks"),
    [
        (Span(0, 10_000), ()),
        (Span(-1, 5), ()),
        (Span(9, 3), ()),
        (Span(0, 5), (Span(3, 9),)),
    ],
)
def test_a_place_outside_the_text_is_refused(span: Span, marks: tuple[Span, ...]) -> None:
    with pytest.raises(SettingsError, match="not in the document"):
        fitted(Place("s", "gates", span, marks), DOCUMENT)
    assert fitted(PLACE, DOCUMENT) == PLACE


def test_an_original_is_the_file_that_was_read_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "gates.pdf").write_bytes(b"as it was read")
    read = replace(DOCUMENT, file_sha256=hashlib.sha256(b"as it was read").hexdigest())
    assert original_of(read, tmp_path) == tmp_path / "gates.pdf"
    (tmp_path / "gates.pdf").write_bytes(b"changed since then")
    assert original_of(read, tmp_path) is None
    (tmp_path / "gates.pdf").unlink()
    assert original_of(read, tmp_path) is None


@pytest.mark.parametrize("name", ["../gates.pdf", "/etc/hostname", "a\0b", "", "link.pdf"])
def test_an_original_never_lies_outside_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (tmp_path / "gates.pdf").write_bytes(b"x")
    (folder / "link.pdf").symlink_to(tmp_path / "gates.pdf")
    source = replace(DOCUMENT.source, file=name)
    sha256 = hashlib.sha256(b"x").hexdigest()
    assert original_of(replace(DOCUMENT, source=source, file_sha256=sha256), folder) is None


def test_a_place_is_short_json() -> None:
    assert json.loads(PLACE.to_json()) == {
        "snapshot": PLACE.snapshot_id, "document": "gates", "start": 7, "end": 53,
        "marks": [[29, 53]],
    }  # fmt: skip
