"""The plan's rules as a table, so that cells and verdicts of all rules are worked out together.

rules: rule (its place in the plan), subject, rulebook, id, name, strength, since, until, grace, partial,
       standing, met, late, missed
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.plan import Bound, Plan
from zhibu.engine.rulebooks.model import Always

SCHEMA = pa.schema(
    [("rule", pa.int32())]
    + [(column, pa.string()) for column in ("subject", "rulebook", "id", "name", "strength")]
    + [("since", pa.date32()), ("until", pa.date32()), ("grace", pa.int32()), ("partial", pa.string())]
    + [("standing", pa.bool_())]
    + [(status, pa.float64()) for status in ("met", "late", "missed")]
)


def give_rules(database: Database, plan: Plan) -> None:
    rows = [_row(index, bound) for index, bound in enumerate(plan.rules)]
    database.give("rules", pa.Table.from_pylist(rows, SCHEMA))


def _row(index: int, bound: Bound) -> dict[str, object]:
    rule, points = bound.rule, bound.rule.points
    standing = isinstance(rule.clock, Always)
    return {
        "rule": index,
        "subject": rule.subject,
        "rulebook": rule.rulebook,
        "id": rule.id,
        "name": rule.name,
        "strength": rule.strength,
        "since": bound.since,
        "until": bound.until or date.max,
        "grace": 0 if standing else rule.grace,
        "partial": rule.partial,
        "standing": standing,
        "met": float(points.met),
        "late": float(points.late),
        "missed": float(points.missed),
    }
