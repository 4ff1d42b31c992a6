"""Every cell that gets a verdict: claims met with periods (engine.md sections 1 and 3).

    cells: the columns of claims, period, starts_on, ends_on, provisional, basis, deadline

A claim's row of history must hold on the basis day, so of all rows of a subject at most one meets a period; and
as anchors and trigger columns are read from that very row, it still holds the date which gave the period.
"""

from __future__ import annotations

import pyarrow as pa

from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.spans import after_date, after_event, give_working_days
from zhibu.engine.backends.duckdb.text import literal
from zhibu.engine.periods import add_days
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import After, Anchored

CELLS = """
SELECT p.*, least(p.ends_on, {as_of}) AS basis, least(p.ends_on + r.grace, DATE '9999-12-31') AS deadline
FROM ({parts}
) p JOIN rules r USING (rule)
WHERE (r.standing OR p.ends_on BETWEEN {first} AND {last}) AND p.starts_on <= p.ends_on
  AND r.since <= p.starts_on AND p.ends_on <= r.until
  AND least(p.ends_on, {as_of}) BETWEEN p.valid_from AND p.valid_to
  AND p.born <= p.gone AND p.born <= p.ends_on AND p.starts_on <= p.gone
"""

FIXED = """
SELECT c.*, f.period, f.starts_on, f.ends_on, FALSE AS provisional
FROM claims c JOIN fixed f USING (rule)"""

# Counting months from year 0: period k ends the day before month(day) + (k+1)·N. The range of k is a little too
# wide on both sides; the window cuts it.
ANCHORED = """
SELECT * EXCLUDE (k), starts_on::VARCHAR || '..' || ends_on::VARCHAR AS period, FALSE AS provisional
FROM (SELECT *, (day + to_months((k * {months})::INT))::DATE AS starts_on,
             (day + to_months(((k + 1) * {months})::INT))::DATE - 1 AS ends_on
      FROM (SELECT *, unnest(range(
                greatest(0, (year({first}) * 12 + month({first}) - year(day) * 12 - month(day)) // {months} - 2),
                (year({last}) * 12 + month({last}) - year(day) * 12 - month(day)) // {months} + 2)) AS k
            FROM claims WHERE rule = {rule} AND day IS NOT NULL))"""


def build(database: Database, plan: Plan) -> None:
    days = {"first": literal(plan.window[0]), "last": literal(plan.window[1]), "as_of": literal(plan.as_of)}
    parts = [FIXED]
    for index, bound in enumerate(plan.rules):
        match bound.rule.clock:
            case Anchored(months, _):
                parts.append(ANCHORED.format(rule=index, months=months, **days))
            case After(event, _, _, _) as clock:
                parts.append(after_event(index, bound.rule, clock) if event else after_date(index, clock))
    give_working_days(database, plan)
    database.give("fixed", fixed(plan))
    database.keep("cells", CELLS.format(parts="\nUNION ALL BY NAME".join(parts), **days))


def fixed(plan: Plan) -> pa.Table:
    """The periods of calendar and standing rules, which are the same for every subject."""
    periods = [(index, period) for index, bound in enumerate(plan.rules) for period in plan.fixed(bound) or []]
    grace = [bound.rule.grace for bound in plan.rules]
    return pa.table(
        {
            "rule": pa.array([index for index, _ in periods], pa.int32()),
            "period": pa.array([period.label for _, period in periods], pa.string()),
            "starts_on": pa.array([period.starts_on for _, period in periods], pa.date32()),
            "ends_on": pa.array([period.ends_on for _, period in periods], pa.date32()),
            "deadline": pa.array([add_days(period.ends_on, grace[index]) for index, period in periods], pa.date32()),
        }
    )
