"""Counts of every subtree by rule (engine.md section 4). The plan's tree is whole: parents known, no cycle."""

from __future__ import annotations

import pyarrow as pa

from zhibu.engine import results
from zhibu.engine.backends.duckdb.database import Database

# An organisation that has verdicts but no row on the evaluation day stands alone.
# Counted per organisation first, then carried to each of its ancestors: the tree is six or seven levels deep, so
# the join stays a small multiple of organisations × rules and never touches events.
OWN = """
SELECT subject_id AS org_id, rulebook, rule,
    count(*) FILTER (status = 'met') AS met, count(*) FILTER (status = 'late') AS late,
    count(*) FILTER (status = 'missed') AS missed, count(*) FILTER (status = 'exempt') AS exempt,
    count(*) FILTER (status = 'open') AS open, count(*) FILTER (status = 'upcoming') AS upcoming
FROM verdicts WHERE subject = 'organisation' GROUP BY ALL"""

ABOVE = """
SELECT org_id, org_id AS above FROM tree
UNION ALL
SELECT a.org_id, t.parent_id AS above FROM above a JOIN tree t ON t.org_id = a.above WHERE t.parent_id IS NOT NULL"""

ROLLUPS = """
WITH RECURSIVE above AS ({above}
), own AS ({own}
), summed AS (
    SELECT coalesce(a.above, o.org_id) AS org_id, o.rulebook, o.rule, sum(o.met)::BIGINT AS met,
        sum(o.late)::BIGINT AS late, sum(o.missed)::BIGINT AS missed, sum(o.exempt)::BIGINT AS exempt,
        sum(o.open)::BIGINT AS open, sum(o.upcoming)::BIGINT AS upcoming
    FROM own o LEFT JOIN above a ON a.org_id = o.org_id GROUP BY ALL
)
SELECT org_id, rulebook, rule, met + late + missed + open + upcoming AS due, met, late, missed, exempt, open, upcoming,
    CASE WHEN met + late + missed > 0 THEN (met + late) / (met + late + missed) END AS rate
FROM summed ORDER BY org_id, rulebook, rule"""


def take(database: Database) -> pa.Table:
    return database.take(ROLLUPS.format(above=ABOVE, own=OWN), results.ROLLUPS)
