"""Runs of missed verdicts that reach to the present, and the step they propose (engine.md section 4)."""

from __future__ import annotations

import pyarrow as pa

from zhibu.engine import results
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.plan import Plan
from zhibu.engine.scheme import Escalation

# The run is what follows the latest concluded verdict that was not missed: no running count is needed.
ESCALATIONS = """
WITH concluded AS (
    SELECT subject_id AS org_id, rulebook, rule, starts_on, status = 'missed' AS missed,
        row_number() OVER (PARTITION BY subject_id, rulebook, rule ORDER BY ends_on, starts_on) AS place
    FROM verdicts JOIN watched USING (index)
    WHERE subject = 'organisation' AND status IN ('met', 'late', 'missed')
), kept AS (
    SELECT org_id, rulebook, rule, coalesce(max(place) FILTER (NOT missed), 0) AS after
    FROM concluded GROUP BY org_id, rulebook, rule
), runs AS (
    SELECT c.org_id, c.rulebook, c.rule, count(*) AS run, min_by(c.starts_on, c.place) AS since
    FROM concluded c JOIN kept k USING (org_id, rulebook, rule) WHERE c.place > k.after
    GROUP BY c.org_id, c.rulebook, c.rule
)
SELECT r.org_id, r.rulebook, r.rule, r.run, s.step, r.since
FROM runs r ASOF JOIN steps s ON r.run >= s.run ORDER BY r.org_id, r.rulebook, r.rule"""


def take(database: Database, plan: Plan) -> pa.Table:
    if plan.scheme is None or plan.scheme.escalation is None:
        return results.ESCALATIONS.empty_table()
    escalation = plan.scheme.escalation
    database.give("steps", _steps(escalation))
    database.give("watched", _watched(escalation, plan))
    return database.take(ESCALATIONS, results.ESCALATIONS)


def _steps(escalation: Escalation) -> pa.Table:
    runs, names = [run for run, _ in escalation.steps], [name for _, name in escalation.steps]
    return pa.table({"run": pa.array(runs, pa.int64()), "step": pa.array(names, pa.string())})


def _watched(escalation: Escalation, plan: Plan) -> pa.Table:
    rules = [(index, bound.rule) for index, bound in enumerate(plan.rules)]
    fits = [i for i, rule in rules if any(pattern.fits(rule.rulebook, rule.id) for pattern in escalation.rules)]
    return pa.table({"index": pa.array(fits, pa.int32())})
