"""/plans/meetings/ 会议通知: the list, one of them with its text for the group chat, changing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member
from zhibu.web.plans import chat
from zhibu.web.plans.actions import meetings as actions
from zhibu.web.plans.forms.meetings import ChangeForm, MeetingForm, PrepareForm, ToldForm, WhyForm
from zhibu.web.plans.models import MeetingNotice, PlanItem
from zhibu.web.plans.queries import meetings as queries
from zhibu.web.plans.queries import plans
from zhibu.web.plans.views.plans import mine

FORM = ("GET", "HEAD", "POST")


@page("plans.view")
def meetings(request: HttpRequest) -> HttpResponse:
    """`?o=<code>&when=coming`: all, or those still to come."""
    scope = request.scope
    when = asked.choice(request, "when", ("coming",))
    rows = queries.meetings(scope)
    rows = rows.filter(on__gte=scope.on, cancelled_on=None).order_by("on", "starts_at", "pk") if when else rows
    shown = page_of(request, rows)
    held = queries.records_of(scope, shown)
    context = {
        "page": shown,
        "rows": [(one, held.get(one.pk), queries.ready(one)) for one in shown],
        "when": when,
        "today": scope.on,
        "may_keep": plans.own(scope.doing("plans.keep")),
    }
    return htmx.page(request, "plans/meetings.html", context)


@page("plans.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """`?item=`: of the own plan; its words stand in the form."""
    scope, here = request.scope, plans.own(request.scope)
    if here is None:
        raise Http404
    item = _item(request)
    form = MeetingForm(request.POST or None, branch=here.is_branch, initial=_start(scope, item))
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: actions.announce(by=scope, item=item, facts=form.cleaned_data))
        if made:
            messages.success(request, "通知已写好。复制下面的文字发到群里，再勾上已通知到的人")
            return redirect("meeting", made.pk)
    return htmx.page(
        request, "plans/meeting_form.html", {"form": form, "item": item}, status=422 if form.errors else 200
    )


@page("plans.view")
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    scope = request.scope
    own = mine(scope, one)
    names = scope.may_at("members.view", one.organisation.path)
    people = queries.expected(scope.doing("members.view"), one) if names else []
    told = queries.told(scope, one)
    context = {
        "one": one,
        "record": queries.records_of(scope, [one]).get(one.pk),
        "ready": queries.ready(one),
        "mine": own,
        "open": own and not one.cancelled_on,
        "people": [(member, member.pk in told) for member in people],
        "told": len(told),
        "tell": ToldForm(rows=_members(scope, people), initial={"members": told}) if own and people else None,
        "text": chat.text(one, request.build_absolute_uri("/")),
        "prepare": _prepare_form(scope, one) if own else None,
        "today": scope.on,
    }
    return htmx.page(request, "plans/meeting.html", context)


@page("plans.keep", methods=FORM)
def change(request: HttpRequest, number: int) -> HttpResponse:
    one = kept(request, number)
    start = {name: getattr(one, name) for name in actions.FIELDS}
    form = ChangeForm(request.POST or None, branch=one.organisation.is_branch, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        why = facts.pop("why")
        tried(form, lambda: actions.change(by=request.scope, meeting=one, facts=facts, why=why))
        if not form.errors:
            messages.success(request, "已改。已通知的人要再告诉一遍")
            return redirect("meeting", number)
    return htmx.page(request, "plans/meeting_form.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@page("plans.keep", methods=FORM)
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    one = kept(request, number)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and carried_out(form, actions.cancel, by=request.scope, meeting=one):
        messages.success(request, "已取消，开会那天以前可以恢复")
        return redirect("meeting", number)
    return htmx.page(request, "plans/cancel.html", {"form": form, "one": one}, status=422 if form.errors else 200)


@page("plans.keep", methods=("POST",))
def restore(request: HttpRequest, number: int) -> HttpResponse:
    one = kept(request, number)
    try:
        actions.restore(by=request.scope, meeting=one)
    except Unfit as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已恢复")
    return redirect("meeting", number)


@page("plans.keep", methods=("POST",))
def told(request: HttpRequest, number: int) -> HttpResponse:
    one, scope = kept(request, number), request.scope
    people = queries.expected(scope, one)
    form = ToldForm(request.POST, rows=_members(scope, people))
    if carried_out(form, actions.tell, by=scope, meeting=one):
        messages.success(request, f"已通知 {len(form.cleaned_data['members'])} 人，应到 {len(people)} 人")
    else:
        messages.error(request, "；".join(str(word) for words in form.errors.values() for word in words))
    return redirect("meeting", number)


@page("plans.keep", methods=("POST",))
def prepare(request: HttpRequest, number: int) -> HttpResponse:
    one = kept(request, number)
    form = _prepare_form(request.scope, one, request.POST)
    if carried_out(form, actions.prepare, by=request.scope, meeting=one):
        messages.success(request, "已保存")
    else:
        messages.error(request, "；".join(str(word) for words in form.errors.values() for word in words))
    return redirect("meeting", number)


def _members(scope: Scope, people: list[Member]) -> QuerySet[Member]:
    rows = Member.objects.within(scope).filter(pk__in=[member.pk for member in people])
    return rows.order_by("initials", "name", "pk")


def found(request: HttpRequest, number: int) -> MeetingNotice:
    return get_object_or_404(queries.meetings(request.scope), pk=number)


def kept(request: HttpRequest, number: int) -> MeetingNotice:
    one = found(request, number)
    if not mine(request.scope, one):
        raise Http404
    return one


def _prepare_form(scope: Scope, one: MeetingNotice, data: Any = None) -> PrepareForm:
    rows = queries.preparations(scope, one.organisation_id, one.on)
    return PrepareForm(data, rows=rows, initial={"record": one.preparation_id or queries.likely(rows, one.on)})


def _item(request: HttpRequest) -> PlanItem | None:
    text = request.GET.get("item", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    rows = PlanItem.objects.within(request.scope).filter(plan__organisation=request.scope.organisation_id)
    return get_object_or_404(rows.select_related("plan"), pk=int(text))


def _start(scope: Scope, item: PlanItem | None) -> dict[str, Any]:
    """As planned; place and time as last time, where the plan says none."""
    start: dict[str, Any] = {"who": MeetingNotice.Who.EVERYBODY}
    last = queries.meetings(scope).filter(organisation=scope.organisation_id).first()
    if last:
        start |= {name: getattr(last, name) for name in ("place", "starts_at", "ends_at", "host")}
    if item is None:
        return start
    planned = item.on(item.plan.year)
    told = {"types": item.types, "topic": item.topic, "place": item.place, "host": item.speaker}
    start |= {name: value for name, value in told.items() if value}
    committee = set(item.types) == {"committee_meeting"}
    return start | {
        "on": planned if planned and planned >= scope.on else None,
        "who": MeetingNotice.Who.COMMITTEE if committee else MeetingNotice.Who.EVERYBODY,
    }
