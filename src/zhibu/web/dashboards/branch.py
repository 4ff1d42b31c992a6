"""P06 本支部: one organisation's state and score, each figure explained."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.assessment.queries import Standing, adjustments, peers, proposals, standing
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.dashboards.branch_items import year_items
from zhibu.web.dashboards.branch_score import Rules, Table, table
from zhibu.web.duties.models import Evaluation, Verdict
from zhibu.web.duties.queries import evaluated_years
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.offices.queries import reminder
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.pipeline.scoring import ScoreExplanation, grade, placed, taken_apart
from zhibu.web.regulations.queries import counts_in, rules_by_name, scheme_row

# The rank number is for the supervising level (ux.md B2): whoever works the 督办台.
SUPERVISES = "late.view"


@page("branch.view")
def branch(request: HttpRequest) -> HttpResponse:
    """`/o/`: the organisation of the post; for a leader the first contact point."""
    within = Organisation.objects.within(request.scope)
    here = within.filter(pk=request.scope.organisation_id).first() or within.order_by("path").first()
    if here is None:
        raise Http404
    return redirect("organisation", code=here.code)


@page("branch.view")
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    scope = request.scope
    here = found(scope, code)
    years = evaluated_years()
    year = _year(request, years, scope.on)
    rules, verdicts = rules_by_name(), verdicts_of(scope, here, year)
    place = standing(scope, here, year)
    evaluation = Evaluation.objects.filter(year=year).first()
    parts = score_parts(scope, place, verdicts, evaluation, rules)
    scheme = scheme_row(year)
    scored = {key for key in rules if counts_in(scheme, *key)} if scheme else set()
    items = year_items(verdicts, rules, scored, scope.on)
    context = {
        "here": here,
        "year": year,
        "years": [one for one in years if one <= scope.on.year],
        "evaluation": evaluation,
        "people": _people(scope, here),
        "scheme": scheme,
        "place": place,
        "reminder": reminder(scope, here),
        "grade": grade(place, scheme) if place else "",
        "parts": parts,
        "table": _table(parts, place, rules, scope.on),
        "items": items,
        "timed": [one for one in items if not one.standing],
        "standing": [one for one in items if one.standing],
        "pending": [one for one in items if one.scored and not one.concluded],
        "proposals": _named(proposals(scope, here, year), rules),
        "shows_rank": scope.may(SUPERVISES),
        "writes": scope.may("records.write") and here.pk == scope.organisation_id,
        "printing": request.GET.get("print") == "1",
        "breadcrumb": _here_unlinked(path_of(scope, here)),
    }
    return htmx.page(request, "dashboards/branch.html", context)


def found(scope: Scope, code: str) -> Organisation:
    """The organisation of that code within reach; 404 else, whether it exists or not."""
    return get_object_or_404(Organisation.objects.within(scope), code=code)


def path_of(scope: Scope, here: Organisation) -> list[tuple[str, str]]:
    """The breadcrumb: superiors by name, linked where the reader may go."""
    above = [*tree.ancestors(here), here]
    return [
        (one.short_name or one.name, reverse("organisation", args=[one.code]) if scope.reaches(one.path) else "")
        for one in above
    ]


def _here_unlinked(path: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*path[:-1], (path[-1][0], "")]


def _year(request: HttpRequest, years: list[int], today: date) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in years else today.year


def verdicts_of(scope: Scope, here: Organisation, year: int) -> list[Verdict]:
    rows = Verdict.objects.within(scope).filter(organisation=here, year=year)
    return list(rows.order_by("ends_on", "rulebook", "rule"))


def _people(scope: Scope, here: Organisation) -> dict[str, int]:
    """Numbers only: no names on this page."""
    rows = Member.objects.within(scope).filter(organisation=here, left_on=None)
    return rows.aggregate(
        full=Count("pk", Q(kind=MemberKind.FULL)), probationary=Count("pk", Q(kind=MemberKind.PROBATIONARY))
    )


def score_parts(
    scope: Scope, place: Standing | None, verdicts: list[Verdict], evaluation: Evaluation | None, rules: Rules
) -> ScoreExplanation | None:
    """The score taken apart; with the reasons of rank and grade for those who see them."""
    if place is None or evaluation is None:
        return None
    given = adjustments(scope, place.score.organisation)
    found = taken_apart(place.score, verdicts, given, evaluation.as_of, rules)
    return placed(found, place.score, peers(place.score)) if found and scope.may(SUPERVISES) else found


def _table(parts: ScoreExplanation | None, place: Standing | None, rules: Rules, today: date) -> Table | None:
    return table(parts, rules, today) if parts and place else None


def _named(rows, rules: Rules) -> list[dict[str, object]]:
    """Proposals with the title of their rule."""
    return [
        {"row": one, "title": rules[one.rulebook, one.rule].title if (one.rulebook, one.rule) in rules else one.rule}
        for one in rows
    ]
