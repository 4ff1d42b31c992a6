"""Which row of which subject each rule speaks to: one row per rule and row of history, before any period.

    claims: rule, subject_id, valid_from, valid_to, born, gone, day (the anchor or trigger column), need, shown, holds

`need` is exact: the units (numbers.py) a measure must have. `shown` is the need as a double, for the table.
`holds` is the answer of an `always` condition.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from zhibu.engine.backends.duckdb.conditions import Columns, sql
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.numbers import needs, whole
from zhibu.engine.facts import SUBJECTS, Facts
from zhibu.engine.measures import double
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import After, Always, Anchored, Rule

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
FROM {table} t {join} WHERE {where}"""


def build(database: Database, plan: Plan) -> None:
    bound = [(index, bound.rule) for index, bound in enumerate(plan.rules) if _given(bound.rule, plan.facts)]
    parts = [_claim(database, index, rule, plan.facts) for index, rule in bound]
    database.keep("claims", "\nUNION ALL".join([NOTHING, *parts]))


def _given(rule: Rule, facts: Facts) -> bool:
    """A table that is not there has no subjects, nor the columns the rule asks for."""
    return SUBJECTS[rule.subject][0] in facts.given


def _claim(database: Database, index: int, rule: Rule, facts: Facts) -> str:
    table, identity, born, gone = SUBJECTS[rule.subject]
    columns = Columns(facts[table])
    clock = rule.clock
    day = clock.column if isinstance(clock, Anchored | After) else None
    need, shown, join = _need(database, index, rule, columns, facts[table])
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
        join=join,
        where=sql(rule.where, columns),
    )


# --- need ---------------------------------------------------------------------------------------------------


def _need(database: Database, index: int, rule: Rule, columns: Columns, rows: pa.Table) -> tuple[str, str, str]:
    """`need` and `shown` as SQL, and the join they need: of a basis, the needs of its distinct values are looked up."""
    if rule.needs is None:
        return "NULL", "NULL", ""
    least = rule.needs.at_least
    if isinstance(least, Decimal):
        return str(whole(Fraction(least))), f"'{double(Fraction(least))!r}'", ""
    if pa.types.is_null(columns.types[least.column]):
        return "NULL", "NULL", ""
    database.give(f"needs{index}", needs(least, rows[least.column]))
    return "n.need", "n.shown", f"LEFT JOIN needs{index} n ON n.value = {columns.named(least.column)}"
