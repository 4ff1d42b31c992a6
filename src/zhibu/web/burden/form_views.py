"""/burden/forms/ 表：of the product and of offices, field by field; a new one is checked, weighed, then registered."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden import actions, filling, product, queries
from zhibu.web.burden.forms import EXAMPLE, CountyFormForm, WithdrawForm
from zhibu.web.burden.models import CountyForm
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.form_checks import held_titles

FORM = ("GET", "HEAD", "POST")


@page("burden.read")
def register(request: HttpRequest) -> HttpResponse:
    """County forms first, then what the product itself asks."""
    context = {
        "page": page_of(request, queries.county_forms(), 20), "today": request.scope.on, "apps": product.register(),
        "may_issue": request.scope.may("burden.issue"),
    }  # fmt: skip
    return htmx.page(request, "burden/forms.html", context)


@page("burden.issue", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    own = Organisation.objects.within(scope).get(pk=scope.organisation_id)
    beside = queries.in_force_around(own, scope.on)
    form = CountyFormForm(request.POST or None, scope=scope, beside=beside, initial={"text": EXAMPLE})
    weight = None
    if request.method == "POST" and form.is_valid():
        units, checked = form.cleaned_data["units"], form.found
        weight = weigh(form, scope, units, every=checked.every, ends_on=checked.until)
        if weight is None and (made := tried(form, lambda: _register(request, form))):
            messages.success(request, "已登记。负担账里看得到")
            return redirect("burden-form", made.pk)
    context = {"form": form, "weight": weight, "checked": getattr(form, "found", None)}
    return htmx.page(request, "burden/form_new.html", context, status=422 if form.errors else 200)


@page("burden.read")
def form(request: HttpRequest, number: int) -> HttpResponse:
    scope, one = request.scope, _found(number)
    facts = held_titles()
    context = {
        "one": one, "fields": [(label, facts.get(source, source)) for label, source in one.fields], "today": scope.on,
        "keeps": one.organisation_id == scope.organisation_id and scope.may("burden.issue"), "form": WithdrawForm(),
        "sheet": filling.own(scope.doing("burden.fill")).filter(form=one).first() if scope.may("burden.fill") else None,
        "may_see": scope.may("burden.view"),
    }  # fmt: skip
    return htmx.page(request, "burden/form.html", context)


@page("burden.issue", methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    one = _found(number)
    if one.organisation_id != request.scope.organisation_id:
        raise Http404
    form = WithdrawForm(request.POST)
    if carried_out(form, actions.withdraw, by=request.scope, sent=one):
        messages.success(request, "已收回，从这个月起不再算")
        return redirect("burden-form", number)
    context = {"one": one, "fields": one.fields, "today": request.scope.on, "keeps": True, "form": form}
    return htmx.page(request, "burden/form.html", context, status=422)


def _register(request: HttpRequest, form: CountyFormForm) -> CountyForm:
    return actions.register(by=request.scope, checked=form.found, units=form.cleaned_data["units"])


def _found(number: int) -> CountyForm:
    return get_object_or_404(queries.county_forms(), pk=number)
