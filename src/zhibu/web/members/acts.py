"""What an office can note about a member: one page with one form for each (`life_forms.py`), one action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.audit.forms import tried
from zhibu.web.core import announce, htmx
from zhibu.web.core.pages import View, page
from zhibu.web.core.scope import Scope
from zhibu.web.members import actions, away, caring, configuration, life, papers, roles, transfers
from zhibu.web.members import life_forms as asks
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.organisations.fields import ScopedForm

FORM = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Act:
    """`fits` says whether the page of the member offers it."""

    word: str
    needs: str
    form: type[forms.Form]
    does: Callable[..., Any]
    fits: Callable[[Member], bool] = lambda member: True
    restricted: bool = False  # only where the post sees member.care


def _probationary(member: Member) -> bool:
    return member.kind == MemberKind.PROBATIONARY


ACTS: dict[str, Act] = {
    "full": Act("转为正式党员", "members.admit", asks.FullForm, life.make_full, fits=_probationary),
    "extend": Act("延长预备期", "members.admit", asks.ExtendForm, life.extend_probation, fits=_probationary),
    "send": Act("转出组织关系", "members.move", asks.SendForm, transfers.send),
    "work": Act("工作岗位变动", "members.change", asks.WorkForm, life.change_work),
    "leave": Act("离开名册", "members.change", asks.LeaveForm, actions.leave),
    "away": Act("登记外出", "members.away", asks.AwayForm, away.go, fits=away.at_home),
    "back": Act("登记返回", "members.away", asks.DayForm, away.return_, fits=lambda member: member.floating),
    "contact": Act("记一次联系", "members.away", asks.ContactForm, away.note_contact, fits=lambda one: one.floating),
    "papers": Act("核对档案", "members.papers", asks.PapersForm, papers.check),
    "role": Act("登记作用发挥", "members.role", asks.RoleForm, roles.note),
    "need": Act("登记困难", "members.care", asks.NeedForm, caring.note_need, restricted=True),
    "help": Act("记一次帮扶", "members.care", asks.HelpForm, caring.help_, restricted=True),
    "excuse": Act("登记照顾", "members.care", asks.ExcuseForm, caring.excuse, restricted=True),
}
SAYS = {
    "full": "支部党员大会通过、上级批准以后登记。",
    "extend": "只能延长一次，不少于半年，最长不超过一年。",
    "send": "对方接收以前仍由原支部管理，仍在原支部的名册上。",
    "work": "如：退休。",
    "leave": "去世、停止党籍、组织处置等，由组织决定以后登记。转到别处的用“转出组织关系”。",
    "away": "连续 6 个月以上不能参加本支部组织生活的，登记为流动党员。",
    "back": "流动党员回到本支部参加组织生活。",
    "contact": "支部与外出党员的联系。",
    "papers": "档案里有的打勾，没打勾的算缺。",
    "role": "岗位、队伍、承诺、服务。只作记录，不计分、不排名。",
    "need": "只记困难类型，不写细节；只有支部和上级党委看得到。",
    "help": "做了什么、谁做的。",
    "excuse": ("年老体弱、患重病、残疾的，参加活动和学习不作硬性要求（教育管理工作条例第二十三条）。"),
}


ENDING = ("send", "leave")  # after which somebody is on no roster, or on another


def _ends(member: Member) -> str:
    ends = "、".join(announce.ends_with_leaving(member.pk, member.organisation_id))
    return f"在{member.organisation.name}担任的{ends}，离开名册那天随之离任；别处的职务不变。" if ends else ""


def view(what: str) -> View:
    """The page of an act: `/members/<member>/<what>/`."""
    told = ACTS[what]

    @page(told.needs, methods=FORM)
    def act(request: HttpRequest, member: int) -> HttpResponse:
        here = found(request.scope, member)
        if told.restricted and not request.scope.sees("member.care", here.organisation.path):
            raise Http404
        knows = {"scope": request.scope} if issubclass(told.form, ScopedForm) else {}
        form = told.form(request.POST or None, initial=_start(request.scope, what, here), **knows)
        if request.method == "POST" and form.is_valid() and _done(request.scope, told, here, form):
            messages.success(request, f"已办：{told.word}，{here.name}")
            return redirect(_onward(request.scope, here))
        says = SAYS[what] + (_ends(here) if what in ENDING else "")
        context = {"act": told, "says": says, "member": here, "form": form, "back": _onward(request.scope, here)}
        return htmx.page(request, "members/act.html", context, status=422 if form.errors else 200)

    return act


def _done(scope: Scope, told: Act, member: Member, form: forms.Form) -> bool:
    """A list may come back empty and is done all the same."""
    return tried(form, lambda: (told.does(by=scope, member=member, **_given(form)),)) is not None


def found(scope: Scope, member: int) -> Member:
    """On the roster or gone; not there, or not of the reach: 404."""
    return get_object_or_404(Member.objects.within(scope).select_related("organisation"), pk=member)


def offered(scope: Scope, member: Member) -> list[tuple[str, str]]:
    """(address, word) of what this post may do for a member on the roster."""
    if member.left_on:
        return []
    path = member.organisation.path
    return [
        (reverse(f"member-{what}", args=[member.pk]), one.word)
        for what, one in ACTS.items()
        if scope.may_at(one.needs, path)
        and one.fits(member)
        and (not one.restricted or scope.doing(one.needs).sees("member.care", path))
    ]


def _given(form: forms.Form) -> dict[str, Any]:
    """Optional days and texts left empty stay what the action has for them."""
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}


def _start(scope: Scope, what: str, member: Member) -> dict[str, Any]:
    start: dict[str, Any] = {"on": scope.on}
    if what == "papers":
        file = papers.of(member)
        start |= {"papers": [one.paper for one in file.there], "place": file.place}
    if what == "send" and (days := configuration.letter_days()):
        start["valid_until"] = scope.on + timedelta(days=days)
    return start


def _onward(scope: Scope, member: Member) -> str:
    return reverse("member", args=[member.pk]) if scope.may("members.view") else reverse("home")
