from pathlib import Path

import pytest

from corpus.catalogue import catalogue_path, load_catalogue
from corpus.documents import Source
from corpus.errors import CatalogueError

GOOD = """
[[source]]
id = "guide"
file = "sub/guide.md"
work = "guide"
title = "The Guide"

[[source]]
id = "guide-fr"
file = "guide fr.pdf"
work = "guide"
title = "Le Guide"
edition = "second edition (2020)"
language = "fr"
kind = "fact sheet"
status = "superseded"
area = "security"
topic = "guards"
publisher = "The Publisher"
licence = "CC BY 4.0"
url = "https://example.org/guide"
counterpart = "https://example.org/official"
note = "A note."
"""
ENTRY = '[[source]]\nid = "a"\nfile = "a.md"\nwork = "a"\ntitle = "A"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "catalogue.toml"
    path.write_text(text, "utf-8")
    return path


def test_sources_are_returned_by_their_file_in_order(tmp_path: Path) -> None:
    sources = load_catalogue(written(tmp_path, GOOD))
    assert list(sources) == ["sub/guide.md", "guide fr.pdf"]
    assert sources["sub/guide.md"] == Source("guide", "sub/guide.md", "guide", "The Guide")
    assert sources["guide fr.pdf"] == Source(
        id="guide-fr",
        file="guide fr.pdf",
        work="guide",
        title="Le Guide",
        edition="second edition (2020)",
        language="fr",
        kind="fact sheet",
        status="superseded",
        area="security",
        topic="guards",
        publisher="The Publisher",
        licence="CC BY 4.0",
        url="https://example.org/guide",
        counterpart="https://example.org/official",
        note="A note.",
    )


def test_an_empty_catalogue_has_no_sources(tmp_path: Path) -> None:
    assert load_catalogue(written(tmp_path, "")) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(ENTRY + 'colour = "red"', "source 1, colour", id="unknown key"),
        pytest.param(ENTRY + 'status = "old"', "source 1, status: .*'current'", id="wrong status"),
        pytest.param(ENTRY + "edition = 2022", "source 1, edition: .*string", id="wrong type"),
        pytest.param(ENTRY + '[[source]]\nid = "b"', "source 2, file", id="field missing"),
        pytest.param('source = ["a"]', "source 1, entry", id="not a table"),
        pytest.param(
            ENTRY + ENTRY.replace('"a.md"', '"b.md"'), "id 'a' stands 2 times", id="repeated id"
        ),
        pytest.param(
            ENTRY + ENTRY.replace('id = "a"', 'id = "b"'),
            "file 'a.md' stands 2 times",
            id="repeated file",
        ),
        pytest.param("[[source]\n", "cannot be read: .*line 1", id="broken TOML"),
    ],
)
def test_a_fault_is_named_with_the_catalogue_and_the_entry(
    tmp_path: Path, text: str, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(CatalogueError, match=message) as caught:
        load_catalogue(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[[sources]]\nid = "a"', id="misspelt"),
        pytest.param('id = "a"\n' + ENTRY, id="beside a good one"),
    ],
)
def test_an_unknown_table_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError, match=r"'?(sources|id)\b"):
        load_catalogue(written(tmp_path, text))


def test_a_single_table_is_told_from_a_list_of_tables(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"\[\[source\]\]"):
        load_catalogue(written(tmp_path, '[source]\nid = "a"'))


def test_a_catalogue_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_bytes(b'[[source]]\nid = "caf\xe9"')
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_catalogue(path)


def test_a_catalogue_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"absent\.toml cannot be read"):
        load_catalogue(tmp_path / "absent.toml")


def test_the_catalogue_in_a_folder_comes_before_the_one_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    assert catalogue_path(folder) is None
    beside = written(tmp_path, "")
    assert catalogue_path(folder) == beside
    inside = written(folder, "")
    assert catalogue_path(folder) == inside


def test_the_catalogue_beside_a_folder_is_found_from_within_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    beside = written(tmp_path, "")
    monkeypatch.chdir(folder)
    assert catalogue_path(Path()) == beside
