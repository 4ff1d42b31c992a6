"""Turns a raw column into its fixed type. A value that cannot be turned is reported by its index, and becomes null."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as is_

from zhibu.engine.facts.cells import Bad, each, mended, plain, told, without
from zhibu.engine.facts.numbers import amounts, numbers, wholes
from zhibu.engine.facts.shape import AMOUNT, DAY, FLAG, LIST, NUMBER, TEXT, WHOLE

EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH
TIMED = "应是日期，不带时刻"
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]00:00(:00(\.0+)?)?)?")


def convert(column: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, Bad]:
    """The column as `wanted`. Raises TypeError (a Chinese phrase) when no value of its type could ever fit."""
    column = plain(column)
    if is_.is_null(column.type):
        return pa.nulls(len(column), wanted), {}
    makers = {DAY: days, TEXT: texts, LIST: lists, WHOLE: wholes, AMOUNT: amounts, FLAG: flags, NUMBER: numbers}
    column, broken = mended(column) if is_.is_string(column.type) else (column, {})
    made, bad = makers[wanted](column)
    return made, broken | bad


def days(column: pa.Array) -> tuple[pa.Array, Bad]:
    kind = column.type
    if is_.is_date(kind):
        return _possible(column.cast(DAY))
    if is_.is_timestamp(kind):
        local = _local(column) if kind.tz else column
        whole = local.cast(pa.timestamp("s"), safe=False).cast(DAY, safe=False)
        exact = pc.fill_null(pc.equal(whole.cast(local.type, safe=False), local), True).to_numpy(False)
        bad = told(~exact, TIMED)
        made, impossible = _possible(without(whole, bad))
        return made, bad | impossible
    if is_.is_string(kind):
        return each(column, DAY, day, "不是有效日期，应写成 2025-01-31 的样子")
    raise TypeError("应是日期")


def _local(column: pa.Array) -> pa.Array:
    try:
        return pc.local_timestamp(column)
    except pa.ArrowException:
        raise TypeError("的时区不认识，应是日期") from None


def _possible(made: pa.Array) -> tuple[pa.Array, Bad]:
    """Days that a calendar has: a file can hold days before year 1 and after 9999."""
    numbers = pc.fill_null(made.cast(pa.int32()), 0).to_numpy()
    bad = told((numbers < FIRST_DAY) | (numbers > LAST_DAY), "日期不在公元 1 年到 9999 年之间")
    return without(made, bad), bad


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
    column, broken = mended(column)
    members = pc.list_flatten(column)
    if pc.any(pc.or_kleene(pc.is_null(members), pc.equal(members, ""))).as_py():
        column = pa.array([one and [text for text in one if text] for one in column.to_pylist()], LIST)
    return column, broken


def flags(column: pa.Array) -> tuple[pa.Array, Bad]:
    return each(column, FLAG, lambda cell: {"true": True, "false": False}[cell.strip().lower()], "应是 true 或 false")


def day(value: str) -> date:
    match = _ISO.fullmatch(value.strip())
    if not match:
        raise ValueError(value)
    return date.fromisoformat(match[1])


def said(kind: pa.DataType) -> str:
    """A type in Chinese."""
    words = {
        "整数": is_.is_integer,
        "数字": lambda one: is_.is_floating(one) or is_.is_decimal(one),
        "文字": lambda one: is_.is_string(one) or is_.is_large_string(one) or is_.is_dictionary(one),
        "日期或时间": is_.is_temporal,
        "true/false": is_.is_boolean,
        "列表": is_.is_list,
        "嵌套的结构": is_.is_nested,
        "二进制": is_.is_binary,
    }
    return next((word for word, fits in words.items() if fits(kind)), "别的类型")
