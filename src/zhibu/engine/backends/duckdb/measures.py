"""What the events of a cell add up to: timely, total and the evidence (engine.md section 3).

    counted:  rule, subject_id, event_id, held_on, recorded_on, makes_up, period, amount, tokens
    measured: rule, subject_id, period, timely, total, evidence

Each event is read once per rule and put into its calendar period by name, without meeting the cells; only the
periods of anchored and `after` rules, which differ from subject to subject, are searched by day. A measure is the
sum of `amount` (in units, see numbers.py), or the number of distinct `tokens`, whichever the rule fills.
"""

from __future__ import annotations

from zhibu.engine.backends.duckdb.conditions import Columns, sql
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.numbers import UNIT
from zhibu.engine.backends.duckdb.text import literal
from zhibu.engine.facts import SUBJECTS
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import Calendar, Needs, Rule

LABELS = {
    "month": "strftime(t.held_on, '%Y-%m')",
    "quarter": "year(t.held_on) || 'Q' || quarter(t.held_on)",
    "half_year": "year(t.held_on) || 'H' || (month(t.held_on) + 5) // 6",
    "year": "year(t.held_on)::VARCHAR",
}

COUNTED = """
SELECT {rule} AS rule, t.{identity} AS subject_id, t.event_id, t.held_on, t.recorded_on, t.makes_up,
    {period}::VARCHAR AS period, {amount}::HUGEINT AS amount, {tokens}::VARCHAR[] AS tokens
FROM seen t WHERE t.{identity} IS NOT NULL AND ({types}) AND {where}"""

PLACED = """
SELECT e.rule, e.subject_id, e.period, e.event_id, e.held_on, e.amount, e.tokens,
    e.makes_up IS NULL AND e.recorded_on <= f.deadline AS timely
FROM counted e JOIN fixed f ON e.rule = f.rule AND e.period = f.period
UNION ALL
SELECT e.rule, e.subject_id, c.period, e.event_id, e.held_on, e.amount, e.tokens,
    e.makes_up IS NULL AND e.recorded_on <= c.deadline AS timely
FROM counted e JOIN cells c ON e.rule = c.rule AND e.subject_id = c.subject_id
    AND (e.makes_up = c.period OR (e.makes_up IS NULL AND e.held_on BETWEEN c.starts_on AND c.ends_on))
WHERE e.period IS NULL"""

MEASURED = """
SELECT rule, subject_id, period,
    coalesce(sum(amount) FILTER (timely), 0)::HUGEINT + {unit}::HUGEINT
        * coalesce(len(list_distinct(flatten(list(tokens) FILTER (timely AND tokens IS NOT NULL)))), 0) AS timely,
    coalesce(sum(amount), 0)::HUGEINT + {unit}::HUGEINT
        * coalesce(len(list_distinct(flatten(list(tokens) FILTER (tokens IS NOT NULL)))), 0) AS total,
    {evidence} AS evidence
FROM ({placed}
) GROUP BY rule, subject_id, period"""

# Lists of ids take most of the time and memory, and only verdicts that are handed back show them.
EVIDENCE, NO_EVIDENCE = "list(event_id ORDER BY held_on, event_id)", "[]::VARCHAR[]"


def build(database: Database, plan: Plan) -> None:
    columns = Columns(plan.facts["events"], events=True)
    rules = [(index, bound.rule) for index, bound in enumerate(plan.rules)]
    parts = [_counted(index, rule, rule.needs, columns) for index, rule in rules if rule.needs]
    database.keep("counted", "\nUNION ALL".join([NOTHING, *parts]))
    evidence = NO_EVIDENCE if plan.keep == "none" else EVIDENCE
    database.keep("measured", MEASURED.format(placed=PLACED, unit=UNIT, evidence=evidence))


# With standing rules only there is nothing to count; the columns and their types are needed all the same.
NOTHING = """
SELECT 0 AS rule, NULL::VARCHAR AS subject_id, event_id, held_on, recorded_on, makes_up,
    NULL::VARCHAR AS period, NULL::HUGEINT AS amount, NULL::VARCHAR[] AS tokens
FROM seen WHERE FALSE"""


def _counted(index: int, rule: Rule, needs: Needs, columns: Columns) -> str:
    amount, tokens = _quantity(needs)
    return COUNTED.format(
        rule=index,
        identity=SUBJECTS[rule.subject][1],
        period=f"coalesce(t.makes_up, {LABELS[rule.clock.unit]})" if isinstance(rule.clock, Calendar) else "NULL",
        amount=amount,
        tokens=tokens,
        # One list_contains per type takes a fifth of the time of list_has_any.
        types=" OR ".join(f"list_contains(t.types, {literal(type_)})" for type_ in needs.event),
        where=sql(needs.where, columns),
    )


def _quantity(needs: Needs) -> tuple[str, str]:
    match needs.measure:
        case "count":
            return str(UNIT), "NULL"
        case "days" | "hours":
            return f"coalesce(t.{needs.measure}, 0)", "NULL"
        case "topics":
            return "NULL", "t.topics"
        case "people":
            return "NULL", "CASE WHEN t.person_id IS NOT NULL THEN [t.person_id] END"
