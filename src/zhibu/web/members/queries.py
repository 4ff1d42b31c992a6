"""The roster: who is a member where, within the reach of the asker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.core.spans import overlapping
from zhibu.web.members import masks, numbers
from zhibu.web.members.models import Employment, Member, MemberKind
from zhibu.web.organisations.models import Organisation
from zhibu.web.organisations.pinyin import is_spelling

FLOATING, RETIRED = "floating", "retired"
KINDS = {**dict(MemberKind.choices), FLOATING: "流动党员", RETIRED: "离退休党员"}


@dataclass(frozen=True, slots=True)
class Asked:
    area: Organisation | None = None  # None: all within reach
    q: str = ""
    kind: str = ""  # full, probationary, floating or retired


@dataclass(frozen=True, slots=True)
class Shown:
    """A member as a page may show one: numbers masked before they come near a template."""

    name: str
    organisation: str
    code: str
    sex: str
    kind: str
    floating: bool
    post: str
    identity: str
    phone: str
    trouble: str  # why a number can't be shown; empty
    joined_on: date
    full_on: date | None
    employment: str
    arrived_on: date | None


def roster(scope: Scope, asked: Asked) -> QuerySet[Member]:
    """Members who have not left, by organisation and pinyin."""
    rows = on_roster(scope, asked.area)
    if asked.kind == FLOATING:
        rows = rows.filter(floating=True)
    elif asked.kind == RETIRED:
        rows = rows.filter(employment=Employment.RETIRED)
    elif asked.kind:
        rows = rows.filter(kind=asked.kind)
    return _named(rows, asked.q).select_related("organisation").order_by("organisation__path", "initials", "name", "pk")


def on_roster(scope: Scope, area: Organisation | None) -> QuerySet[Member]:
    rows = Member.objects.within(scope).filter(overlapping(scope.on, None, ends="left_on"))
    return rows.filter(subtree("organisation__path", area.path)) if area else rows


def _named(rows: QuerySet[Member], q: str) -> QuerySet[Member]:
    """By name, or by pinyin initials: `zxm` finds 曾小明."""
    if not q:
        return rows
    named = Q(name__icontains=q)
    return rows.filter(named | Q(initials__contains=q.lower())) if is_spelling(q) else rows.filter(named)


def counts(scope: Scope, area: Organisation | None) -> dict[str, int]:
    """everyone, full, probationary, floating: of the whole roster, whatever is searched."""
    return on_roster(scope, area).aggregate(
        everyone=Count("pk"),
        full=Count("pk", filter=Q(kind=MemberKind.FULL)),
        probationary=Count("pk", filter=Q(kind=MemberKind.PROBATIONARY)),
        floating=Count("pk", filter=Q(floating=True)),
    )


def shown(scope: Scope, member: Member) -> Shown:
    """`scope` says whether the post sees numbers there at all, their middle hidden; else they stay empty."""
    here = member.organisation
    return _shown(member, numbers_too=scope.sees("member.numbers", here.path))


def own(member: Member) -> Shown:
    """A person's own row, whatever the post of the moment sees."""
    return _shown(member, numbers_too=True)


def _shown(member: Member, *, numbers_too: bool) -> Shown:
    here = member.organisation
    masked = {name: numbers.masked(member, name) if numbers_too else "" for name in numbers.WORDS}
    return Shown(
        name=member.name,
        organisation=here.short_name or here.name,
        code=here.code,
        sex=member.get_sex_display() if member.sex else "",
        kind=member.get_kind_display(),
        floating=member.floating,
        post=member.branch_post,
        identity=masked["id_number"],
        phone=masked["phone"],
        trouble=numbers.trouble(member) if masks.UNREADABLE in masked.values() else "",
        joined_on=member.joined_on,
        full_on=member.full_on,
        employment=member.get_employment_display() if member.employment else "",
        arrived_on=member.arrived_on,
    )
