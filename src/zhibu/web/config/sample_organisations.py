"""The sample county's organisations have a little history, profiles, chains, a hosted office, units and groups."""

from __future__ import annotations

from datetime import date

from zhibu.web.access.queries import system_scope
from zhibu.web.bodies.actions import describe, keep_office, keep_subunit
from zhibu.web.bodies.groups import keep_group, roster
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import lifecycle
from zhibu.web.organisations.models import Kind, Organisation

WHY = "making the sample county"
CHAINS = (("企业启动", "名称核准"), ("企业启动", "执照办理"), ("项目建设", "规划许可"), ("项目建设", "施工许可"))
UNITS = ("农业技术推广站", "水利管理站", "文化站", "林业站", "畜牧兽医站")


def furnish(today: date) -> None:
    by, places = system_scope(), Organisation.objects.unscoped(WHY)
    county = places.get(depth=1)
    towns = list(places.filter(kind=Kind.COMMITTEE, depth=2, numchild__gt=3).order_by("path")[:2])
    branches = list(places.filter(kind=Kind.BRANCH, sector="village").order_by("path")[:4])
    if len(towns) == 2 and len(branches) == 4:
        _history(by, towns, branches, today)
        _units(by, county, towns[0], branches)
    _profiles(by, branches)
    for one in branches[:2]:
        _groups(by, one)


def _history(by: Scope, towns: list[Organisation], branches: list[Organisation], today: date) -> None:
    """Last year a branch was set up and renamed, and went over to the neighbouring town this year."""
    last, this = date(today.year - 1, 5, 10), date(today.year, 1, 15)
    new = lifecycle.set_up(
        by=by, superior=towns[0], name="物流园联合党支部", kind=Kind.JOINT_BRANCH, sector="npe", on=last,
        document=f"县委组〔{last.year}〕12 号",
    )  # fmt: skip
    document = f"县委组〔{last.year}〕31 号"
    day = date(last.year, 9, 1)
    lifecycle.rename(by=by, organisation=new, name="临港物流园联合党支部", on=day, document=document)
    if this <= today:
        document = f"县委组〔{this.year}〕2 号"
        lifecycle.move(by=by, organisation=new, to=towns[1], on=this, document=document)


def _units(by: Scope, county: Organisation, town: Organisation, branches: list[Organisation]) -> None:
    for number, name in enumerate(UNITS):
        covering = branches[number] if number < 3 else None
        mode = "attached" if covering else ""
        keep_subunit(by=by, organisation=town, name=name, covered_by=covering, mode=mode)
    keep_office(
        by=by, organisation=county, name="非公企业和社会组织党工委办公室", host="市场监管局", needed=5, filled=3,
        rules="例会制度", starts_on=date(2024, 3, 1), ends_on=None, document="县委办〔2024〕8 号",
    )  # fmt: skip


def _profiles(by: Scope, branches: list[Organisation]) -> None:
    for number, (one, link) in enumerate(zip(branches, CHAINS, strict=False)):
        describe(
            by=by, organisation=one, population=1200 + 130 * number, tasks="粮食和蔬菜种植\n合作社经营",
            projects="村级冷库", problems="青年党员少，在外务工的多", links=[link],
        )  # fmt: skip


def _groups(by: Scope, branch: Organisation) -> None:
    people = roster(by, branch)
    half = len(people) // 2
    for name, part in (("第一党小组", people[:half]), ("第二党小组", people[half:])):
        if part:
            keep_group(by=by, branch=branch, name=name, leader=part[0], members=part[1:])
