"""/reminders/: one's own list and settings, who was told when, the office's rule. 提醒一下: `ask_views.py`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.accounts import sms
from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation
from zhibu.web.reminders import queries, rules
from zhibu.web.reminders.actions import exporting, setting
from zhibu.web.reminders.forms import AskForm, RuleForm, WishForm

FORM = ("GET", "HEAD", "POST")


@page("reminders.own")
def mine(request: HttpRequest) -> HttpResponse:
    rows = queries.mine(request.scope)
    context = {
        "open": [one for one in rows if one.open],
        "rest": [one for one in rows if not one.open],
        "muted": queries.muted(queries.wish(request.scope)),
    }
    return htmx.page(request, "reminders/mine.html", context)


@page("reminders.own", methods=FORM)
def wish(request: HttpRequest) -> HttpResponse:
    kept = queries.wish(request.scope)
    start = {"muted": kept.muted, "sms": kept.sms, "mail": kept.mail}
    form = WishForm(request.POST or None, initial=start)
    if request.method == "POST" and carried_out(form, setting.wish, by=request.scope):
        messages.success(request, "已保存")
        return redirect("reminders")
    return _form(request, "reminders/wish.html", {"form": form, **_ways()})


@page("reminders.view")
def told(request: HttpRequest) -> HttpResponse:
    """`?area=T001&page=`"""
    area = _area(request)
    context = {
        "page": page_of(request, queries.told(request.scope, area)), "area": area,
        "rule": rules.in_force(own) if (own := finding.own(request.scope)) else None,
        "may_set": request.scope.may("reminders.set"), "may_export": request.scope.may("reminders.export"),
        "may_ask": request.scope.may("reminders.ask"), "today": request.scope.on,
        "sender": request.scope.unit or request.scope.title,
    }  # fmt: skip
    return htmx.page(request, "reminders/told.html", context)


@page("reminders.export")
def export(request: HttpRequest) -> HttpResponse:
    """`?area=` as on the page."""
    scope, area = request.scope, _area(request)
    content = exporting.export(by=scope, area=area)
    return sheets.download(content, sheets.file_name(area.name if area else scope.unit, "提醒情况", "", scope.on))


@page("reminders.set", methods=FORM)
def rule(request: HttpRequest) -> HttpResponse:
    own = finding.own(request.scope)
    if own is None:
        raise Http404
    kept = rules.in_force(own)
    form = RuleForm(request.POST or None, rule=kept)
    if request.method == "POST" and carried_out(form, setting.set_rule, by=request.scope):
        messages.success(request, "已保存，从下一次提醒起按这个办法")
        return redirect("reminders-told")
    context = {"form": form, "rule": kept, "of_own": kept.organisation_id == own.pk, **_ways()}
    return _form(request, "reminders/rule.html", context)


@page("reminders.set", methods=("POST",))
def drop(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST, keys=[])
    tried(form, lambda: setting.drop_rule(by=request.scope))
    said = form.non_field_errors()
    messages.success(request, said[0] if said else "本级的已取消，从下一次提醒起按上级的")
    return redirect("reminders-rule")


def _form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return htmx.page(request, template, context, status=422 if context["form"].errors else 200)


def _area(request: HttpRequest) -> Organisation | None:
    if not (code := asked.text(request, "area", 20)):
        return None
    if (found := Organisation.objects.within(request.scope).filter(code=code).first()) is None:
        raise Http404
    return found


def _ways() -> dict[str, bool]:
    """What the operator has set up to carry messages."""
    return {"sms_offered": sms.is_offered(), "mail_offered": bool(settings.MAIL_HOST)}
