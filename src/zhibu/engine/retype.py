"""Columns take the type that rules ask for, before the tests are checked.

A CSV does not say what its columns hold; the operand of the rule does: a number, a date, true/false, a list, or text
in quotes. One mistyped date among ten thousand good ones rejects its row, the column is still a date column. A column
in which nothing reads as what is asked stays text, and the test is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhibu.engine.errors import Fault
from zhibu.engine.facts import ROW, SHAPES, Facts
from zhibu.engine.facts.cells import Bad, plain, rows_of
from zhibu.engine.facts.columns import convert
from zhibu.engine.facts.extras import kind
from zhibu.engine.facts.numbers import finite
from zhibu.engine.facts.rejections import gathered, of
from zhibu.engine.facts.shape import DAY, FLAG, LIST, NUMBER
from zhibu.engine.rulebooks.model import Equals, OneOf
from zhibu.engine.rulebooks.page import iso
from zhibu.engine.uses import Use

FAMILY = {"text": "文字", "number": "数字", "day": "日期", "flag": "true/false", "list": "列表", "null": "空"}
TYPES = {"day": DAY, "number": NUMBER, "list": LIST, "flag": FLAG}


def fit(facts: Facts, uses: Iterable[Use]) -> tuple[Facts, dict[tuple[str, str], list[Fault]]]:
    """Facts whose columns have the type their uses ask for; by table and column, faults where they ask for two."""
    by_column: dict[tuple[str, str], list[Use]] = defaultdict(list)
    for use in uses:
        by_column[use.table, use.column].append(use)
    torn = {}
    for (table, column), own in sorted(by_column.items()):
        if column in facts[table].column_names:
            found, differing = asked(own)
            values = facts[table][column]
            if table in facts.written and not _fixed(table, column) and differing and values.null_count < len(values):
                torn[table, column] = differing
            else:
                facts = _fit(facts, table, column, found)
    return facts, torn


def asked(uses: list[Use]) -> tuple[set[str], list[Fault]]:
    """The families the uses ask for, and a fault for every use that does not ask for what the first one does.

    A date in quotes is a date where another use writes it without.
    """
    asking = sorted((use for use in uses if use.families), key=lambda use: (use.place, sorted(use.families)))
    found = {family for use in asking for family in use.families}
    dates = {"day"} if found == {"day", "text"} and all(_dated(use) for use in asking) else found
    if len(dates) < 2:
        return dates, []
    first = asking[0]
    return found, [_differs(use, first) for use in asking if use.families != first.families or len(use.families) > 1]


def _dated(use: Use) -> bool:
    if use.families == {"day"}:
        return True
    values = use.test.values if isinstance(use.test, OneOf) else (getattr(use.test, "value", None),)
    return isinstance(use.test, (Equals, OneOf)) and all(not isinstance(one, str) or iso(one) for one in values)


def _differs(use: Use, first: Use) -> Fault:
    as_this, as_first = (words(one.families) for one in (use, first))
    wrong = f"规则 {use.rule}：表 {use.table} 的列“{use.column}”在这里当{as_this}用"
    if use is not first:
        wrong += f"，在 {first.place} 当{as_first}用"
    return Fault(use.place, wrong, "同一列只能当一种用：要当文字，处处给值加引号；否则处处都不加")


def words(families: Iterable[str]) -> str:
    return "、".join(FAMILY[family] for family in sorted(families))


def _fixed(table: str, column: str) -> bool:
    return column in {one.name for one in SHAPES[table].columns}


def _fit(facts: Facts, table: str, column: str, families: set[str]) -> Facts:
    facts = _without(facts, table, column, _unreadable(facts, table, column))
    values = plain(facts[table][column])
    if pa.types.is_floating(values.type) and values.null_count < len(values):
        made, bad = finite(values)
        if not bad:
            return facts
        return _without(_put(facts, table, column, made), table, column, bad)
    for family in sorted(families & TYPES.keys()):
        facts = _take(facts, table, column, family)
    return facts


def _take(facts: Facts, table: str, column: str, family: str) -> Facts:
    values, fixed = plain(facts[table][column]), _fixed(table, column)
    if values.null_count == len(values):
        return facts if fixed else _put(facts, table, column, pa.nulls(len(values), TYPES[family]))
    if fixed or kind(values.type) != "text" or (family in ("number", "flag") and table not in facts.written):
        return facts
    made, bad = convert(values, TYPES[family])
    if made.null_count == len(made):
        return facts
    return _without(_put(facts, table, column, made), table, column, bad)


def conform(facts: Facts, decided: Facts) -> Facts:
    """A share of the rows in the types that `fit` gave to the whole, without the rows it refuses."""
    for table, rows in facts.tables.items():
        for column in sorted(rows.column_names):
            values, wanted = plain(facts[table][column]), decided[table].schema.field(column).type
            if values.null_count == len(values):
                facts = _put(facts, table, column, pa.nulls(len(values), wanted))
            elif pa.types.is_floating(wanted) or values.type != wanted:
                made, bad = finite(values) if values.type == wanted else convert(values, wanted)
                facts = _without(_put(facts, table, column, made), table, column, bad)
    return facts


def _put(facts: Facts, table: str, column: str, values: pa.Array) -> Facts:
    whole = facts[table]
    whole = whole.set_column(whole.column_names.index(column), column, values)
    return replace(facts, tables=facts.tables | {table: whole})


def _unreadable(facts: Facts, table: str, column: str) -> Bad:
    """The rows still there whose cell could not be read when the facts were loaded."""
    numbers, bad = plain(facts[table][ROW]), facts.unreadable.get((table, column), {})
    found = {reason: np.flatnonzero(pc.is_in(numbers, pa.array(own)).to_numpy(False)) for reason, own in bad.items()}
    return {reason: rows for reason, rows in found.items() if len(rows)}


def _without(facts: Facts, table: str, column: str, bad: Bad) -> Facts:
    if not bad:
        return facts
    whole, rejected = facts[table], gathered(facts.rejected)
    numbers, ids = plain(whole[ROW]), plain(whole[SHAPES[table].id])
    for reason, rows in bad.items():
        rejected += of(table, numbers.take(pa.array(rows)), ids.take(pa.array(rows)), column, reason)
    good = np.ones(len(whole), bool)
    good[rows_of(bad)] = False
    tables = facts.tables | {table: whole.filter(pa.array(good))}
    out = {**facts.left_out, table: (*facts.left_out.get(table, ()), whole.filter(pa.array(~good)))}
    return replace(facts, tables=tables, rejected=rejected, left_out=out)


def advice(held: str, use: Use) -> str:
    """What to write instead, for a test that does not fit its column."""
    if held == "list":
        return f"列表列用 {use.column}: {{has: 值}}"
    if "list" in use.families:
        return "has 只用于列表列，值要写成文字（必要时加引号）"
    if "text" in use.families and held in ("number", "flag"):
        return "去掉引号再写"
    if use.test is None:
        return f"请用{words(use.families)}列"
    return "要当文字比较，请给值加引号" if held == "text" else f"请写{FAMILY[held]}"
