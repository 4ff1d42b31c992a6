"""Turns a raw column into its fixed type. A value that cannot be turned is reported by its index, and becomes null."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.facts.shape import AMOUNT, DAY, FLAG, LIST, NUMBER, TEXT, WHOLE

Bad = dict[int, str]
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]00:00(:00(\.0+)?)?)?")
_NUMBER = re.compile(r"[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")  # 007 is no number
_LARGEST = Decimal(10) ** 12
_WIDE = Context(prec=60, rounding="ROUND_HALF_UP")


def convert(column: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, Bad]:
    """The column as `wanted`. Raises TypeError (a Chinese phrase) when no value of its type could ever fit."""
    column = plain(column)
    if is_.is_null(column.type):
        return pa.nulls(len(column), wanted), {}
    makers = {DAY: days, TEXT: texts, LIST: lists, WHOLE: wholes, AMOUNT: amounts, FLAG: flags, NUMBER: numbers}
    return makers[wanted](column)


def said(kind: pa.DataType) -> str:
    """A type in Chinese."""
    words = {
        "整数": is_.is_integer,
        "数字": lambda one: is_.is_floating(one) or is_.is_decimal(one),
        "文字": lambda one: is_.is_string(one) or is_.is_large_string(one) or is_.is_dictionary(one),
        "日期或时间": is_.is_temporal,
        "true/false": is_.is_boolean,
        "列表": is_.is_nested,
    }
    return next((word for word, fits in words.items() if fits(kind)), "别的类型")


def plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One chunk, no dictionary, ordinary text."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if is_.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_.is_large_string(column.type) or is_.is_string_view(column.type):
        column = column.cast(TEXT)
    return _widened(column) if is_.is_float16(column.type) or is_.is_float32(column.type) else column


def _widened(column: pa.Array) -> pa.Array:
    """Short floats as doubles of the same shortest decimal: 0.1 stays 0.1."""
    values, places = np.unique(column.to_numpy(zero_copy_only=False), return_inverse=True)
    doubles = np.array([float(str(value)) for value in values], np.float64)
    return pc.if_else(pc.is_valid(column), pa.array(doubles[places]), pa.scalar(None, pa.float64()))


def days(column: pa.Array) -> tuple[pa.Array, Bad]:
    kind = column.type
    if is_.is_date(kind):
        return column.cast(DAY), {}
    if is_.is_timestamp(kind):
        local = pc.local_timestamp(column) if kind.tz else column
        whole = local.cast(pa.timestamp("s"), safe=False).cast(DAY, safe=False)
        exact = pc.equal(whole.cast(local.type), local)
        bad = {int(i): "应是日期，不带时刻" for i in np.flatnonzero(~pc.fill_null(exact, True).to_numpy(False))}
        return _without(whole, bad), bad
    if is_.is_string(kind):
        return _each(column, DAY, day, "不是有效日期，应写成 2025-01-31 的样子")
    raise TypeError("应是日期")


def texts(column: pa.Array) -> tuple[pa.Array, Bad]:
    if is_.is_integer(column.type):
        column = column.cast(TEXT)
    if not is_.is_string(column.type):
        raise TypeError("应是文字")
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, TEXT), column), {}


def lists(column: pa.Array) -> tuple[pa.Array, Bad]:
    """Lists of text; `a|b` is a list too. Empty and null members are dropped."""
    if is_.is_string(column.type):
        column = pc.split_pattern(column, "|")
    if not (is_.is_list(column.type) or is_.is_large_list(column.type) or is_.is_fixed_size_list(column.type)):
        raise TypeError("应是列表")
    try:
        column = column.cast(LIST)
    except pa.ArrowException:
        raise TypeError("应是文字的列表") from None
    members = pc.list_flatten(column)
    if pc.any(pc.or_kleene(pc.is_null(members), pc.equal(members, ""))).as_py():
        column = pa.array([one and [text for text in one if text] for one in column.to_pylist()], LIST)
    return column, {}


def wholes(column: pa.Array) -> tuple[pa.Array, Bad]:
    if is_.is_integer(column.type):
        return _cast(column, WHOLE, "数值过大")
    _must_be_number(column)
    return _each(column, WHOLE, lambda value: _whole(_decimal(value)), "应是整数")


def amounts(column: pa.Array) -> tuple[pa.Array, Bad]:
    """Exact decimals, half-up beyond 18 places; a float means its shortest decimal."""
    if is_.is_floating(column.type) and (quick := _micros(column)) is not None:
        return quick.cast(AMOUNT), {}
    if (
        is_.is_decimal(column.type)
        and column.type.scale <= AMOUNT.scale
        and column.type.precision - column.type.scale <= 12
    ):
        return column.cast(AMOUNT), {}
    _must_be_number(column)
    return _each(column, AMOUNT, _amount, "应是数字，且小于一万亿")


def numbers(column: pa.Array) -> tuple[pa.Array, Bad]:
    """Text as numbers: int64 when all are, else float64 when that says the same, else decimals of 18 places."""
    cells = pc.unique(column).drop_null().to_pylist()
    found = [value for cell in cells if (value := _readable(cell)) is not None]
    if all(value == value.to_integral_value() and abs(value) < 2**63 for value in found):
        return _each(column, WHOLE, lambda cell: int(_read(cell)), "不是数字")
    if all(Decimal(repr(float(value))) == value for value in found):
        return _each(column, pa.float64(), lambda cell: float(_read(cell)), "不是数字")
    return _each(column, AMOUNT, lambda cell: _fits(_read(cell)), "不是数字，或小数超过 18 位、整数超过 20 位")


def _read(cell: str | None) -> Any:
    value = _decimal(cell)
    if value is not None and not math.isfinite(float(value)):
        raise ValueError(cell)
    return value


def _readable(cell: str) -> Decimal | None:
    try:
        found: Decimal | None = _read(cell)
    except (ValueError, InvalidOperation):
        return None
    return found


def _fits(value: Decimal) -> Decimal:
    exact = value.quantize(Decimal(1).scaleb(-AMOUNT.scale), context=_WIDE)
    if exact != value or abs(value) >= 10**20:
        raise ValueError(value)
    return exact


def flags(column: pa.Array) -> tuple[pa.Array, Bad]:
    return _each(column, FLAG, lambda cell: {"true": True, "false": False}[cell.strip().lower()], "应是 true 或 false")


def finite(column: pa.Array) -> tuple[pa.Array, Bad]:
    """Floats without infinities."""
    bad = {int(at): "是无穷大，不是数字" for at in np.flatnonzero(np.isinf(column.to_numpy(zero_copy_only=False)))}
    return _without(column, bad), bad


def day(value: str) -> date:
    match = _ISO.fullmatch(value.strip())
    if not match:
        raise ValueError(value)
    return date.fromisoformat(match[1])


def _must_be_number(column: pa.Array) -> None:
    kind = column.type
    if not (is_.is_integer(kind) or is_.is_floating(kind) or is_.is_decimal(kind) or is_.is_string(kind)):
        raise TypeError("应是数字")


def _each(column: pa.Array, wanted: pa.DataType, make: Callable[[Any], Any], reason: str) -> tuple[pa.Array, Bad]:
    """Converts each distinct value once."""
    encoded = column.dictionary_encode()
    made, wrong = [], set()
    for place, value in enumerate(encoded.dictionary.to_pylist()):
        try:
            made.append(None if value is None else make(value))
        except (ValueError, KeyError, InvalidOperation):
            made.append(None)
            wrong.add(place)
    found = pa.array(made, wanted).take(encoded.indices)
    bad = {row: reason for row, place in enumerate(encoded.indices.to_pylist()) if place in wrong} if wrong else {}
    return found, bad


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, float):
        return None if value != value else Decimal(repr(value))
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise ValueError(value)
    return Decimal(value.strip() if isinstance(value, str) else value)  # type: ignore[arg-type]


def _whole(value: Decimal | None) -> int | None:
    if value is None:
        return None
    if not value.is_finite() or value != value.to_integral_value() or abs(value) >= 10**18:
        raise ValueError(value)
    return int(value)


def _amount(value: object) -> Decimal | None:
    number = _decimal(value)
    if number is not None and (not number.is_finite() or abs(number) >= _LARGEST):
        raise ValueError(value)
    return None if number is None else number.quantize(Decimal(1).scaleb(-AMOUNT.scale), context=_WIDE)


def _micros(column: pa.Array) -> pa.Array | None:
    """Floats that are exactly some millionths, as decimals without a loop; None if any is not."""
    values = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    known = ~np.isnan(values)
    safe = np.where(known, values, 0.0)
    if len(safe) and np.abs(safe).max() >= 1e9:
        return None
    millionths = np.rint(safe * 1e6)
    if not np.array_equal(millionths / 1e6, safe):
        return None
    words = np.empty((len(safe), 2), np.int64)
    words[:, 0] = millionths
    words[:, 1] = words[:, 0] >> 63
    mask = pa.array(known).buffers()[1] if len(safe) else None
    return pa.Array.from_buffers(pa.decimal128(18, 6), len(safe), [mask, pa.py_buffer(words)])


def _cast(column: pa.Array, wanted: pa.DataType, reason: str) -> tuple[pa.Array, Bad]:
    try:
        return column.cast(wanted), {}
    except pa.ArrowException:
        return _each(column, wanted, lambda value: _whole(Decimal(value)), reason)


def _without(column: pa.Array, bad: Bad) -> pa.Array:
    if not bad:
        return column
    mask = np.zeros(len(column), bool)
    mask[list(bad)] = True
    return pc.if_else(pa.array(mask), pa.scalar(None, column.type), column)


def number(value: int | float | Decimal | Fraction) -> Fraction:
    """The exact number meant by a cell: a float means its shortest decimal."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
