"""Columns as codes: each distinct value once, in order, and for every row the place of its value; 0 is null."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.conditions import exact, holds
from zhibu.engine.facts.cells import plain
from zhibu.engine.packed import Unfit
from zhibu.engine.packed.native import Numbers, at, kernel, whole
from zhibu.engine.rulebooks.model import Between, Equals, Has, Known, OneOf, Scalar, Test

DIRECT = 512  # so many values are tested one by one


@dataclass(frozen=True, slots=True)
class Coded:
    """`values[code - 1]` is a row's value as a Python cell; ascending if `ordered`."""

    codes: Numbers
    values: Sequence[Any]
    ordered: bool = True

    def taken(self, order: Numbers) -> Coded:
        return Coded(self.codes[order], self.values, self.ordered)


class Cells(Sequence[Any]):
    """The values of an Arrow array as Python cells, made when asked for."""

    def __init__(self, array: pa.Array):
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, place: Any) -> Any:
        return self.array[place].as_py()


class Ratios(Sequence[Any]):
    """Fractions, ascending."""

    def __init__(self, tops: Numbers, bottoms: Numbers):
        self.tops, self.bottoms = tops, bottoms

    def __len__(self) -> int:
        return len(self.tops)

    def __getitem__(self, place: Any) -> Any:
        return Fraction(int(self.tops[place]), int(self.bottoms[place]))


def narrow(codes: Numbers, count: int) -> Numbers:
    """The narrowest unsigned type that holds `count` values and null."""
    kind = np.uint8 if count < 2**8 else np.uint16 if count < 2**16 else np.uint32
    return np.ascontiguousarray(codes, kind)


def encode(column: pa.Array | pa.ChunkedArray) -> Coded:
    """Any column of facts; lists are coded as wholes, in no order."""
    column = plain(column)
    if pa.types.is_list(column.type):
        return _lists(column)
    values, codes = ranked(column)
    return Coded(narrow(codes, len(values)), values)


def ranked(values: pa.Array) -> tuple[Sequence[Any], Numbers]:
    """Distinct values in order, and the code of each of those given; null is 0."""
    if pa.types.is_null(values.type):
        return (), np.zeros(len(values), np.int64)
    if pa.types.is_boolean(values.type):
        return (False, True), pc.fill_null(pc.add(values.cast(pa.int64()), 1), 0).to_numpy()
    found = values.dictionary_encode()
    order = pc.sort_indices(found.dictionary)
    rank = np.zeros(len(order) + 1, np.int64)  # the last one is of null
    rank[order.to_numpy()] = np.arange(1, len(order) + 1)
    return Cells(found.dictionary.take(order)), rank[pc.fill_null(found.indices, len(order)).to_numpy()]


def _lists(column: pa.Array) -> Coded:
    """Null lists have code 0."""
    first = column.offsets[0].as_py() if len(column) else 0
    offsets = column.offsets.to_numpy().astype(np.int64) - first
    items = pc.list_flatten(column).dictionary_encode()
    known = column.is_valid().to_numpy(zero_copy_only=False)
    if not known.all():  # the members under a null list are not flattened
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    codes, firsts = list_codes(offsets, items.indices.to_numpy(zero_copy_only=False).astype(np.int32))
    values = [column[int(row)].as_py() or [] for row in firsts]
    return Coded(narrow(np.where(known, codes.astype(np.int64) + 1, 0), len(values)), values, ordered=False)


def list_codes(offsets: Numbers, items: Numbers) -> tuple[Numbers, Numbers]:
    """Codes from 0 of equal lists, and the first row of each."""
    count = len(offsets) - 1
    codes, first = np.empty(count, np.uint32), np.empty(count, np.int64)
    items = np.ascontiguousarray(items, np.int32)
    found = kernel().encode_lists(whole(count), at(offsets), at(items), at(codes), at(first))
    if found < 0:
        raise MemoryError
    return codes, first[:found]


def attendance(present: pa.ChunkedArray, expected: pa.ChunkedArray) -> Coded:
    """present ÷ expected, null when either is null or expected is 0."""
    known = pc.and_kleene(pc.is_valid(present), pc.fill_null(pc.not_equal(expected, 0), False))
    mask = np.asarray(plain(known))
    tops = np.asarray(plain(pc.fill_null(present, 0)))[mask].astype(np.int64)
    bottoms = np.asarray(plain(pc.fill_null(expected, 1)))[mask].astype(np.int64)
    if len(tops) and max(tops.max(), bottoms.max()) >= 2**31:
        raise Unfit("attendance of more than 2^31 people")
    pairs = pa.array(tops << 32 | bottoms).dictionary_encode()
    values, rank = ratios(pairs.dictionary.to_numpy())
    codes = np.zeros(len(mask), np.int64)
    codes[mask] = rank[pairs.indices.to_numpy()]
    return Coded(narrow(codes, len(values)), values)


def ratios(pairs: Numbers) -> tuple[Ratios, Numbers]:
    """Distinct fractions in order, and the code of each pair given (present · 2^32 + expected)."""
    tops, bottoms = pairs >> 32, pairs & 0xFFFFFFFF
    divisor = np.gcd(tops, bottoms)
    known, places = np.unique((tops // divisor) << 32 | bottoms // divisor, return_inverse=True)
    tops, bottoms = known >> 32, known & 0xFFFFFFFF
    order = np.array(sorted(range(len(known)), key=lambda k: Fraction(int(tops[k]), int(bottoms[k]))), np.int64)
    rank = np.empty(len(known), np.int64)
    rank[order] = np.arange(1, len(known) + 1)
    return Ratios(tops[order], bottoms[order]), rank[places]


# --- which codes satisfy a test ---------------------------------------------------------------------------------


def satisfying(test: Test, column: Coded) -> Numbers:
    """A byte for each code: whether its value satisfies the test, by the reference."""
    table = np.zeros(len(column.values) + 1, np.uint8)
    if isinstance(test, Known):
        table[1:], table[0] = test.known, not test.known
    elif isinstance(test, Has) or not column.ordered or len(column.values) <= DIRECT:
        for place, value in enumerate(column.values, 1):
            table[place] = holds(test, {test.column: value})
    else:
        for first, last in _ranges(test, column.values):
            table[first + 1 : last + 1] = 1
    return table


def _ranges(test: Equals | OneOf | Between, values: Sequence[Any]) -> list[tuple[int, int]]:
    """Places first … last - 1 of ascending values."""
    if isinstance(test, Between):
        least = [_place(values, test.min, bisect_left), _place(values, test.more_than, bisect_right)]
        most = [_place(values, test.max, bisect_right), _place(values, test.less_than, bisect_left)]
        first = max((one for one in least if one is not None), default=0)
        return [(first, max(first, min((one for one in most if one is not None), default=len(values))))]
    wanted = test.values if isinstance(test, OneOf) else (test.value,)
    return [(bisect_left(values, exact(one), key=exact), bisect_right(values, exact(one), key=exact)) for one in wanted]


def _place(values: Sequence[Any], bound: Scalar | None, side: Any) -> int | None:
    return None if bound is None else int(side(values, exact(bound), key=exact))
