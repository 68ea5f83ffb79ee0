"""A file of JSON lines in, checked records out."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from corpus.errors import ToolkitError

Record = TypeVar("Record", bound=BaseModel)


def read_json_lines(path: Path, record: type[Record], *, fault: type[ToolkitError]) -> list[Record]:
    """Return the records of a file, one a line, blank lines left out.

    A line ends at a line feed and nowhere else. Raises `fault`, naming file and line, for what
    cannot be used.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise fault(f"{path} cannot be read: {error}") from error
    return [
        _record(line, record, fault, f"{path}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def _record(line: str, record: type[Record], fault: type[ToolkitError], place: str) -> Record:
    try:
        return record.model_validate(json.loads(line))
    except ToolkitError as error:  # of a value that is checked elsewhere as well
        raise fault(f"{place}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the line"
        raise fault(f"{place}: {key}: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise fault(f"{place} is not JSON: {error}") from error
