from pathlib import Path

import pytest

from corpus.catalogue import load_catalogue
from corpus.catalogue_editing import with_sources
from corpus.documents import Source
from corpus.errors import CatalogueError
from corpus.published import OFFICIAL, file_name, load_official, published

OWN = """\
# Our own guards first.
[[source]]
id = "guards"
file = "guards.pdf"
work = "guards"
title = "Guards"  # as printed
url = "https://a.example/guards.pdf#page=2"

[[source]]
id = "notes"
file = "notes.md"
work = "notes"
title = "Notes"
"""
LISTED = """\
[[source]]
id = "gates"
work = "gates"
title = "Gates"
year = 2022
url = "https://b.example/gates.html"
variants = ["https://b.example/es/gates.html"]

[[source]]
id = "guards-2022"
work = "guards"
title = "Guards"
url = "https://a.example/guards.pdf"

[[source]]
id = "gates-again"
work = "gates"
title = "Gates"
url = "https://b.example/es/gates.html"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    (tmp_path / "catalogue.toml").write_text(OWN, "utf-8")
    return tmp_path / "catalogue.toml"


@pytest.fixture
def official(tmp_path: Path) -> Path:
    (tmp_path / "official.toml").write_text(LISTED, "utf-8")
    return tmp_path / "official.toml"


def test_own_sources_come_first_and_no_address_twice(catalogue: Path, official: Path) -> None:
    found = published(catalogue, official)
    assert [(one.source.id, one.source.file, one.addresses) for one in found] == [
        ("guards", "guards.pdf", ("https://a.example/guards.pdf",)),
        ("gates", "", ("https://b.example/gates.html", "https://b.example/es/gates.html")),
    ]


def test_a_source_that_was_fetched_keeps_its_other_addresses(
    catalogue: Path, official: Path
) -> None:
    fetched = Source("gates", "gates.html", "gates", "Gates", url="https://c.example/")
    catalogue.write_text(with_sources(catalogue, [fetched]), "utf-8")
    (gates,) = (one for one in published(catalogue, official) if one.source.id == "gates")
    assert gates.source.file == "gates.html"
    assert gates.addresses == (
        "https://c.example/", "https://b.example/gates.html", "https://b.example/es/gates.html",
    )  # fmt: skip


def test_a_source_whose_address_was_taken_out_is_not_asked(catalogue: Path, official: Path) -> None:
    own = Source("gates", "gates.html", "gates", "Gates")
    catalogue.write_text(with_sources(catalogue, [own]), "utf-8")
    assert "gates" not in [one.source.id for one in published(catalogue, official)]


def test_a_list_that_cannot_be_used_is_named(official: Path) -> None:
    official.write_text(LISTED.replace("year = 2022", 'year = "now"'), "utf-8")
    with pytest.raises(CatalogueError, match=r"official\.toml: source 0\.year"):
        load_official(official)


def test_the_official_list_can_be_used() -> None:
    sources = load_official(OFFICIAL)
    assert len({one.source.id for one in sources}) == len(sources) > 50
    assert all(one.addresses[0].startswith(("https://", "http://")) for one in sources)
    addresses = [address for one in sources for address in one.addresses]
    assert len(set(addresses)) == len(addresses)


def test_a_file_is_named_by_its_source() -> None:
    assert file_name(Source("a/../b c", "", "w", "t"), ".pdf") == "a-..-b-c.pdf"
    assert file_name(Source("...", "", "w", "t"), ".pdf") == "document.pdf"


def test_what_a_person_wrote_in_the_catalogue_stays(catalogue: Path) -> None:
    new = Source("new", "new.md", "new", "New", edition="2026")
    text = with_sources(catalogue, [new])
    assert text.startswith(OWN.rstrip("\n"))
    catalogue.write_text(text, "utf-8")
    assert load_catalogue(catalogue)["new.md"] == new


def test_an_entry_is_brought_up_to_date(catalogue: Path) -> None:
    text = with_sources(catalogue, [Source("guards", "guards.pdf", "guards", "New guards")])
    assert 'title = "New guards"' in text
    assert 'url = "https://a.example/guards.pdf#page=2"' in text
    assert text.count("[[source]]") == 2


def test_a_catalogue_that_would_contradict_itself_is_refused(catalogue: Path) -> None:
    with pytest.raises(CatalogueError, match=r"file 'notes\.md' stands 2 times") as caught:
        with_sources(catalogue, [Source("other", "notes.md", "other", "Other")])
    assert str(catalogue) in str(caught.value)
    assert catalogue.read_text("utf-8") == OWN
