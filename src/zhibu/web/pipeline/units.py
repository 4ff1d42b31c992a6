"""Units and their visits as rows of the engine's tables.

What is dated (the covering organisation, people sent) gives a unit one row for each stretch of days in which it stayed
the same, so that a rule judged on a day of last year sees that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from zhibu.web.coverage.models import Assignment, Covering, Unit, UnitWaiver, Visit
from zhibu.web.pipeline.days import WHY

Row = dict[str, Any]
Span = tuple[date, date | None]
Chosen = Collection[int] | None  # keys of units; None: all
DAY = timedelta(days=1)
SAME = (
    "kind", "employees", "party_members", "full_members", "above_scale", "operating", "founded_on",
)  # fmt: skip


def key(unit: int) -> str:
    """What the engine calls a unit."""
    return f"u{unit}"


def rows(chosen: Chosen = None) -> list[Row]:
    """Rows of `units`, in the order of the keys."""
    covered, sent = _spans(Covering, chosen), _spans(Assignment, chosen)
    found = _of(Unit.objects.unscoped(WHY), "pk", chosen).order_by("pk")
    units = found.values("pk", "closed_on", *SAME)
    return [row for unit in units for row in _stretches(unit, covered[unit["pk"]], sent[unit["pk"]])]


def visits(chosen: Chosen = None) -> list[Row]:
    """Rows of `events`: visits, made good by nothing and of no organisation."""
    found = _of(Visit.objects.unscoped(WHY), "unit", chosen).order_by("pk")
    return [
        _NOTHING
        | {"event_id": f"v{pk}", "types": ["instructor_visit"], "unit_id": key(unit), "held_on": held,
           "recorded_on": max(held, recorded)}
        for pk, unit, held, recorded in found.values_list("pk", "unit", "visited_on", "recorded_on")
    ]  # fmt: skip


def waivers(chosen: Chosen = None) -> list[Row]:
    """Rows of `waivers` about units."""
    found = _of(UnitWaiver.objects.unscoped(WHY), "unit", chosen).order_by("pk")
    names = ("rule", "from", "to", "reason")
    return [
        {"subject": "unit", "subject_id": key(unit), **dict(zip(names, row, strict=True))}
        for unit, *row in found.values_list("unit", "rule", "starts_on", "ends_on", "reason")
    ]


_NOTHING: Row = dict.fromkeys(
    ("org_id", "person_id", "expected", "present", "days", "hours", "topics", "makes_up"), None
)


def _spans(model: type[Covering | Assignment], chosen: Chosen) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    rows = _of(model.objects.unscoped(WHY), "unit", chosen)
    for unit, first, last in rows.values_list("unit", "starts_on", "ends_on"):
        found[unit].append((first, last))
    return found


def _stretches(unit: Row, covered: list[Span], sent: list[Span]) -> Iterator[Row]:
    """The unit from change to change."""
    days = sorted({day for first, last in (*covered, *sent) for day in (first, last and last + DAY) if day})
    starts: list[date | None] = [None, *days]
    for first, following in zip(starts, [*days, None], strict=True):
        seen = first or (days[0] - DAY if days else date.max)
        yield {
            "unit_id": key(unit["pk"]),
            **{name: unit[name] for name in SAME},
            "dissolved_on": unit["closed_on"],
            "valid_from": first,
            "valid_to": following - DAY if following else None,
            "has_organisation": _within(seen, covered),
            "has_instructor": _within(seen, sent),
        }


def _within(day: date, spans: Iterable[Span]) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in spans)


def _of(found: QuerySet, column: str, chosen: Chosen) -> QuerySet:
    return found if chosen is None else found.filter(**{f"{column}__in": chosen})
