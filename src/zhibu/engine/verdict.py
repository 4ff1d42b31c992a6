"""A verdict and its status: the first line of the table that fits (engine.md section 3). Serves the meaning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

import pyarrow as pa

from zhibu.engine.facts.numbers import number, reaches
from zhibu.engine.measures import double
from zhibu.engine.results import VERDICTS
from zhibu.engine.rulebooks.model import Points

Status = Literal["met", "late", "missed", "exempt", "open", "upcoming"]
CONCLUDED = ("met", "late", "missed")


class Verdict(NamedTuple):
    """One row of VERDICTS; numbers exact until they are written."""

    subject: str
    subject_id: str
    rulebook: str
    rule: str
    strength: str
    period: str
    starts_on: date
    ends_on: date
    deadline: date
    status: Status
    need: Fraction | None
    timely: Fraction | None
    total: Fraction | None
    points: Fraction | None
    max_points: Fraction
    evidence: tuple[str, ...]
    reason: str | None
    provisional: bool

    @property
    def order(self) -> tuple[str, str, str, str, date, date]:
        return self.subject, self.subject_id, self.rulebook, self.rule, self.starts_on, self.ends_on


def status(
    need: Fraction, timely: Fraction, total: Fraction, starts_on: date, deadline: date, as_of: date
) -> Literal["met", "late", "upcoming", "open", "missed"]:
    """The status of a period that is not exempt."""
    if reaches(timely, need):
        return "met"
    if reaches(total, need):
        return "late"
    if as_of < starts_on:
        return "upcoming"
    return "open" if as_of <= deadline else "missed"


def earned(points: Points, status: Status) -> Fraction | None:
    """Points of a concluded status; None while there is no conclusion."""
    return number(getattr(points, status)) if status in CONCLUDED else None


def table(verdicts: Iterable[Verdict]) -> pa.Table:
    """Verdicts as Arrow, sorted."""
    rows = sorted(verdicts, key=lambda verdict: verdict.order)
    columns = [[_written(getattr(row, name)) for row in rows] for name in Verdict._fields]
    return pa.table(columns, schema=VERDICTS)


def row(one: Verdict) -> dict[str, object]:
    """The cells of one row of VERDICTS."""
    return dict(zip(Verdict._fields, map(_written, one), strict=True))


def _written(value: object) -> object:
    kind = type(value)
    if kind is Fraction:
        return double(value)  # type: ignore[arg-type]
    return list(value) if kind is tuple else value  # type: ignore[call-overload]
