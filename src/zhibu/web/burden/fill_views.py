"""A unit's page of a form that was sent to it; the table of all units for offices above, and its Excel."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.audit.forms import tried
from zhibu.web.burden import filling, queries
from zhibu.web.burden.forms import FillForm
from zhibu.web.burden.held import facts
from zhibu.web.burden.models import CountyForm, FormSheet
from zhibu.web.burden.periods import Period, periods, still_open
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope

STATES = {"": "全部单位", "open": "还没有填的", "filled": "已填的"}


@page("burden.fill", methods=("GET", "HEAD", "POST"))
def fill(request: HttpRequest, number: int) -> HttpResponse:
    """`?period=2026-12`; else the first that is not filled in yet."""
    scope, sheet = request.scope, get_object_or_404(filling.own(request.scope), pk=number)
    every = periods(sheet.form, scope.on)
    now = _chosen(request, every, still_open(sheet, scope.on))
    form = FillForm(sheet.form.fields, request.POST or None, initial=_kept(sheet, now))
    if request.method == "POST" and now:
        if request.POST.get("do") == "back":
            done = tried(form, lambda: filling.take_back(by=scope, sheet=sheet, period=now.key))
        else:
            done = form.is_valid() and tried(
                form, lambda: filling.fill(by=scope, sheet=sheet, period=now.key, values=form.values)
            )
        if done:
            messages.success(request, "已填报，截止以前可以改" if now.key in done.answers else "已撤回，可以重填")
            return redirect(f"{reverse('burden-form-fill', args=[number])}?period={now.key}")
    return _page(request, sheet, every, now, form)


def _page(
    request: HttpRequest, sheet: FormSheet, every: list[Period], now: Period | None, form: FillForm
) -> HttpResponse:
    scope, sent = request.scope, sheet.form
    known = facts([source for _, source in sent.fields], [sheet.organisation], scope.on)[sheet.organisation_id]
    held = [(label, known.get(source, f"在{where}里，不用填")) for label, source, where in filling.sources(sent)]
    context = {
        "sheet": sheet, "sent": sent, "now": now, "every": [(one, one.key in sheet.answers) for one in every],
        "held": held, "form": form, "told": sheet.answers.get(now.key) if now else None,
        "shut": bool(sent.withdrawn_on or sent.until < scope.on or sent.asked != "organisation"), "today": scope.on,
        "upcoming": next(iter(periods(sent, sent.until)), None),
    }  # fmt: skip
    return htmx.page(request, "burden/fill.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, every: list[Period], open_: list[Period]) -> Period | None:
    key = asked.choice(request, "period", [one.key for one in every])
    return next((one for one in every if one.key == key), None) or next(iter([*open_, *reversed(every)]), None)


def _kept(sheet: FormSheet, now: Period | None) -> dict[str, str]:
    told = sheet.answers.get(now.key, {}) if now else {}
    return {f"field_{at}": value for at, value in enumerate(told.get("values", []))}


@page("burden.view")
def answers(request: HttpRequest, number: int) -> HttpResponse:
    """`?period=&state=open|filled&page=`: who has filled it in and what, within reach, in the order of the tree."""
    scope, sent, rows = _seen(request, number)
    every = periods(sent, scope.on)
    now = _chosen(request, every, [])
    state = asked.choice(request, "state", STATES)
    key = now.key if now else ""
    shown = page_of(request, _standing(rows, key, state))
    context = {
        "sent": sent, "now": now, "every": every, "states": STATES.items(), "state": state, "page": shown,
        "rows": _labelled(sent, filling.table(scope, sent, list(shown), key)), "all": rows.count(),
        "filled": rows.filter(answers__has_key=key).count(), "may_export": now and scope.may("burden.export"),
        "today": scope.on,
    }  # fmt: skip
    return htmx.page(request, "burden/answers.html", context, "rows")


def _labelled(
    sent: CountyForm, rows: list[tuple[FormSheet, list[str], str]]
) -> list[tuple[FormSheet, list[tuple[str, str]], str]]:
    """Each text with the label of its column, which a phone shows beside it."""
    labels = [label for label, _ in sent.fields]
    return [(one, list(zip(labels, texts, strict=True)), on) for one, texts, on in rows]


@page("burden.export")
def export(request: HttpRequest, number: int) -> HttpResponse:
    """`?period=&state=` as on the page."""
    scope, sent, rows = _seen(request, number)
    now, state = _chosen(request, periods(sent, scope.on), []), asked.choice(request, "state", STATES)
    if now is None:
        raise Http404
    chosen = _standing(rows, now.key, state)
    content = filling.export(by=scope, form=sent, period=now, rows=chosen, shown=STATES[state])
    return sheets.download(content, sheets.file_name(scope.unit, sent.title[:40], now.words, scope.on))


def _standing(rows: QuerySet[FormSheet], key: str, state: str) -> QuerySet[FormSheet]:
    if not state:
        return rows
    return rows.filter(answers__has_key=key) if state == "filled" else rows.exclude(answers__has_key=key)


def _seen(request: HttpRequest, number: int) -> tuple[Scope, CountyForm, QuerySet[FormSheet]]:
    """A form of the own office, or one that went to somebody within reach."""
    scope, sent = request.scope, get_object_or_404(queries.county_forms(), pk=number)
    rows = filling.of_form(scope, sent)
    if sent.organisation_id != scope.organisation_id and not rows.exists():
        raise Http404
    return scope, sent, rows
