"""Units judged at once, by the reference backend: what a full run would say of them, for a handful of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from zhibu.engine import verdict
from zhibu.engine.backends.memory import of
from zhibu.engine.conditions import Row
from zhibu.engine.plan import Plan
from zhibu.engine.world import World
from zhibu.web.core import clock
from zhibu.web.coverage.models import Unit, UnitVerdict
from zhibu.web.pipeline import facts, rows, units
from zhibu.web.pipeline.days import WHY
from zhibu.web.pipeline.keep import keep
from zhibu.web.pipeline.plans import plans


def hanging_on(organisations: Iterable[int | None]) -> list[int]:
    """Keys of the units that hang on these."""
    return list(Unit.objects.unscoped(WHY).filter(organisation__in=list(organisations)).values_list("pk", flat=True))


def judge_units(chosen: Collection[int], years: Collection[int]) -> None:
    """Bring the verdicts on these units up to date in these years."""
    if not chosen or not years:
        return
    own = {name: [] for name in facts.SCHEMAS} | {"units": units.rows(chosen), "events": units.visits(chosen)}
    own["waivers"] = units.waivers(chosen)
    tables = facts.checked(own)
    for year, plan in plans(years, clock.today(), ()).items():
        stored = UnitVerdict.objects.unscoped(WHY).filter(year=year, unit__in=chosen)
        found = rows.unit_verdicts(_verdicts(plan, tables, chosen), year)
        keep(found, stored, rows.UNIT_VERDICT_KEY, rows.UNIT_VERDICT_VALUES)


def _verdicts(plan: Plan, tables: dict[str, list[Row]], chosen: Collection[int]) -> Iterator[Row]:
    world = World.of_rows(plan, tables)
    for bound in plan.rules:
        if bound.rule.subject == "unit":
            yield from (verdict.row(one) for pk in chosen for one in of(world, bound, units.key(pk)))
