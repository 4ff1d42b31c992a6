"""Runs worked cases: the verdicts of a case's own few facts against what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from zhibu.engine.errors import EngineError, Fault, Place
from zhibu.engine.evaluate import evaluate
from zhibu.engine.facts import Facts
from zhibu.engine.facts.load import from_tables
from zhibu.engine.facts.shape import SHAPES, Shape
from zhibu.engine.rulebooks.cases import Case, Expectation
from zhibu.engine.rulebooks.model import Rulebook
from zhibu.engine.rulebooks.page import nearest
from zhibu.engine.uses import COMPUTED, of_rule

Verdict = Mapping[str, Any]


def run(case: Case, rulebooks: Sequence[Rulebook], *, backend: str = "memory") -> list[Fault]:
    """What does not come out as the case expects; drafts are judged as if active."""
    books = [activated(book) for book in rulebooks]
    try:
        facts = facts_of(case, books)
        verdicts = evaluate(books, facts, case.window, case.as_of, backend=backend).verdicts.to_pylist()
    except EngineError as error:
        return [_about(case, case.place, f"{fault.wrong}({fault.place})", fault.right) for fault in error.faults]
    faults = [
        _about(case, case.place, f"{row.table} 第 {row.row} 行 {row.column}:{row.reason}") for row in facts.rejected
    ]
    names = {name for book in books for rule in book.rules for name in (rule.id, rule.name)}
    for expected in case.expect:
        faults += _compare(case, expected, verdicts, names)
    for rule, place in case.none:
        faults += _absent(case, rule, place, verdicts, names)
    return faults


def activated(book: Rulebook) -> Rulebook:
    return replace(book, rules=tuple(replace(rule, status="active") for rule in book.rules))


def _about(case: Case, place: Place, wrong: str, right: str = "") -> Fault:
    return Fault(place, f"样例“{case.name}”：{wrong}", right)


# --- facts --------------------------------------------------------------------------------------------------


def facts_of(case: Case, rulebooks: Iterable[Rulebook]) -> Facts:
    """The rows of a case as facts; columns that a rule reads and no row mentions are null."""
    read = {(use.table, use.column) for book in rulebooks for rule in book.rules for use in of_rule(rule)}
    tables = {}
    for name, rows in case.tables.items():
        columns = {column for table, column in read if table == name} - set(COMPUTED.get(name, ()))
        tables[name] = _table(case, SHAPES[name], rows, columns)
    return from_tables(tables)


def _table(case: Case, shape: Shape, rows: list[Mapping[str, Any]], columns: set[str]) -> pa.Table:
    fixed = {column.name: column.type for column in shape.columns}
    names = [*fixed, *sorted((columns | {name for row in rows for name in row}) - fixed.keys())]
    arrays = []
    for name in names:
        try:
            arrays.append(_array([row.get(name) for row in rows], fixed.get(name)))
        except (pa.ArrowException, TypeError, ValueError):
            wrong = f"{shape.name} 的列 {name} 的值类型不对或不一致"
            raise EngineError(
                [Fault(case.place, wrong, "文字加引号，日期写成 2025-01-31，列表写成 [甲, 乙]")]
            ) from None
    return pa.table(arrays, names=names)


def _array(cells: list[Any], wanted: pa.DataType | None) -> pa.Array:
    if wanted is not None:
        return pa.array(cells, wanted)
    return pa.array([float(cell) if isinstance(cell, Decimal) else cell for cell in cells])


# --- expectations -------------------------------------------------------------------------------------------


def _compare(case: Case, expected: Expectation, verdicts: list[Verdict], names: set[str]) -> list[Fault]:
    columns = dict(expected.columns)
    rule = str(columns.pop("rule"))
    if rule not in names:
        return [_about(case, expected.place, f"没有规则“{rule}”", nearest(rule, sorted(names)))]
    own = [row for row in verdicts if _of(row, rule)]
    fits = [row for row in own if all(_same(row[name], value) for name, value in columns.items())]
    if len(fits) == 1:
        return []
    wanted = _words(columns)
    if fits:
        return [
            _about(case, expected.place, f"{rule} 有 {len(fits)} 条结果都合“{wanted}”", "请写上 subject_id 或 period")
        ]
    return [_about(case, expected.place, f"{rule} 应得“{wanted}”", f"实际得到：{_seen(own, columns)}")]


def _absent(case: Case, rule: str, place: Place, verdicts: list[Verdict], names: set[str]) -> list[Fault]:
    if rule not in names:
        return [_about(case, place, f"没有规则“{rule}”", nearest(rule, sorted(names)))]
    own = [row for row in verdicts if _of(row, rule)]
    return [_about(case, place, f"{rule} 应没有结果", f"实际得到：{_seen(own, {})}")] if own else []


def _of(row: Verdict, rule: str) -> bool:
    return rule in (row["rule"], f"{row['rulebook']}/{row['rule']}")


def _same(got: Any, wanted: Any) -> bool:
    """Text is compared as text, for YAML reads the period 2025 as a number."""
    if isinstance(wanted, Decimal) and isinstance(got, float):
        return abs(got - float(wanted)) < 1e-9
    if isinstance(got, str) and wanted is not None:
        return got == str(wanted)
    return bool(got == wanted)


def _words(columns: Mapping[str, Any]) -> str:
    return ",".join(f"{name}={value}" for name, value in columns.items()) or "一条结果"


def _seen(own: list[Verdict], columns: Mapping[str, Any]) -> str:
    names = list(dict.fromkeys([*columns, "subject_id", "period", "status"]))
    shown = [_words({name: row[name] for name in names}) for row in own[:5]]
    return ";".join(shown) + (f"…共 {len(own)} 条" if len(own) > 5 else "") if own else "没有结果"
