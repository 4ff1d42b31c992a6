"""/service/me/ 我的承诺和服务: one's own, and the calls open to oneself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.members.about_me import own_row
from zhibu.web.service import calling, commitments, queries, registering
from zhibu.web.service.forms import FulfilForm, HoursForm, OwnCommitForm, OwnRegisterForm, ReasonForm, SignUpForm
from zhibu.web.service.models import Call, CallPost, Commitment, Registration, Shift, SignUp
from zhibu.web.service.places import FORM, Nothing, asked, done, found

ME = "my-service"


@page("me.serve")
def me(request: HttpRequest) -> HttpResponse:
    scope, member = request.scope, own_row(request.scope.user_id)
    context: dict[str, Any] = {"member": member}
    if member:
        shifts = Shift.objects.unscoped(queries.OWN).filter(member=member).select_related("organisation")
        calls = list(queries.calls_to(member).filter(ends_on__gte=scope.on))
        mine = {one.call_id: one for one in _sign_ups(member).select_related("post", "call")}
        live = Registration.objects.unscoped(queries.OWN).filter(member=member).exclude(state="ended")
        context |= {
            "commitments": [(one, *one.status(scope.on)) for one in commitments.mine(member)[:50]],
            "registration": live.select_related("organisation").order_by("-pk").first(),
            "calls": [(one, mine.get(one.pk), _form(one)) for one in calls],
            "shifts": shifts.order_by("-on", "-pk")[:50], "today": scope.on,
            "hours": queries.confirmed(member, scope.on.year),
            "may_read": scope.may_at("service.read", member.organisation.path),
        }  # fmt: skip
    return htmx.page(request, "service/me.html", context)


def _sign_ups(member: Any) -> Any:
    return SignUp.objects.unscoped(queries.OWN).filter(member=member)


def _form(call: Call, posted: Any = None) -> SignUpForm:
    posts = CallPost.objects.unscoped(queries.REACHED).filter(call=call).order_by("pk")
    return SignUpForm(posted, posts=posts, auto_id=f"id_{call.pk}_%s")


@page("me.serve", methods=FORM)
def commit(request: HttpRequest) -> HttpResponse:
    form = OwnCommitForm(request.POST or None)
    lead = "自愿写。公开的，本支部的党员看得到；不公开的，只有支部和上级看得到。不计分、不排名"
    return asked(request, "写一条承诺", form, commitments.make_own, "已写上", ME, "写上", lead)


@page("me.serve", methods=FORM)
def register(request: HttpRequest) -> HttpResponse:
    form = OwnRegisterForm(request.POST or None, scope=request.scope)
    lead = "组织关系不动。社区党组织看得到姓名和所在党支部，服务时长由它确认"
    return asked(request, "到社区报到", form, registering.register_own, "已报到，等社区接收", ME, "报到", lead)


@page("me.serve", methods=FORM)
def serve(request: HttpRequest) -> HttpResponse:
    form = HoursForm(request.POST or None, initial={"on": request.scope.on})
    lead = "社区确认以后才算数。只有本人、本支部和社区看得到"
    return asked(request, "登记志愿服务", form, registering.note_own, "已登记，等社区确认", ME, lead=lead)


@page("me.serve", methods=("POST",))
def sign_up(request: HttpRequest, number: int) -> HttpResponse:
    member = own_row(request.scope.user_id)
    rows = queries.calls_to(member) if member else Call.objects.unscoped("nobody's").none()
    one = found(rows, number)
    form = _form(one, request.POST)
    return done(request, form, calling.sign_up, "已报名，等安排", ME, call=one)


def own(word: str) -> Callable[..., HttpResponse]:
    """The POST of one small act on a thing of one's own."""
    name, model, form_class, does, said = {
        "fulfil": ("commitment", Commitment, FulfilForm, commitments.fulfil_own, "已记下，由另一个人确认"),
        "withdraw": ("commitment", Commitment, ReasonForm, commitments.withdraw_own, "已撤回"),
        "cancel": ("sign_up", SignUp, Nothing, calling.cancel, "已取消报名"),
        "end": ("registration", Registration, Nothing, registering.end_own, "已结束"),
    }[word]

    @page("me.serve", methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        rows: Any = model.objects.unscoped(queries.OWN).filter(member__user=request.scope.user_id)  # type: ignore[attr-defined]
        one = found(rows, number)
        return done(request, form_class(request.POST), does, said, ME, **{name: one})

    return post
