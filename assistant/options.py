"""The options that several commands share."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import SettingsError

DataDir = Annotated[
    Path | None, typer.Option(help="Folder of documents and snapshots [env: TOOLKIT_DATA_DIR].")
]
Model = Annotated[str | None, typer.Option(help="Embedding model: name or folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Wait = Annotated[
    float, typer.Option(help="Seconds to wait for another writer in the data folder.", min=0)
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Ask addresses inside private networks too.")
]


def pairs(options: Iterable[str], name: str) -> dict[str, str]:
    """Return key=value options by their key; raises `SettingsError` for one that is none."""
    values: dict[str, str] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals:
            raise SettingsError(f"{name} takes key=value, not {option!r}.")
        values[key.strip()] = value.strip()
    return values
