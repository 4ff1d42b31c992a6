"""/service/calls/ 招募: the list, one call with who came forward, its posts, duty, and its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.loads import branches_of
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import clock, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.members.about_me import own_row
from zhibu.web.service import calling, exports, queries
from zhibu.web.service.forms import AssignForm, CallForm, CloseForm, TimeForm
from zhibu.web.service.models import Call, CallPost, Shift, SignUp
from zhibu.web.service.places import FORM, Nothing, done, found


@page("service.view")
def calls(request: HttpRequest) -> HttpResponse:
    """`?page=`"""
    scope, shown = request.scope, page_of(request, queries.calls(request.scope))
    context = {
        "page": shown, "rows": [(one, *one.status(scope.on)) for one in shown], "unit": request.scope.unit,
        "may_call": scope.may("service.call"), "may_export": scope.may("service.export"),
    }  # fmt: skip
    return htmx.page(request, "service/calls.html", context)


@page("service.export")
def export(request: HttpRequest) -> HttpResponse:
    content = exports.calls(by=request.scope, unit=request.scope.unit)
    return sheets.download(content, sheets.file_name(request.scope.unit, "招募台账", "", request.scope.on))


@page("service.call", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope, below, weight = request.scope, branches_of(request.scope), None
    form = CallForm(request.POST or None, initial={"starts_on": scope.on}, alone=not below.exists())
    if request.method == "POST" and form.is_valid():
        weight = weigh(form, scope, below)
        if weight is None and tried(form, lambda: calling.open_(by=scope, **form.facts)):
            messages.success(request, "已发起，列在党员的“我的”里")
            return redirect("calls")
    lead = "本党组织和下级的党员、在这些社区报到的党员都看得到，自愿报名"
    context = {"form": form, "title": "发起招募", "word": "发起", "back": "calls", "lead": lead, "weight": weight}
    return htmx.page(request, "service/form.html", context, status=422 if form.errors else 200)


@page("service.view")
def call(request: HttpRequest, number: int) -> HttpResponse:
    return _call(request, found(queries.calls(request.scope), number))


@page("service.call", methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _hosted(request, number), CloseForm(request.POST)
    if carried_out(form, calling.close, by=request.scope, call=one):
        messages.success(request, "已结束")
        return redirect("call", number)
    return _call(request, one, form)


def _hosted(request: HttpRequest, number: int) -> Call:
    rows = Call.objects.within(request.scope).filter(organisation=request.scope.organisation_id)
    return found(rows.select_related("organisation"), number)


def _call(request: HttpRequest, one: Call, form: CloseForm | None = None) -> HttpResponse:
    scope = request.scope
    posts = CallPost.objects.unscoped(queries.REACHED).filter(call=one).order_by("pk")
    hosts = one.organisation_id == scope.organisation_id and scope.may("service.call")
    status, says = one.status(scope.on)
    context = {
        "one": one, "status": status, "says": says, "posts": posts, "hosts": hosts and not one.closed_on,
        "counts": queries.counts_of(one) if scope.reaches(one.organisation.path) else None, "form": form,
        "people": _people(one, posts) if hosts else [],
        "close": form or (CloseForm() if hosts and not one.closed_on else None),
        "own_sign_up": _may_sign_up(scope, one),
        "now": TimeForm(initial={"at": timezone.localtime(clock.now()).time()}),
    }  # fmt: skip
    return htmx.page(request, "service/call.html", context, status=422 if form else 200)


def _may_sign_up(scope: Scope, one: Call) -> bool:
    """Whoever reads it here may be one of those it calls: the way there."""
    me = own_row(scope.user_id)
    if me is None or not queries.calls_to(me).filter(pk=one.pk).exists():
        return False
    return not queries.sign_ups(one).filter(member=me).exclude(state=SignUp.State.CANCELLED).exists()


def _people(one: Call, posts: Any) -> list[tuple[SignUp, list[Shift], bool, AssignForm]]:
    """(sign-up, its shifts, on duty now, the form of its post)"""
    served: dict[int, list[Shift]] = {}
    rows = Shift.objects.unscoped("of a call of the own organisation").filter(sign_up__call=one).order_by("pk")
    for each in rows:
        served.setdefault(each.sign_up_id or 0, []).append(each)
    told = []
    for row in queries.sign_ups(one):
        shifts = served.get(row.pk, [])
        form = AssignForm(posts=posts, initial={"post": row.post_id}, auto_id=f"id_{row.pk}_%s")
        told.append((row, shifts, any(each.hours is None for each in shifts), form))
    return told


def _of_host(request: HttpRequest, number: int) -> SignUp:
    rows = SignUp.objects.within(request.scope).filter(call__organisation=request.scope.organisation_id)
    return found(rows.select_related("call"), number)


@page("service.call", methods=("POST",))
def assign(request: HttpRequest, number: int) -> HttpResponse:
    one = _of_host(request, number)
    form = AssignForm(request.POST, posts=CallPost.objects.within(request.scope).filter(call=one.call))
    return done(request, form, calling.assign, "已安排", "call", one.call_id, sign_up=one)


def act(word: str) -> Any:
    """The POST of one small act of the host."""
    form_class, does, said = {
        "decline": (Nothing, calling.decline, "已记下没有安排"),
        "on": (TimeForm, calling.go_on, "已上岗"),
        "off": (TimeForm, calling.go_off, "已下岗，时长记上了"),
    }[word]

    @page("service.call", methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        one = _of_host(request, number)
        return done(request, form_class(request.POST), does, said, "call", one.call_id, sign_up=one)

    return post
