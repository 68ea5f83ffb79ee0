from collections.abc import Callable
from pathlib import Path

import pytest
from platformdirs import user_data_path
from pydantic import ValidationError

from assistant import config
from assistant.config import Settings, load_settings
from corpus.errors import SettingsError

WriteToml = Callable[[str], Path]


@pytest.fixture(autouse=True)
def write_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteToml:
    """Keep the settings of this machine out, and return what writes a settings file."""
    path = tmp_path / "settings.toml"
    monkeypatch.setattr(config, "CONFIG_FILE", path)
    monkeypatch.setitem(Settings.model_config, "toml_file", path)
    for name in ("TOOLKIT_DATA_DIR", "TOOLKIT_MODEL", "TOOLKIT_LIMIT"):
        monkeypatch.delenv(name, raising=False)

    def write(text: str) -> Path:
        path.write_text(text, "utf-8")
        return path

    return write


def test_defaults_need_no_file_and_no_environment() -> None:
    settings = load_settings()
    assert settings.data_dir == user_data_path("toolkit-assistant")
    assert settings.model == "all-MiniLM-L6-v2"
    assert settings.limit == 5


def test_documents_and_snapshots_lie_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data")
    assert settings.documents == tmp_path / "data" / "documents"
    assert settings.snapshots == tmp_path / "data" / "snapshots"
    assert not settings.data_dir.exists()


def test_the_call_wins_over_the_environment_and_that_over_the_file(
    write_toml: WriteToml, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml('model = "file"\nlimit = 7\ndata_dir = "/from/the/file"\n')
    assert load_settings() == Settings(data_dir=Path("/from/the/file"), model="file", limit=7)
    monkeypatch.setenv("TOOLKIT_MODEL", "environment")
    monkeypatch.setenv("TOOLKIT_LIMIT", "8")
    monkeypatch.setenv("TOOLKIT_DATA_DIR", "/from/the/environment")
    settings = load_settings(limit=9, model=None)
    assert settings.limit == 9
    assert settings.model == "environment"
    assert settings.data_dir == Path("/from/the/environment")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        load_settings().limit = 6


@pytest.mark.parametrize("limit", [0, -1, 51, "many", 2.5])
def test_a_limit_that_cannot_be_used_is_named_with_its_value(limit: object) -> None:
    with pytest.raises(SettingsError, match=rf"'limit'.*{limit}"):
        load_settings(limit=limit)


@pytest.mark.parametrize("limit", [1, 50])
def test_the_least_and_the_greatest_limit_are_taken(limit: int) -> None:
    assert load_settings(limit=limit).limit == limit


def test_a_bad_value_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_LIMIT", "abc")
    with pytest.raises(SettingsError, match="'limit'.*'abc'"):
        load_settings()


def test_an_unknown_setting_in_the_file_is_named(write_toml: WriteToml) -> None:
    write_toml('modell = "x"\n')
    with pytest.raises(SettingsError, match="'modell'"):
        load_settings()


def test_a_file_that_is_not_toml_is_named(write_toml: WriteToml) -> None:
    path = write_toml("limit = \n")
    with pytest.raises(SettingsError, match=path.name):
        load_settings()


def test_a_settings_file_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**given: object) -> Settings:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(config, "Settings", refuse)
    with pytest.raises(SettingsError, match=r"settings\.toml.*Permission denied"):
        load_settings()


def test_the_home_folder_may_be_written_short(write_toml: WriteToml) -> None:
    write_toml('data_dir = "~/toolkit"\n')
    assert load_settings().data_dir == Path.home() / "toolkit"


def test_an_organisation_may_dress_its_page(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg/>", "utf-8")
    page = {"title": "Mine", "colour": "#123456", "logo": str(logo), "examples": ["Who?"]}
    settings = load_settings(page=page)
    assert settings.page.title == "Mine"
    assert settings.page.examples == ("Who?",)
    assert settings.page.logo_uri == "data:image/svg+xml;base64,PHN2Zy8+"
    assert load_settings().page.logo_uri == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("colour", "red; } body { display: none"),
        ("colour", "#12345"),
        ("logo", "/nowhere/logo.png"),
        ("logo", "/etc/hostname"),
        ("language", "de"),
        ("colur", "#123456"),
    ],
)
def test_a_fault_in_the_page_table_is_named(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"page.{key}"):
        load_settings(page={key: value})


def test_the_editors_password_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_EDITOR_PASSWORD", "correct horse battery")
    settings = load_settings()
    assert settings.editor_password.get_secret_value() == "correct horse battery"
    assert "horse" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    monkeypatch.setenv("TOOLKIT_EDITOR_PASSWORD", "horse")
    with pytest.raises(SettingsError, match="fewer than 12 characters") as refused:
        load_settings()
    assert "horse" not in str(refused.value)


def test_there_is_no_editor_without_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOOLKIT_EDITOR_PASSWORD", raising=False)
    assert load_settings().editor_password.get_secret_value() == ""
