"""Steps of a member's life but for transfers (`transfers.py`) and leaving (`actions.leave`). Procedures call these when
an organ has decided; here nothing is decided."""

from __future__ import annotations

import re
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import announce
from zhibu.web.core.scope import Scope
from zhibu.web.core.sealed import digests
from zhibu.web.members import history, numbers
from zhibu.web.members.identity import BadNumber, Identity, known, months_later
from zhibu.web.members.models import Employment, Member, MemberChange, MemberKind
from zhibu.web.organisations.models import BRANCH_KINDS, Kind, Organisation

What = MemberChange.What
YEAR, EXTENSION_LEAST, EXTENSION_MOST = 12, 6, 12  # months: 发展党员工作细则 32 (FZ-23, FZ-24, text)
PLACES = (*BRANCH_KINDS, Kind.GENERAL_BRANCH)


@action("members.admit")
def admit(
    *, by: Scope, organisation: Organisation, name: str, id_number: str, on: date, document: str = "",
    education: str = "", employment: str = "", phone: str = "",
) -> Member:  # fmt: skip
    """A probationary member from the day of the general meeting that admitted (教育管理工作条例 24). Raises Unfit."""
    place, identity = _place(by, organisation), _identity(id_number)
    _not_taken(identity.number)
    member = _new(place, name, identity, on, MemberKind.PROBATIONARY, joined_on=on, education=education,
                  employment=employment, phone=phone)  # fmt: skip
    history.check_day(member, on)
    history.noted(member, What.ADMITTED, on, document)
    _tell(by, "members.admit", f"{place.name} 接收预备党员 1 人", member, on, document)
    return member


@action("members.admit")
def arrive(
    *, by: Scope, organisation: Organisation, name: str, id_number: str, kind: str, joined_on: date, on: date,
    full_on: date | None = None, origin: str, document: str = "", education: str = "", employment: str = "",
    phone: str = "",
) -> Member:  # fmt: skip
    """A member comes from an organisation outside. Who was here before gets the old row again. Raises Unfit."""
    place, identity = _place(by, organisation), _identity(id_number)
    if kind == MemberKind.FULL and full_on is None:
        raise Unfit("full_on", "正式党员要填写转正日期")
    if on < joined_on or (full_on and not joined_on <= full_on <= on):
        raise Unfit("joined_on", "日期顺序应为：加入日期、转正日期、转入日期")
    member = _again(identity.number, name, place, on)
    if member is None:
        member = _new(place, name, identity, on, MemberKind(kind), joined_on=joined_on, full_on=full_on,
                      education=education, employment=employment, phone=phone)  # fmt: skip
        history.noted(member, What.ARRIVED, on, document)
    history.check_day(member, on)
    _tell(by, "members.admit", f"从 {origin} 转入 {place.name} 1 人", member, on, document)
    return member


@action("members.admit")
def make_full(*, by: Scope, member: Member, on: date, document: str = "") -> Member:
    """A probationary member becomes a full one. Raises Unfit: is one already, or the year is not over (FZ-23)."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    _probationary(here)
    history.check_day(here, on)
    if on < (first := months_later(here.joined_on, YEAR)):
        raise Unfit("on", f"预备期为一年，{first} 以后才能转正（发展党员工作细则）")
    history.change(here, What.FULL, on, document, kind=MemberKind.FULL, full_on=on)
    _tell(by, "members.admit", f"{here.organisation.name} 预备党员转正 1 人", here, on, document)
    return here


@action("members.admit")
def extend_probation(*, by: Scope, member: Member, until: date, on: date, document: str = "") -> Member:
    """Once, by half a year at least and a year at most (FZ-24, text). Raises Unfit."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    _probationary(here)
    history.check_day(here, on)
    if here.probation_until:
        raise Unfit("until", f"预备期已经延长到 {here.probation_until}，只能延长一次（发展党员工作细则）")
    ends = months_later(here.joined_on, YEAR)
    least, most = months_later(ends, EXTENSION_LEAST), months_later(ends, EXTENSION_MOST)
    if not least <= until <= most:
        raise Unfit("until", f"延长不能少于半年，最长不超过一年：填 {least} 到 {most} 之间的日期（发展党员工作细则）")
    history.noted(here, What.EXTENDED, on, document)
    here.probation_until = until
    here.save(update_fields=["probation_until"])
    _tell(by, "members.admit", f"{here.organisation.name} 延长预备期 1 人", here, on, document)
    return here


@action("members.change")
def change_work(*, by: Scope, member: Member, employment: str, on: date, document: str = "") -> Member:
    """Another kind of work from a day on (retired, say). Raises Unfit."""
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    history.check_day(here, on)
    if employment not in Employment.values or employment == here.employment:
        raise Unfit("employment", "选一个和现在不同的工作岗位")
    history.change(here, What.WORK, on, document, employment=employment)
    _tell(by, "members.change", f"{here.organisation.name} 党员工作岗位变动 1 人", here, on, document)
    return here


def probation_ends(member: Member) -> date | None:
    """The day from which a probationary member may become a full one."""
    if member.kind != MemberKind.PROBATIONARY:
        return None
    return member.probation_until or months_later(member.joined_on, YEAR)


def _place(by: Scope, organisation: Organisation) -> Organisation:
    place = reached(Organisation.objects.within(by), organisation.pk)
    if place.kind not in PLACES or place.dissolved_on:
        raise Unfit("organisation", f"{place.name} 不能编入党员，选一个党支部")
    return place


def _identity(number: str) -> Identity:
    word = numbers.tidy(number)
    if not re.fullmatch(r"\d{17}[\dX]", word):
        raise Unfit("id_number", "填写 18 位公民身份号码，末位可以是 X")
    try:
        return known(word)
    except BadNumber as error:
        raise Unfit("id_number", f"身份号码{error}") from None


def _same(number: str) -> Member | None:
    rows = Member.objects.everything("one identity number, one member").select_related("organisation")
    return rows.filter(id_digest__in=digests(Member, "id_number", number)).first()


def _not_taken(number: str) -> None:
    if _same(number):
        raise Unfit("id_number", "这个身份号码已登记在名册里。在册的用“转接组织关系”，离开过的用“从外系统转入”")


def _again(number: str, name: str, place: Organisation, on: date) -> Member | None:
    """The row of somebody who left and comes back: the gap stays a gap."""
    if (old := _same(number)) is None:
        return None
    shown = Member.objects.unscoped("whether the row may be used").filter(pk=old.pk).exists()
    if old.left_on is None or not shown or old.name != name:
        raise Unfit("id_number", "这个身份号码已登记在另一条名册记录里，请上级党委核对")
    if on <= old.left_on:
        raise Unfit("on", f"{old.left_on} 才离开名册，转入日期应在这以后")
    MemberChange.objects.create(
        member=old, organisation=old.organisation, what=What.ARRIVED, on=on, kind=old.kind, employment=old.employment,
        since=history.since(old), until=old.left_on,
    )  # fmt: skip
    old.organisation, old.arrived_on, old.left_on, old.left_kind = place, on, None, ""
    old.save(update_fields=["organisation", "arrived_on", "left_on", "left_kind"])
    return old


def _new(place: Organisation, name: str, identity: Identity, on: date, kind: MemberKind, **more: object) -> Member:
    member = Member(
        organisation=place, name=name, id_number=identity.number, born_on=identity.born_on, sex=identity.sex, kind=kind,
        arrived_on=on, **more,
    )  # fmt: skip
    member.save()
    return member


def _probationary(member: Member) -> None:
    if member.kind != MemberKind.PROBATIONARY:
        raise Unfit("on", f"{member.name} 已是正式党员")


def _tell(by: Scope, name: str, sentence: str, member: Member, on: date, document: str) -> None:
    write(
        by=by, action=name, sentence=sentence, thing=member, organisation=member.organisation,
        new={"kind": member.kind, "document": document}, happened_on=on,
    )  # fmt: skip
    announce.facts_changed({member.organisation_id})
