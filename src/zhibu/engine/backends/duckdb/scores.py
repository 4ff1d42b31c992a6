"""Scores and ranks (engine.md section 4) in whole numbers: no double is rounded anywhere.

A score is carried as an integer with FINE decimals, six more than the nine it is rounded to first; the ratios
Σ points ÷ Σ max_points are cut there, too far down to reach the second decimal. Then come cents: scores × 100.
"""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from zhibu.engine import results
from zhibu.engine.backends.duckdb.database import Database
from zhibu.engine.backends.duckdb.grades import graded
from zhibu.engine.backends.duckdb.longhand import take_longhand
from zhibu.engine.backends.duckdb.numbers import SCALE
from zhibu.engine.backends.duckdb.text import decimals, integer, literal
from zhibu.engine.plan import Plan
from zhibu.engine.scheme import Scheme

FINE = 15
SHORT = 6  # decimals of weights, points, caps and adjustments that SQL adds up; longer ones take the reference's way
ROOM = 10**11  # weight × points in their units: times a million verdicts and 100 × 10^FINE, that is below 10^37

# Half-up to nine decimals and then to two. `//` cuts towards zero; half-up is a floor, also below zero.
FLOOR = "floored(x, unit) AS x // unit - (x % unit < 0)::INT"
CENTS = "cents(x) AS floored(floored(x + 500000, 1000000::HUGEINT) + 5000000, 10000000::HUGEINT)"

WEIGHED = """
SELECT rule, dimension, weight::HUGEINT AS weight, met::HUGEINT AS met, late::HUGEINT AS late,
    missed::HUGEINT AS missed
FROM weighed_rows"""

# Weighted sums per organisation and dimension. A rule counts once in a dimension, however many patterns name it.
SUMS = """
SELECT v.subject_id AS org_id, d.dimension, any_value(d.weight) AS weight,
    sum(CASE v.status WHEN 'met' THEN d.met WHEN 'late' THEN d.late ELSE d.missed END)::HUGEINT AS points,
    sum(d.met)::HUGEINT AS max_points
FROM verdicts v JOIN weighed d ON d.rule = v.index
WHERE v.subject = 'organisation' AND v.status IN ('met', 'late', 'missed')
GROUP BY v.subject_id, d.dimension HAVING sum(d.met) <> 0"""

ADJUSTED = """
SELECT subject_id AS org_id,
    least(coalesce(sum(units) FILTER (units > 0), 0), {bonus})::HUGEINT AS bonus,
    least(coalesce(-sum(units) FILTER (units < 0), 0), {deduction})::HUGEINT AS deduction
FROM (SELECT subject_id, points::HUGEINT // {cut}::HUGEINT AS units FROM adjustments
      WHERE "on" BETWEEN {first} AND {last} AND "on" <= {as_of})
GROUP BY subject_id"""

# `fine` has FINE decimals and those of the weights, which cancel in the total.
TOTALS = """
SELECT s.org_id, any_value(h.peer_group) AS peer_group, {dimensions},
    coalesce(any_value(a.bonus), 0) AS bonus, coalesce(any_value(a.deduction), 0) AS deduction,
    cents(greatest(0, 100 * sum(s.fine)::HUGEINT // sum(s.weight)::HUGEINT
        + coalesce(any_value(a.bonus), 0) - coalesce(any_value(a.deduction), 0))) AS total
FROM (SELECT org_id, dimension, weight, weight * points * {one}::HUGEINT // max_points AS fine FROM ({sums})) s
LEFT JOIN ({adjusted}) a USING (org_id)
LEFT JOIN tree h USING (org_id)
GROUP BY s.org_id"""

RANKED = """
SELECT *, rank() OVER (PARTITION BY peer_group ORDER BY total DESC) AS rank,
    count(*) OVER (PARTITION BY peer_group) AS group_size
FROM ({totals})"""

SCORES = """
SELECT org_id, peer_group, {dimensions}, cents(bonus) / 100.0 AS bonus, cents(deduction) / 100.0 AS deduction,
    total / 100.0 AS total, rank, group_size, grade
FROM ({graded}) ORDER BY org_id"""


def take(database: Database, plan: Plan) -> pa.Table:
    scheme = plan.scheme
    if scheme is None:
        return results.scores_schema([]).empty_table()
    if not _fits(plan, scheme):
        return take_longhand(database, plan)
    database.macro(FLOOR)
    database.macro(CENTS)
    database.give("weighed_rows", _weighed(plan, scheme))
    database.keep("weighed", WEIGHED)
    schema = results.scores_schema([dimension.id for dimension in scheme.dimensions])
    return database.take(_query(plan, scheme), schema)


def _fits(plan: Plan, scheme: Scheme) -> bool:
    """The products above stay within 38 digits, and no cut at FINE decimals can show. Anything sane does."""
    weights = [dimension.weight for dimension in scheme.dimensions]
    points = [
        value for one in plan.rules for value in (one.rule.points.met, one.rule.points.late, one.rule.points.missed)
    ]
    caps = [cap for cap in (scheme.bonus_cap, scheme.deduction_cap) if cap is not None]
    if max(decimals(*weights), decimals(*points), decimals(*caps)) > SHORT or max(caps, default=0) > 10**12:
        return False
    given = plan.facts["adjustments"]["points"].to_pylist()
    largest = [max(map(abs, values), default=Decimal(0)) * 10 ** decimals(*values) for values in (weights, points)]
    return largest[0] * largest[1] < ROOM and decimals(*given) <= SHORT


def _query(plan: Plan, scheme: Scheme) -> str:
    """Dimensions are columns d0, d1, … here: their ids may differ only in case, which SQL does not see."""
    weights = 10 ** decimals(*(dimension.weight for dimension in scheme.dimensions))
    places = range(len(scheme.dimensions))
    total = f"cents(any_value(s.fine) FILTER (s.dimension = {{0}}) // {weights}::HUGEINT) AS d{{0}}"
    totals = TOTALS.format(
        dimensions=", ".join(total.format(place) for place in places),
        one=10**FINE,
        sums=SUMS,
        adjusted=_adjusted(plan, scheme),
    )
    shown = ", ".join(f"d{place} / 100.0 AS d{place}" for place in places)
    return SCORES.format(dimensions=shown, graded=graded(RANKED.format(totals=totals), scheme.grades))


def _adjusted(plan: Plan, scheme: Scheme) -> str:
    days = {"first": plan.window[0], "last": plan.window[1], "as_of": plan.as_of}
    caps = {"bonus": scheme.bonus_cap, "deduction": scheme.deduction_cap}
    return ADJUSTED.format(
        cut=10 ** (SCALE - FINE),
        **{key: literal(day) for key, day in days.items()},
        **{key: _cap(cap) for key, cap in caps.items()},
    )


def _cap(cap: Decimal | None) -> str:
    """Without a cap the sum itself is the least: NULL is no rival to `least`."""
    return "NULL" if cap is None else f"{int(cap.scaleb(FINE))}::HUGEINT"


def _weighed(plan: Plan, scheme: Scheme) -> pa.Table:
    """rule, dimension, weight, met, late, missed as integers, in units that cancel."""
    weights = decimals(*(dimension.weight for dimension in scheme.dimensions))
    points = [bound.rule.points for bound in plan.rules]
    places = decimals(*(value for one in points for value in (one.met, one.late, one.missed)))
    rows = [
        (
            *(rule, place, integer(dimension.weight, weights)),
            *(integer(value, places) for value in (points[rule].met, points[rule].late, points[rule].missed)),
        )
        for place, dimension in enumerate(scheme.dimensions)
        for rule, bound in enumerate(plan.rules)
        if any(pattern.fits(bound.rule.rulebook, bound.rule.id) for pattern in dimension.rules)
    ]
    names = ("rule", "dimension", "weight", "met", "late", "missed")
    types = [pa.int32(), pa.int32()] + [pa.decimal128(38, 0)] * 4
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table([pa.array(list(column), type_) for column, type_ in zip(columns, types, strict=True)], names)
