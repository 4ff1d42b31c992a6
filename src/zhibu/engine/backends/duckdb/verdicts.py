"""From cells and measures to verdicts (engine.md section 3), status by status.

verdicts: index (the rule's place in the plan), and the columns of results.VERDICTS
"""

from __future__ import annotations

import pyarrow as pa

from zhibu.engine import results
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.text import literal
from zhibu.engine.plan import EXCEPTIONS, Plan

VERDICTS = """
WITH waived AS (
    SELECT c.rule, c.subject_id, c.period, min_by(w.reason, w."#row") AS reason
    FROM cells c JOIN rules r USING (rule) JOIN waivers w
      ON w.subject = r.subject AND w.subject_id = c.subject_id AND w.rule = r.name
      AND c.ends_on BETWEEN w."from" AND w."to"
    GROUP BY c.rule, c.subject_id, c.period
), judged AS (
    SELECT c.*, r.* EXCLUDE (rule), w.reason AS waiver,
        coalesce(m.timely, 0) AS timely, coalesce(m.total, 0) AS total, coalesce(m.evidence, []) AS evidence,
        CASE WHEN w.reason IS NOT NULL THEN 'waiver'
             WHEN r.partial = 'exempt' AND c.starts_on <= c.basis AND (c.born > c.starts_on OR c.gone < c.basis)
                 THEN 'partial'
             WHEN NOT r.standing AND c.need IS NULL THEN 'no basis' END AS exempt
    FROM cells c JOIN rules r USING (rule)
    LEFT JOIN measured m ON m.rule = c.rule AND m.subject_id = c.subject_id AND m.period = c.period
    LEFT JOIN waived w ON w.rule = c.rule AND w.subject_id = c.subject_id AND w.period = c.period
), decided AS (
    SELECT *, CASE
        WHEN exempt IS NOT NULL THEN 'exempt'
        WHEN standing THEN CASE WHEN holds THEN 'met' ELSE 'missed' END
        WHEN timely >= need THEN 'met'
        WHEN total >= need THEN 'late'
        WHEN {as_of} < starts_on THEN 'upcoming'
        WHEN {as_of} <= deadline THEN 'open'
        ELSE 'missed' END AS status
    FROM judged
)
SELECT rule AS index, subject, subject_id, rulebook, id AS rule, strength, period, starts_on, ends_on, deadline, status,
    shown AS need,
    CASE WHEN NOT standing THEN as_double(timely) END AS timely,
    CASE WHEN NOT standing THEN as_double(total) END AS total,
    CASE status WHEN 'met' THEN met WHEN 'late' THEN late WHEN 'missed' THEN missed END AS points, met AS max_points,
    evidence, CASE exempt WHEN 'waiver' THEN waiver ELSE exempt END AS reason, provisional
FROM decided
"""

TABLE = """
SELECT * EXCLUDE (index) FROM verdicts WHERE {kept}
ORDER BY subject, subject_id, rulebook, rule, starts_on, ends_on"""


def build(database: Database, plan: Plan) -> None:
    database.keep("verdicts", VERDICTS.format(as_of=literal(plan.as_of)))


def take(database: Database, plan: Plan) -> pa.Table:
    exceptions = ", ".join(map(literal, EXCEPTIONS))
    kept = {"all": "TRUE", "exceptions": f"status IN ({exceptions})", "none": "FALSE"}[plan.keep]
    return database.take(TABLE.format(kept=kept), results.VERDICTS)
