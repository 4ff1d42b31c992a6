"""P11 待我办: what waits for this post, the oldest first; records are accepted one by one or several at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.records.models import Record
from zhibu.web.review import actions, queries
from zhibu.web.review.forms import ReturnForm, SnoozeForm
from zhibu.web.review.sources import RECORD

TIME = timedelta(days=3)  # proposed for mending; the reviewer says the day
MOST = 200  # of one batch


@page("review.view")
def inbox(request: HttpRequest) -> HttpResponse:
    return _show(request, return_form(request.scope))


@page("review.decide", methods=("POST",))
def decide(request: HttpRequest) -> HttpResponse:
    """Each in its own transaction; the answer has a line for what was not done. `picked`: `number` or `number:version`.

    `one` is a row's own button, which leaves the ticks alone.
    """
    scope = request.scope
    picked = [request.POST["one"]] if request.POST.get("one") else request.POST.getlist("picked")[:MOST]
    chosen = _records(scope, picked)
    if picked and not chosen:
        raise Http404
    if not picked:
        messages.warning(request, "先勾选要办的记录")
        return redirect("inbox")
    if request.POST.get("do") != "return":
        _batch(request, "通过", chosen, lambda one, version: actions.accept(by=scope, record=one, version=version))
        return redirect("inbox")
    form = return_form(scope, request.POST)
    if not form.is_valid():
        return _show(request, form, picked, 422)
    told = form.cleaned_data
    _batch(request, "退回", chosen, lambda one, version: actions.return_(by=scope, record=one, version=version, **told))
    return redirect("inbox")


@page("review.decide", methods=("POST",))
def snooze(request: HttpRequest) -> HttpResponse:
    scope, form = request.scope, SnoozeForm(request.POST)
    now, later = queries.inbox(scope)
    key = request.POST.get("key", "")
    if key not in {one.key for one in (*now, *later)}:
        raise Http404
    if not form.is_valid():
        messages.error(request, form.errors["until"][0])
        return redirect("inbox")
    try:
        actions.snooze(by=scope, key=key, until=form.cleaned_data["until"])
        messages.success(request, f"放到 {form.cleaned_data['until']} 再办")
    except Unfit as refusal:
        messages.error(request, str(refusal))
    return redirect("inbox")


def return_form(scope: Scope, data: object = None) -> ReturnForm:
    setting = queries.own_setting(scope)
    start = {"back_by": scope.on + TIME}
    return ReturnForm(data, sentences=setting.sentences if setting else [], initial=start)  # type: ignore[arg-type]


def _records(scope: Scope, picked: list[str]) -> list[tuple[Record, int]]:
    """Those in reach, with the version that was on the page; without one it is refused as changed."""
    asked = {number: version for number, _, version in (one.partition(":") for one in picked)}
    rows = Record.objects.within(scope).filter(number__in=[one.replace("\x00", "") for one in asked])
    versions = {one: int(v) if v.isascii() and v.isdigit() and len(v) < 6 else 0 for one, v in asked.items()}
    return [(one, versions.get(one.number, 0)) for one in rows.select_related("organisation").order_by("number")]


def _batch(
    request: HttpRequest, word: str, chosen: list[tuple[Record, int]], act: Callable[[Record, int], object]
) -> None:
    """5 条已通过，1 条没有：…"""
    done, refused = 0, []
    for record, version in chosen:
        try:
            act(record, version)
            done += 1
        except (NotAllowed, Unfit) as refusal:
            refused.append(str(refusal))
    if done:
        messages.success(request, f"{done} 条已{word}" + ("" if word == "退回" else "，24 小时内可以撤销"))
    if refused:
        messages.warning(request, f"{len(refused)} 条没有{word}：{'；'.join(refused[:20])}")


def _show(request: HttpRequest, form: ReturnForm, picked: list[str] | None = None, status: int = 200) -> HttpResponse:
    scope = request.scope.doing("review.view")
    now, later = queries.inbox(scope)
    context = {
        "rows": [(one, one.key.removeprefix(RECORD) if one.key.startswith(RECORD) else "") for one in now],
        "records": any(one.key.startswith(RECORD) for one in now),
        "later": later,
        "form": form,
        "picked": {one.partition(":")[0] for one in picked or ()},
        "tomorrow": scope.on + timedelta(days=1),
        "monday": scope.on + timedelta(days=7 - scope.on.weekday()),
        "done": queries.decided_today(scope) if scope.may("review.decide") else 0,
        "recent": queries.recent(scope) if scope.may("review.decide") else [],
        "today": scope.on,
        "may_set": scope.may("review.set"),
    }
    return htmx.page(request, "review/inbox.html", context, status=status)
