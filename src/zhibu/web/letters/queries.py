"""Which letters a post may read: those of which it reaches who issued it or who signs it; templates by their office."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Value, When

from zhibu.web.core.scope import Scope
from zhibu.web.letters.models import Letter, LetterBlock, LetterCheck, LetterClause, LetterTemplate

SIDES = "read by its two sides, as filtered here"
STANDING = ~Q(state=Letter.State.WITHDRAWN)
# What the page filters by: word → rows.
STATES = {
    "unsigned": "没有签订的", "signed": "已签订的", "waiting": "等上级的", "final": "年终已定的",
    "withdrawn": "已撤回的",
}  # fmt: skip
TURN = [LetterCheck.State.REPORTED, LetterCheck.State.ANSWERED]  # of who issued it


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    state: str = ""
    year: int | None = None

    @property
    def any(self) -> bool:
        return bool(self.q or self.state or self.year)


def letters(scope: Scope) -> QuerySet[Letter]:
    """The year's first, then as the tree stands."""
    rows = Letter.objects.unscoped(SIDES).filter(scope.where("organisation__path") | scope.where("unit__path"))
    rows = rows.select_related("organisation", "unit", "template__organisation", "template__document")
    gone = Case(When(state=Letter.State.WITHDRAWN, then=Value(1)), default=Value(0))
    return rows.order_by("-template__year", gone, "unit__path", "-pk")


def issued(scope: Scope) -> QuerySet[Letter]:
    return letters(scope).filter(organisation=scope.organisation_id)


def owned(scope: Scope) -> QuerySet[Letter]:
    return letters(scope).filter(unit=scope.organisation_id)


def filtered(rows: QuerySet[Letter], asked: Asked) -> QuerySet[Letter]:
    states = {
        "unsigned": Q(state=Letter.State.ISSUED), "signed": Q(state=Letter.State.SIGNED),
        "withdrawn": Q(state=Letter.State.WITHDRAWN),
        "waiting": STANDING & Q(pk__in=_checks(state__in=TURN)),
        "final": STANDING & Q(pk__in=_checks(state=LetterCheck.State.FINAL, term=LetterCheck.Term.YEAR)),
    }  # fmt: skip
    rows = rows.filter(states[asked.state]) if asked.state else rows.filter(STANDING)
    rows = rows.filter(template__year=asked.year) if asked.year else rows
    if asked.q:
        names = Q(unit__name__icontains=asked.q) | Q(organisation__name__icontains=asked.q)
        rows = rows.filter(names | Q(template__title__icontains=asked.q))
    return rows


def _checks(**told: object) -> QuerySet:
    return LetterCheck.objects.unscoped("of letters filtered by scope").filter(**told).values("letter")


def years(scope: Scope) -> list[int]:
    return list(letters(scope).order_by("-template__year").values_list("template__year", flat=True).distinct()[:20])


def templates(scope: Scope) -> QuerySet[LetterTemplate]:
    """Of offices within reach, with how many letters stand and how many of them are signed."""
    standing = Q(letters__state__in=[Letter.State.ISSUED, Letter.State.SIGNED])
    rows = LetterTemplate.objects.within(scope).select_related("organisation", "document")
    return rows.annotate(
        many=Count("letters", standing, distinct=True),
        signed=Count("letters", Q(letters__state=Letter.State.SIGNED), distinct=True),
    ).order_by("-year", "-pk")


def own_templates(scope: Scope) -> QuerySet[LetterTemplate]:
    return templates(scope).filter(organisation=scope.organisation_id, dropped_on=None)


def blocks(template: LetterTemplate) -> list[LetterBlock]:
    """With their clauses, of a template within reach or of a letter that is."""
    clauses = LetterClause.objects.unscoped(SIDES).select_related("document").order_by("pk")
    rows = LetterBlock.objects.unscoped(SIDES).filter(template=template).order_by("pk")
    return list(rows.prefetch_related(Prefetch("clauses", clauses)))


def checks(letter: Letter) -> dict[str, LetterCheck]:
    """term → the check of a letter within reach."""
    return {one.term: one for one in LetterCheck.objects.unscoped(SIDES).filter(letter=letter).order_by("pk")}
