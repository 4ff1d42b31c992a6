"""Periods owed after a trigger: the day plus days, months or working days (engine.md section 1).

working: day, worked (working days up to and with it), unsure (days up to it in years without a holiday table)
nth:     worked, day, unsure: the same, working days only
"""

from __future__ import annotations

from datetime import date

from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.text import literal
from zhibu.engine.facts import SUBJECTS
from zhibu.engine.plan import Plan
from zhibu.engine.rulebooks.model import After, Rule, Span

WORKING = """
SELECT day, working, sum(working::INT) OVER upto AS worked, sum((NOT covered)::INT) OVER upto AS unsure
FROM holidays WINDOW upto AS (ORDER BY day)"""

# Two triggers that give the same period give one verdict.
AFTER_EVENT = """
SELECT c.*, t.starts_on::VARCHAR || '..' || t.ends_on::VARCHAR AS period, t.starts_on, t.ends_on, t.provisional
FROM claims c JOIN (
    SELECT {rule} AS rule, subject_id, {start} AS starts_on, {end} AS ends_on, bool_or({provisional}) AS provisional
    FROM (SELECT DISTINCT {identity} AS subject_id, held_on AS day FROM seen
          WHERE list_contains(types, {event}) AND {identity} IS NOT NULL) t {joins}
    GROUP BY ALL) t USING (rule, subject_id)"""

AFTER_DATE = """
SELECT t.*, {start}::VARCHAR || '..' || {end}::VARCHAR AS period, {start} AS starts_on, {end} AS ends_on,
    {provisional} AS provisional
FROM claims t {joins} WHERE t.rule = {rule} AND t.day IS NOT NULL"""


def after_event(index: int, rule: Rule, clock: After) -> str:
    identity = SUBJECTS[rule.subject][1]
    return AFTER_EVENT.format(rule=index, identity=identity, event=literal(clock.event or ""), **_ends(clock))


def after_date(index: int, clock: After) -> str:
    return AFTER_DATE.format(rule=index, **_ends(clock))


def _ends(clock: After) -> dict[str, str]:
    spans = {"start": clock.not_before or Span("days", 0), "end": clock.within}
    guesses = [f"{side}_nth.unsure > {side}_day.unsure" for side, span in spans.items() if _counts(span)]
    return {
        **{side: _target(side, span) for side, span in spans.items()},
        "joins": "".join(_join(side, span) for side, span in spans.items() if _counts(span)),
        "provisional": "(" + (" OR ".join(guesses) or "FALSE") + ")",
    }


def _target(side: str, span: Span) -> str:
    if _counts(span):
        return f"{side}_nth.day"
    moved = f"t.day + {span.n}" if span.unit != "months" else f"(t.day + to_months({span.n}))::DATE"
    return f"least({moved}, DATE '9999-12-31')"  # spans that would run past the calendar stop at its end


def _join(side: str, span: Span) -> str:
    return f"""
    JOIN working {side}_day ON {side}_day.day = t.day
    JOIN nth {side}_nth ON {side}_nth.worked = {side}_day.worked + {span.n}"""


def _counts(span: Span) -> bool:
    """Working days have to be counted; none of them is the day itself, as with `days: 0`."""
    return span.unit == "working_days" and span.n > 0


# --- the calendar of working days ---------------------------------------------------------------------------


def give_working_days(database: Database, plan: Plan) -> None:
    """As much of the calendar as any trigger of a period in the window can reach."""
    clocks = [bound.rule.clock for bound in plan.rules if isinstance(bound.rule.clock, After)]
    spans = [span for clock in clocks for span in (clock.within, clock.not_before) if span]
    reach = 0
    if any(_counts(span) for span in spans):
        reach = max(_reach(span) for span in spans) + len(plan.holidays.off)
    first, last = plan.window[0].toordinal() - reach, plan.window[1].toordinal() + reach
    days = date.fromordinal(max(1, first)), date.fromordinal(min(date.max.toordinal(), last))
    database.give("holidays", plan.holidays.table(*days))
    database.keep("working", WORKING)
    database.keep("nth", "SELECT worked, day, unsure FROM working WHERE working")


def _reach(span: Span) -> int:
    """At most so many days: a week has at least two working days, but for the holidays added on top."""
    return {"days": 1, "months": 31, "working_days": 2}[span.unit] * span.n + 10
