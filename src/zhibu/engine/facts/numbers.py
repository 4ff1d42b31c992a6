"""Numbers in columns: exact decimals, whole numbers, and the numbers a CSV wrote as text. Serves exactness."""

from __future__ import annotations

import math
import re
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.facts.cells import Bad, each, told, without
from zhibu.engine.facts.shape import AMOUNT, WHOLE

_NUMBER = re.compile(r"[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")  # 007 is no number
LARGEST = Decimal(10) ** 12
_WIDE = Context(prec=60, rounding="ROUND_HALF_UP")


def wholes(column: pa.Array) -> tuple[pa.Array, Bad]:
    if is_.is_integer(column.type):
        return _cast(column, WHOLE, "数值过大")
    _must_be_number(column)
    return each(column, WHOLE, lambda value: _whole(_decimal(value)), "应是整数")


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
    return each(column, AMOUNT, amount, "应是数字，且小于一万亿")


def numbers(column: pa.Array) -> tuple[pa.Array, Bad]:
    """Text as numbers: int64 when all are, else float64 when that says the same, else decimals of 18 places."""
    cells = pc.unique(column).drop_null().to_pylist()
    found = [value for cell in cells if (value := _readable(cell)) is not None]
    if all(value == value.to_integral_value() and abs(value) < 2**63 for value in found):
        return each(column, WHOLE, lambda cell: int(_read(cell)), "不是数字")
    if all(Decimal(repr(float(value))) == value for value in found):
        return each(column, pa.float64(), lambda cell: float(_read(cell)), "不是数字")
    return each(column, AMOUNT, lambda cell: _fits(_read(cell)), "不是数字，或小数超过 18 位、整数超过 20 位")


def finite(column: pa.Array) -> tuple[pa.Array, Bad]:
    """Floats without infinities."""
    bad = told(np.isinf(column.to_numpy(zero_copy_only=False)), "是无穷大，不是数字")
    return without(column, bad), bad


@lru_cache(maxsize=65536, typed=True)
def number(value: int | float | Decimal | Fraction) -> Fraction:
    """The exact number meant by a cell: a float means its shortest decimal."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def reaches(some: Fraction, least: Fraction) -> bool:
    """`some >= least` without asking first what kind of numbers they are, which takes longer than comparing them."""
    return some.numerator * least.denominator >= least.numerator * some.denominator


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


def _must_be_number(column: pa.Array) -> None:
    kind = column.type
    if not (is_.is_integer(kind) or is_.is_floating(kind) or is_.is_decimal(kind) or is_.is_string(kind)):
        raise TypeError("应是数字")


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


def amount(value: object) -> Decimal | None:
    """What `amounts` makes of one cell. Raises ValueError or InvalidOperation where it makes nothing of it."""
    number = _decimal(value)
    if number is not None and (not number.is_finite() or abs(number) >= LARGEST):
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
        return each(column, wanted, lambda value: _whole(Decimal(value)), reason)
