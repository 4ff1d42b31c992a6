"""/subunits/ 下属单位: which units of a department no Party organisation covers; and /thresholds/ 设置提示."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.actions import NotAllowed
from zhibu.web.audit.forms import tried
from zhibu.web.bodies import actions, putting_off, queries, thresholds
from zhibu.web.bodies.export import export
from zhibu.web.bodies.forms import PutOffForm, SubunitForm
from zhibu.web.bodies.models import PutOff, Subunit
from zhibu.web.bodies.views import FORM, _form
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import waivers


@page("organisations.view")
def subunits(request: HttpRequest) -> HttpResponse:
    """`?gap=1`: only those that no organisation covers."""
    scope, gap = request.scope, query.choice(request, "gap", ("1",))
    found = queries.departments(scope)
    rows = [unit for one in found for unit in one.units if not gap or not queries.covered(unit)]
    total = sum(len(one.units) for one in found)
    context = {
        "departments": found, "page": page_of(request, [(unit, queries.covered(unit)) for unit in rows]), "gap": gap,
        "total": total, "covered": sum(one.covered for one in found), "may_keep": scope.may("subunits.keep"),
        "may_export": scope.may("organisations.export"),
    }  # fmt: skip
    return htmx.page(request, "bodies/subunits.html", context)


@page("organisations.export")
def download(request: HttpRequest) -> HttpResponse:
    name = sheets.file_name("", "下属单位党组织覆盖", "", request.scope.on)
    return sheets.download(export(by=request.scope), name)


@page("subunits.keep", methods=FORM)
def subunit_new(request: HttpRequest) -> HttpResponse:
    form = SubunitForm(request.POST or None, scope=request.scope)
    if (
        request.method == "POST"
        and form.is_valid()
        and (done := tried(form, lambda: actions.keep_subunit(by=request.scope, **form.cleaned_data)))
    ):
        messages.success(request, f"已登记：{done.name}")
        return redirect("subunits")
    return _form(request, "登记下属单位", "主管部门的下属单位，一个一条", form, "subunits")


@page("subunits.keep", methods=FORM)
def subunit_change(request: HttpRequest, number: int) -> HttpResponse:
    found = Subunit.objects.within(request.scope).filter(pk=number).select_related("organisation", "covered_by").first()
    if found is None:
        raise Http404
    start = {name: getattr(found, name) for name in ("name", "mode", "gone_on")}
    start |= {"organisation": found.organisation.code, "covered_by": found.covered_by.code if found.covered_by else ""}
    form = SubunitForm(request.POST or None, scope=request.scope, initial=start)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda: actions.keep_subunit(by=request.scope, subunit=found, **form.cleaned_data))
    ):
        messages.success(request, f"已修改：{found.name}")
        return redirect("subunits")
    return _form(request, "修改下属单位", found.name, form, "subunits")


@page("branch.view")
def hints(request: HttpRequest) -> HttpResponse:
    found = thresholds.hints(request.scope)
    context = {
        "page": page_of(request, found), "may_put_off": request.scope.may("waivers.grant"),
        "waiting": putting_off.now(request.scope),
    }  # fmt: skip
    return htmx.page(request, "bodies/thresholds.html", context)


@page("waivers.grant", methods=FORM)
def put_off(request: HttpRequest, code: str, rule: str) -> HttpResponse:
    """缓办: the hint is answered until a day; its rule, where it has one, does not bind so long."""
    scope = request.scope
    here = Organisation.objects.within(scope).filter(code=code, dissolved_on=None).first()
    word = thresholds.WORDS.get(rule) or dict(PutOff.Hint.choices).get(rule)
    if here is None or word is None:
        raise Http404
    form = PutOffForm(request.POST or None)
    if rule in PutOff.Hint:
        put = partial(putting_off.put_off, by=scope, organisation=here, hint=rule)
        if request.method == "POST" and form.is_valid() and (row := tried(form, lambda: put(**form.cleaned_data))):
            messages.success(request, f"{here.name} 缓办到 {row.ends_on}")
            return redirect("thresholds")
    elif request.method == "POST" and form.is_valid():
        given = {"rule": f"{thresholds.BOOK}/{rule}", "starts_on": scope.on, "ends_on": form.cleaned_data["until"]}
        try:
            waivers.grant(by=scope, organisation=here, reason=form.cleaned_data["reason"], **given)
        except (waivers.CannotWaive, NotAllowed) as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, f"{here.name} 缓办到 {form.cleaned_data['until']}")
            return redirect("thresholds")
    return _form(request, "缓办", f"{here.name}：{word}", form, "thresholds")
