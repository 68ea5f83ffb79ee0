"""Calls of pdfium's functions, once a word of a long file: as few and as short as they can be."""

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

_AT_ONCE = 4096  # records in the room that pdfium writes into


def by_address(function: Any, result: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Return a function of pdfium that takes integers, and `pointer`s as made ready for it.

    Called once a word, pypdfium2's typed ones take five times as long (freeculture, 2026). No
    other thread runs meanwhile: to let one would take longer than the call.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result)(address or 0)


def address_of(own: pdfium.PdfPage | pdfium.PdfTextPage) -> int | None:
    """Return where pdfium keeps a page."""
    return ctypes.cast(own.raw, ctypes.c_void_p).value


pointer = ctypes.c_void_p.from_param  # of an address, for functions `by_address`
ADDRESS = ctypes.c_size_t


def read_records(
    function: Callable[..., Any],
    page: Any,  # noqa: ANN401  # what ctypes makes of an address has no public type
    indices: Sequence[int],
    *,
    fields: int,
) -> npt.NDArray[np.float64]:
    """Return what pdfium writes of each glyph of a page: a record of so many floats.

    Zeros where it knows nothing: what is left of another glyph must not pass for this one's.
    """
    records, places = _room(fields)
    filled = np.empty((len(indices), fields))
    for start in range(0, len(indices), _AT_ONCE):
        some = indices[start : start + _AT_ONCE]
        records[: len(some)] = 0
        deque(map(function, repeat(page), some, places), maxlen=0)
        filled[start : start + len(some)] = records[: len(some)]
    return filled


@cache
def _room(fields: int) -> tuple[npt.NDArray[np.float32], tuple[Any, ...]]:
    """Return records for pdfium to write into, and a pointer to each: they take long to make.

    They serve again and again; pdfium's lock keeps others away meanwhile.
    """
    records = np.empty((_AT_ONCE, fields), dtype=np.float32)
    first, size = records.ctypes.data, records.itemsize * fields
    return records, tuple(map(pointer, range(first, first + size * _AT_ONCE, size)))
