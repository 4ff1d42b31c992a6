"""/agendas/life/<filing>/: the package of one life meeting, its opinions, its problems."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.agendas import life
from zhibu.web.agendas.forms import OpinionForm, ProblemsForm, WhyForm
from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.review.models import Filing
from zhibu.web.review.queries import filings

FORM = ("GET", "HEAD", "POST")


@page("filings.view")
def package(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, _found(request, number)
    found, pieces = life.problems(scope, one), life.pieces(scope, one)
    given = life.tasks_of(scope, found)
    context = {
        "one": one, "pieces": pieces, "missing": sum(not piece.there for piece in pieces),
        "opinions": life.opinions(scope, one),
        "problems": [(each.problem, [(task, task.status(scope.on)) for task in given.get(each.problem.order_id, [])])
                     for each in found],
        "keeps": _keeps(request, one), "may_issue": _keeps(request, one) and scope.may("tasks.issue"),
        "may_see_tasks": scope.may("tasks.view"),
    }  # fmt: skip
    return htmx.page(request, "agendas/package.html", context)


@page("filings.keep", methods=FORM)
def opinion(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _own(request, number), OpinionForm(request.POST or None, initial={"collected_on": request.scope.on})
    if request.method == "POST" and carried_out(form, life.hear, by=request.scope, filing=one):
        messages.success(request, "已登记")
        return redirect("life-package", number)
    return _form(request, one, form, "登记听取的意见", "只记方式、人数和意见，不记姓名")


@page("filings.keep", methods=FORM)
def opinion_back(request: HttpRequest, number: int, opinion: int) -> HttpResponse:
    one = _own(request, number)
    row = get_object_or_404(life.opinions(request.scope, one), pk=opinion, withdrawn_on=None)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and carried_out(form, life.take_back, by=request.scope, opinion=row):
        messages.success(request, "已撤回")
        return redirect("life-package", number)
    return _form(request, one, form, "撤回听取的意见", f"{row.get_way_display()}，{row.collected_on}")


@page("filings.keep", methods=FORM)
def problems(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _own(request, number), ProblemsForm(request.POST or None, initial={"found_on": request.scope.on})
    if request.method == "POST" and carried_out(form, life.list_problems, by=request.scope, filing=one):
        messages.success(request, "已列入问题清单，可以逐条交办")
        return redirect("life-package", number)
    return _form(request, one, form, "列问题清单", "列出的问题进入本单位的问题清单，写明谁办、哪天前办好以后成为任务")


def _form(request: HttpRequest, one: Filing, form: object, title: str, lead: str) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "filing": one}
    return htmx.page(request, "agendas/form.html", context, status=422 if form.errors else 200)  # type: ignore[attr-defined]


def _found(request: HttpRequest, number: int) -> Filing:
    one = get_object_or_404(filings(request.scope), pk=number, kind="leaders_life_meeting")
    if not request.scope.reaches(one.organisation.path):
        raise Http404
    return one


def _own(request: HttpRequest, number: int) -> Filing:
    one = _found(request, number)
    if not _keeps(request, one):
        raise Http404
    return one


def _keeps(request: HttpRequest, one: Filing) -> bool:
    return one.organisation_id == request.scope.organisation_id and request.scope.may("filings.keep")
