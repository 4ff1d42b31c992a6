"""/coverage/quiet/ 没有活动的企业党组织, and the number of days after which a committee wants to be told."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.coverage import quiet as found
from zhibu.web.organisations.models import Organisation


class DaysForm(forms.Form):
    days = forms.IntegerField(
        label="多少天没有活动记录就列出", required=False, min_value=1, max_value=found.MOST,
        error_messages={"invalid": "天数写成 90 这样的整数", "min_value": "天数最少 1 天",
                        "max_value": f"天数最多 {found.MOST} 天"},
    )  # fmt: skip
    document = forms.CharField(label="依据文件", required=False, max_length=200)


@page("coverage.view")
def quiet(request: HttpRequest) -> HttpResponse:
    """`?page=`"""
    return _page(request)


@page("coverage.keep", methods=("POST",))
def set_days(request: HttpRequest) -> HttpResponse:
    scope, form = request.scope, DaysForm(request.POST)
    own = Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()
    if form.is_valid() and own:
        tried(form, lambda: found.set_days(by=scope, organisation=own, **form.cleaned_data))
        if not form.errors:
            messages.success(request, "已保存" if form.cleaned_data["days"] else "不再提醒")
            return redirect("units-quiet")
    return _page(request, form)


def _page(request: HttpRequest, form: DaysForm | None = None) -> HttpResponse:
    scope = request.scope.doing("coverage.view")
    keeps = request.scope.may("coverage.keep")
    setting = found.own_setting(scope)
    start = {"days": setting.days, "document": setting.document} if setting else {}
    rows = found.quiet(scope)
    context = {
        "form": form or DaysForm(initial=start), "keeps": keeps, "page": page_of(request, rows), "many": len(rows),
        "unit": request.scope.unit, "setting": setting,
    }  # fmt: skip
    return htmx.page(request, "coverage/quiet.html", context, status=422 if form else 200)
