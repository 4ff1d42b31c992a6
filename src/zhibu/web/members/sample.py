"""A little of everything for the sample county: synthetic, and by the actions an office would use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zhibu.web.access.models import Post, Role
from zhibu.web.core.scope import Scope
from zhibu.web.members import away, caring, checks, leaders, life, papers, quotas, roles, standards, transfers
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation

WHY = "making the sample county"


def fill(by: Scope, town: Organisation, branch: Organisation, today: date) -> None:
    """Registers of one town, most of it in one branch; `by` is the system."""
    members = Member.objects.unscoped(WHY).filter(left_on=None, kind="full")
    here = list(members.filter(organisation=branch).order_by("pk")[:6])
    there = members.filter(organisation__path__startswith=town.path).exclude(organisation=branch).order_by("pk").first()
    if len(here) < 6 or there is None:
        return
    ago = {days: today - timedelta(days=days) for days in (3, 12, 20, 40, 90, 240)}
    for number, (member, place) in enumerate(zip(here[:2], ("邻省某市", "省城"), strict=True)):
        away.go(by=by, member=member, on=ago[240], place=place, contact=branch.secretary_name or "支部书记")
        if number:
            away.note_contact(by=by, member=member, on=ago[12], how="phone", by_name="支部书记")
    caring.note_need(by=by, member=here[2], need="living", on=ago[240])
    caring.help_(by=by, member=here[2], on=ago[40], what="送去米面油，帮助申请救助", by_name="支部书记")
    caring.excuse(by=by, member=here[3], why="old", on=ago[240])
    papers.check(by=by, member=here[4], papers=["application", "probation"], place="镇党委组织办", on=ago[40])
    papers.check(by=by, member=here[5], papers=["application"], place="镇党委组织办", on=ago[40])
    roles.note(by=by, member=here[4], kind="badge", what="便民服务窗口", on=ago[240])
    roles.note(by=by, member=here[5], kind="commitment", what="每周清扫一次门前道路", on=ago[90])
    if there.joined_on < ago[20] and (there.arrived_on is None or there.arrived_on <= ago[20]):
        transfers.send(by=by, member=there, to=branch, on=ago[20], letter=f"介〔{today.year}〕12 号")
    life.change_work(by=by, member=here[3], employment=_other(here[3]), on=ago[90])
    checks.open_(by=by, organisation=town, title=f"{today.year} 年组织关系集中排查", on=ago[3],
                 due_on=today + timedelta(days=27), document="镇党委通知（示例）")  # fmt: skip
    text = "带头学习，按时参加组织生活\n带头致富，帮一户邻里\n带头守约，不占道、不乱倒"
    standards.write_version(by=by, organisation=town, kind="standard", title="农村党员具体标准（示例）", text=text,
                            on=ago[240], basis="镇党委会议（示例）")  # fmt: skip
    for measure in ("schooled", "young"):
        quotas.set_(by=by, organisation=town, year=today.year, measure=measure, percent=Decimal(50), rural=True,
                    basis="县委组织部通知（示例）", on=today)  # fmt: skip
    _leader(by, town, today)


def _leader(by: Scope, town: Organisation, today: date) -> None:
    """An item, and a leader who is a member of one of the county's organs."""
    county = Organisation.objects.within(by).get(depth=1)
    leaders.set_(by=by, organisation=county, year=today.year, event="theme_day", members=6, leaders=10,
                 basis="县委文件（示例）")  # fmt: skip
    post = Post.objects.within(by).filter(role=Role.LEADER).order_by("pk").first()
    organs = Member.objects.unscoped(WHY).filter(organisation__sector="organ", left_on=None, user=None)
    if post and (one := organs.exclude(organisation__path__startswith=town.path).order_by("pk").first()):
        one.user = post.user
        one.save(update_fields=["user"])


def _other(member: Member) -> str:
    return "farmer" if member.employment == "retired" else "retired"
