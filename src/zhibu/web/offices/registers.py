"""The registers of this app: what each shows, in words and rows. One function a register, `(scope, area) → Table`.

Persons stand by organisation, never by a figure: nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.urls import reverse

from zhibu.web.core.scope import Scope
from zhibu.web.offices import queries, terms
from zhibu.web.offices.models import Career, Exchange, Office
from zhibu.web.offices.queries import Seats, inside
from zhibu.web.offices.tables import Row, Table
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.records.models import Record

Area = Organisation | None
SEATS = ("党组织", "职务", "核定", "在任", "姓名", "空缺", "空缺天数", "依据")
YES = {True: "是", False: "否", None: ""}


def short(one: Organisation) -> str:
    return one.short_name or one.name


def page_of(one: Organisation) -> str:
    return reverse("offices-of", args=[one.code])


def offices(scope: Scope, area: Area) -> Table:
    found = queries.seats(scope, area)
    vacant = sum(one.vacant for one in found)
    seats = sum(one.office.seats for one in found)
    return Table(
        "职务台账",
        f"核定 {seats} 名，空缺 {vacant} 名",
        SEATS,
        [_seats(one) for one in found],
        "还没有登记职务。打开一个党组织，从“设立职务”开始；换届结果登记后，职务和任职自动生成",
    )


def vacancies(scope: Scope, area: Area) -> Table:
    every = queries.seats(scope, area)
    found = [one for one in every if one.vacant]
    missing = queries.without_party_office(scope, area, every)
    rows = [_seats(one, late=True) for one in found]
    rows += [
        Row((short(one), "党办主任", 0, 0, "", "没有设立", None, "班子建设标准"), page_of(one), True) for one in missing
    ]
    said = f"{sum(one.vacant for one in found)} 名空缺" + (f"，{len(missing)} 个机关党委没有设党办" if missing else "")
    return Table(
        "空缺职务",
        said,
        SEATS,
        rows,
        "登记过的职务都有人在任",
        ("支部工作条例：支部委员会委员出缺，应当及时补选（条款待核对）。",),
    )


def _seats(one: Seats, *, late: bool = False) -> Row:
    office = one.office
    cells = (
        short(office.organisation),
        office.title,
        office.seats,
        len(one.holders),
        one.names,
        one.vacant or "",
        one.days or None,
        office.document,
    )
    return Row(cells, page_of(office.organisation), late)


def work_committees(scope: Scope, area: Area) -> Table:
    """M008: posts approved, filled and vacant for each work committee."""
    places = inside(Organisation.objects.within(scope), "path", area)
    places = places.filter(kind=Kind.WORK_COMMITTEE, dissolved_on=None).order_by("path")
    seats: dict[int, list[Seats]] = {}
    for one in queries.seats(scope, area):
        seats.setdefault(one.office.organisation_id, []).append(one)
    rows = []
    for place in places:
        mine = seats.get(place.pk, [])
        approved, vacant = sum(one.office.seats for one in mine), sum(one.vacant for one in mine)
        filled = sum(len(one.holders) for one in mine)
        said = "、".join(f"{one.office.title} {one.vacant}" for one in mine if one.vacant)
        cells = (short(place), approved, filled, vacant, said if mine else "还没有登记职务")
        rows.append(Row(cells, page_of(place), not mine or vacant > 0))
    short_of = sum(row.late for row in rows)
    return Table(
        "工委班子配备",
        f"{len(rows)} 个工委，{short_of} 个没有配齐",
        ("工委", "核定", "在任", "空缺", "缺什么"),
        rows,
        "管理范围内没有工委",
    )


def dual(scope: Scope, area: Area) -> Table:
    """M241, M242: secretaries who head the administration too; for schools with the rate."""
    found = [one for one in queries.current(scope, area) if one.office.kind == Office.Kind.SECRETARY]
    schools = [one for one in found if one.office.organisation.sector == Sector.SCHOOL]
    both = sum(bool(one.principal) for one in schools)
    heads = sum(bool(one.head) for one in found)
    rate = f"（{both * 100 / len(schools):.1f}%）" if schools else ""
    rows = [
        Row(
            (
                short(one.office.organisation),
                one.office.organisation.get_sector_display(),
                one.name,
                YES[one.head],
                YES[one.principal] if one.office.organisation.sector == Sector.SCHOOL else None,
                one.starts_on,
            ),
            page_of(one.office.organisation),
        )
        for one in found
    ]
    return Table(
        "兼任情况",
        f"在任书记 {len(found)} 名，{heads} 名兼行政主要负责人；学校 {both}/{len(schools)} 书记、校长一肩挑{rate}",
        ("党组织", "领域", "书记", "兼行政主要负责人", "兼校长", "任职日期"),
        rows,
        "还没有在任的书记。登记任职时写明是否兼任",
        ("学校的分母是登记了在任书记的学校党组织。没有填是否兼任的，按不兼计。",),
    )


def exchanges(scope: Scope, area: Area) -> Table:
    rows = inside(Exchange.objects.within(scope).select_related("organisation"), "organisation__path", area)
    found = list(rows.order_by("organisation__path", "planned_on", "pk"))
    open_ = [one for one in found if one.done_on is None]
    late = sum(one.planned_on < scope.on for one in open_)
    return Table(
        "交流计划",
        f"计划 {len(found)} 人，完成 {len(found) - len(open_)} 人，超过计划日期 {late} 人",
        ("党组织", "姓名", "方向", "去向", "计划日期", "完成日期", "文件"),
        [
            Row(
                (
                    short(one.organisation),
                    one.name,
                    one.get_way_display(),
                    one.to,
                    one.planned_on,
                    one.done_on,
                    one.document,
                ),
                page_of(one.organisation),
                one.done_on is None and one.planned_on < scope.on,
            )
            for one in found
        ],
        "还没有交流计划。打开一个党组织，在“交流计划”里列一个人",
    )


def careers(scope: Scope, area: Area) -> Table:
    rows = inside(Career.objects.within(scope).select_related("organisation"), "organisation__path", area)
    found = list(rows.order_by("organisation__path", "name", "happened_on", "pk"))
    return Table(
        "村干部履历",
        f"{len({(one.organisation_id, one.name) for one in found})} 名村干部，{len(found)} 条",
        ("党组织", "姓名", "类别", "日期", "内容", "文件"),
        [
            Row(
                (short(one.organisation), one.name, one.get_heading_display(), one.happened_on, one.text, one.document),
                page_of(one.organisation),
            )
            for one in found
        ],
        "还没有记过。打开一个村党组织，在“村干部履历”里按选拔、退出、激励、保障四项记",
    )


def inactive(scope: Scope, area: Area) -> Table:
    """M254: organ branches whose secretary hosted nothing this year, as the branch's own records say."""
    year = date(scope.on.year, 1, 1)
    branches = inside(Organisation.objects.within(scope), "path", area)
    branches = branches.filter(sector=Sector.ORGAN, kind__in=(Kind.BRANCH, Kind.JOINT_BRANCH), dissolved_on=None)
    places = list(branches.exclude(secretary_name="").order_by("path"))
    records = Record.objects.within(scope.doing("records.view")).filter(withdrawn_at=None, held_on__gte=year)
    hosted = set(inside(records, "organisation__path", area).order_by().values_list("organisation", "host").distinct())
    found = [one for one in places if (one.pk, one.secretary_name) not in hosted]
    return Table(
        "书记履职提醒",
        f"{len(places)} 个机关支部，{len(found)} 个今年没有书记主持的活动",
        ("党组织", "书记", "任职日期"),
        [Row((short(one), one.secretary_name, one.secretary_since), page_of(one)) for one in found],
        "机关支部的书记今年都主持过活动" if places else "管理范围内没有登记了书记的机关支部",
        ("只看活动记录里的主持人。没有写主持人的也会列在这里，先问清楚再谈话。",),
    )


def term_list(scope: Scope, area: Area) -> Table:
    found = terms.dues(scope, area)
    count = {state: sum(one.state == state for one in found) for state in terms.STATES}
    said = "，".join(f"{word} {count[state]} 个" for state, word in terms.STATES.items() if count[state])
    unknown = terms.unelected(scope, area)
    rows = [
        Row(
            (
                short(one.organisation),
                one.organisation.elected_on,
                one.ends_on,
                terms.STATES[one.state],
                one.until,
                one.reminder.sent_on if one.reminder else None,
                one.term.source if one.term else "登记的届满日期",
            ),
            page_of(one.organisation),
            one.state in ("late", "soon"),
        )
        for one in found
    ]
    notes = ["届满日期由任期规则和本届选举日期算出，和结论是同一个算法；提醒日期来自凭记忆的草案规则，待核对。"]
    if unknown:
        notes.append(f"另有 {unknown} 个党组织没有选举日期，也没有届满日期，补上才能算。")
    if differing := sum(one.differs for one in found):
        notes.append(f"{differing} 个党组织登记的届满日期和规则算出的不同，这里按规则。")
    return Table(
        "届期",
        said or "没有要换届的",
        ("党组织", "本届选举", "届满", "情况", "延期到", "提醒", "依据"),
        rows,
        "没有算得出届期的党组织。先发布任期规则，再导入党组织台账或登记换届结果",
        tuple(notes),
    )


REGISTERS: dict[str, Callable[[Scope, Area], Table]] = {
    "offices": offices,
    "vacancies": vacancies,
    "work-committees": work_committees,
    "dual": dual,
    "exchanges": exchanges,
    "careers": careers,
    "inactive": inactive,
    "terms": term_list,
}
