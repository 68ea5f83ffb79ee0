"""Parses files in a process of its own, which can be ended when a file takes too much.

A file may be broken in ways that keep a parser busy for ever, fill the memory or crash it. What
happens in the other process stays there.
"""

import contextlib
import logging
import os
import pickle
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, BinaryIO, Self

from corpus.errors import ReadLimitError, UnreadableFileError, WrongFormatError
from corpus.readers.formats import parse_file
from corpus.readers.parsed import ParsedFile

# What an ordinary report of several hundred pages needs, ten times over.
MAX_SECONDS = 60.0
MAX_BYTES = 3 * 2**30


Task = tuple[Path, tuple[str, ...]]  # a file, and the passwords that may open it


class ParserProcess:
    """A process that parses one file after the other; use it in a `with` statement."""

    def __init__(
        self, max_seconds: float = MAX_SECONDS, *, passwords: tuple[str, ...] = ()
    ) -> None:
        self._max_seconds = max_seconds
        self._passwords = passwords
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        self._thread.shutdown()

    def parse(self, path: Path) -> ParsedFile:
        """Return a file's blocks.

        Raises `UnreadableFileError` with the reason, `ReadLimitError` when it took too long or
        the process broke down over it; the next file gets a new process.
        """
        if self._process and self._process.poll() is not None:  # ended from outside, between files
            self._end()
        process = self._process or self._start()
        answer: Future[Any] = self._thread.submit(_exchange, process, (path, self._passwords))
        try:
            result = answer.result(self._max_seconds)
        except TimeoutError as error:
            self._end()
            message = f"reading took longer than {self._max_seconds:.0f} seconds and was ended"
            raise ReadLimitError(message) from error
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._end()
            message = "reading it broke the reader down or took too much memory"
            raise ReadLimitError(message) from error
        if isinstance(result, UnreadableFileError):
            raise result
        return result  # type: ignore[no-any-return]  # a ParsedFile, as `serve` sends it

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", "from corpus.worker import serve; serve()"]
        root = str(Path(__file__).resolve().parent.parent)
        search_path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": search_path},
        )
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            _close(pipe)
        self._process = None


class ParserProcesses:
    """Several parser processes, for as many threads; use it in a `with` statement."""

    def __init__(self, count: int, *, passwords: tuple[str, ...] = ()) -> None:
        self._all = [ParserProcess(passwords=passwords) for _ in range(count)]
        self._free: SimpleQueue[ParserProcess] = SimpleQueue()
        for parser in self._all:
            self._free.put(parser)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        for parser in self._all:
            parser.__exit__(None, None, None)

    def parse(self, path: Path) -> ParsedFile:
        """Return a file's blocks, parsed by a process that is free, as `ParserProcess.parse`."""
        parser = self._free.get()
        try:
            return parser.parse(path)
        finally:
            self._free.put(parser)


def _close(pipe: Any) -> None:  # noqa: ANN401  # subprocess types its pipes as IO[Any] or None
    with contextlib.suppress(OSError):  # closing flushes, and nobody reads any more
        pipe.close()


def _exchange(process: "subprocess.Popen[bytes]", task: Task) -> Any:  # noqa: ANN401  # what `serve` sends
    if process.stdin is None or process.stdout is None:
        raise EOFError
    pickle.dump(task, process.stdin)
    process.stdin.flush()
    return pickle.load(process.stdout)


def serve() -> None:
    """Answer tasks on standard input with a `ParsedFile` or an error on standard output."""
    _limit_memory()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters comes as an error
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not disturb the answers
    while True:
        try:
            task = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            _answer(task, answers)
        except BrokenPipeError:  # whoever asked was ended meanwhile
            os._exit(0)


def _answer(task: Task, answers: BinaryIO) -> None:
    result: ParsedFile | UnreadableFileError
    try:
        result = parse_file(*task)
    except UnreadableFileError as error:
        result = error
    except MemoryError:
        result = ReadLimitError("reading it takes too much memory")
    except Exception as error:  # whatever a hostile file provokes in five parsers
        result = WrongFormatError(f"it cannot be parsed ({type(error).__name__}: {error})")
    pickle.dump(result, answers)
    answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the time limit still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
