"""后备人选: who is on the register, and for each village how many there should be for every office (M250, M251).

The sources say 1:2 and 2:1; which way the second is meant is not sure. So the number is "reserves for one office",
decided by the committee; until then nothing is checked.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from math import ceil

from zhibu.web.core.scope import Scope
from zhibu.web.offices import queries
from zhibu.web.offices.models import Office, Reserve, Standard
from zhibu.web.offices.queries import inside
from zhibu.web.offices.registers import Area, page_of, short
from zhibu.web.offices.standards import standards
from zhibu.web.offices.tables import Row, Table
from zhibu.web.organisations.models import BRANCH_KINDS, Kind, Organisation, Sector

UNSET = "没有规定"
KEYS = {Reserve.Post.SECRETARY: Standard.Key.RESERVE_SECRETARY, Reserve.Post.CADRE: Standard.Key.RESERVE_CADRE}


def reserves(scope: Scope, area: Area) -> Table:
    rows = inside(Reserve.objects.within(scope).filter(ends_on=None), "organisation__path", area)
    found = list(rows.select_related("organisation").order_by("organisation__path", "post", "pk"))
    return Table(
        "后备人选",
        f"在册 {len(found)} 人",
        ("党组织", "姓名", "培养方向", "来源", "列入日期", "培养情况"),
        [
            Row(
                (
                    short(one.organisation),
                    one.name,
                    one.get_post_display(),
                    one.get_source_display(),
                    one.starts_on,
                    one.training,
                ),
                page_of(one.organisation),
            )
            for one in found
        ],
        "后备名单是空的。打开一个村党组织，在“后备人选”里列人",
    )


def ratio(scope: Scope, area: Area) -> Table:
    """Each village's offices, what the standard asks, and how many there are."""
    decided = {post: standards(key) for post, key in KEYS.items()}
    villages = inside(Organisation.objects.within(scope), "path", area).filter(
        sector=Sector.VILLAGE, kind__in=(*BRANCH_KINDS, Kind.GENERAL_BRANCH, Kind.COMMITTEE), dissolved_on=None
    )
    there = Counter(Reserve.objects.within(scope).filter(ends_on=None).values_list("organisation", "post"))
    seats: Counter[tuple[int, str]] = Counter()
    for one in queries.seats(scope.doing("offices.view"), area):
        post = Reserve.Post.SECRETARY if one.office.kind == Office.Kind.SECRETARY else Reserve.Post.CADRE
        seats[one.office.organisation_id, post] += one.office.seats
    rows = []
    for place in villages.order_by("path"):
        for post in Reserve.Post:
            standard = decided[post].get_nearest(place.path)
            count, number = seats[place.pk, post], there[place.pk, post]
            needed = _needed(count, standard.value) if standard and count else None
            said = _said(standard, count, number, needed)
            rows.append(
                Row((short(place), post.label, count, needed, number, said), page_of(place), said.startswith("差"))
            )
    lacking = sum(row.late for row in rows)
    said = f"{lacking} 处不够" if any(row.cells[-1] != UNSET for row in rows) else "没有规定比例，不检查"
    return Table(
        "后备比例",
        said,
        ("党组织", "培养方向", "职数", "应有后备", "现有后备", "情况"),
        rows,
        "管理范围内没有村党组织",
        ("比例写成“每名职务培养几人”，在“班子建设标准”里规定；“2:1”的说法有两种读法，按哪一种由党委定。",),
    )


def _needed(count: int, each: Decimal) -> int:
    """Rounded up: half a person is none."""
    return ceil(count * each)


def _said(standard: Standard | None, count: int, number: int, needed: int | None) -> str:
    if standard is None:
        return UNSET
    if needed is None:
        return "没有登记职务"
    return "够" if number >= needed else f"差 {needed - number} 人"
