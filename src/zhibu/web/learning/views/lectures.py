"""/learning/lectures/ 精品党课: the library, selections with their entries, a judge's marks."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.access.people import known
from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.loads import branches_of
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.files import adding
from zhibu.web.files.answer import answer
from zhibu.web.files.queries import attachments
from zhibu.web.learning import actions, lectures
from zhibu.web.learning.forms import EntryForm, JudgeForm, LectureContestForm, MarkForm
from zhibu.web.learning.models import LectureContest, LectureEntry, LectureJudge, LectureMark

FORM = ("GET", "HEAD", "POST")


@page("learning.read")
def library(request: HttpRequest) -> HttpResponse:
    """`?page=`"""
    scope = request.scope
    shown = page_of(request, lectures.best(scope))
    there = lectures.contests(scope.doing("learning.view"))[:20] if scope.may("learning.view") else ()
    context = {
        "page": shown, "contests": there,
        "may_select": scope.may("learning.select"), "panels": lectures.panels(scope.user_id), "today": scope.on,
    }  # fmt: skip
    return htmx.page(request, "learning/lectures.html", context)


@page("learning.read")
def lecture(request: HttpRequest, number: int) -> HttpResponse:
    """One of the library."""
    one = get_object_or_404(lectures.best(request.scope), pk=number)
    return htmx.page(request, "learning/lecture.html", {"one": one, "files": attachments(one)})


@page("learning.read")
def lecture_file(request: HttpRequest, number: int, key: str) -> HttpResponseBase:
    one = get_object_or_404(lectures.best(request.scope), pk=number)
    return answer(adding.found(one, key))


@page("learning.select", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope, below, weight = request.scope, branches_of(request.scope), None
    start = {"items": "内容准确 40\n联系实际 30\n讲授效果 30"}
    form = LectureContestForm(request.POST or None, initial=start, alone=not below.exists())
    if request.method == "POST" and form.is_valid():
        weight = weigh(form, scope, below)
        if weight is None and (made := tried(form, lambda: actions.open_contest(by=scope, **form.facts))):
            messages.success(request, "已登记，下级可以报送")
            return redirect("lecture-contest", made.pk)
    context = {"form": form, "weight": weight}
    return htmx.page(request, "learning/lecture_contest_form.html", context, status=422 if form.errors else 200)


@page("learning.view")
def contest(request: HttpRequest, number: int) -> HttpResponse:
    return _contest(request, _found(request, number))


@page("learning.select", methods=("POST",))
def judge(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _kept(request, number), JudgeForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        act = lambda: actions.seat_judge(by=request.scope, contest=one, user=known(told["username"], told["name"]))  # noqa: E731
        if tried(form, act):
            messages.success(request, "已请为评委")
            return redirect("lecture-contest", number)
    return _contest(request, one, form)


@page("learning.enter", methods=("POST",))
def enter(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _found(request, number), EntryForm(request.POST)
    if carried_out(form, actions.enter, by=request.scope, contest=one):
        messages.success(request, "已报送，可以加附件")
        return redirect("lecture-contest", number)
    return _contest(request, one, form)


@page("learning.enter", methods=FORM, uploads="attachments")
def entry_files(request: HttpRequest, number: int, entry: int) -> HttpResponse:
    one = _own_entry(request, number, entry)
    if request.method != "POST":
        return _files(request, one)
    refused = adding.taken(request, lambda file: actions.attach(by=request.scope, entry=one, upload=file))
    return _files(request, one, refused) if refused else redirect("lecture-contest", number)


@page("learning.enter", methods=("POST",))
def pull_out(request: HttpRequest, number: int, entry: int) -> HttpResponse:
    one, form = _own_entry(request, number, entry), forms.Form({})
    if carried_out(form, actions.pull_out, by=request.scope, entry=one):
        messages.success(request, "已撤回")
        return redirect("lecture-contest", number)
    return _contest(request, one.contest, form)


@page("learning.select", methods=("POST",))
def choose(request: HttpRequest, number: int) -> HttpResponse:
    one, form = _kept(request, number), forms.Form({})
    chosen = [int(pk) for pk in request.POST.getlist("chosen") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    if carried_out(form, actions.choose, by=request.scope, contest=one, chosen=chosen):
        messages.success(request, "评选结束，精品党课已进库")
        return redirect("lectures")
    return _contest(request, one, form)


@page("learning.judge", methods=FORM)
def mark(request: HttpRequest, panel: int, entry: int) -> HttpResponse:
    """A judge's own marks of one entry."""
    seat = lectures.panels(request.scope.user_id).filter(pk=panel).first()
    one = lectures.to_mark(seat).filter(pk=entry).first() if seat else None
    if seat is None or one is None:
        raise Http404
    before = LectureMark.objects.unscoped("the judge's own").filter(judge=seat, entry=one).first()
    start = {f"item{at}": told for at, told in enumerate(before.points)} | {"remark": before.remark} if before else {}
    form = MarkForm(request.POST or None, items=seat.contest.items, initial=start)
    if request.method == "POST" and form.is_valid():
        told = {"points": form.points, "remark": form.cleaned_data["remark"]}
        if tried(form, lambda: actions.mark_lecture(by=request.scope, judge=seat, entry=one, **told)):
            messages.success(request, "已评分，评选结束前可以改")
            return redirect("lecture-panel", panel)
    context = {"form": form, "one": one, "seat": seat, "files": attachments(one)}
    return htmx.page(request, "learning/lecture_mark.html", context, status=422 if form.errors else 200)


@page("learning.judge")
def panel(request: HttpRequest, panel: int) -> HttpResponse:
    seat = get_object_or_404(lectures.panels(request.scope.user_id), pk=panel)
    done = LectureMark.objects.unscoped("the judge's own").filter(judge=seat)
    totals = dict(done.values_list("entry", "total"))
    rows = [(one, totals.get(one.pk)) for one in lectures.to_mark(seat)]
    return htmx.page(request, "learning/lecture_panel.html", {"seat": seat, "rows": rows})


def _found(request: HttpRequest, number: int) -> LectureContest:
    return get_object_or_404(lectures.contests(request.scope), pk=number)


def _kept(request: HttpRequest, number: int) -> LectureContest:
    rows = LectureContest.objects.within(request.scope).select_related("organisation")
    return get_object_or_404(rows, pk=number)


def _own_entry(request: HttpRequest, number: int, entry: int) -> LectureEntry:
    own = {"contest__pk": number, "organisation": request.scope.organisation_id}
    rows = LectureEntry.objects.within(request.scope).filter(**own)
    return get_object_or_404(rows.select_related("contest__organisation"), pk=entry)


def _files(request: HttpRequest, one: LectureEntry, refused: list[str] | None = None) -> HttpResponse:
    context = {"form": adding.FilesForm(refused or ()), "one": one, "files": attachments(one)}
    return htmx.page(request, "learning/lecture_files.html", context, status=422 if refused else 200)


def _contest(request: HttpRequest, one: LectureContest, form: forms.Form | None = None) -> HttpResponse:
    scope = request.scope
    keeps = scope.may_at("learning.select", one.organisation.path)
    context = {
        "one": one, "rows": lectures.entries(scope, one), "keeps": keeps and not one.ended_on, "wrong": form,
        "judges": LectureJudge.objects.within(scope).filter(contest=one).select_related("user") if keeps else (),
        "open": one.is_open(scope.on), "may_enter": scope.may("learning.enter") and one.is_open(scope.on),
        "own": scope.organisation_id, "over": scope.on > one.closes_on,
        "entry_form": form if isinstance(form, EntryForm) else EntryForm(),
        "judge_form": form if isinstance(form, JudgeForm) else JudgeForm(),
    }  # fmt: skip
    return htmx.page(request, "learning/lecture_contest.html", context, status=422 if form else 200)
