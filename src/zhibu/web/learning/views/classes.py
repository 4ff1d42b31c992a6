"""/learning/ 培训班: the year's list, one class with its trainees, holding, changing and calling one off."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.learning import actions, queries
from zhibu.web.learning.actions.classes import MOST
from zhibu.web.learning.audience import people
from zhibu.web.learning.forms import BookForm, CancelForm, ClassForm
from zhibu.web.learning.models import Booking, Trainee, TrainingClass
from zhibu.web.learning.views import places
from zhibu.web.learning.words import AUDIENCES, choices

FORM = ("GET", "HEAD", "POST")
OFFERED = 200  # members offered at once; the rest by a search


@page("learning.view")
def classes(request: HttpRequest) -> HttpResponse:
    """`?year=&audience=&q=&page=`"""
    scope, year, audience, q = request.scope, places.year(request), places.audience(request), query.text(request, "q")
    told = queries.report(scope, year, scope.on)
    context = {
        "page": page_of(request, queries.classes(scope, year, audience, q)),
        "year": year, "audience": audience, "audiences": choices(AUDIENCES), "q": q, "today": scope.on,
        "count": sum(one.classes for one in told), "people": sum(one.people for one in told),
        "may_keep": scope.may("learning.keep"),
    }  # fmt: skip
    return htmx.page(request, "learning/classes.html", context, "rows")


@page("learning.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    form = ClassForm(request.POST or None)
    good = request.method == "POST" and form.is_valid()
    if good and (made := tried(form, lambda: actions.hold(by=scope, fields=form.cleaned_data))):
        messages.success(request, "已登记，接着选学员")
        return redirect("class-pick", made.pk)
    return htmx.page(request, "learning/class_form.html", {"form": form}, status=422 if form.errors else 200)


@page("learning.keep", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = places.held(request, number)
    start: dict[str, Any] = {name: getattr(one, name) for name in ClassForm.base_fields}
    start["record"] = one.record.number if one.record else ""
    form = ClassForm(request.POST or None, initial=start)
    good = request.method == "POST" and form.is_valid()
    if good and tried(form, lambda: actions.change(by=request.scope, held=one, fields=form.cleaned_data)):
        messages.success(request, "已修改")
        return redirect("class", number)
    return htmx.page(
        request, "learning/class_form.html", {"form": form, "one": one}, status=422 if form.errors else 200
    )


@page("learning.view")
def training_class(request: HttpRequest, number: int) -> HttpResponse:
    return _class(request, places.held(request, number))


@page("learning.keep", methods=("POST",))
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    one, form = places.held(request, number), CancelForm(request.POST)
    if carried_out(form, actions.cancel, by=request.scope, held=one):
        messages.success(request, "已取消，学时不再计入")
        return redirect("class", number)
    return _class(request, one, {"cancel": form})


@page("learning.keep", methods=FORM)
def pick(request: HttpRequest, number: int) -> HttpResponse:
    """`?org=&q=`: members of the audience within reach, to be ticked."""
    one, area, q = places.held(request, number), places.area(request), query.text(request, "q", 30)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("members") if pk.isascii() and pk.isdigit() and len(pk) < 18]
        added = tried(form, lambda: actions.enrol(by=request.scope, held=one, members=chosen[:MOST]))
        if added is not None:
            messages.success(request, f"新增学员 {added} 人")
            return redirect("class", number)
    everybody = query.choice(request, "who", ("all",)) == "all"
    rows = people(request.scope, area, "audience_all" if everybody else one.audience)
    rows = rows.filter(name__icontains=q) if q else rows
    there = queries.trainees(request.scope, one).values_list("member", flat=True)
    rows = rows.exclude(pk__in=list(there))
    context = {
        "one": one, "form": form, "members": list(rows[:OFFERED]), "more": max(0, rows.count() - OFFERED), "q": q,
        "org": area.code if area else "", "who": "all" if everybody else "",
    }  # fmt: skip
    return htmx.page(request, "learning/pick.html", context, status=422 if form.errors else 200)


@page("learning.keep", methods=("POST",))
def strike(request: HttpRequest, number: int, trainee: int) -> HttpResponse:
    one = places.held(request, number)
    row = get_object_or_404(queries.trainees(request.scope, one), pk=trainee)
    form = forms.Form({})
    if carried_out(form, actions.strike, by=request.scope, trainee=row):
        messages.success(request, "已移出")
        return redirect("class", number)
    return _class(request, one, {"attend": form})


@page("learning.keep", methods=("POST",))
def attend(request: HttpRequest, number: int) -> HttpResponse:
    """`came`: keys of trainees ticked; `hours-<key>`: hours of one who did not come to all of it."""
    one, form = places.held(request, number), forms.Form(request.POST)
    rows = list(queries.trainees(request.scope, one))
    ticked = set(request.POST.getlist("came"))
    came = {row.pk: _hours(request, form, one, row) if str(row.pk) in ticked else None for row in rows}
    if form.is_valid() and carried_out(form, lambda: actions.attend(by=request.scope, held=one, came=came)):
        messages.success(request, f"已登记，参加 {len(ticked)} 人")
        return redirect("class", number)
    return _class(request, one, {"attend": form})


def _hours(request: HttpRequest, form: forms.Form, held: TrainingClass, row: Trainee) -> Decimal:
    typed = request.POST.get(f"hours-{row.pk}", "").strip()[:12]
    try:
        found = Decimal(typed) if typed else held.hours
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not Decimal("0.5") <= found <= 2000 or found != round(found, 1):
        form.add_error(None, f"{row.member.name}的学时“{typed}”不对，填 0.5 以上的数，最多一位小数")
        return held.hours
    return found


@page("learning.keep", methods=("POST",))
def book(request: HttpRequest, number: int) -> HttpResponse:
    one = places.held(request, number)
    form = BookForm(request.POST, rows=queries.resources(request.scope).filter(closed_on=None))
    if carried_out(form, actions.book, by=request.scope, held=one):
        messages.success(request, "已预约")
        return redirect("class", number)
    return _class(request, one, {"book": form})


@page("learning.keep", methods=("POST",))
def release(request: HttpRequest, number: int, booking: int) -> HttpResponse:
    one = places.held(request, number)
    row = get_object_or_404(Booking.objects.within(request.scope), training_class=one, pk=booking)
    actions.release(by=request.scope, booking=row)
    messages.success(request, "已取消预约")
    return redirect("class", number)


def _class(request: HttpRequest, one: TrainingClass, wrong: dict[str, forms.Form] | None = None) -> HttpResponse:
    scope = request.scope
    wrong, rows = wrong or {}, list(queries.trainees(scope, one))
    keeps = scope.may_at("learning.keep", one.organisation.path) and not one.cancelled_on
    free = queries.resources(scope.doing("learning.keep")).filter(closed_on=None) if keeps else None
    days = {"starts_on": one.starts_on, "ends_on": one.ends_on}
    unseen = one.trainees.unscoped(queries.WHY).count() - len(rows)
    context = {
        "one": one, "rows": rows, "came": sum(row.attended is True for row in rows), "unseen": unseen,
        "bookings": Booking.objects.within(scope).filter(training_class=one).select_related("resource"),
        "keeps": keeps, "begun": one.starts_on <= scope.on, "wrong": next(iter(wrong.values()), None),
        "book_form": wrong.get("book") or (BookForm(initial=days, rows=free) if free is not None else None),
        "cancel_form": wrong.get("cancel") or CancelForm(), "wrong_part": next(iter(wrong), ""),
    }  # fmt: skip
    return htmx.page(request, "learning/class.html", context, status=422 if wrong else 200)
