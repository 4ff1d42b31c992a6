"""Who keeps in touch with whom, and which matters a post may read: those of which it reaches a side."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse

from zhibu.web.core.announce import MonthRow
from zhibu.web.core.clock import day_words
from zhibu.web.core.scope import Scope, any_subtree
from zhibu.web.core.spans import held
from zhibu.web.liaison.models import Matter, Message
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind, Organisation, Supervision

DEPARTMENTS = (Kind.COMMITTEE, Kind.ORGAN_COMMITTEE, Kind.PARTY_GROUP)
SOON = timedelta(days=3)
WHY = "who keeps in touch with whom follows from the tree and its lines"
SIDES = "read by its two sides, as filtered here"
UNANSWERED = Q(answered_on=None, due_on__isnull=False)


def counterparts(here: Organisation, scope: Scope) -> QuerySet[Organisation]:
    """The bodies `here` keeps in touch with: a work committee its departments, a department its work committees."""
    lines = Supervision.objects.unscoped(WHY).filter(held(scope.on))
    rows = Organisation.objects.unscoped(WHY).filter(dissolved_on=None).exclude(pk=here.pk)
    if here.kind == Kind.WORK_COMMITTEE:
        watched = lines.filter(kind=Supervision.Kind.ORGAN, superior=here)
        paths = [here.path, *watched.values_list("organisation__path", flat=True)]
        guides = lines.filter(any_subtree("organisation__path", paths), kind=Supervision.Kind.GUIDED)
        there = any_subtree("path", paths) | Q(pk__in=guides.values("superior"))
        return rows.filter(there, kind__in=DEPARTMENTS)
    if here.kind not in DEPARTMENTS:
        return rows.none()
    guided = lines.filter(kind=Supervision.Kind.GUIDED, superior=here).values_list("organisation__path", flat=True)
    paths = [here.path, *guided]
    above = {path for one in paths for path in [*tree.ancestor_paths(one), one]}
    watching = lines.filter(kind=Supervision.Kind.ORGAN, organisation__path__in=above).values("superior")
    return rows.filter(Q(path__in=above) | Q(pk__in=watching), kind=Kind.WORK_COMMITTEE)


def matters(scope: Scope) -> QuerySet[Matter]:
    """Those of which a side is within reach; unanswered ones first, the nearest day first."""
    rows = Matter.objects.unscoped(SIDES).filter(scope.where("organisation__path") | scope.where("to__path"))
    waits = Case(When(UNANSWERED, then=Value(0)), default=Value(1))
    return rows.select_related("organisation", "to").order_by(waits, "due_on", "-sent_on", "-pk")


def mine(scope: Scope) -> QuerySet[Matter]:
    """Of which the own organisation is a side."""
    return matters(scope).filter(Q(organisation=scope.organisation_id) | Q(to=scope.organisation_id))


def between(rows: QuerySet[Matter], q: str, state: str) -> QuerySet[Matter]:
    """`state`: unanswered, late (needs `q` or not), or empty for all."""
    if state == "unanswered":
        rows = rows.filter(UNANSWERED)
    return (
        rows.filter(Q(subject__icontains=q) | Q(to__name__icontains=q) | Q(organisation__name__icontains=q))
        if q
        else rows
    )


def said(matter: Matter) -> QuerySet[Message]:
    """What both sides wrote in a matter that was found within reach."""
    return matter.messages.unscoped("of a matter within reach").select_related("organisation", "matter")


def to_answer(scope: Scope, organisation_id: int) -> list[MonthRow]:
    """What the own organisation was asked and has not answered, on 本月任务."""
    if not scope.may("liaison.reply") or organisation_id != scope.organisation_id:
        return []
    rows = matters(scope.doing("liaison.reply")).filter(UNANSWERED, to=organisation_id)
    return [
        (
            reverse("matter", args=[one.pk]),
            f"{one.organisation.short_name or one.organisation.name}：{one.subject}",
            "late" if one.due_on < scope.on else "soon" if one.due_on - scope.on <= SOON else "todo",
            f"{day_words(one.due_on)}前答复",
        )
        for one in rows
    ]
