"""三个“哪里有” (M227): for each place, is there Party work where there are units, an organisation where there are
members, a sound life where there is an organisation. The last reads the verdicts there are and judges nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count

from zhibu.web.audit.actions import action, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.coverage import queries
from zhibu.web.coverage.models import Covering, Place, Unit
from zhibu.web.duties.models import Verdict
from zhibu.web.organisations.models import Organisation

LACKS = {"work": "有单位没有党的工作", "organisation": "有党员没有党组织", "function": "有组织没有做到的事项"}
HEADINGS = (
    "片区",
    "单位",
    "两样都没有的单位",
    "有党员没有组织的单位",
    "党员人数没有填",
    "覆盖的党组织",
    "有没做到的党组织",
    "没有做到的事项",
)


@dataclass(slots=True)
class Row:
    """A place: `units` really operating; `idle` with neither organisation nor anybody sent; `bare` with members and no
    organisation; `unknown` whose members are not known; the covering organisations, and those with something missed.
    """

    place: Place
    units: int = 0
    idle: list[Unit] = field(default_factory=list)
    bare: list[Unit] = field(default_factory=list)
    unknown: int = 0
    parties: dict[int, str] = field(default_factory=dict)
    weak: list[tuple[str, int]] = field(default_factory=list)  # name, things missed
    unjudged: int = 0

    @property
    def lacks(self) -> list[str]:
        found = {"work": self.idle, "organisation": self.bare, "function": self.weak}
        return [key for key in LACKS if found[key]]


def rows(scope: Scope, lacks: str = "") -> list[Row]:
    """Places within reach with operating units; `lacks`: only those where that is missing."""
    found = {one.pk: Row(one) for one in queries.places(scope)}
    where: dict[int, int] = {}
    for unit in queries.working(scope).filter(place__in=list(found)):
        row = found[unit.place_id]
        where[unit.pk] = row.place.pk
        row.units += 1
        if unit.mode is None and not unit.sent:
            row.idle.append(unit)
        if unit.mode is None and unit.party_members:
            row.bare.append(unit)
        row.unknown += unit.party_members is None
    covering = Covering.objects.within(scope).filter(held(scope.on), unit__in=list(where))
    for unit_id, pk, name in covering.values_list("unit", "party", "party__name"):
        found[where[unit_id]].parties[pk] = name
    missed, judged = _verdicts(scope, {pk for row in found.values() for pk in row.parties})
    for row in found.values():
        row.weak = sorted((name, missed[pk]) for pk, name in row.parties.items() if missed[pk])
        row.unjudged = sum(pk not in judged for pk in row.parties)
    return [row for row in found.values() if row.units and (not lacks or lacks in row.lacks)]


def _verdicts(scope: Scope, parties: set[int]) -> tuple[dict[int, int], set[int]]:
    """Organisation → hard rules missed this year; and those of which anything is known within reach."""
    told = Verdict.objects.within(scope).filter(organisation__in=parties, year=scope.on.year).order_by()
    judged = set(told.values_list("organisation", flat=True))
    missed = told.filter(status="missed", strength="hard").values_list("organisation").annotate(many=Count("pk"))
    return defaultdict(int, dict(missed)), judged


@action("coverage.export")
def export(*, by: Scope, lacks: str, unit: str) -> bytes:
    """The page as a workbook."""
    found = rows(by, lacks)
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="coverage.export", sentence=f"导出三个“哪里有” {unit} {len(found)} 个片区",
        thing=place or Place(), organisation=place, new={"rows": len(found), "filters": LACKS.get(lacks, "全部")},
    )  # fmt: skip
    table: list[list[sheets.Cell]] = [
        [one.place.name, one.units, "、".join(unit.name for unit in one.idle),
         "、".join(unit.name for unit in one.bare), one.unknown, len(one.parties),
         "、".join(name for name, _ in one.weak), sum(many for _, many in one.weak)]
        for one in found
    ]  # fmt: skip
    about = (
        f"单位：{unit}；范围：{LACKS.get(lacks, '全部')}；截至 {by.on.isoformat()}；没做到的事项按系统结论，不另外计算"
    )
    return sheets.workbook(sheets.Sheet(f"{unit}三个哪里有", about, HEADINGS, table, (16, 8, 40, 40, 14, 14, 40, 14)))
