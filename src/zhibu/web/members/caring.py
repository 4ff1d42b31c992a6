"""困难党员 and members of whom less is demanded. Shown only where a post sees `member.care`; on no public page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members import history
from zhibu.web.members.models import Care, CareHelp, Excused, Member
from zhibu.web.organisations.models import Organisation


@action("members.care")
def note_need(*, by: Scope, member: Member, need: str, on: date, document: str = "") -> Care:
    """A member is in need from a day. Raises Unfit: that need is noted already."""
    here = _reached(by, member, on)
    if Care.objects.unscoped(history.WHY).filter(member=here, need=need, until=None).exists():
        raise Unfit("need", "这类困难已经登记，还没有结束")
    line = Care.objects.create(member=here, need=Care.Need(need), since=on)
    _tell(by, "登记困难党员 1 人", line, here, on, document)
    return line


@action("members.care")
def end_need(*, by: Scope, need: Care, on: date, document: str = "") -> Care:
    line = reached(Care.objects.within(by).select_related("member__organisation"), need.pk)
    _sees(by, line.member)
    if line.until or on < line.since:
        raise Unfit("on", f"从 {line.since} 起的困难{'已经结束' if line.until else '，结束日期不能更早'}")
    line.until = on
    line.save(update_fields=["until"])
    _tell(by, "困难情况结束 1 人", line, line.member, on, document)
    return line


@action("members.care")
def help_(*, by: Scope, member: Member, on: date, what: str, by_name: str, document: str = "") -> CareHelp:
    """What was done for the member on a day."""
    here = _reached(by, member, on)
    line = CareHelp.objects.create(member=here, on=on, what=what, by_name=by_name)
    _tell(by, "帮扶困难党员 1 次", line, here, on, document)
    return line


@action("members.care")
def excuse(*, by: Scope, member: Member, why: str, on: date, until: date | None = None, document: str = "") -> Excused:
    """Meetings and study are not demanded for a time (教育管理工作条例 23, text). Raises Unfit."""
    here = _reached(by, member, on)
    if until and until < on:
        raise Unfit("until", "结束日期不能早于开始日期")
    if Excused.objects.unscoped(history.WHY).filter(member=here, until=None).exists():
        raise Unfit("why", "已登记照顾，没有结束日期；先结束再登记")
    line = Excused.objects.create(member=here, why=Excused.Why(why), since=on, until=until, document=document)
    _frail(here, on)
    _tell(by, "登记参加活动的照顾 1 人", line, here, on, document)
    return line


@action("members.care")
def end_excuse(*, by: Scope, excused: Excused, on: date, document: str = "") -> Excused:
    line = reached(Excused.objects.within(by).select_related("member__organisation"), excused.pk)
    _sees(by, line.member)
    if on < line.since:
        raise Unfit("on", f"{line.since} 才开始，结束日期不能更早")
    line.until = on
    line.save(update_fields=["until"])
    _frail(line.member, on)
    _tell(by, "结束参加活动的照顾 1 人", line, line.member, on, document)
    return line


@dataclass(frozen=True, slots=True)
class Cared:
    """A member with open needs, the last help, and how often in all."""

    member: Member
    needs: tuple[str, ...]
    since: date
    last: CareHelp | None
    times: int


def register(scope: Scope, area: Organisation | None = None) -> list[Cared]:
    """Members in need now, of the places where the post sees it; those helped longest ago first."""
    rows = Care.objects.within(scope).filter(history.of_members(scope.on), until=None)
    rows = rows.select_related("member__organisation").order_by("member__organisation__path", "member", "since")
    needs: dict[int, list[Care]] = {}
    for one in rows:
        place = one.member.organisation.path
        if scope.sees("member.care", place) and (area is None or place.startswith(area.path)):
            needs.setdefault(one.member_id, []).append(one)
    helps: dict[int, list[CareHelp]] = {}
    for one in CareHelp.objects.within(scope).filter(member__in=list(needs)).order_by("on", "pk"):
        helps.setdefault(one.member_id, []).append(one)
    return sorted((_cared(found, helps.get(key, [])) for key, found in needs.items()), key=_helped)


def excused(scope: Scope) -> list[Excused]:
    rows = Excused.objects.within(scope).filter(history.of_members(scope.on))
    rows = rows.select_related("member__organisation").order_by("member__organisation__path", "member__name", "since")
    return [one for one in rows if scope.sees("member.care", one.member.organisation.path)]


def _cared(needs: list[Care], helps: list[CareHelp]) -> Cared:
    words = tuple(one.get_need_display() for one in needs)
    return Cared(needs[0].member, words, needs[0].since, helps[-1] if helps else None, len(helps))


def _helped(one: Cared) -> date:
    return one.last.on if one.last else date.min


def _frail(member: Member, on: date) -> None:
    """The mark the rules read: one of the three reasons of article 23 holds on the day."""
    rows = Excused.objects.unscoped(history.WHY).filter(member=member).exclude(why=Excused.Why.RETIRED)
    member.frail = any(one.since <= on and (one.until is None or one.until > on) for one in rows)
    member.save(update_fields=["frail"])


def _reached(by: Scope, member: Member, on: date) -> Member:
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    _sees(by, here)
    if on > by.on:
        raise Unfit("on", f"{on} 还没有到，填写已经发生的日期")
    return here


def _sees(by: Scope, member: Member) -> None:
    if not by.sees("member.care", member.organisation.path):
        raise NotAllowed("这个身份看不到帮扶情况")


def _tell(by: Scope, sentence: str, thing: Care | CareHelp | Excused, member: Member, on: date, document: str) -> None:
    """Neither who nor what need stands in the log: auditors don't see it either."""
    write(
        by=by, action="members.care", sentence=f"{member.organisation.name} {sentence}", thing=thing,
        organisation=member.organisation, new={"document": document}, happened_on=on,
    )  # fmt: skip
