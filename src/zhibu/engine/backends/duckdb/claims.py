"""Which row of which subject each rule speaks to: one row per rule and row of history, before any period.

    claims: rule, subject_id, valid_from, valid_to, born, gone, day (the anchor or trigger column), need, shown, holds

`need` is exact: an integer in units of 10^-scale(rule), see `scale`. `shown` is the same as a double, for the table.
`holds` is the answer of an `always` condition.
"""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from zhibu.engine.backends.duckdb.conditions import Columns, sql
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.text import decimals, integer
from zhibu.engine.facts import SUBJECTS, Facts
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import After, Always, Anchored, Basis, Rule

MEASURE = 6  # measures are sums of millionths
DOUBLE = 18  # decimals kept of a float64 basis column: more than any measured quantity has

# Without rules there are no claims, but their columns and types are needed all the same.
NOTHING = """
SELECT NULL::INT AS rule, NULL::VARCHAR AS subject_id, NULL::DATE AS valid_from, NULL::DATE AS valid_to,
    NULL::DATE AS born, NULL::DATE AS gone, NULL::DATE AS day, NULL::HUGEINT AS need, NULL::DOUBLE AS shown,
    NULL::BOOLEAN AS holds
WHERE FALSE"""

CLAIM = """
SELECT {rule} AS rule, t.{identity} AS subject_id,
    coalesce(t.valid_from, DATE '0001-01-01') AS valid_from, coalesce(t.valid_to, DATE '9999-12-31') AS valid_to,
    coalesce(t.{born}, DATE '0001-01-01') AS born, coalesce(t.{gone}, DATE '9999-12-31') AS gone,
    {day}::DATE AS day, {need}::HUGEINT AS need, {shown}::DOUBLE AS shown, {holds} AS holds
FROM {table} t WHERE {where}"""


def build(database: Database, plan: Plan) -> None:
    bound = [(index, bound.rule) for index, bound in enumerate(plan.rules) if _given(bound.rule, plan.facts)]
    parts = [_claim(index, rule, plan.facts) for index, rule in bound]
    database.keep("claims", "\nUNION ALL".join([NOTHING, *parts]))


def _given(rule: Rule, facts: Facts) -> bool:
    """A table that is not there has no subjects, nor the columns the rule asks for."""
    return SUBJECTS[rule.subject][0] in facts.given


def _claim(index: int, rule: Rule, facts: Facts) -> str:
    table, identity, born, gone = SUBJECTS[rule.subject]
    columns = Columns(facts[table])
    clock = rule.clock
    day = clock.column if isinstance(clock, Anchored | After) else None
    need, shown = _need(rule, columns)
    return CLAIM.format(
        rule=index,
        identity=identity,
        born=born,
        gone=gone,
        day=columns.named(day) if day else "NULL",
        need=need,
        shown=shown,
        holds=sql(clock.condition, columns) if isinstance(clock, Always) else "NULL::BOOLEAN",
        table=table,
        where=sql(rule.where, columns),
    )


# --- need ---------------------------------------------------------------------------------------------------


def scale(rule: Rule, facts: Facts) -> int:
    """The decimals in which this rule's need and measure are compared."""
    if rule.needs is None or not _given(rule, facts):
        return MEASURE
    if isinstance(rule.needs.at_least, Decimal):
        return max(MEASURE, decimals(rule.needs.at_least))
    return max(MEASURE, _basis_scale(rule.needs.at_least, Columns(facts[SUBJECTS[rule.subject][0]])))


def _basis_scale(basis: Basis, columns: Columns) -> int:
    return _column_scale(columns.types[basis.column]) + decimals(basis.times)


def _column_scale(type_: pa.DataType) -> int:
    if pa.types.is_decimal(type_):
        return int(type_.scale)
    return DOUBLE if pa.types.is_floating(type_) else 0


def _need(rule: Rule, columns: Columns) -> tuple[str, str]:
    """`need` and `shown` as SQL."""
    if rule.needs is None:
        return "NULL", "NULL"
    least = rule.needs.at_least
    if isinstance(least, Decimal):
        return str(integer(least, max(MEASURE, decimals(least)))), f"'{float(least)!r}'"
    if pa.types.is_null(columns.types[least.column]):
        return "NULL", "NULL"
    product, places = _product(least, columns), _basis_scale(least, columns)
    lift = f"* {10 ** max(0, MEASURE - places)}::HUGEINT"
    if least.round is None:
        return f"{product} {lift}", _as_double(product, places)
    whole = _rounded(product, 10**places, least.round)
    return f"{whole} * {10 ** max(MEASURE, places)}::HUGEINT", whole


def _product(basis: Basis, columns: Columns) -> str:
    """column × times as an integer in units of 10^-(decimals of both)."""
    type_ = columns.types[basis.column]
    column, places = columns.named(basis.column), _column_scale(type_)
    if pa.types.is_floating(type_):  # a double means its shortest decimal, and that is how DuckDB writes it
        column = f"{column}::VARCHAR::DECIMAL(38,{DOUBLE})"
    units = f"({column} * {10**places}::HUGEINT)::HUGEINT" if places else f"{column}::HUGEINT"
    return f"({units} * {integer(basis.times, decimals(basis.times))}::HUGEINT)"


def _rounded(product: str, unit: int, how: str) -> str:
    """Up is away below zero too: -0.5 rounds up to 0 and down to -1. `//` cuts towards zero, hence the correction."""
    cut, rest = f"({product} // {unit}::HUGEINT)", f"({product} % {unit}::HUGEINT)"
    return f"({cut} + ({rest} > 0)::INT)" if how == "up" else f"({cut} - ({rest} < 0)::INT)"


def _as_double(product: str, places: int) -> str:
    """The nearest double, by way of decimal text: dividing two large integers as doubles may be one bit off."""
    unit = f"{10**places}::HUGEINT"
    digits = f"abs({product}) // {unit} || '.' || lpad((abs({product}) % {unit})::VARCHAR, {max(1, places)}, '0')"
    return f"(CASE WHEN {product} < 0 THEN '-' ELSE '' END || {digits})"
