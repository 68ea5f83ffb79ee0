"""Bad input of the console script: a message, exit status 2, nothing live changed."""

from pathlib import Path

import pytest
from cli_helpers import DOCUMENTS, Run, built, files_in, one_object, written

pytest_plugins = ("cli_fixtures",)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder of files that cannot be used."""
    folder = written(
        tmp_path / "files",
        broken_jsonl='{"id": "a", "question": "who?"}\n{"id": "b", "question"\n',
        without_jsonl='\n{"id": "a"}\n',
        zero_jsonl='{"question": "who?", "limit": 0}\n',
        list_jsonl="[]\n",
        latin_txt="",
    )
    (folder / "latin.jsonl").write_bytes('{"question": "où?"}'.encode("latin-1"))
    (folder / "empty").mkdir()
    return folder


FAULTS = [
    ("ask", "no question | --batch"),
    ("asks who?", "'asks' | --help"),
    ("ask who? --colour red", "--colour | --help"),
    ("ask who? --limit 0", "--limit | equal to 1 | --help"),
    ("ask who? --limit 51", "--limit | equal to 50"),
    ("ask who? --limit many", "--limit"),
    ("search", "query | --help"),
    ("search who? -k 0", "-k | equal to 1"),
    ("ask who? --filter colour=red", "'colour' | Use one of: work, kind, area"),
    ("search who? --filter colour=red", "'colour' | Use one of: work, kind, area"),
    ("ask who? --filter colour", "'colour' | key=value"),
    ("ask who? --model FILES/empty", "FILES/empty | Give the folder"),
    ("build --documents FILES/empty --model FILES", "FILES/empty is empty | Put documents"),
    ("build --documents FILES/nowhere", "FILES/nowhere | Create it"),
    ("build --documents FILES/broken.jsonl", "FILES/broken.jsonl"),
    ("build --documents FILES", "FILES | broken.jsonl | are not read; use"),
    ("ask --batch FILES/nowhere --json", "FILES/nowhere"),
    ("ask --batch FILES/empty --json", "FILES/empty"),
    ("ask --batch FILES/broken.jsonl --json", "FILES/broken.jsonl, line 2 | not JSON"),
    ("ask --batch FILES/without.jsonl --json", "FILES/without.jsonl, line 2: question"),
    ("ask --batch FILES/zero.jsonl --json", "FILES/zero.jsonl, line 1: limit | equal to 1"),
    ("ask --batch FILES/list.jsonl --json", "FILES/list.jsonl, line 1"),
    ("ask --batch FILES/latin.jsonl --json", "FILES/latin.jsonl | utf-8"),
    ("promote 20260101T000000Z-0", "'20260101T000000Z-0' | toolkit-assistant"),
    ("promote ../data", "'../data' | toolkit-assistant"),
    ("evaluate --questions FILES/nowhere", "FILES/nowhere"),
    ("evaluate --questions FILES/broken.jsonl", "FILES/broken.jsonl"),
    ("evaluate --beir FILES/empty", "FILES/empty | It needs corpus.jsonl"),
    ("evaluate --beir FILES --limit-queries 0", "--limit-queries | equal to 1"),
]


def refused(run: Run, data: Path, *arguments: object) -> str:
    """Return the message of a command that is refused and changes nothing."""
    before = files_in(data)
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert files_in(data) == before
    return ran.err


@pytest.mark.parametrize(("command", "expected"), FAULTS, ids=[command for command, _ in FAULTS])
@pytest.mark.usefixtures("ids")
def test_bad_input_is_named_with_what_to_do(
    run: Run, data: Path, files: Path, command: str, expected: str
) -> None:
    message = refused(run, data, *command.replace("FILES", str(files)).split())
    for part in expected.replace("FILES", str(files)).split(" | "):
        assert part in message


def test_a_setting_of_the_environment_that_cannot_be_used_is_named(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOLKIT_LIMIT", "many")
    assert "'limit'" in refused(run, data, "ask", "who?")


@pytest.mark.parametrize("command", ["ask who?", "search who?", "info", "evaluate"])
def test_without_a_snapshot_it_says_how_to_build_one(run: Run, data: Path, command: str) -> None:
    message = refused(run, data, *command.split())
    assert f"No snapshot in {data / 'snapshots'} yet" in message
    assert "toolkit-assistant build" in message


@pytest.mark.parametrize("command", ["ask who?", "search who?", "info", "evaluate", "promote ID"])
def test_a_snapshot_with_one_byte_changed_is_not_used(
    run: Run, data: Path, ids: list[str], command: str
) -> None:
    path = data / "snapshots" / ids[1] / "late" / "tokens.int8"
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    message = refused(run, data, *command.replace("ID", ids[1]).split())
    assert f"{ids[1]} is damaged: late/tokens.int8" in message
    assert "toolkit-assistant build" in message


def test_a_damaged_snapshot_is_not_gone_back_to(run: Run, data: Path, ids: list[str]) -> None:
    (data / "snapshots" / ids[0] / "keys.txt").write_text("other\n", "ascii")
    assert f"{ids[0]} is damaged: keys.txt" in refused(run, data, "rollback")


def test_there_may_be_nothing_to_go_back_to(run: Run, data: Path) -> None:
    assert str(data / "snapshots") in refused(run, data, "rollback")
    built(data, *DOCUMENTS)
    assert str(data / "snapshots") in refused(run, data, "rollback")


def test_an_empty_id_is_not_promoted(run: Run, data: Path, ids: list[str]) -> None:
    assert "''" in refused(run, data, "promote", "")
    assert one_object(run("snapshots", "--json"))["current"] == ids[1]


@pytest.mark.usefixtures("ids")
def test_a_rollback_that_cannot_be_says_what_can(run: Run, data: Path) -> None:
    run("rollback")
    assert "toolkit-assistant snapshots" in refused(run, data, "rollback")


@pytest.mark.parametrize("command", ["ask who?", "snapshots", "info", "build"])
def test_a_data_folder_that_is_a_file_is_named(
    run: Run, data: Path, files: Path, command: str
) -> None:
    path = files / "broken.jsonl"
    assert str(path) in refused(run, data, *command.split(), "--data-dir", path)


@pytest.mark.usefixtures("ids")
def test_a_line_nested_without_end_is_named(run: Run, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonl"
    path.write_text("[" * 100_000, "ascii")
    assert f"{path}, line 1" in refused(run, data, "ask", "--batch", path, "--json")


@pytest.mark.usefixtures("ids")
def test_a_batch_with_an_unknown_filter_is_refused_before_any_answer(
    run: Run, data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text('{"question": "a"}\n{"question": "b", "filter": {"colour": "red"}}\n', "utf-8")
    message = refused(run, data, "ask", "--batch", path, "--json")
    assert f"{path}, line 2" in message
    assert "'colour'" in message


@pytest.mark.parametrize("option", ["who?", "--filter language=fr", "--history who?"])
@pytest.mark.usefixtures("ids")
def test_what_a_batch_does_not_take_is_refused(
    run: Run, data: Path, tmp_path: Path, option: str
) -> None:
    (tmp_path / "batch.jsonl").write_text('{"question": "a"}\n', "utf-8")
    message = refused(run, data, "ask", *option.split(), "--batch", tmp_path / "batch.jsonl")
    assert "--batch" in message
