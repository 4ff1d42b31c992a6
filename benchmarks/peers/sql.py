"""The task as plain SQL, one SELECT a step: measures and statuses rule by rule, then scores, ranks, roll-ups.

Written once for SQLite and DuckDB (through dbt). Tables read: organisations, waivers, adjustments, events with a key
`event`, event_types(event, type), event_topics(event, topic). Names of steps stand in {braces}.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from peers.task import AS_OF, DAY, FIRST, STATUSES, UNITS, Duty, Task, days
from zhibu.engine.rulebooks.model import All, Any, Condition, Equals, Has, Known, Not, OneOf

ALWAYS = "coalesce({0}.valid_from, {first}) <= {1} AND {1} <= coalesce({0}.valid_to, {last})"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a day is written, and division of whole numbers."""

    day: str  # "'{}'" or "DATE '{}'"
    over: str  # "/" or "//"

    def on(self, day: date) -> str:
        return self.day.format(day)


SQLITE, DUCKDB = Dialect("'{}'", "/"), Dialect("DATE '{}'", "//")


def steps(task: Task, dialect: Dialect) -> list[tuple[str, str]]:
    """(name, SELECT) in the order in which they can be made."""
    found = [("days", _days(task, dialect)), ("spans", _spans(task, dialect)), ("tree", _tree(dialect))]
    for duty in task.duties:
        if duty.unit:
            found.append((f"measured_{duty.number}", _measured(duty, dialect)))
        found.append((f"verdicts_{duty.number}", _verdicts(duty, dialect)))
    every = " UNION ALL ".join(f"SELECT * FROM {{verdicts_{duty.number}}}" for duty in task.duties)
    found.append(("verdicts", every))
    return [*found, *_scores(task, dialect), *_rollups()]


def _days(task: Task, dialect: Dialect) -> str:
    rows = [f"({dialect.on(day)}, {', '.join(map(str, codes))})" for day, codes in days(task.labels)]
    return f"SELECT * FROM (WITH t(day, {', '.join(UNITS)}) AS (VALUES {', '.join(rows)}) SELECT * FROM t)"


def _spans(task: Task, dialect: Dialect) -> str:
    rows = [
        f"({duty.number}, {span.code}, '{span.label}', "
        + ", ".join(dialect.on(day) for day in (span.first, span.last, span.deadline, span.basis))
        + ")"
        for duty in task.duties
        for span in duty.spans
    ]
    names = "duty, code, label, first, last, deadline, basis"
    return f"SELECT * FROM (WITH t({names}) AS (VALUES {', '.join(rows)}) SELECT * FROM t)"


def _holds(table: str, day: str, dialect: Dialect) -> str:
    return ALWAYS.format(table, day, first=dialect.on(date(1, 1, 1)), last=dialect.on(date(9999, 12, 31)))


def _tree(dialect: Dialect) -> str:
    """Rows of the evaluation day; a parent without one leaves a root."""
    held = _holds("o", dialect.on(DAY), dialect)
    above = _holds("a", dialect.on(DAY), dialect)
    return f"""SELECT o.org_id, o.peer, a.org_id AS parent_id FROM organisations o
        LEFT JOIN organisations a ON a.org_id = o.parent_id AND {above} WHERE {held}"""


def _measured(duty: Duty, dialect: Dialect) -> str:
    needs = duty.rule.needs
    assert needs is not None and duty.unit is not None
    types = ", ".join(f"'{name}'" for name in needs.event)
    value, join, whole = "1", "", "sum"
    if needs.measure in ("hours", "days"):
        value = f"e.{needs.measure}"
    elif needs.measure in ("topics", "people"):
        join = "JOIN event_topics t ON t.event = e.event" if needs.measure == "topics" else ""
        value, whole = ("t.topic" if needs.measure == "topics" else "e.person_id"), "distinct"
    total = f"sum({value})" if whole == "sum" else f"count(DISTINCT {value})"
    timely = f"CASE WHEN e.makes_up IS NULL AND e.recorded_on <= s.deadline THEN {value} END"
    timely = f"sum({timely})" if whole == "sum" else f"count(DISTINCT {timely})"
    label = f"coalesce(m.code, CASE WHEN e.makes_up IS NULL THEN d.{duty.unit} END)"
    where = f" AND {condition(needs.where, 'e')}" if needs.where else ""
    return f"""SELECT e.org_id, s.code, {timely} AS timely, {total} AS total
        FROM events e JOIN {{days}} d ON d.day = e.held_on
        LEFT JOIN {{spans}} m ON m.label = e.makes_up AND m.duty = {duty.number}
        JOIN {{spans}} s ON s.duty = {duty.number} AND s.code = {label} {join}
        WHERE e.recorded_on <= {dialect.on(AS_OF)} AND e.org_id IS NOT NULL
            AND e.event IN (SELECT event FROM event_types WHERE type IN ({types})){where}
        GROUP BY e.org_id, s.code"""


def _verdicts(duty: Duty, dialect: Dialect) -> str:
    points = " ".join(f"WHEN '{name}' THEN {duty.points(name)}" for name in ("met", "late", "missed"))
    measured = f"LEFT JOIN {{measured_{duty.number}}} m ON m.org_id = o.org_id AND m.code = s.code" if duty.unit else ""
    where = f" AND {condition(duty.rule.where, 'o')}" if duty.rule.where else ""
    return f"""SELECT org_id, {duty.number} AS duty, label, status, CASE status {points} END AS points,
            {duty.points("met")} AS most
        FROM (SELECT o.org_id, s.label, {_status(duty, dialect)} AS status
            FROM organisations o JOIN {{spans}} s ON s.duty = {duty.number} AND {_holds("o", "s.basis", dialect)}
            {measured}
            WHERE (o.founded_on IS NULL OR o.founded_on <= s.last)
                AND (o.dissolved_on IS NULL OR o.dissolved_on >= s.first)
                AND (o.founded_on IS NULL OR o.dissolved_on IS NULL OR o.founded_on <= o.dissolved_on){where}) v"""


def _status(duty: Duty, dialect: Dialect) -> str:
    waived = f"""EXISTS (SELECT 1 FROM waivers w WHERE w.subject_id = o.org_id AND w.rule = '{duty.rule.name}'
                AND w."from" <= s.last AND s.last <= w."to")"""
    cases = [f"WHEN {waived} THEN 'exempt'"]
    if duty.rule.partial == "exempt":
        cases.append("WHEN s.first <= s.basis AND (o.founded_on > s.first OR o.dissolved_on < s.basis) THEN 'exempt'")
    if duty.stands is not None:
        return f"CASE {' '.join(cases)} WHEN {condition(duty.stands, 'o')} THEN 'met' ELSE 'missed' END"
    need = str(duty.fixed)
    if duty.basis:
        column, times, over, rounding = duty.basis
        cases.append(f"WHEN o.{column} IS NULL THEN 'exempt'")
        need = f"(o.{column} * {times} * 1.0 / {over})"
        if rounding:
            need = f"((o.{column} * {times} + {over - 1 if rounding == 'up' else 0}) {dialect.over} {over})"
    cases += [f"WHEN coalesce(m.timely, 0) >= {need} THEN 'met'", f"WHEN coalesce(m.total, 0) >= {need} THEN 'late'"]
    cases.append(f"WHEN {dialect.on(AS_OF)} < s.first THEN 'upcoming'")
    return f"CASE {' '.join(cases)} WHEN {dialect.on(AS_OF)} <= s.deadline THEN 'open' ELSE 'missed' END"


def _scores(task: Task, dialect: Dialect) -> list[tuple[str, str]]:
    weights = ", ".join(str(one) for one in task.weights())
    caps = task.scheme.bonus_cap, task.scheme.deduction_cap
    span = f"""a."on" BETWEEN {dialect.on(FIRST)} AND {dialect.on(DAY)}"""
    return [
        ("weights", f"SELECT * FROM (WITH t(duty, dimension, weight) AS (VALUES {weights}) SELECT * FROM t)"),
        (
            "parts",
            """SELECT v.org_id, w.dimension, w.weight, w.weight * sum(v.points) / sum(v.most) AS score
            FROM {verdicts} v JOIN {weights} w ON w.duty = v.duty WHERE v.status IN ('met', 'late', 'missed')
            GROUP BY v.org_id, w.dimension, w.weight HAVING sum(v.most) > 0""",
        ),
        (
            "extra",
            f"""SELECT subject_id AS org_id,
                min(sum(CASE WHEN points > 0 THEN points ELSE 0 END), {caps[0]})
                - min(sum(CASE WHEN points < 0 THEN -points ELSE 0 END), {caps[1]}) AS points
            FROM adjustments a WHERE {span} GROUP BY subject_id""".replace(
                "min(sum", "least(sum" if dialect is DUCKDB else "min(sum"
            ),
        ),
        (
            "totals",
            f"""SELECT p.org_id, CASE WHEN total < 0 THEN 0
                ELSE (CAST(round(total * 1000000000) AS BIGINT) + 5000000) {dialect.over} 10000000 END AS cents
            FROM (SELECT p.org_id, 100.0 * sum(p.score) / sum(p.weight) + coalesce(max(x.points), 0) AS total
                FROM {{parts}} p LEFT JOIN {{extra}} x ON x.org_id = p.org_id GROUP BY p.org_id) p""",
        ),
        (
            "scores",
            """SELECT s.org_id, t.peer, s.cents, rank() OVER (PARTITION BY t.peer ORDER BY s.cents DESC) AS place
            FROM {totals} s LEFT JOIN {tree} t ON t.org_id = s.org_id""",
        ),
    ]


def _rollups() -> list[tuple[str, str]]:
    counts = ", ".join(f"sum(CASE WHEN status = '{name}' THEN 1 ELSE 0 END) AS {name}" for name in STATUSES)
    sums = ", ".join(f"sum(o.{name}) AS {name}" for name in STATUSES)
    return [
        ("own", f"SELECT org_id, duty, {counts} FROM {{verdicts}} GROUP BY org_id, duty"),
        (
            "above",
            """WITH RECURSIVE up(org_id, node) AS (SELECT org_id, org_id FROM {own} GROUP BY org_id UNION ALL
                SELECT u.org_id, t.parent_id FROM up u JOIN {tree} t ON t.org_id = u.node
                WHERE t.parent_id IS NOT NULL) SELECT * FROM up""",
        ),
        (
            "rollups",
            f"""SELECT a.node AS org_id, o.duty, {sums}
            FROM {{own}} o JOIN {{above}} a ON a.org_id = o.org_id GROUP BY 1, 2""",
        ),
    ]


CHECK = f"""SELECT {", ".join(f"(SELECT sum({name}) FROM {{rollups}}) AS {name}" for name in STATUSES)},
    (SELECT count(*) FROM {{rollups}}) AS rollups, (SELECT count(*) FROM {{scores}}) AS scores,
    (SELECT sum(cents) FROM {{scores}}) AS cents, (SELECT sum(place) FROM {{scores}}) AS ranks"""

# --- conditions ---------------------------------------------------------------------------------------------


def condition(test: Condition, table: str) -> str:
    """Two-valued: a test on a null is false."""
    match test:
        case All(parts):
            return "(" + " AND ".join([condition(part, table) for part in parts] or ["TRUE"]) + ")"
        case Any(parts):
            return "(" + " OR ".join([condition(part, table) for part in parts] or ["FALSE"]) + ")"
        case Not(part):
            return f"(NOT {condition(part, table)})"
        case Has(value=value):
            return f"EXISTS (SELECT 1 FROM event_topics x WHERE x.event = {table}.event AND x.topic = '{value}')"
    cell = f"{table}.{test.column}"
    if test.column == "attendance":
        cell = f"({table}.present * 1.0 / nullif({table}.expected, 0))"
    match test:
        case Known(known=known):
            return f"({cell} IS {'NOT ' if known else ''}NULL)"
        case Equals(value=value):
            return f"coalesce({cell} = {_literal(value)}, FALSE)"
        case OneOf(values=values):
            return f"coalesce({cell} IN ({', '.join(map(_literal, values))}), FALSE)"
    signs = ((">=", test.min), ("<=", test.max), (">", test.more_than), ("<", test.less_than))
    tests = " AND ".join(f"{cell} {sign} {limit}" for sign, limit in signs if limit is not None)
    return f"coalesce({tests}, FALSE)"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return f"'{value}'" if isinstance(value, str) else str(value)
