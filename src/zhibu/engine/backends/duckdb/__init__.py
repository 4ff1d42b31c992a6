"""The default backend. Serves speed; the meaning is memory's.

The kernel (packed/) answers, compiled or in numpy. For what it does not cover, the whole evaluation is table operations
in DuckDB: read them in the order of `sql`, every module holds the SQL of one step, with the table it makes on top.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import count

import pyarrow as pa

from zhibu.engine.backends.duckdb import cells, claims, escalations, measures, rollups, scores, verdicts
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.numbers import DOUBLE, units
from zhibu.engine.backends.duckdb.rules import give_rules
from zhibu.engine.backends.duckdb.text import FIXED, identifiers, literal
from zhibu.engine.packed import Unfit, native
from zhibu.engine.packed import answer as packed
from zhibu.engine.plan import Answer, Plan
from zhibu.engine.results import shapes
from zhibu.engine.uses import of_rule

Told = Callable[[str, int, int], None]
log = logging.getLogger(__name__)

SEEN = "SELECT * FROM events WHERE recorded_on <= {as_of}"


def answer(plan: Plan, tick: Callable[[], None]) -> Answer:
    if native.ready():
        try:
            return packed.answer(plan, tick)
        except Unfit as reason:
            log.info("answered in SQL: %s", reason)
    return sql(plan, tick)


def stream(plan: Plan, told: Told) -> Iterator[tuple[str, pa.Table]]:
    """The kernel's answer piece by piece, or that of SQL. The pieces may raise Unfit."""
    if native.ready():
        yield from packed.stream(plan, told)
        return
    done = count(1)
    answer = sql(plan, lambda: told("评价规则", next(done), len(plan.rules)))
    yield from ((name, getattr(answer, name)) for name in shapes(plan.scheme))


def sql(plan: Plan, tick: Callable[[], None]) -> Answer:
    with Database() as database:
        _give_facts(database, plan)
        give_rules(database, plan)
        claims.build(database, plan)
        cells.build(database, plan)
        measures.build(database, plan)
        verdicts.build(database, plan)
        for _ in plan.rules:  # rules are evaluated side by side, so they are all done together
            tick()
        return Answer(
            verdicts=verdicts.take(database, plan),
            scores=scores.take(database, plan),
            rollups=rollups.take(database),
            escalations=escalations.take(database, plan),
        )


def _give_facts(database: Database, plan: Plan) -> None:
    """The columns that are asked for, under names SQL can tell apart."""
    database.macro(DOUBLE)
    used = {(use.table, use.column) for bound in plan.rules for use in of_rule(bound.rule)}
    for table, rows in plan.facts.tables.items():
        names = {
            column: name
            for column, name in identifiers(rows.column_names).items()
            if column in FIXED or (table, column) in used
        }
        database.give(table, pa.table({name: units(rows[column]) for column, name in names.items()}))
    database.give("tree", plan.tree)
    database.view("seen", SEEN.format(as_of=literal(plan.as_of)))
