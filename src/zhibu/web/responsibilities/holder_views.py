"""承担单位: the register, the duty board of one, and the bodies whose name or functions are not uniform yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.responsibilities import conformity, queries, reporting
from zhibu.web.responsibilities.forms import HolderForm
from zhibu.web.responsibilities.models import Holder

FORM = ("GET", "HEAD", "POST")


@page("responsibilities.view")
def holders(request: HttpRequest) -> HttpResponse:
    """`?kind=&page=`"""
    scope, kind = request.scope, asked.choice(request, "kind", Holder.Kind.values)
    found = page_of(request, queries.holders(scope, kind))
    context = {
        "page": found, "kind": kind, "kinds": Holder.Kind.choices, "may_export": scope.may("responsibilities.export"),
        "enterprises": _enterprises(request, kind),
    }  # fmt: skip
    return htmx.page(request, "responsibilities/holders.html", context)


def _enterprises(request: HttpRequest, kind: str) -> tuple[int, int] | None:
    """Of the kind asked for: enterprises with such an organisation, out of how many."""
    if kind not in queries.MASS or not request.scope.may("coverage.view"):
        return None
    return queries.enterprises(request.scope.doing("coverage.view"))[kind]


@page("responsibilities.export")
def export(request: HttpRequest) -> HttpResponse:
    scope, kind = request.scope, asked.choice(request, "kind", Holder.Kind.values)
    headings = ("承担单位", "类别", "由谁报进展", "登记单位", "职责", "已办好", "超期")
    rows = [
        (
            str(one), one.get_kind_display(), one.place.name if one.place else "上级登记", one.organisation.name,
            one.given, one.done, one.overdue,
        )
        for one in queries.holders(scope, kind)
    ]  # fmt: skip
    content = reporting.export(by=scope, title="承担单位", headings=headings, rows=rows)
    return sheets.download(content, sheets.file_name(scope.unit, "承担单位", "", scope.on))


@page("responsibilities.view")
def holder(request: HttpRequest, number: int) -> HttpResponse:
    """All that a body answers for."""
    scope, one = request.scope, _holder(request, number)
    found = (
        queries.charges(scope)
        .filter(holder=one)
        .order_by("item__charter__starts_on", "item__charter", "item__position", "pk")
    )
    rows = queries.rows(scope, found, scope.on)
    shown = [row for row in rows if not row.charge.withdrawn_on]
    context = {
        "one": one, "rows": shown, "withdrawn": [row for row in rows if row.charge.withdrawn_on],
        "late": sum(row.standing.status == "late" for row in shown), "silent": sum(row.silent for row in shown),
        "done": sum(row.charge.done_on is not None for row in shown), "reports": scope.may("responsibilities.report"),
        "keeps": scope.may_at("responsibilities.keep", one.organisation.path),
    }  # fmt: skip
    return htmx.page(request, "responsibilities/holder.html", context)


@page("responsibilities.keep", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = _holder(request, number)
    initial = {"kind": one.kind, "name": one.name, "place": one.place.code if one.place else "", "gone_on": one.gone_on}
    form = HolderForm(request.POST or None, scope=request.scope, keeper=one.organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        tried(form, lambda: reporting.keep_holder(by=request.scope, holder=one, facts=form.cleaned_data))
        if not form.errors:
            messages.success(request, "已保存")
            return redirect("holder", number)
    context = {"form": form, "one": one}
    return htmx.page(request, "responsibilities/holder_form.html", context, status=422 if form.errors else 200)


@page("responsibilities.view")
def conforming(request: HttpRequest) -> HttpResponse:
    """`?all=1` shows those in order too."""
    found, every = conformity.bodies(request.scope), request.GET.get("all") == "1"
    wrong = [one for one in found if one.wrong]
    context = {
        "rows": found if every else wrong, "every": every, "total": len(found), "wrong": len(wrong),
        "may_export": request.scope.may("responsibilities.export"), "scope_title": request.scope.title,
    }  # fmt: skip
    return htmx.page(request, "responsibilities/conformity.html", context)


@page("responsibilities.export")
def conforming_export(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    headings = ("单位", "清单", "依据文件", "职能", "还没有的职能", "在任", "今年经费", "不统一的地方")
    money = {None: "", True: "有", False: "没有"}
    rows = [
        (
            one.name, one.charter.title, one.charter.document, one.functions, "；".join(one.missing), one.staff,
            money[one.funds], "；".join(one.wrong) or "统一",
        )
        for one in conformity.bodies(scope)
    ]  # fmt: skip
    content = reporting.export(by=scope, title="名称职能统一情况", headings=headings, rows=rows)
    return sheets.download(content, sheets.file_name(scope.unit, "名称职能统一情况", "", scope.on))


def _holder(request: HttpRequest, number: int) -> Holder:
    rows = Holder.objects.within(request.scope).select_related("organisation", "place")
    return get_object_or_404(rows, pk=number)
