"""Why a verdict is what it is: `/o/<code>/why/<rulebook>/<rule>/<period>/`."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhibu.web.assessment.queries import standing
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.dashboards.branch import found, path_of, score_parts, verdicts_of
from zhibu.web.duties.models import Evaluation, Verdict
from zhibu.web.duties.reviewed import in_review, meant, shown_with
from zhibu.web.duties.rows import row_of
from zhibu.web.parties.queries import division
from zhibu.web.pipeline.queries import explain
from zhibu.web.pipeline.scoring import shares_of
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.regulations.words import GRADES, STRENGTHS


@page("branch.view")
def why(request: HttpRequest, code: str, rulebook: str, rule: str, period: str) -> HttpResponse:
    """One verdict with rule, arithmetic, evidence, what nearly counted, and what can still be done."""
    scope = request.scope
    here = found(scope, code)
    answer = explain(scope, here, rulebook, rule, period)
    if answer is None:
        raise Http404
    verdict, explanation = answer
    evaluation, rules = Evaluation.objects.filter(year=verdict.year).first(), rules_by_name()
    place, own = standing(scope, here, verdict.year), verdicts_of(scope, here, verdict.year)
    parts = score_parts(scope, place, own, evaluation, rules)
    records = in_review(scope, here)
    [row] = shown_with([row_of(verdict, rules.get((rulebook, rule)), scope.on)], records)
    context = {
        "here": here,
        "verdict": verdict,
        "row": row,
        "came_back": [one for one in records if one.returned and meant(row, one)],
        "why": explanation,
        "division": division(here, rules.get((rulebook, rule))),
        "lines": [step for step in explanation.arithmetic if _worth_saying(step.key, verdict)],
        "near": explanation.near if verdict.status != "met" else (),
        "excuses": explanation.excuses if verdict.status != "met" else (),
        "shares": shares_of(parts, explanation.verdict) if parts else (),
        "grade": GRADES.get(explanation.grade, ""),
        "strength": STRENGTHS.get(explanation.strength, ""),
        "evaluation": evaluation,
        "writes": scope.may("records.write") and here.pk == scope.organisation_id,
        "breadcrumb": [*path_of(scope, here), ("结论怎么来的", "")],
    }
    return htmx.page(request, "dashboards/branch_why.html", context)


def _worth_saying(step: str, verdict: Verdict) -> bool:
    """Dates stand above the arithmetic, what is provisional below; that nothing is exempt goes without saying."""
    return step not in ("starts_on", "ends_on", "deadline", "as_of", "provisional") and (
        step != "exempt" or verdict.status == "exempt"
    )
