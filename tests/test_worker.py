import io
import os
import pickle
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus import worker
from corpus.errors import (
    EmptyFileError,
    NoTextError,
    ReadLimitError,
    UnreadableFileError,
    WrongFormatError,
)
from corpus.readers.formats import parse_file
from corpus.readers.parsed import ParsedFile
from corpus.worker import ParserProcess, ParserProcesses

needs_fifos = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no file that blocks its reader")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.md"
    path.write_text("# Head\n\nBody text.", "utf-8")
    return path


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    """Return a file that blocks whoever reads it, for ever."""
    path = tmp_path / "stuck.md"
    os.mkfifo(path)
    return path


def process_id(parser: ParserProcess) -> int | None:
    return parser._process.pid if parser._process else None


def test_what_is_parsed_is_the_same_as_in_this_process(good: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.md"
    empty.write_text("")
    with ParserProcess() as parser:
        assert parser.parse(good) == parse_file(good)
        with pytest.raises(EmptyFileError, match=r"^it is empty$"):
            parser.parse(empty)
        first = process_id(parser)
        assert parser.parse(good) == parse_file(good)
        assert process_id(parser) == first != os.getpid()


@needs_fifos
def test_a_file_that_takes_too_long_is_ended_and_the_next_is_read(
    good: Path, stuck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ParserProcess(max_seconds=0.2) as parser:
        with pytest.raises(ReadLimitError, match="longer than 0 seconds and was ended"):
            parser.parse(stuck)
        assert process_id(parser) is None
        monkeypatch.setattr(parser, "_max_seconds", 60.0)
        assert parser.parse(good) == parse_file(good)


@needs_fifos
def test_a_process_that_dies_over_a_file_is_told_and_the_next_is_read(
    good: Path, stuck: Path
) -> None:
    with ParserProcess() as parser, ThreadPoolExecutor(1) as thread:
        reading = thread.submit(parser.parse, stuck)
        with stuck.open("wb"):  # returns once the other process reads
            number = process_id(parser)
            assert number is not None
            os.kill(number, signal.SIGKILL)
            with pytest.raises(ReadLimitError, match="broke the reader down"):
                reading.result(30)
        assert parser.parse(good) == parse_file(good)


def test_a_process_that_dies_between_files_costs_no_file(good: Path) -> None:
    with ParserProcess() as parser:
        parser.parse(good)
        process = parser._process
        assert process is not None
        process.kill()
        process.wait()
        assert parser.parse(good) == parse_file(good)


@needs_fifos
def test_the_process_ends_with_the_statement(good: Path) -> None:
    with ParserProcess() as parser:
        parser.parse(good)
        process = parser._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None


@needs_fifos
def test_a_file_that_keeps_one_process_busy_does_not_keep_the_others(
    good: Path, stuck: Path
) -> None:
    with ParserProcesses(2) as parsers, ThreadPoolExecutor(1) as thread:
        reading = thread.submit(parsers.parse, stuck)
        with stuck.open("wb") as pipe:  # returns once a process reads
            assert parsers.parse(good) == parse_file(good)
            pipe.write(b"Body text.")
        assert reading.result(30).blocks[0].text == "Body text."


def test_without_a_file_no_process_is_started() -> None:
    with ParserProcess() as parser:
        assert process_id(parser) is None


def fails(error: BaseException) -> Callable[..., ParsedFile]:
    def parse(path: Path, passwords: tuple[str, ...]) -> ParsedFile:
        raise error

    return parse


@pytest.mark.parametrize(
    ("error", "expected", "message"),
    [
        (NoTextError("it is a scan"), NoTextError, "it is a scan"),
        (MemoryError(), ReadLimitError, "takes too much memory"),
        (RecursionError("deep"), WrongFormatError, r"cannot be parsed \(RecursionError: deep\)"),
        (KeyError("/Root"), WrongFormatError, r"cannot be parsed \(KeyError: '/Root'\)"),
    ],
)
def test_whatever_a_parser_raises_is_answered_as_a_reason(
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    expected: type[UnreadableFileError],
    message: str,
) -> None:
    monkeypatch.setattr(worker, "parse_file", fails(error))
    answers = io.BytesIO()
    worker._answer((Path("a.pdf"), ()), answers)
    answer = pickle.loads(answers.getvalue())
    assert type(answer) is expected
    with pytest.raises(expected, match=message):
        raise answer


@pytest.mark.skipif(sys.platform != "linux", reason="the memory limit holds on Linux")
def test_the_process_has_a_memory_limit(good: Path) -> None:
    with ParserProcess() as parser:
        parser.parse(good)
        limits = Path(f"/proc/{process_id(parser)}/limits").read_text("ascii")
    (address_space,) = [line for line in limits.splitlines() if line.startswith("Max address")]
    assert address_space.split()[3:5] == [str(worker.MAX_BYTES)] * 2
