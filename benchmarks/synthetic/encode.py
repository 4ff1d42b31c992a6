"""Arrays of numbers as Arrow columns, and how the files are written."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

NONE = -(2**31)
Array = npt.NDArray[np.generic]


def day(year: int, month: int, number: int) -> int:
    """Days since 1970."""
    return (date(year, month, number) - date(1970, 1, 1)).days


def days(dice: np.random.Generator, first: int, last: int, count: int) -> npt.NDArray[np.int64]:
    return dice.integers(first, last + 1, count)


def dates(values: Array) -> pa.Array:
    """Days since 1970 as dates; NONE is null."""
    numbers = values.astype(np.int32)
    return pa.array(numbers, mask=numbers == NONE).cast(pa.date32())


def words(codes: Array, names: list[str] | pa.Array) -> pa.DictionaryArray:
    """Texts by their number; a negative one is null."""
    places = codes.astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), pa.array(names))


def hundredths(values: Array) -> pa.Array:
    """Whole hundredths as decimal(6, 2); NONE is null."""
    wide = np.empty((len(values), 2), np.int64)
    wide[:, 0] = values
    wide[:, 1] = wide[:, 0] >> 63
    known = pa.array(values != NONE).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(6, 2), len(values), [known, pa.py_buffer(wide)])


def lists(codes: Array, sets: list[list[int]], names: list[str]) -> pa.Array:
    """Lists of texts by the number of their set; a negative one is null."""
    sizes = np.array([len(one) for one in sets], np.int32)
    flat = np.array([member for one in sets for member in one], np.int32)
    first = np.cumsum(sizes) - sizes
    held = np.where(codes >= 0, sizes[codes], 0)
    ends = np.concatenate([[0], np.cumsum(held)]).astype(np.int32)
    members = flat[np.repeat(first[codes] - ends[:-1], held) + np.arange(ends[-1])]
    offsets = pa.array(ends, mask=np.concatenate([codes < 0, [False]]))
    return pa.ListArray.from_arrays(offsets, words(members, names))


def fixed(letters: npt.NDArray[np.uint8], known: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Rows of letters as texts of one width."""
    count, width = letters.shape
    ends = pa.py_buffer(np.arange(count + 1, dtype=np.int32) * width)
    mask = None if known is None else pa.array(known).buffers()[1]
    return pa.Array.from_buffers(pa.string(), count, [mask, ends, pa.py_buffer(np.ascontiguousarray(letters))])


def digits(numbers: npt.NDArray[np.int64], width: int, base: int = 10) -> npt.NDArray[np.uint8]:
    """Numbers as letters of one width: 0-9, then A, B, …"""
    letters = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)
    found = np.empty((len(numbers), width), np.uint8)
    left = numbers
    for place in range(width - 1, -1, -1):
        left, last = np.divmod(left, base)
        found[:, place] = letters[last]
    return found
