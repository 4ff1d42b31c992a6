"""党员发挥作用 (M267): a post, a team, a commitment, a service; kept by the secretary, or by the member for oneself.
Nobody is scored or ranked by it. Posts with a badge (M265) are a list inside the installation, no public page."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.members import history
from zhibu.web.members.about_me import own_row
from zhibu.web.members.models import Member, MemberRole

MOST = 50  # rows of one member


@action("members.role")
def note(*, by: Scope, member: Member, kind: str, what: str, on: date, until: date | None = None) -> MemberRole:
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    return _note(by, "members.role", here, kind, what, on, until)


@action("me.role")
def note_own(*, by: Scope, kind: str, what: str, on: date, until: date | None = None) -> MemberRole:
    """Of oneself, whatever the post."""
    return _note(by, "me.role", _own(by), kind, what, on, until)


@action("members.role")
def end(*, by: Scope, role: MemberRole, on: date) -> MemberRole:
    line = reached(MemberRole.objects.within(by).select_related("member__organisation"), role.pk)
    return _end(by, "members.role", line, on)


@action("me.role")
def end_own(*, by: Scope, role: MemberRole, on: date) -> MemberRole:
    return _end(by, "me.role", reached(of(_own(by)).select_related("member__organisation"), role.pk), on)


def of(member: Member) -> QuerySet[MemberRole]:
    return MemberRole.objects.unscoped(history.WHY).filter(member=member).order_by("-since", "-pk")


def register(scope: Scope) -> QuerySet[MemberRole]:
    """What is going on now within the reach, by organisation, kind and name."""
    rows = MemberRole.objects.within(scope).filter(history.of_members(scope.on), since__lte=scope.on)
    rows = rows.exclude(until__lt=scope.on).select_related("member__organisation")
    return rows.order_by("member__organisation__path", "kind", "member__name", "pk")


def _own(by: Scope) -> Member:
    if (member := own_row(by.user_id)) is None or member.left_on:
        raise NotAllowed("这个账号没有和名册里的党员对上，请联系支部")
    return member


def _note(by: Scope, name: str, member: Member, kind: str, what: str, on: date, until: date | None) -> MemberRole:
    if until and until < on:
        raise Unfit("until", "结束日期不能早于开始日期")
    if of(member).count() >= MOST:
        raise Unfit("what", f"已有 {MOST} 条，先结束或合并旧的")
    line = MemberRole.objects.create(member=member, kind=MemberRole.Kind(kind), what=what, since=on, until=until)
    sentence = f"登记党员作用发挥：{line.get_kind_display()}"
    write(by=by, action=name, sentence=sentence, thing=line, organisation=member.organisation,
          new={"kind": kind, "what": what}, happened_on=on)  # fmt: skip
    return line


def _end(by: Scope, name: str, line: MemberRole, on: date) -> MemberRole:
    if on < line.since:
        raise Unfit("until", f"{line.since} 才开始，结束日期不能更早")
    old, line.until = line.until, on
    line.save(update_fields=["until"])
    write(
        by=by, action=name, sentence=f"结束党员作用发挥：{line.get_kind_display()}", thing=line,
        organisation=line.member.organisation, old={"until": old}, new={"until": on}, happened_on=on,
    )  # fmt: skip
    return line
