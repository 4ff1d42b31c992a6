"""The reading list: kept for an organisation and all below; a member sees what stands at the branch and above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.learning import queries
from zhibu.web.learning.audience import ALL, meant
from zhibu.web.learning.models import CornerPost, Reading, ReadMark
from zhibu.web.library.models import Document
from zhibu.web.library.queries import documents
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree

WHY = "a superior's list binds those below"
RECENT = timedelta(days=180)  # how long a document counts as newly issued when it is offered for the list


@dataclass(frozen=True, slots=True)
class Own:
    """A reading as its reader sees it."""

    reading: Reading
    new: bool
    read_on: date | None


def listed(scope: Scope, kind: str = "") -> QuerySet[Reading]:
    """Those kept within reach and those of superiors, with how many of the reader's own members marked them."""
    reach = scope.where(Reading.scope_path) | Q(organisation__path__in=queries.above_and_here(scope))
    rows = Reading.objects.unscoped(WHY).filter(reach, ended_on=None)
    rows = rows.filter(kind=kind) if kind else rows
    mine = Count("marks", filter=Q(marks__member__in=Member.objects.within(scope).values("pk")))
    return rows.select_related("organisation").annotate(read=mine).order_by("kind", "-added_on", "pk")


def binding(member: Member) -> QuerySet[Reading]:
    """What stands on the list at the member's branch and above it, for the member's audience."""
    here = member.organisation.path
    rows = Reading.objects.unscoped(WHY).filter(
        organisation__path__in=[*tree.ancestor_paths(here), here], ended_on=None
    )
    return rows.select_related("organisation")


def meant_for(member: Member, rows: QuerySet[Reading], on: date) -> list[Reading]:
    found = list(rows)
    known = {one.audience for one in found}
    itself = Member.objects.unscoped("the reader").filter(pk=member.pk)
    fits = {one for one in known if one == ALL or itself.filter(meant(one, on)).exists()}
    return [one for one in found if one.audience in fits]


def own(member: Member, on: date) -> list[Own]:
    """The newly issued first."""
    rows = binding(member)
    marks = dict(ReadMark.objects.unscoped("the reader's own").filter(member=member).values_list("reading", "read_on"))
    found = [Own(one, is_new(one, on), marks.get(one.pk)) for one in meant_for(member, rows, on)]
    return sorted(found, key=lambda one: not one.new)


def fresh(member: Member, on: date) -> list[Reading]:
    """Newly issued ones the reader has not marked."""
    marked = ReadMark.objects.unscoped("the reader's own").filter(member=member, reading=OuterRef("pk"))
    return meant_for(member, binding(member).filter(~Exists(marked), new_until__gte=on), on)


def is_new(one: Reading, on: date) -> bool:
    return one.new_until is not None and one.new_until >= on


def issued_lately(scope: Scope) -> QuerySet[Document]:
    """Documents of the library of the last half year that stand on no list of the own organisation yet."""
    known = Reading.objects.unscoped("which are listed").filter(
        organisation=scope.organisation_id, document=OuterRef("pk"), ended_on=None
    )
    return documents(scope).filter(~Exists(known), status="in_force", issued_on__gte=scope.on - RECENT)


def corner(scope: Scope, branch: int) -> QuerySet[CornerPost]:
    rows = CornerPost.objects.within(scope).filter(organisation=branch, withdrawn_on=None)
    return rows.select_related("organisation").order_by("-posted_on", "-pk")
