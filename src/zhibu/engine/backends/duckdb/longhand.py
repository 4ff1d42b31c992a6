"""Scores with very long decimals: the reference adds them up, from the verdicts that count. Serves exactness."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pyarrow as pa

from zhibu.engine import scores
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.plan import Plan
from zhibu.engine.verdict import Verdict, earned

COUNTED = """
SELECT index, subject_id, status FROM verdicts
WHERE subject = 'organisation' AND status IN ('met', 'late', 'missed')"""
SCHEMA = pa.schema([("index", pa.int32()), ("subject_id", pa.string()), ("status", pa.string())])


def take_longhand(database: Database, plan: Plan) -> pa.Table:
    return scores.table(plan, _verdicts(database, plan))


def _verdicts(database: Database, plan: Plan) -> Iterator[Verdict]:
    """Only what scores read of a verdict is filled."""
    for row in database.take(COUNTED, SCHEMA).to_pylist():
        rule = plan.rules[row["index"]].rule
        yield Verdict(
            *("organisation", row["subject_id"], rule.rulebook, rule.id, rule.strength),
            *("", date.min, date.min, date.min),
            *(row["status"], None, None, None),
            *(earned(rule.points, row["status"]), Fraction(rule.points.met)),
            evidence=(),
            reason=None,
            provisional=False,
        )
