"""What the README and its neighbours say is so: commands, names, settings, links, answers."""

import inspect
import re
import shlex
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import app
from assistant import cli
from assistant.answer import Outcome
from assistant.config import CONFIG_FILE, LOGO_TYPES, PageSettings, Settings
from assistant.engine import Assistant
from corpus.catalogue import load_catalogue

pytest_plugins = ("starter_fixtures",)

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# (what printed it, what stands there)
PRINTED: list[tuple[str, str]] = re.findall(
    r"<!-- printed by: (.+?) -->\n```\n(.*?)```\n", README, re.DOTALL
)
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.M)
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.DOTALL | re.M)
INLINE: list[str] = re.findall(r"`([^`\n]+)`", PROSE)


def lines_of_blocks() -> list[list[str]]:
    """Return the lines of the README's shell blocks as words, comments left out."""
    printed = {text for _, text in PRINTED}
    shell = [text for language, text in BLOCKS if not language and text not in printed]
    lines = [shlex.split(line, comments=True) for text in shell for line in text.splitlines()]
    return [words for words in lines if words]


LINES = lines_of_blocks()
COMMANDS = [
    words
    for words in [*LINES, *map(shlex.split, INLINE)]
    if words[0] in ("toolkit-assistant", "toolkit-assistant-app") and words[1:] != ["--help"]
]
OPTIONS = [shlex.split(text) for text in INLINE if text.startswith("--")]
TARGETS = {words[1] for words in LINES if words[0] == "make"}
SEEDS = [words[2] for words in LINES if words[:2] == ["toolkit-assistant", "ask"]]
# Files that a reader of the README may write.
READERS_OWN = {"catalogue.toml", "situations.toml", "questions.jsonl", CONFIG_FILE.name}
FILES = sorted(
    {
        text
        for text in INLINE
        if re.fullmatch(r"[\w./-]+(/|\.(py|md|toml|css|js|txt|png|jsonl))", text)
    }
    - READERS_OWN
)
LINKS = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]


def test_the_readme_is_looked_through() -> None:
    found = (PRINTED, COMMANDS, OPTIONS, TARGETS, SEEDS, FILES, LINKS)
    assert all(found)
    assert sorted(TARGETS) == ["run", "test"]
    assert len(SEEDS) == 3


@pytest.mark.parametrize("words", COMMANDS, ids=shlex.join)
def test_a_command_of_the_readme_can_be_given(words: list[str]) -> None:
    script, *arguments = words
    if script == "toolkit-assistant-app":
        typer.main.get_command(app.command).make_context(script, arguments)
        return
    name, *arguments = arguments
    typer.main.get_group(cli.app).commands[name].make_context(name, arguments)


@pytest.mark.parametrize("words", OPTIONS, ids=shlex.join)
def test_an_option_of_the_readme_belongs_to_a_command(words: list[str]) -> None:
    commands = typer.main.get_group(cli.app).commands.values()
    options = {name for command in commands for one in command.params for name in one.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_command_and_option_says_what_it_does() -> None:
    for command in typer.main.get_group(cli.app).commands.values():
        assert command.help, command.name
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{command.name} {parameter.name}"


def test_a_target_of_the_readme_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert set(re.findall(r"^([a-z]+):", makefile, re.M)) >= TARGETS


@pytest.mark.parametrize(("command", "expected"), PRINTED, ids=[one for one, _ in PRINTED])
def test_an_output_in_the_readme_is_what_is_printed(
    command: str,
    expected: str,
    starter_data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TOOLKIT_DATA_DIR", str(starter_data))
    monkeypatch.setattr("sys.argv", shlex.split(command))
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    assert lasting(capsys.readouterr().out) == lasting(expected), (
        "To print it again, put what this prints last into the README's block: "
        f"export TOOLKIT_DATA_DIR=$(mktemp -d); toolkit-assistant build; {command}"
    )


def lasting(printed: str) -> str:
    """Return an output without what differs each time: ids of snapshots and seconds."""
    without_ids = re.sub(r"\d{8}T\d{12}Z-[0-9a-f]{8}", "ID", printed)
    return re.sub(r"\b\d+(\.\d+)? s(econds)?\b", "SECONDS", without_ids)


@pytest.mark.parametrize("question", SEEDS)
def test_a_question_of_the_readme_is_answered_by_the_sheet_on_mining(
    starter: Assistant, question: str
) -> None:
    answer = starter.ask(question, limit=1)
    assert answer.outcome in ("answered", "related")
    assert answer.citations[0].file == "artisanal-and-small-scale-mining.pdf"


def test_the_outcomes_are_those_of_the_readme() -> None:
    outcomes = re.findall(r"\*(Answered|Related|Not covered)\*", PROSE)
    assert [one.lower().replace(" ", "_") for one in outcomes] == list(get_args(Outcome))


@pytest.mark.parametrize("name", FILES)
def test_a_file_named_in_the_readme_is_there(name: str) -> None:
    rooms = (ROOT / "corpus", ROOT / "index", ROOT / "assistant")
    assert (ROOT / name).exists() or any((room / name).exists() for room in rooms)


@pytest.mark.parametrize("link", LINKS)
def test_a_link_of_the_readme_leads_to_a_file(link: str) -> None:
    assert (ROOT / link.partition("#")[0]).is_file()


def test_a_setting_named_in_the_readme_is_one() -> None:
    named = set(re.findall(r"\bTOOLKIT_(\w+)", README))
    assert {"DATA_DIR", "MODEL"} <= named <= {field.upper() for field in Settings.model_fields}
    assert CONFIG_FILE.name in INLINE


def test_the_catalogue_of_the_readme_can_be_used(tmp_path: Path) -> None:
    (example,) = (text for language, text in BLOCKS if language == "toml" and "source" in text)
    (tmp_path / "catalogue.toml").write_text(example, "utf-8")
    source = load_catalogue(tmp_path / "catalogue.toml")["guards.pdf"]
    assert (source.id, source.status, source.language) == ("guards-2", "current", "en")


def test_the_page_of_the_readme_can_be_set() -> None:
    (example,) = (text for language, text in BLOCKS if language == "toml" and "[page]" in text)
    table = tomllib.loads(example)["page"]
    logo = table.pop("logo")  # no file of that name need be here
    assert Path(logo).suffix in LOGO_TYPES
    assert PageSettings(**table).language == "fr"


def test_the_page_is_served_where_the_readme_says() -> None:
    defaults = inspect.signature(app.run).parameters
    assert f"http://{defaults['host'].default}:{defaults['port'].default}" in README


def test_the_readme_counts_the_starter_documents_right() -> None:
    count = len(list((ROOT / "corpus" / "starter" / "documents").iterdir()))
    assert f"{count} starter documents" in README


def test_the_python_of_the_readme_is_the_one_that_is_required() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    assert "Python 3.11 or later" in README


@pytest.mark.parametrize("place", PROJECT["scripts"].values())
def test_a_console_script_leads_to_a_function(place: str) -> None:
    module, _, function = place.partition(":")
    assert callable(getattr(import_module(module), function))


def test_the_changelog_has_this_version_first() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (\S+)", changelog, re.M)[0] == PROJECT["version"]


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml", ".ci/run"]
)
def test_nothing_outside_the_project_is_needed(name: str) -> None:
    assert "../" not in (ROOT / name).read_text("utf-8").replace('"$(dirname "$0")/.."', "")


def pinned() -> dict[str, str]:
    """Return the versions of constraints.txt by the names that registries compare."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pins}


def test_torch_is_pinned_to_what_everything_is_measured_with() -> None:
    assert pinned()["torch"] == "2.13.0"


def dependencies() -> list[Any]:
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    texts = [*PROJECT["dependencies"], *(one for extra in extras.values() for one in extra)]
    return [pytest.param(Requirement(text), id=text) for text in texts]


@pytest.mark.parametrize("requirement", dependencies())
def test_every_dependency_is_pinned_to_a_version_that_is_wanted(requirement: Requirement) -> None:
    version = pinned()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)
