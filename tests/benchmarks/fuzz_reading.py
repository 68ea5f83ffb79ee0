"""Reads files that were damaged on purpose: each ends in a document or in a clean refusal.

    python tests/benchmarks/fuzz_reading.py FOLDER... [--files N] [--seed N] [--seconds N]

Damaged are files of the folders, chosen at random: bytes are flipped, stretches cut out, zeroed,
repeated or taken from another file, the end is cut off. Prints what came out how often and every
file that broke the reader down or ran over its time, by its number; the same seed makes the same
files. Exit status 1 if anything else than a document or a refusal came out.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.errors import ReadLimitError, UnreadableFileError
from corpus.readers.formats import SUFFIXES
from corpus.readers.parsed import ParsedFile, assemble
from corpus.worker import ParserProcess

_LARGEST = 2_000_000  # bytes; larger files only take longer
_LONGEST_STRETCH = 4000


def damaged(number: int, seed: int, paths: Sequence[Path]) -> tuple[str, bytes]:
    """Return suffix and content of a damaged file; the same for the same number and seed."""
    chance = random.Random(f"{seed} {number}")
    path = chance.choice(paths)
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 3)):
        _damage(data, chance, paths)
    return path.suffix, bytes(data)


def _damage(data: bytearray, chance: random.Random, paths: Sequence[Path]) -> None:
    """Damage the bytes in one way."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.randint(1, _LONGEST_STRETCH))
    kind = chance.choice(("flip", "cut off", "cut out", "zero", "repeat", "splice"))
    if kind == "flip":
        for _ in range(chance.choice((1, 10, 100))):
            if data:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == "cut off":
        del data[start:]
    elif kind == "cut out":
        del data[start:end]
    elif kind == "zero":
        data[start:end] = bytes(end - start)
    elif kind == "repeat":
        data[start:start] = data[start:end]
    else:
        other = chance.choice(paths).read_bytes()
        place = chance.randrange(len(other) + 1)
        data[start:end] = other[place : place + chance.randint(1, _LONGEST_STRETCH)]


def outcome(path: Path, parser: ParserProcess) -> str:
    """Return what came out of reading a file, and check what a document must keep."""
    try:
        parsed = parser.parse(path)
    except UnreadableFileError as error:
        if type(error) is ReadLimitError:
            return str(error)
        return f"refused ({type(error).__name__})"
    return "a document" if is_whole(parsed) else "A DOCUMENT WHOSE SPANS ARE WRONG"


def is_whole(parsed: ParsedFile) -> bool:
    """Tell whether blocks are spans in order, and pages cover the text."""
    text, blocks, pages = assemble(parsed)
    own = [one.text for one in parsed.blocks if one.text.strip()]
    ends = [0, *(block.span.end for block in blocks)]
    return (
        [block.span.of(text) for block in blocks] == own
        and all(end <= block.span.start for end, block in zip(ends, blocks, strict=False))
        and "".join(page.span.of(text) for page in pages) in ("", text)
    )


def main() -> int:
    """Print the counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--seconds", type=float, default=20.0)
    arguments = options.parse_args()
    paths = [
        path
        for folder in arguments.folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in SUFFIXES and path.stat().st_size <= _LARGEST
    ]
    counts: Counter[str] = Counter()
    with TemporaryDirectory() as folder, ParserProcess(arguments.seconds) as parser:
        for number in range(arguments.files):
            suffix, data = damaged(number, arguments.seed, paths)
            path = Path(folder, f"damaged{suffix}")
            path.write_bytes(data)
            found = outcome(path, parser)
            counts[found] += 1
            if not found.startswith(("a document", "refused")):
                print(f"file {number}{suffix}: {found}", flush=True)
    for found, count in counts.most_common():
        print(f"{count:6} {found}")
    return int(any(found.isupper() for found in counts))


if __name__ == "__main__":
    sys.exit(main())
