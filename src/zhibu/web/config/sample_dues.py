"""Dues and funds of the sample county: the secretary's branch and some around it, up to last month. Made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from zhibu.web.access.queries import system_scope
from zhibu.web.accounts.models import User
from zhibu.web.core.scope import Scope
from zhibu.web.dues import actions, queries
from zhibu.web.dues.models import Base, HandIn
from zhibu.web.funds.models import Budget, ConditionItem, ConditionValue, Fund, Income, Premises, Rate, Spend
from zhibu.web.members.models import Member
from zhibu.web.organisations import lifecycle
from zhibu.web.organisations.models import Kind, Organisation, Sector
from zhibu.web.records.models import Record
from zhibu.web.regulations import dues

WHY = "making the sample county"
BASES = (("monthly", "4200"), ("monthly", "5600"), ("retired", "3800"), ("farmer", "1"), ("farmer", "0.5"))
OF_JOBS = {"retired": ("retired", "3900"), "student": ("student", None), "unemployed": ("unemployed", None)}


def fill(today: date) -> None:
    secretary = User.objects.get(username="secretary")
    own = Organisation.objects.unscoped(WHY).get(posts__user=secretary, posts__role="secretary")
    around = Organisation.objects.unscoped(WHY).filter(
        kind=Kind.BRANCH, path__startswith=own.path[:-4], dissolved_on=None
    )
    for branch in [own, *around.exclude(pk=own.pk).order_by("path")[:4]]:
        _dues(branch, own, replace(system_scope(), user_id=secretary.pk), today)
    _funds(today)
    _conditions(today)


def _dues(branch: Organisation, own: Organisation, by: Scope, today: date) -> None:
    """Bases from January, payments up to last month (a few late ones left out), a hand-in of the first half, which the
    superior has counted except that of the own branch."""
    members = list(Member.objects.unscoped(WHY).filter(organisation=branch, left_on=None).order_by("pk"))
    january, months = date(today.year, 1, 1), list(dues.months(date(today.year, 1, 1), today))
    told = [(one, OF_JOBS.get(one.employment, BASES[at % len(BASES)])) for at, one in enumerate(members)]
    rows = [Base(member=one, since=january, kind=kind, amount=sum_) for one, (kind, sum_) in told]
    Base.objects.bulk_create(rows)
    for month in months[:-1]:
        waiting = [one.member.pk for one in queries.listing(by, branch, month).open]
        late = 1 if month >= months[max(0, len(months) - 4)] else 0
        paid = {pk: [month] for pk in waiting[: len(waiting) - late]}
        if paid:
            actions.collect(by=by, branch=branch, due=paid, paid_on=_paid_on(branch, month))
        if month.month == 6:
            sum_ = sum((one.amount for one in queries.to_hand_in(by, branch)), queries.NOTHING)
            actions.hand_in(
                by=by, branch=branch, handed_on=month.replace(day=30), amount=sum_, voucher=f"示-{branch.code}"
            )
    waits = HandIn.objects.unscoped(WHY).filter(organisation=branch, state=HandIn.State.SENT)
    if branch != own and (sent := waits.first()):
        actions.receive(by=by, hand_in=sent, on=today, received=sent.amount, receipt=f"示收-{branch.code}")
    if members:
        actions.use(
            by=by, organisation=branch, used_on=today, purpose="reading", amount=Decimal(60), what="订阅学习读物 2 份",
            decided_on=today, decided_by="支部委员会会议",
        )  # fmt: skip
        actions.ask(
            by=by, member=members[0], since=today, until=date(today.year + 1, 6, 30), amount=Decimal(0),
            reason="患病，家庭困难", studied_on=today,
        )  # fmt: skip


def _paid_on(branch: Organisation, month: date) -> date:
    """On the branch's 主题党日 of the month, where it had one."""
    rows = Record.objects.unscoped(WHY).filter(organisation=branch, withdrawn_at=None).order_by("held_on")
    held = rows.filter(held_on__year=month.year, held_on__month=month.month).only("held_on", "types")
    return next((one.held_on for one in held if "theme_day" in one.types), month.replace(day=6))


def _conditions(today: date) -> None:
    """Three communities of the first town, and two made-up items at the county; the last has a value of one alone."""
    places = Organisation.objects.unscoped(WHY).filter(dissolved_on=None)
    county = places.get(depth=1)
    paper = "（示例）县委组织部文件，不是真实标准"
    told = (("社区干部月报酬", "元", 3000, 60), ("办公和活动用房", "平方米", 300, 40))
    items = [
        ConditionItem(
            organisation=county, name=name, measure=measure, standard=standard, weight=weight, document=paper,
            state=ConditionItem.State.ACTIVE,
        )
        for name, measure, standard, weight in told
    ]  # fmt: skip
    ConditionItem.objects.bulk_create(items)
    town = places.filter(sector=Sector.TOWNSHIP, kind=Kind.COMMITTEE).order_by("path")[0]
    communities = [
        lifecycle.set_up(
            by=system_scope(), superior=town, name=f"{word}社区党支部", kind=Kind.BRANCH, sector=Sector.COMMUNITY,
            on=today.replace(day=1), document=f"县委组〔{today.year}〕9 号",
        )
        for word in ("新华", "河西", "站前")
    ]  # fmt: skip
    ConditionValue.objects.bulk_create(
        ConditionValue(
            organisation=one, item=item, as_of=today.replace(day=1), value=item.standard * (8 + 3 * at) // 10,
            source="示例数字",
        )
        for at, one in enumerate(communities)
        for item in (items if at < 2 else items[:1])
    )  # fmt: skip


def _funds(today: date) -> None:
    places = Organisation.objects.unscoped(WHY).filter(dissolved_on=None)
    county = places.get(depth=1)
    basis = "（示例）县委文件"
    Rate.objects.bulk_create(
        Rate(organisation=county, kind=kind, year=today.year - 1, permille=5, basis=basis)
        for kind in ("enterprise", "organ")
    )
    firms = list(places.filter(sector__in=(Sector.NPE, Sector.SOE)).order_by("path")[:6])
    organs = list(places.filter(sector=Sector.ORGAN, kind__in=(Kind.BRANCH, Kind.GENERAL_BRANCH)).order_by("path")[:6])
    villages = list(places.filter(sector=Sector.VILLAGE, kind=Kind.BRANCH).order_by("path")[:8])
    funds = [
        Fund(organisation=one, kind="enterprise", year=today.year, wages=900_000 + 150_000 * at, amount=4500 + 500 * at)
        for at, one in enumerate(firms)
    ] + [
        Fund(
            organisation=one,
            kind="organ",
            year=today.year,
            wages=1_200_000,
            amount=6000,
            arrived_on=date(today.year, 1, 5) if at % 3 else None,
        )
        for at, one in enumerate(organs)
    ]
    Fund.objects.bulk_create(funds)
    Budget.objects.bulk_create(
        Budget(
            organisation=one, year=year, line="党建活动经费", amount=5000 + 400 * (year - today.year), basis="年度预算"
        )
        for one in [*organs, *villages[:5]]
        for year in (today.year - 1, today.year)
    )
    Spend.objects.bulk_create(
        Spend(organisation=one, spent_on=today, purpose=purpose, amount=amount, what=what)
        for one in [*organs, *villages]
        for purpose, amount, what in (("study", 800, "购买学习资料"), ("activity", 500, "主题党日"))
    )
    Income.objects.bulk_create(
        Income(
            organisation=one, year=year, source="collective", amount=120_000 + 9_000 * at + 6_000 * (year - today.year)
        )
        for at, one in enumerate(villages)
        for year in (today.year - 1, today.year)
    )
    Premises.objects.bulk_create(
        Premises(
            organisation=one,
            kind=kind,
            where=f"{one.short_name or one.name}{where}",
            area=area,
            state=state,
            since=date(today.year - 3, 7, 1),
        )
        for at, one in enumerate([*villages, *firms[:3]])
        for kind, where, area, state in (
            ("room", "活动室", 60 + 5 * at, "in_use"),
            ("centre", "综合服务中心", 300, "in_use" if at % 3 else "building"),
        )
        if kind == "room" or one in villages
    )
