"""Hebrew and Arabic as pdfium gives them -> in reading order, with spaces where words end.

pdfium tells the order of letters from the order in which they were drawn, which some producers
(Chromium, 2026) do from left to right, and tells spaces from gaps, which Arabic fonts leave inside
words and not always between them.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint32]
Places = Callable[[list[int]], Floats]

_CODES = ((0x590, 0x8FF), (0xFB1D, 0xFEFC))  # of letters, first and last
_LETTERS = "".join(f"{chr(first)}-{chr(last)}" for first, last in _CODES)
_LETTER = re.compile(f"[{_LETTERS}]")
_RUN = re.compile(f"[{_LETTERS}]{{2,}}")
_ARABIC = "\u0621-\u064a"
_MARKS = "\u064b-\u0652\u0670"  # stand over or under the letter before them
_ALEFS = "\u0622\u0623\u0625\u0627"
_LAM = "\u0644"
_REPAIRS = (
    (re.compile(rf"\s+(?=[{_MARKS}])"), ""),
    # An alef with this mark ends a word, as the second pattern's letter does.
    (re.compile(rf"\s(\u0627\u064b)(?=[{_ARABIC}])"), r"\1 "),
    (re.compile(r"(?<=\S)\s(\u0627\u064b)"), r"\1"),
    (re.compile(rf"\u0629(?=[{_ARABIC}])"), "\u0629 "),
    # The number of an item, whose stop stands on its left.
    (re.compile(r"^([.)])(\d{1,3})(?=\s)"), r"\2\1"),
)


def is_right_to_left(text: str) -> bool:
    """Tell whether more letters of the text are Hebrew or Arabic than not."""
    if text.isascii():  # nearly every line of most files, and asked of each
        return False
    if not _LETTER.search(text):
        return False
    return len(_LETTER.findall(text)) * 2 > sum(c.isalpha() for c in text)


def repair_right_to_left(text: str) -> str:
    """Return a stretch of a line, if it is Hebrew or Arabic with spaces where its words end."""
    if not is_right_to_left(text):
        return text
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return text


def codes_of(text: str) -> Codes:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@lru_cache(1)  # asked several times of a page
def is_left_to_right(text: str) -> bool:
    """Tell whether a text has no letter of Hebrew or Arabic; much faster than `_LETTER`."""
    if text.isascii():
        return True
    codes = codes_of(text)
    # The codes have no sign: those below the first letter come out above the last.
    return not any((codes - first <= last - first).any() for first, last in _CODES)


def reading_order(text: str, places_of: Places) -> npt.NDArray[np.int64]:
    """Return which character of a text is to be read at each place of it.

    `places_of` gives how far from the left and from the foot of the page the middle of characters
    stands, shape (n, 2). Only the letters of one word change places among themselves.
    """
    order = np.arange(len(text))
    if is_left_to_right(text):
        return order
    runs = [range(*match.span()) for match in _RUN.finditer(text)]
    if not runs:
        return order
    ends = np.cumsum([len(run) for run in runs], dtype=np.int64)
    places = np.split(places_of([n for run in runs for n in run]), ends)
    for run, own in zip(runs, places, strict=False):
        order[run.start : run.stop] = run.start + _run_order(text[run.start : run.stop], own)
    return order


def _run_order(run: str, places: Floats) -> npt.NDArray[np.int64]:
    steps = np.diff(places[:, 0])
    if (steps > 0).sum() > (steps < 0).sum() and np.ptp(places[:, 0]) > np.ptp(places[:, 1]):
        return np.argsort(-places[:, 0], kind="stable")
    order = np.arange(len(run))
    for n in _ligatures(run, places):
        order[n], order[n + 1] = n + 1, n
    return order


def _ligatures(run: str, places: Floats) -> Iterator[int]:
    """Yield where one glyph stands for an alef and a lam alone, which are read the other way."""
    for match in re.finditer(f"[{_ALEFS}]{_LAM}", run):
        alike = (places == places[match.start()]).all(axis=1)
        if alike.sum() == 2 and alike[match.start() + 1]:
            yield match.start()
