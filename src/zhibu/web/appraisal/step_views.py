"""/appraisal/<n>/… the steps of a round: one form each, a row for every member, and back to the round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.appraisal import queries, results, rounds
from zhibu.web.appraisal.forms import (
    BallotForm,
    DiscussForm,
    OpinionForm,
    PartForm,
    PublicForm,
    ReasonForm,
    RecordForm,
    RowsForm,
    ToldForm,
)
from zhibu.web.appraisal.models import Appraisal, AppraisalLine
from zhibu.web.appraisal.views import FORM, found
from zhibu.web.audit.actions import NotAllowed, Unfit
from zhibu.web.audit.forms import carried_out
from zhibu.web.core import htmx
from zhibu.web.core.pages import page

SETTLED = "已经通报或归档，不再改动。要改的先写明原因撤回"


@dataclass(frozen=True, slots=True)
class Step:
    """A page with rows. `says` stands above the form; `whole`: its fields' values when it is opened again."""

    word: str
    form: type[RowsForm]
    act: Callable[..., object]
    says: str
    whole: tuple[str, ...] = ()
    day: str = ""  # the field that begins as today


PART = Step("谁参加", PartForm, rounds.take_part, "预备党员参加评议，不评定等次。不参加的写明原因，一句话")
DISCUSS = Step(
    "自评、互评", DiscussForm, results.discuss,
    "个人自评、党员互评做了的勾上，可以分几次、分党小组做。自评材料不用上传", day="on",
)  # fmt: skip
BALLOTS = Step(
    "投票和计票", BallotForm, results.count,
    "纸质票不记名，由计票人清点。这里只填张数和每人各等次的票数，每人合计不超过有效票。没有选等次的票不用填",
    ("held_on", "issued", "returned", "valid", "tellers"), "held_on",
)  # fmt: skip
OPINION = Step(
    "提出意见", OpinionForm, results.decide, "由支部委员会或者支部党员大会提出，票数供参考，系统不按票数定等次",
    ("decided_by", "decided_on"), "decided_on",
)  # fmt: skip
TOLD = Step(
    "告知本人",
    ToldForm,
    results.tell,
    "把等次和意见当面告诉本人，告知了的勾上。勾上以后，本人在“我的”里看得到",
    day="on",
)


@page("appraisal.keep", methods=FORM)
def part(request: HttpRequest, number: int) -> HttpResponse:
    return _step(request, number, PART)


@page("appraisal.keep", methods=FORM)
def discuss(request: HttpRequest, number: int) -> HttpResponse:
    return _step(request, number, DISCUSS)


@page("appraisal.keep", methods=FORM)
def ballots(request: HttpRequest, number: int) -> HttpResponse:
    return _step(request, number, BALLOTS)


@page("appraisal.keep", methods=FORM)
def opinion(request: HttpRequest, number: int) -> HttpResponse:
    return _step(request, number, OPINION)


@page("appraisal.keep", methods=FORM)
def told(request: HttpRequest, number: int) -> HttpResponse:
    return _step(request, number, TOLD)


def _step(request: HttpRequest, number: int, step: Step) -> HttpResponse:
    one = found(request, number)
    rows = queries.lines(request.scope, one)
    now = {name: getattr(one, name) or None for name in step.whole}
    if step.day:
        now[step.day] = now.get(step.day) or request.scope.on
    form = step.form(request.POST or None, appraisal=one, rows=rows, initial=now)
    if request.method == "POST" and carried_out(form, step.act, by=request.scope, appraisal=one):
        return _back(request, one, f"{step.word}：已保存")
    context = {
        "form": form, "one": one, "step": step, "present": sum(row.part != row.Part.AWAY for row in rows),
        "share": queries.share(one, rows), "settled": _settled(one), "people": len(rows),
        "table": [(row, _note(one, row, step), cells) for row, cells in form.table()],
    }  # fmt: skip
    return htmx.page(request, "appraisal/step.html", context, status=422 if form.errors else 200)


def _note(one: Appraisal, row: AppraisalLine, step: Step) -> str:
    """Beside the name: what the ballots say when an opinion is to be given, else how far that member is."""
    if step is OPINION and row.counted:
        return "，".join(f"{word} {row.ballots[grade]} 票" for grade, word in one.grades.items() if row.ballots[grade])
    if step is TOLD:
        return "：".join(part for part in (one.word(row.grade), row.opinion) if part) or "还没有等次"
    return "" if row.part == row.Part.WHOLE or step is PART else row.get_part_display()


def _settled(one: Appraisal) -> str:
    return "这次评议已经作废" if one.cancelled_on else SETTLED if one.archived_on or one.told_from else ""


@page("appraisal.keep", methods=("POST",))
def enrol(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    try:
        many = rounds.enrol(by=request.scope, appraisal=one)
        messages.success(request, f"补上 {many} 人" if many else "今天名册上的人都在这里了")
    except (NotAllowed, Unfit) as refusal:
        messages.error(request, str(refusal))
    return redirect("appraisal-part", number)


@page("appraisal.keep", methods=FORM)
def public(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    form = PublicForm(request.POST or None, initial={"told_from": request.scope.on})
    return _formal(request, one, form, results.make_public, "支部内通报", "已登记通报。通报单可以打印")


@page("appraisal.keep", methods=FORM)
def archive(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    return _formal(request, one, forms.Form(request.POST or None), results.archive, "归档", "已归档")


@page("appraisal.reopen", methods=FORM)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    one, form = found(request, number), ReasonForm(request.POST or None)
    return _formal(request, one, form, rounds.reopen, "撤回", "已撤回，可以改了。改好以后重新通报、归档")


@page("appraisal.reopen", methods=FORM)
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    one, form = found(request, number), ReasonForm(request.POST or None)
    return _formal(request, one, form, rounds.cancel, "作废", "已作废")


@page("appraisal.keep", methods=FORM)
def record(request: HttpRequest, number: int) -> HttpResponse:
    one = found(request, number)
    form = RecordForm(
        request.POST or None, records=queries.records(request.scope, one), initial={"record": one.record_id}
    )
    return _formal(request, one, form, rounds.tie, "连活动记录", "已保存")


SAYS = {
    "支部内通报": "通报以后，票数和等次不能再改；要改的先撤回。",
    "归档": "归档以后什么都不再改动；要改的要写明原因撤回，记在审计记录里。",
    "撤回": "撤回以后通报和归档都取消，票数和等次可以改。改了等次的人要重新告知。",
    "作废": "开错了的才作废。作废的不算，可以重新开始。",
    "连活动记录": "民主评议的会议照常记一次活动，事项办没办由活动记录定；连上以后两边互相找得到。",
}


def _formal(
    request: HttpRequest, one: Appraisal, form: forms.Form, act: Callable[..., object], word: str, said: str
) -> HttpResponse:
    """A check page: what was filled in so far, the form, the button."""
    if request.method == "POST" and carried_out(form, act, by=request.scope, appraisal=one):
        return _back(request, one, said)
    rows = queries.lines(request.scope, one)
    context: dict[str, Any] = {
        "form": form, "one": one, "word": word, "says": SAYS[word], "share": queries.share(one, rows),
        "counts": [(name, sum(row.grade == grade for row in rows)) for grade, name in one.grades.items()],
        "present": sum(row.part != row.Part.AWAY for row in rows), "people": len(rows),
        "records": word == "连活动记录",
    }  # fmt: skip
    return htmx.page(request, "appraisal/formal.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest, one: Appraisal, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("appraisal", one.pk)
