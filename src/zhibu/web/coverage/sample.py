"""Made-up units of the sample county: places with a park, stations, enterprises and societies, people sent, visits.

Written in bulk, as an import is; one line of the log tells of all.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from zhibu.web.audit.actions import action, write
from zhibu.web.core.scope import Scope
from zhibu.web.coverage.models import (
    Assignment,
    Benchmark,
    Covering,
    Goal,
    GoalActivity,
    Mode,
    ParkDuty,
    ParkWeight,
    Place,
    Responsibility,
    Station,
    Support,
    Unit,
    UnitKind,
    Visit,
)
from zhibu.web.organisations.models import BRANCH_KINDS, Kind, Organisation, Sector
from zhibu.web.records.models import Record

WHY = "making the sample county"
GOALS = (
    ("三季度投产二号线", "日产 5 吨"), ("全年订单交付率", "不低于 98%"), ("技改节电", "单耗下降 5%"),
)  # fmt: skip
TRADES = ("建材", "食品加工", "机械制造", "餐饮", "物流", "商贸", "电子", "服装")
SOCIETIES = ("餐饮行业协会", "物流协会", "志愿者协会", "养老服务中心", "老年书画学会", "民办幼儿园", "个体私营企业协会")
HELP = (
    ("协调水电接入", ""),
    ("", "指导建立三会一课制度"),
    ("对接惠企政策", "帮助培养入党积极分子"),
)  # of the two duties
MAYBE = (True, False, None)
HEADS = ("恒通", "宏达", "新源", "金穗", "瑞丰", "永兴", "远航", "百汇", "三江", "青松", "润泽", "众诚")


@action("coverage.keep")
def furnish(*, by: Scope, county: Organisation, seed: int, today: date) -> int:
    """The units of a county without any; returns how many."""
    dice = random.Random(f"{county.code}/{seed}")  # noqa: S311 (reproducible, not secret)
    places = _places(by, county)
    units = _units(by, places, dice, today)
    _people(units, dice, today)
    _figures(county, today)
    _goals(by, today)
    _park(places[-1], today)
    write(
        by=by, action="coverage.keep", sentence=f"登记示例单位 {len(units)} 个", thing=units[0] if units else None,
        organisation=county, new={"rows": len(units)},
    )  # fmt: skip
    return len(units)


def _places(by: Scope, county: Organisation) -> list[Place]:
    """The first towns, in a row one beside the next, and a park beside the first; half of them with a station."""
    here = Organisation.objects.within(by).filter(dissolved_on=None)
    towns = list(here.filter(kind=Kind.COMMITTEE, sector=Sector.TOWNSHIP).order_by("path")[:4])
    works = here.filter(kind=Kind.WORK_COMMITTEE, sector=Sector.NPE).order_by("path").first() or county
    opened = date(2024, 5, 8)
    named = [(works, "工业园区党建工作站"), *((one, f"{_short(one)}党建工作站") for one in towns[:2])]
    stations = [Station(organisation=one, name=name, opened_on=opened) for one, name in named]
    Station.objects.bulk_create(stations)
    served = {one.organisation_id: one for one in stations}
    found = [Place(organisation=one, name=_short(one), station=served.get(one.pk)) for one in towns]
    found.append(Place(organisation=works, name="工业园区", park=True, station=served[works.pk]))
    Place.objects.bulk_create(found)
    for one, following in zip(found[-1:] + found, found[:-1], strict=False):
        one.neighbours.add(following)
    return found


def _short(committee: Organisation) -> str:
    name = committee.short_name or committee.name
    return name[name.find("县") + 1 :].removesuffix("委员会") if name.startswith("中共") else name


def _units(by: Scope, places: list[Place], dice: random.Random, today: date) -> list[Unit]:
    units = []
    for number in range(60):
        place, society = places[number % len(places)], number % 4 == 3
        trade, head = dice.choice(TRADES), HEADS[number % len(HEADS)]
        name = f"{place.name}{head}{dice.choice(SOCIETIES)}" if society else f"{head}{trade}有限公司（{place.name}）"
        members = dice.choice((0, 0, 1, 1, 2, 2, 3, 4, 5, 9))
        units.append(
            Unit(
                organisation_id=place.organisation_id, name=name, trade="社会服务" if society else trade, place=place,
                kind=UnitKind.SOCIAL_ORG if society else UnitKind.NPE, employees=dice.randrange(4, 260),
                party_members=members, full_members=max(0, members - dice.randrange(2)),
                above_scale=not society and dice.random() < 0.2, operating=dice.random() < 0.95,
                founded_on=date(dice.randrange(2001, 2024), dice.randrange(1, 13), 6),
                union=dice.choice(MAYBE), youth=dice.choice(MAYBE), women=dice.choice(MAYBE),
                not_ripe="党员不足三名" if members in (1, 2) and dice.random() < 0.3 else "",
            )
        )  # fmt: skip
    unique = list({unit.name: unit for unit in units}.values())
    Unit.objects.bulk_create(unique)
    answered = [one for number, one in enumerate(unique) if number % 13]
    since = date(today.year - 1, 1, 4)
    Responsibility.objects.bulk_create(
        [
            Responsibility(unit=one, committee_id=one.organisation_id, starts_on=since, document="示例")
            for one in answered
        ]
    )
    _cover(by, unique, dice, since)
    return unique


def _cover(by: Scope, units: list[Unit], dice: random.Random, since: date) -> None:
    """Most with three members or more have an organisation; one of a village covers a unit of the park."""
    here = Organisation.objects.within(by).filter(kind__in=BRANCH_KINDS, dissolved_on=None).order_by("path")
    firms, villages = list(here.filter(sector=Sector.NPE)), list(here.filter(sector=Sector.VILLAGE)[:3])
    rows = []
    for unit in units:
        if not firms or dice.random() > (0.75 if (unit.party_members or 0) >= 3 else 0.25):
            continue
        astray = unit.place.park and villages and dice.random() < 0.3
        mode = Mode.ATTACHED if astray else dice.choice((Mode.OWN, Mode.OWN, Mode.JOINT, Mode.SENT))
        party = dice.choice(villages if astray else firms)
        rows.append(Covering(unit=unit, party=party, mode=mode, starts_on=since, document="示例"))
        if mode == Mode.OWN and dice.random() < 0.7:
            unit.premises, unit.premises_on, unit.school = "厂区办公楼一楼", since, bool(unit.above_scale)
    Covering.objects.bulk_create(rows)
    Unit.objects.unscoped(WHY).bulk_update(units, ["premises", "premises_on", "school"])


def _people(units: list[Unit], dice: random.Random, today: date) -> None:
    names = ("赵志远", "钱明", "孙玉兰", "李国栋", "周晓燕")
    since = date(today.year, 1, 8)
    sent = [
        Assignment(
            unit=unit,
            kind=dice.choice(Assignment.Kind.values),
            name=dice.choice(names),
            starts_on=since,
            document="示例",
        )
        for unit in units
        if dice.random() < 0.6
    ]
    Assignment.objects.bulk_create(sent)
    visits = []
    for one in sent:
        for _ in range(dice.randrange(4)):
            day = since + timedelta(days=dice.randrange(max(1, (today - since).days)))
            help_ = dice.choice(HELP)
            visits.append(
                Visit(
                    unit=one.unit,
                    assignment=one,
                    visited_on=day,
                    recorded_on=day,
                    government=help_[0],
                    building=help_[1],
                )
            )
    Visit.objects.bulk_create(visits)
    Support.objects.bulk_create(
        [Support(unit=one, item="premises", given_on=since, note="腾出一间办公室作活动室") for one in units[::9]]
    )


def _goals(by: Scope, today: date) -> None:
    """Goals of the first enterprises' organisations; the first has its activities since, and one is done."""
    rows = (
        Covering.objects.within(by).filter(mode=Mode.OWN).select_related("party", "unit").order_by("party__path", "pk")
    )
    found = {one.party_id: one for one in rows}
    made = [
        Goal(
            organisation=one.party, unit=one.unit, title=title, measure=measure, starts_on=date(today.year, 1, 10),
            due_on=date(today.year, 12, 20),
        )
        for one, (title, measure) in zip(found.values(), GOALS, strict=False)
    ]  # fmt: skip
    if made:
        made[-1].closed_on, made[-1].result = today, "9 月完成，比计划早 10 天"
    Goal.objects.bulk_create(made)
    served = Record.objects.within(by).filter(organisation__in=[one.organisation_id for one in made])
    served = served.filter(held_on__gte=date(today.year, 1, 10), withdrawn_at=None).order_by("held_on", "pk")
    of = {one.organisation_id: one for one in made}
    GoalActivity.objects.bulk_create(
        [GoalActivity(goal=of[one.organisation_id], record=one, effect="党员带班赶进度") for one in served[:6]]
    )


def _park(park: Place, today: date) -> None:
    ParkWeight.objects.create(place=park, year=today.year, percent=Decimal(20), document="示例数字，不是真实文件")
    ParkDuty.objects.bulk_create(
        [
            ParkDuty(place=park, name=name, post=post, duty=duty, starts_on=date(today.year, 1, 8))
            for name, post, duty in (
                ("吴志强", "党工委副书记", "牵头园区党建，联系规模以上企业"),
                ("郑丽", "招商科长", "新落户企业的党员摸底和组建"),
                ("冯涛", "综合科科员", "党建指导员走访登记"),
            )
        ]
    )


def _figures(county: Organisation, today: date) -> None:
    Benchmark.objects.bulk_create(
        [
            Benchmark(
                organisation=county, kind=kind, measure=measure, as_of=date(today.year, 1, 1), percent=Decimal(percent),
                source="示例数字，不是真实通报",
            )
            for kind, measure, percent in (
                ("npe", "organisation", "45"), ("npe", "work", "80"), ("social_org", "organisation", "40"),
                ("social_org", "work", "75"),
            )
        ]
    )  # fmt: skip
