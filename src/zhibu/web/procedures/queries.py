"""Lists of cases, for a post: who must act next. The engine is not asked here (`keeping.py` keeps its answer)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import F, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.organisations.models import Organisation
from zhibu.web.procedures.models import Case, Custody

GROUPS = {"now": "现在办", "others": "等别的组织办", "later": "还不到时候", "ended": "已办结"}
HIDDEN = "（姓名不在这里显示）"
WITHHELD = "（资料已限制处理）"


@dataclass(frozen=True, slots=True)
class Asked:
    procedure: str = ""
    group: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A case as a row of a list: `name` as far as the post may see it."""

    case: Case
    name: str
    group: str
    overdue: bool

    @property
    def status(self) -> str:
        """A word of `design.vocabulary`."""
        if self.group == "ended":
            return "done"
        return {"now": "late" if self.overdue else "todo", "others": "waiting", "later": "extended"}[self.group]

    @property
    def note(self) -> str:
        case = self.case
        if self.group == "ended":
            return f"{case.ended_on} {case.ended}"
        if case.trouble:
            return case.trouble
        parts = [f"最早 {case.next_from}" if self.group == "later" else ""]
        parts.append(f"最晚 {case.next_until}" if case.next_until else "")
        return "，".join(filter(None, parts))


def seen(scope: Scope) -> QuerySet[Case]:
    """Cases within reach, and those of members on their way here: both sides see a transfer."""
    rows = Case.objects.unscoped("both sides see a transfer")
    found = rows.filter(scope.where("organisation__path") | scope.where("receiver__path"))
    return found.select_related("organisation", "receiver", "next_at")


def sees(scope: Scope, case: Case) -> bool:
    """Whether the post may see whom a case is about, at the organisation that keeps it or where the person goes."""
    there = [case.organisation, *([case.receiver] if case.receiver else [])]
    return any(scope.doing("procedures.view").sees("case.person", one.path) for one in there)


def cases(scope: Scope, asked: Asked | None = None) -> QuerySet[Case]:
    """Within reach, what must be done soonest first."""
    asked = asked or Asked()
    rows = seen(scope.doing("procedures.view"))
    if asked.procedure:
        rows = rows.filter(procedure=asked.procedure)
    if asked.group:
        rows = rows.filter(_group(scope, asked.group))
    if asked.q:
        named = Q(name__icontains=asked.q) | Q(member__name__icontains=asked.q)
        rows = rows.filter(Q(organisation__name__icontains=asked.q) | _seen(scope) & named)
    open_first, soon = F("ended_on").desc(nulls_first=True), F("next_until").asc(nulls_last=True)
    return rows.order_by(open_first, soon, "next_from", "pk")


def _seen(scope: Scope) -> Q:
    """Where the post may see names: elsewhere they can't be searched for either."""
    seeing = tuple(one for one in scope.grants if "case.person" in one.fields and "procedures.view" in one.actions)
    return replace(scope, grants=seeing, action="").where("organisation__path")


def _group(scope: Scope, group: str) -> Q:
    open_, due = Q(ended_on=None), Q(next_from=None) | Q(next_from__lte=scope.on)
    mine = Q(next_at=scope.organisation_id) | Q(next_at=None)
    return {
        "ended": ~open_,
        "later": open_ & ~due,
        "now": open_ & due & mine,
        "others": open_ & due & ~mine,
    }[group]


def group_of(scope: Scope, case: Case) -> str:
    if not case.open:
        return "ended"
    if case.next_from and case.next_from > scope.on:
        return "later"
    return "now" if case.next_at_id in (None, scope.organisation_id) else "others"


def lines(scope: Scope, rows: Iterable[Case]) -> list[Line]:
    found = list(rows)
    known = names(found)
    return [
        Line(
            one, shown(scope, one, known), group_of(scope, one),
            bool(one.open and one.next_until and one.next_until < scope.on),
        )
        for one in found
    ]  # fmt: skip


def counts(scope: Scope, asked: Asked) -> dict[str, int]:
    """How many in each group, whatever group is asked for."""
    rows = cases(scope, Asked(asked.procedure, "", asked.q))
    return {group: rows.filter(_group(scope, group)).count() for group in GROUPS}


def names(found: Iterable[Case]) -> dict[int, str]:
    """Members' names by key; those whose data may not be processed are not among them."""
    keys = {one.member_id for one in found if one.member_id}
    rows = Member.objects.unscoped("the persons of cases that were reached").filter(pk__in=keys)
    return dict(rows.values_list("pk", "name")) if keys else {}


def shown(scope: Scope, case: Case, known: dict[int, str] | None = None) -> str:
    """The person's or unit's name, as far as the post may see it; empty where the case is of the organisation."""
    if not (case.member_id or case.name):
        return ""
    if not sees(scope, case):
        return HIDDEN
    if not case.member_id:
        return case.name
    return (names([case]) if known is None else known).get(case.member_id, WITHHELD)


def procedures_of(scope: Scope) -> list[tuple[str, str]]:
    """Key and name of the procedures there are cases of."""
    rows = seen(scope.doing("procedures.view")).order_by("procedure")
    return sorted(dict(rows.values_list("procedure", "title")).items(), key=lambda one: one[1])


def voters(scope: Scope, case: Case) -> list[str]:
    """Full members of the organisation that elects, to choose names from; only where the post may see its roster."""
    rows = Member.objects.within(scope.doing("members.view")).filter(organisation=case.organisation_id, left_on=None)
    return list(rows.filter(kind=MemberKind.FULL).order_by("initials", "pk").values_list("name", flat=True))


def custodies(case: Case) -> list[Custody]:
    """Who had the case, in order."""
    rows = Custody.objects.unscoped("of a case that was reached").filter(case=case)
    return list(rows.select_related("organisation").order_by("starts_on", "pk"))


def gone_to(scope: Scope, case: Case) -> Organisation | None:
    """Where the person is on the roster now, when the case did not go along; only as far as the post reaches."""
    if not case.member_id or not case.open:
        return None
    rows = Member.objects.within(scope.doing("members.view")).filter(pk=case.member_id, left_on=None)
    found = rows.exclude(organisation=case.organisation_id).select_related("organisation").first()
    return found.organisation if found else None
