"""The console script run in this process, with words for a model; for the tests of the commands."""

import re
from pathlib import Path

import pytest
from cli_helpers import DOCUMENTS, Ran, Run, built
from fakes import WordEmbedder

from assistant import cli
from assistant.confidence import Calibration
from assistant.config import Settings
from index.embedding import DEFAULT_MODEL, Embedder, load_embedder


@pytest.fixture
def words_for_the_default_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of this machine out, and the seconds that the real model takes to load."""

    def load(model: str) -> Embedder:
        return WordEmbedder() if model == DEFAULT_MODEL else load_embedder(model)

    for module in ("cli_measuring", "engine", "rebuild"):
        monkeypatch.setattr(f"assistant.{module}.load_embedder", load)
    # Half way between a question that shares no word with a passage and one that is a passage.
    calibration = Calibration(-5.0, 10.0, 0.0, related_from=0.5, answered_from=0.75)
    monkeypatch.setattr("assistant.engine.calibration_for", lambda snapshot: calibration)
    monkeypatch.setitem(Settings.model_config, "toml_file", None)
    for name in ("TOOLKIT_MODEL", "TOOLKIT_LIMIT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")  # no message is cut into lines


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the data folder that the commands use, without a snapshot so far."""
    monkeypatch.setenv("TOOLKIT_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def ids(data: Path) -> list[str]:
    """Return the ids of two snapshots of the documents; the second one is live."""
    return [built(data, *DOCUMENTS) for _ in range(2)]


@pytest.fixture
def run(
    words_for_the_default_model: None,  # asked for what it does
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Return what runs the console script."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["toolkit-assistant", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return Ran(ended.value.code, out, re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", err))

    return run
