"""Settings: one frozen record from defaults, a TOML file and the environment."""

import base64
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_config_path, user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from corpus.catalogue import CATALOGUE_NAME
from corpus.errors import SettingsError
from corpus.ledger import LEDGER_NAME
from index.embedding import DEFAULT_MODEL

APP_NAME = "toolkit-assistant"
MOST_PASSAGES = 50
CONFIG_FILE = user_config_path(APP_NAME) / "settings.toml"


# What a logo may be, by its suffix, and how large, so that a page stays light.
LOGO_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
}
MOST_LOGO_BYTES = 200_000
FEWEST_PASSWORD_CHARACTERS = 12


def _logo(path: Path | None) -> Path | None:
    """Return the path of a picture that can be shown, ~ taken for the home folder."""
    if path is None:
        return None
    path = path.expanduser()
    if path.suffix.lower() not in LOGO_TYPES:
        raise ValueError(f"the logo must be one of {', '.join(LOGO_TYPES)}")
    if not path.is_file():
        raise ValueError("there is no such file")
    if path.stat().st_size > MOST_LOGO_BYTES:
        raise ValueError(f"the logo is larger than {MOST_LOGO_BYTES // 1000} kB")
    return path


def _folder(path: Path) -> Path:
    """Return the path of a folder that is there or may come to be, ~ taken for the home folder."""
    path = path.expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("it is a file, not a folder; give another data folder")
    return path


def _password(password: SecretStr) -> SecretStr:
    """Return a password that is empty, or too long to be found by trying."""
    if 0 < len(password.get_secret_value()) < FEWEST_PASSWORD_CHARACTERS:
        raise ValueError(f"it has fewer than {FEWEST_PASSWORD_CHARACTERS} characters")
    return password


class PageSettings(BaseModel):
    """What an organisation may call its page and how it may look; empty means the page's own.

    The table `[page]` of the settings file. Colours are those of buttons, links and numbers, on
    light and on dark ground, as "#rrggbb". The logo is a PNG, JPEG or SVG file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    subtitle: str = ""
    intro: str = ""
    language: Literal["en", "fr", "es", "zh"] = "en"
    examples: tuple[str, ...] = ()
    colour: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    colour_on_dark: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    logo: Annotated[Path | None, AfterValidator(_logo)] = None

    @property
    def logo_uri(self) -> str:
        """Return the logo as a data URI, empty without one."""
        if self.logo is None:
            return ""
        data = base64.b64encode(self.logo.read_bytes()).decode()
        return f"data:{LOGO_TYPES[self.logo.suffix.lower()]};base64,{data}"


class Settings(BaseSettings):
    """Where things are and how much is shown.

    A value given in the call wins over the environment (`TOOLKIT_DATA_DIR`, `TOOLKIT_MODEL`, …),
    that over the TOML file, that over the default.
    """

    model_config = SettingsConfigDict(
        env_prefix="TOOLKIT_", toml_file=CONFIG_FILE, frozen=True, extra="forbid"
    )

    data_dir: Annotated[Path, AfterValidator(_folder)] = Field(
        default_factory=lambda: user_data_path(APP_NAME),
        description="Folder of the documents and snapshots.",
    )
    model: str = Field(
        default=DEFAULT_MODEL,
        description="The default model's name, a model's folder, or a published model's name.",
    )
    reranker: str = Field(
        default="",
        description="A cross-encoder's folder or published name, to rank the best hits again.",
    )
    keep_snapshots: int = Field(
        default=5, ge=1, description="Snapshots kept to go back to, the newest ones."
    )
    allow_private_addresses: bool = Field(
        default=False, description="Whether sync and add may ask addresses in private networks."
    )
    limit: int = Field(
        default=5, ge=1, le=MOST_PASSAGES, description="Passages shown for a question."
    )
    page: PageSettings = Field(
        default=PageSettings(), description="Title, words, colours and examples of the page."
    )

    editor_password: Annotated[SecretStr, AfterValidator(_password)] = Field(
        default=SecretStr(""),
        description="Opens the editor's tab of the page; without one there is no such tab.",
    )

    @property
    def documents(self) -> Path:
        """Return the folder that documents are read from by default."""
        return self.data_dir / "documents"

    @property
    def catalogue(self) -> Path:
        """Return the catalogue of that folder, which need not be there."""
        return self.data_dir / CATALOGUE_NAME

    @property
    def ledger(self) -> Path:
        """Return the file that tells where fetched documents come from."""
        return self.data_dir / LEDGER_NAME

    @property
    def reports(self) -> Path:
        """Return the folder of the reports on the snapshots."""
        return self.data_dir / "reports"

    @property
    def snapshots(self) -> Path:
        """Return the folder of the snapshots."""
        return self.data_dir / "snapshots"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from, the strongest first."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: Any) -> Settings:  # noqa: ANN401  # pydantic checks the values
    """Return the settings, those given not None foremost.

    Raises `SettingsError`, naming the setting, for a value that cannot be used.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(map(str, fault["loc"]))
        told = "" if name == "editor_password" else f" (it is {fault['input']!r})"
        message = f"Setting {name!r}: {fault['msg']}{told}."
        raise SettingsError(message) from error
    except (OSError, ValueError) as error:  # a settings file that is no file, or not TOML
        raise SettingsError(f"{CONFIG_FILE} cannot be read: {error}") from error
