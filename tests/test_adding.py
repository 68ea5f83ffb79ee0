from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from publisher import Answer, Publisher, page, serving

from assistant.adding import Added, add
from assistant.config import Settings
from corpus.addresses import any_address
from corpus.catalogue import load_catalogue
from corpus.errors import CatalogueError, FetchError, SettingsError, UnreadableFileError
from corpus.fetch import Fetcher
from corpus.ledger import load_ledger

GUARDS = "# Choosing guards\n\nThird edition (2016)\n\nGuards stand at the gate and greet people."


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setitem(Settings.model_config, "toml_file", None)
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def guards(tmp_path: Path) -> Path:
    path = tmp_path / "guards.md"
    path.write_text(GUARDS, "utf-8")
    return path


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with serving() as served:
        yield served


def added(settings: Settings, *items: object, **options: Any) -> tuple[Added, ...]:
    with Fetcher(is_allowed=any_address, pace_seconds=0) as fetcher:
        return add(settings, list(map(str, items)), fetcher=fetcher, **options)


def written(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_file_is_copied_and_entered_with_what_it_says(settings: Settings, guards: Path) -> None:
    (one,) = added(settings, guards)
    assert (settings.documents / "guards.md").read_text("utf-8") == GUARDS
    source = load_catalogue(settings.catalogue)["guards.md"]
    assert source == one.source
    assert (source.id, source.title) == ("guards-md", "Choosing guards")
    assert (source.edition, source.language) == ("Third edition (2016)", "en")
    assert written(settings.data_dir) == ["catalogue.toml", "documents/guards.md"]


def test_what_is_set_wins_and_the_last_word_is_a_persons(settings: Settings, guards: Path) -> None:
    (one,) = added(
        settings, guards, given={"edition": "2016", "kind": "manual"},
        confirm=lambda source: replace(source, title=f"My {source.title}"),
    )  # fmt: skip
    assert (one.source.edition, one.source.kind) == ("2016", "manual")
    assert one.source.title == "My Choosing guards"


def test_another_edition_joins_its_work_and_is_told(settings: Settings, guards: Path) -> None:
    added(settings, guards, given={"work": "guards"})
    new = guards.with_name("guards-2022.md")
    new.write_text(GUARDS.replace("Third edition (2016)", "Fourth edition (2022)"), "utf-8")
    (one,) = added(settings, new)
    assert (one.source.work, one.source.edition) == ("guards", "Fourth edition (2022)")
    assert one.other_editions == ("guards-md",)
    (other,) = added(settings, new, given={"status": "superseded"})
    assert other.other_editions == ()


def test_an_address_is_fetched_and_remembered(settings: Settings, publisher: Publisher) -> None:
    publisher.with_etag("/sheets/gate%20one", page("Guards stand."), '"1"')
    (one,) = added(settings, publisher.url("/sheets/gate%20one"))
    assert one.source.file == "gate-one.html"
    assert one.source.url == publisher.url("/sheets/gate%20one")
    assert (settings.documents / "gate-one.html").read_bytes() == page("Guards stand.")
    entry = load_ledger(settings.ledger).entries[one.source.id]
    assert (entry.file, entry.known.etag) == ("gate-one.html", '"1"')


def test_the_same_file_again_changes_nothing(settings: Settings, guards: Path) -> None:
    added(settings, guards)
    before = settings.catalogue.read_bytes()
    added(settings, guards)
    assert settings.catalogue.read_bytes() == before


def test_a_file_of_the_same_name_is_not_lost(settings: Settings, guards: Path) -> None:
    added(settings, guards)
    guards.write_text("# Other\n\nOther words.", "utf-8")
    with pytest.raises(CatalogueError, match="is there with other content"):
        added(settings, guards)
    assert (settings.documents / "guards.md").read_text("utf-8") == GUARDS
    added(settings, guards, replace_existing=True)
    assert load_catalogue(settings.catalogue)["guards.md"].title == "Other"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"colour": "red"}, "knows no 'colour'"),
        ({"status": "old"}, "--set status=old"),
        ({"title": " "}, "--set title= needs a value"),
    ],
)
def test_what_no_source_can_have_is_refused(
    settings: Settings, guards: Path, given: dict[str, str], fault: str
) -> None:
    with pytest.raises(SettingsError, match=fault):
        added(settings, guards, given=given)
    assert not settings.data_dir.exists()


def test_nothing_is_written_when_one_of_several_cannot_be_added(
    settings: Settings, guards: Path, publisher: Publisher
) -> None:
    empty = guards.with_name("empty.md")
    empty.write_text("", "utf-8")
    publisher.pages["/gone"] = Answer(status=404)
    with pytest.raises(UnreadableFileError, match=r"empty\.md: it is empty"):
        added(settings, guards, empty)
    with pytest.raises(FetchError, match="answers 404"):
        added(settings, guards, publisher.url("/gone"))
    with pytest.raises(SettingsError, match="There is no file"):
        added(settings, guards, guards.with_name("none.md"))
    with pytest.raises(SettingsError, match="Two of these would have the file"):
        added(settings, guards, guards)
    assert not settings.data_dir.exists()


def test_an_id_of_another_document_is_refused(settings: Settings, guards: Path) -> None:
    added(settings, guards)
    other = guards.with_name("other.md")
    other.write_text("# Other\n\nOther words.", "utf-8")
    with pytest.raises(CatalogueError, match="--set id="):
        added(settings, other, given={"id": "guards-md"})
