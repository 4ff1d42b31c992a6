"""/learning/resources/ 培训资源: the directory with what is taken when."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.learning import actions, queries
from zhibu.web.learning.forms import ResourceForm
from zhibu.web.learning.models import Resource
from zhibu.web.learning.views import places

FORM = ("GET", "HEAD", "POST")


@page("learning.view")
def resources(request: HttpRequest) -> HttpResponse:
    """`?kind=&q=&page=`"""
    scope, kind, q = request.scope, query.choice(request, "kind", Resource.Kind.values), query.text(request, "q")
    rows = queries.resources(scope)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(name__icontains=q) if q else rows
    context = {
        "page": page_of(request, rows), "kind": kind, "kinds": Resource.Kind.choices, "q": q,
        "may_keep": scope.may("learning.resources"),
    }  # fmt: skip
    return htmx.page(request, "learning/resources.html", context, "rows")


@page("learning.resources", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@page("learning.resources", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = get_object_or_404(Resource.objects.within(request.scope), pk=number)
    return _form(request, one)


def _form(request: HttpRequest, one: Resource | None) -> HttpResponse:
    names = ("kind", "name", "about", "place", "capacity")
    start = {name: getattr(one, name) for name in names} | {"closed": bool(one.closed_on)} if one else {}
    form = ResourceForm(request.POST or None, initial=start)
    good = request.method == "POST" and form.is_valid()
    if good and tried(form, lambda: actions.keep_resource(by=request.scope, resource=one, fields=form.cleaned_data)):
        messages.success(request, "已登记")
        return redirect("resources")
    context = {"form": form, "one": one}
    return htmx.page(request, "learning/resource_form.html", context, status=422 if form.errors else 200)


@page("learning.view")
def resource(request: HttpRequest, number: int) -> HttpResponse:
    """Its days from today on. Which class has it is said where that class is within reach."""
    one = places.resource(request, number)
    rows = [
        (row, row.training_class if request.scope.reaches(row.training_class.organisation.path) else None)
        for row in queries.taken(one, request.scope.on)
    ]
    keeps = request.scope.may_at("learning.resources", one.organisation.path)
    return htmx.page(request, "learning/resource.html", {"one": one, "rows": rows, "keeps": keeps})
