"""待理顺: what does not fit together. Each list proposes, people decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.coverage.models import Covering, Mode, Place, Unit
from zhibu.web.coverage.queries import neighbours, units, working
from zhibu.web.organisations.models import Organisation

JOINT_MOST = 5  # 支部工作条例第四条: a joint branch covers no more than five units as a rule (ZB-03, soft)


def orphans(scope: Scope) -> QuerySet[Unit]:
    """Units nobody answers for (M236)."""
    return working(scope).filter(answered=False)


def mismatches(scope: Scope) -> list[Unit]:
    """Units in a park whose Party organisation stands elsewhere than below the park's committee (M230), each with
    `party_code` and whether it is for this post to move the organisation (`movable`)."""
    rows = working(scope).filter(place__park=True, mode__isnull=False)
    found = [unit for unit in rows if not unit.party_path.startswith(unit.place.organisation.path)]
    move = scope.doing("organisations.move")
    reach = Organisation.objects.within(move).filter(path__in=[one.party_path for one in found], dissolved_on=None)
    codes = dict(reach.values_list("path", "code"))
    for unit in found:
        unit.party_code = codes.get(unit.party_path, "")
        unit.movable = bool(unit.party_code) and move.reaches(unit.place.organisation.path)
    return found


def crowded(scope: Scope) -> list[dict[str, object]]:
    """Joint organisations with more units than the regulation thinks usual: a hint, no fault."""
    rows = Covering.objects.within(scope).filter(held(scope.on), mode=Mode.JOINT)
    counts = rows.order_by().values("party__name").annotate(units=Count("unit", distinct=True))
    return list(counts.filter(units__gt=JOINT_MOST).order_by("-units", "party__name"))


@dataclass(frozen=True, slots=True)
class Group:
    """Units that might build together, with the reasons."""

    trade: str
    places: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def members(self) -> int:
        """Members known."""
        return sum(unit.party_members or 0 for unit in self.units)

    @property
    def reason(self) -> str:
        near = f"都在{self.places[0]}" if len(self.places) == 1 else f"片区相邻：{'、'.join(self.places)}"
        return f"同为{self.trade}，{near}"

    @property
    def many(self) -> bool:
        return len(self.units) > JOINT_MOST


def suggestions(scope: Scope) -> list[Group]:
    """Units without an organisation, of one trade, in one place or those that touch it (M233); those with the most
    members first. A unit whose trade or place is not known is in no group."""
    rows = working(scope).filter(mode=None, place__isnull=False).exclude(trade="")
    found: dict[str, dict[int, list[Unit]]] = defaultdict(lambda: defaultdict(list))
    for unit in rows:
        found[unit.trade][unit.place_id].append(unit)
    near = neighbours(scope)
    groups = [_group(trade, [here[pk] for pk in sorted(part)]) for trade, here in found.items()
              for part in _around({pk: len(units) for pk, units in here.items()}, near)]  # fmt: skip
    return sorted((one for one in groups if len(one.units) > 1), key=lambda one: (-one.members, one.trade, one.places))


def _group(trade: str, by_place: Iterable[list[Unit]]) -> Group:
    units = [unit for rows in by_place for unit in rows]
    return Group(trade, tuple(dict.fromkeys(unit.place.name for unit in units)), tuple(units))


def _around(counts: dict[int, int], near: dict[int, set[int]]) -> list[set[int]]:
    """Places in parts: a middle and those that touch it, the fullest part first. A chain of neighbours is no part: its
    ends may lie far apart."""
    left, parts = set(counts), []
    while left:
        around = {pk: {pk} | near.get(pk, set()) & left for pk in sorted(left)}
        part = max(around.values(), key=lambda one: sum(counts[pk] for pk in one))
        parts.append(part)
        left -= part
    return parts


def unserved(scope: Scope) -> QuerySet[Place]:
    """Places with units and without an open station (M229)."""
    keys = units(scope).filter(closed_on=None, place__isnull=False).order_by().values("place")
    rows = Place.objects.within(scope).filter(pk__in=keys).exclude(station__closed_on=None, station__isnull=False)
    return rows.select_related("organisation").order_by("organisation__path", "name")
