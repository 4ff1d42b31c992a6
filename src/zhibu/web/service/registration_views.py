"""/service/registrations/ 到社区报到: who registered, hours to confirm, sums."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.service import exports, queries, registering
from zhibu.web.service.forms import HoursForm, ReasonForm, RegisterForm
from zhibu.web.service.models import Registration
from zhibu.web.service.places import FORM, Nothing, asked, done, found

PAGE = "registrations"


@page("service.view")
def registrations(request: HttpRequest) -> HttpResponse:
    """`?page=`"""
    scope = request.scope
    by = scope.doing("service.accept") if scope.may("service.accept") else None
    context = {
        "page": page_of(request, queries.registrations(scope)), "sums": queries.sums(scope), "unit": request.scope.unit,
        "waiting": queries.waiting_shifts(by) if by else [], "own": scope.organisation_id, "accepts": by is not None,
        "may_keep": scope.may("service.keep"), "may_export": scope.may("service.export"), "year": scope.on.year,
    }  # fmt: skip
    return htmx.page(request, "service/registrations.html", context)


@page("service.export")
def export(request: HttpRequest) -> HttpResponse:
    content = exports.sums(by=request.scope, unit=request.scope.unit)
    return sheets.download(content, sheets.file_name(request.scope.unit, "社区报到汇总", "", request.scope.on))


@page("service.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None, scope=request.scope)
    lead = "组织关系不动。社区接收以后，服务时长由社区确认，本人和本支部看得到"
    return asked(request, "到社区报到", form, registering.register, "已报到，等社区接收", PAGE, lead=lead)


def _theirs(request: HttpRequest, number: int) -> Registration:
    rows = Registration.objects.within(request.scope).filter(organisation=request.scope.organisation_id)
    return found(rows.select_related("member", "organisation"), number)


def answer(word: str) -> Any:
    """The POST of accepting or refusing."""
    form_class, does, said = {
        "accept": (Nothing, registering.accept, "已接收"),
        "refuse": (ReasonForm, registering.refuse, "已告知没有接收"),
    }[word]

    @page("service.accept", methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        one = _theirs(request, number)
        return done(request, form_class(request.POST), does, said, PAGE, registration=one)

    return post


@page("service.accept", methods=FORM)
def note(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _theirs(request, number), HoursForm(request.POST or None, initial={"on": request.scope.on})
    lead = f"{one.member.name}在{one.organisation.name}的服务。社区登记就是确认"
    return asked(request, "登记志愿服务", form, registering.note, "已登记", PAGE, lead=lead, registration=one)


def settle(word: str) -> Any:
    """The POST of confirming hours, or not."""
    form_class, does, said = {
        "confirm": (Nothing, registering.confirm, "已确认"),
        "return": (ReasonForm, registering.give_back, "已告知没有确认"),
    }[word]

    @page("service.accept", methods=("POST",))
    def post(request: HttpRequest, number: int) -> HttpResponse:
        one = found(queries.waiting_shifts(request.scope), number)
        return done(request, form_class(request.POST), does, said, PAGE, shift=one)

    return post
