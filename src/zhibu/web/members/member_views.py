"""/members/<member>/ a member's page of life, /members/new/, the second half of a transfer, ends of what was noted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import announce, htmx
from zhibu.web.core.pages import page
from zhibu.web.members import acts, away, caring, history, life, papers, roles, standards, transfers
from zhibu.web.members.acts import FORM
from zhibu.web.members.life_forms import CloseForm, DayForm, NewMemberForm, ReasonForm
from zhibu.web.members.models import Care, CareHelp, Excused, MemberRole, MemberStandard
from zhibu.web.members.queries import shown


@page("members.view")
def member(request: HttpRequest, member: int) -> HttpResponse:
    scope, here = request.scope, acts.found(request.scope, member)
    place = here.organisation
    context = {
        "member": here,
        "one": shown(scope, here),
        "steps": history.steps(here),
        "ways": [transfers.shown(scope, one) for one in transfers.seen(scope).filter(member=here)],
        "probation_ends": life.probation_ends(here),
        "floating": away.of(here),
        "contacts": away.contacts(here)[:10],
        "file": papers.of(here),
        "roles": roles.of(here),
        "standard": standards.in_force(place, MemberStandard.Kind.STANDARD, scope.on),
        "ends_roles": scope.may_at("members.role", place.path),
        "acts": acts.offered(scope, here),
        **_restricted(scope, here),
    }
    return htmx.page(request, "members/member.html", context)


def _restricted(scope: Any, here: Any) -> dict[str, Any]:
    carer = scope.doing("members.care")
    if not carer.sees("member.care", here.organisation.path):
        return {"sees_care": False}
    return {
        "sees_care": True,
        "needs": Care.objects.within(carer).filter(member=here).order_by("-since"),
        "helps": CareHelp.objects.within(carer).filter(member=here).order_by("-on", "-pk")[:10],
        "excused": Excused.objects.within(carer).filter(member=here).order_by("-since"),
    }


@page("members.admit", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = NewMemberForm(request.POST or None, scope=request.scope, initial={"on": request.scope.on, "way": "admit"})
    if request.method == "POST" and form.is_valid() and (done := tried(form, lambda: _admit(request.scope, form))):
        messages.success(request, f"已登记：{done.name}，{done.organisation.name}")
        return redirect("member", done.pk)
    return htmx.page(request, "members/new.html", {"form": form}, status=422 if form.errors else 200)


def _admit(scope: Any, form: NewMemberForm) -> Any:
    told = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    if told.pop("way") == "arrive":
        return life.arrive(by=scope, **told)
    for name in ("kind", "origin", "joined_on", "full_on"):
        told.pop(name, None)
    return life.admit(by=scope, **told)


CLOSES = {
    "receive": ("接收", CloseForm, transfers.receive, "document"),
    "refuse": ("退回", ReasonForm, transfers.refuse, "reason"),
    "recall": ("撤回", ReasonForm, transfers.recall, "reason"),
}


def closing(how: str) -> Any:
    """The page of one end of a transfer: receive, refuse or recall."""
    word, form_class, does, name = CLOSES[how]

    @page("members.move", methods=FORM)
    def close(request: HttpRequest, number: int) -> HttpResponse:
        one = get_object_or_404(transfers.seen(request.scope), pk=number)
        form = form_class(request.POST or None, initial={"on": request.scope.on})
        if request.method == "POST" and form.is_valid():
            told = {"on": form.cleaned_data["on"], name: form.cleaned_data["answer"]}
            if tried(form, lambda: does(by=request.scope, transfer=one, **told)):
                messages.success(request, f"已{word}：{one.member.name}")
                return redirect("transfers")
        ends = announce.ends_with_leaving(one.member_id, one.organisation_id) if one.state == "sent" else []
        context = {"one": one, "to": transfers.whither(one), "word": word, "form": form, "ends": "、".join(ends)}
        return htmx.page(request, "members/transfer.html", context, status=422 if form.errors else 200)

    return close


@page("members.care", methods=("POST",))
def end_need(request: HttpRequest, number: int) -> HttpResponse:
    need = _mine(request, Care, number)
    return _ended(request, need.member_id, lambda on: caring.end_need(by=request.scope, need=need, on=on))


@page("members.care", methods=("POST",))
def end_excuse(request: HttpRequest, number: int) -> HttpResponse:
    line = _mine(request, Excused, number)
    return _ended(request, line.member_id, lambda on: caring.end_excuse(by=request.scope, excused=line, on=on))


@page("members.role", methods=("POST",))
def end_role(request: HttpRequest, number: int) -> HttpResponse:
    line = _mine(request, MemberRole, number)
    return _ended(request, line.member_id, lambda on: roles.end(by=request.scope, role=line, on=on))


def _mine(request: HttpRequest, model: type[Model], number: int) -> Any:
    line = model.objects.within(request.scope).filter(pk=number).first()  # type: ignore[attr-defined]
    if line is None:
        raise Http404
    return line


def _ended(request: HttpRequest, member: int, end: Any) -> HttpResponse:
    form = DayForm(request.POST or {"on": request.scope.on.isoformat()})
    if form.is_valid() and tried(form, lambda: end(form.cleaned_data["on"])):
        messages.success(request, "已结束")
    else:
        messages.error(request, "没有结束：" + "；".join(word for words in form.errors.values() for word in words))
    return redirect("member", member)
