"""Text columns that rules use as dates or lists become dates or lists, before the tests are checked.

A CSV or a spreadsheet export has one mistyped date among ten thousand good ones: that row is rejected, the column
is still a date column. A column in which nothing reads as a date stays text, and the test is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from zhibu.engine.facts import ROW, SHAPES, Facts, Rejected
from zhibu.engine.facts.columns import convert, plain
from zhibu.engine.facts.extras import kind
from zhibu.engine.facts.shape import DAY, LIST
from zhibu.engine.uses import Use

FAMILY = {"text": "文字", "number": "数字", "day": "日期", "flag": "true/false", "list": "列表", "null": "空"}
TYPES = {"day": DAY, "number": pa.float64(), "list": LIST}


def fit(facts: Facts, uses: Iterable[Use]) -> Facts:
    """Facts whose text columns have the type their uses ask for, and whose empty columns have any such type."""
    for table, column, family in sorted({(use.table, use.column, one) for use in uses for one in use.families}):
        if family in TYPES and column in facts[table].column_names:
            facts = _fit(facts, table, column, family)
    return facts


def _fit(facts: Facts, table: str, column: str, family: str) -> Facts:
    values = plain(facts[table][column])
    fixed = column in {one.name for one in SHAPES[table].columns}
    if values.null_count == len(values):
        return facts if fixed else _put(facts, table, column, pa.nulls(len(values), TYPES[family]))
    if fixed or kind(values.type) != "text" or family == "number":
        return facts
    made, bad = convert(values, TYPES[family])
    if made.null_count == len(made):
        return facts
    return _without(_put(facts, table, column, made), table, column, bad)


def _put(facts: Facts, table: str, column: str, values: pa.Array) -> Facts:
    whole = facts[table]
    whole = whole.set_column(whole.column_names.index(column), column, values)
    return replace(facts, tables=facts.tables | {table: whole})


def _without(facts: Facts, table: str, column: str, bad: dict[int, str]) -> Facts:
    if not bad:
        return facts
    whole, identity = facts[table], SHAPES[table].id
    rejected = [Rejected(table, whole[ROW][at].as_py(), whole[identity][at].as_py(), column, bad[at]) for at in bad]
    good = np.ones(len(whole), bool)
    good[list(bad)] = False
    tables = facts.tables | {table: whole.filter(pa.array(good))}
    return replace(facts, tables=tables, rejected=(*facts.rejected, *rejected))


def advice(held: str, use: Use) -> str:
    """What to write instead, for a test that does not fit its column."""
    if held == "list":
        return f"列表列用 {use.column}: {{has: 值}}"
    if "list" in use.families:
        return "has 只用于列表列，值要写成文字（必要时加引号）"
    if "text" in use.families and held in ("number", "flag"):
        return "去掉引号再写"
    return "要当文字比较，请给值加引号" if held == "text" else f"请写{FAMILY[held]}"
