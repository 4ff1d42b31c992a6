"""Grades, tie by tie from the top of each peer group (engine.md section 4).

Going down the totals and taking the first open grade is the same as filling the grades one after the other: who
is left and reaches `min` stands above everyone else who is left, so a grade always takes the top of the rest, as
many ties as fit its share. One step of SQL per grade; a window with a tie's peers counts the ties whole.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from zhibu.engine.backends.duckdb.numbers import clamped
from zhibu.engine.backends.duckdb.text import decimals, integer, literal
from zhibu.engine.scheme import GradeStep

STEP = """
SELECT * REPLACE (CASE WHEN grade IS NULL AND {reached} AND {room} THEN {name} ELSE grade END AS grade) FROM (
    SELECT * REPLACE (
        count(*) FILTER (grade IS NULL AND {reached}) OVER (PARTITION BY peer_group ORDER BY total DESC) AS taken)
    FROM ({before}
    )
)"""


def graded(ranked: str, steps: tuple[GradeStep, ...]) -> str:
    """`ranked` with a column `grade`; `total` there is in cents."""
    query = f"\nSELECT *, NULL::VARCHAR AS grade, 0::BIGINT AS taken FROM ({ranked})"
    for step in steps:
        query = STEP.format(
            reached=_reached(step.min), room=_room(step.max_share), name=literal(step.grade), before=query
        )
    return query


def _reached(least: Decimal | None) -> str:
    return "TRUE" if least is None else f"total >= {clamped(math.ceil(Fraction(least) * 100))}::HUGEINT"


def _room(share: Decimal | None) -> str:
    """`taken` counts a tie with everyone above it: floor(share × group size), by whole numbers."""
    if share is None:
        return "TRUE"
    places = decimals(share)
    return f"taken <= group_size::HUGEINT * {integer(share, places)}::HUGEINT // {10**places}::HUGEINT"
