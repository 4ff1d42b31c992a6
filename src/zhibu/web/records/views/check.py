"""P03, second step: check answers, submit, on to the receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zhibu.web.core import announce, asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records import actions, extras, queries, ties, words
from zhibu.web.records.actions.submit import sent
from zhibu.web.records.forms import RecordForm
from zhibu.web.records.typed import unpack
from zhibu.web.records.views.form import cleaned, form_of, show
from zhibu.web.records.views.new import heading


@page("records.submit", methods=("GET", "HEAD", "POST"))
def check(request: HttpRequest) -> HttpResponse:
    """Check answers: shows the draft as it will be stored; POST submits it."""
    scope: Scope = request.scope
    own, key = queries.own_organisation(scope), asked.text(request, "key")
    draft = queries.draft(scope, key)
    if draft is None:
        return _already(request, own, key)
    form = form_of(scope, own, unpack(draft.fields))
    if not form.is_valid():
        return show(request, form, status=422, saved_at=draft.saved_at, **heading(scope, own, form.data))
    if request.method == "POST":
        return _submit(request, own, form, key)
    return htmx.page(request, "records/check.html", _answers(scope, own, form, key))


def _submit(request: HttpRequest, own: Organisation, form: RecordForm, key: str) -> HttpResponse:
    fields, attendance = cleaned(form)
    try:
        record = actions.submit(by=request.scope, organisation=own, fields=fields, attendance=attendance, key=key)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('record-new')}?key={key}")
    actions.drop_draft(by=request.scope, key=key)
    return redirect("record-receipt", number=record.number)


def _already(request: HttpRequest, own: Organisation, key: str) -> HttpResponse:
    """No draft of that name: the second click of a submission, or a link grown old."""
    if record := sent(request.scope, own, key):
        return redirect("record-receipt", number=record.number)
    messages.info(request, "这份草稿已提交或已删掉，下面是一张新的表")
    return redirect("record-new")


def _answers(scope: Scope, own: Organisation, form: RecordForm, key: str) -> dict[str, object]:
    fields, attendance = cleaned(form)
    states = list(attendance.values())
    return {
        "form": form,
        "fields": fields,
        "own": own,
        "superior": tree.superior(own),
        "back": f"{reverse('record-new')}?key={key}",
        "here": f"{reverse('record-check')}?key={key}",
        "ticked": [one.choice_label for one in form["types"] if one.data["selected"]],
        "nothing_owed": _nothing_owed(form, fields["types"]),
        "made_up": _made_up(form, fields),
        "extras": extras.lines(fields["extra"]),
        "tied": _tied(form, fields),
        "expected": sum(state != "excused" for state in states) if states else fields.get("expected"),
        "present": states.count("present") if states else fields.get("present"),
        "absent": _absent(form, attendance),
        "days_late": (scope.on - fields["held_on"]).days,
        "lines": announce.check_lines(scope, own.pk, fields["types"]),
        "twin": queries.same_day(scope, own, fields["types"], fields["held_on"]),
    }


def _nothing_owed(form: RecordForm, types: list[str]) -> list[str]:
    """Chosen types that close no duty of that day."""
    asked = {kind for duty in form.setting.closing for kind in duty.types}
    return [words.types_words([kind]) for kind in types if kind not in asked]


def _tied(form: RecordForm, fields: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """(专项和中心工作, [names]) as ticked."""
    found = []
    for tie in ties.ties():
        words_of = dict(form.setting.offers[tie.name].choices) if tie.name in form.setting.offers else {}
        if chosen := fields["ties"].get(tie.name):
            found.append((tie.label, [words_of[one] for one in chosen]))
    return found


def _made_up(form: RecordForm, fields: dict[str, Any]) -> list[queries.Duty]:
    """The duties of the past period that this lesson is made up for."""
    owing = (duty for duty in form.setting.owing if duty.period == fields["makes_up"])
    return [duty for duty in owing if set(duty.types) & set(fields["types"])]


def _absent(form: RecordForm, attendance: dict[int, str]) -> list[tuple[str, list[str]]]:
    """(请假, [names]) for each state that is not 到会."""
    found: dict[str, list[str]] = {}
    for row in form.sheet.rows:
        state = attendance.get(row.member.pk, "")
        if state not in ("", "present"):
            found.setdefault(dict(form.sheet.choices)[state], []).append(row.member.name)
    return list(found.items())
