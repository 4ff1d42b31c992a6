"""/learning/programmes/ 学习安排 by stage, audience and topic, and the essays handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.burden.loads import branches_of
from zhibu.web.burden.weighing import weigh
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.learning import actions, lectures, likeness
from zhibu.web.learning.forms import EssayForm, ProgrammeForm
from zhibu.web.learning.models import Essay, StudyCell, StudyProgramme
from zhibu.web.learning.words import AUDIENCES, FORMS, choices
from zhibu.web.members.about_me import own_row

FORM = ("GET", "HEAD", "POST")
OWN = "the reader's own"


@page("learning.view")
def programmes(request: HttpRequest) -> HttpResponse:
    context = {
        "page": page_of(request, lectures.programmes(request.scope)),
        "may_keep": request.scope.may("learning.keep"),
    }
    return htmx.page(request, "learning/programmes.html", context)


@page("learning.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope, below, weight = request.scope, branches_of(request.scope), None
    form = ProgrammeForm(request.POST or None, alone=not below.exists())
    if request.method == "POST" and form.is_valid():
        told = form.facts
        weight = weigh(form, scope, below, pieces=len(told["cells"]))
        if weight is None and (made := tried(form, lambda: actions.arrange(by=scope, **told))):
            messages.success(request, "已登记，下级都看得到")
            return redirect("study-programme", made.pk)
    words = {"audiences": [word for _, word in choices(AUDIENCES)], "forms": [word for _, word in choices(FORMS)]}
    context = {"form": form, "weight": weight, **words}
    return htmx.page(request, "learning/programme_form.html", context, status=422 if form.errors else 200)


@page("learning.view")
def programme(request: HttpRequest, number: int) -> HttpResponse:
    """The matrix: stages down, audiences across; the essays of the reader's reach below."""
    one = get_object_or_404(lectures.programmes(request.scope), pk=number)
    context = {
        "one": one, "essays": lectures.essays(request.scope, one), "table": _matrix(one),
        "keeps": request.scope.may_at("learning.keep", one.organisation.path) and one.ended_on is None,
    }  # fmt: skip
    return htmx.page(request, "learning/programme.html", context)


@page("learning.keep", methods=("POST",))
def end(request: HttpRequest, number: int) -> HttpResponse:
    rows = StudyProgramme.objects.within(request.scope).filter(pk=number, ended_on=None)
    one = get_object_or_404(rows)
    actions.end_programme(by=request.scope, programme=one)
    messages.success(request, "已结束，不再收文章")
    return redirect("study-programme", number)


@page("learning.view")
def essay(request: HttpRequest, number: int) -> HttpResponse:
    rows = Essay.objects.within(request.scope).select_related("member__organisation", "cell__programme")
    one = get_object_or_404(rows, pk=number)
    return htmx.page(request, "learning/essay.html", {"one": one, "near": likeness.near(one, rows)})


@page("me.view")
def mine(request: HttpRequest) -> HttpResponse:
    one = own_row(request.scope.user_id)
    rows = lectures.binding(one) if one else ()
    cells = StudyCell.objects.unscoped(OWN).filter(programme__in=rows, essay=True).select_related("programme")
    written = {row.cell_id: row for row in Essay.objects.unscoped(OWN).filter(member=one)} if one else {}
    context = {"one": one, "rows": [(cell, written.get(cell.pk)) for cell in cells] if one else []}
    return htmx.page(request, "learning/essays_mine.html", context)


@page("learning.mark", methods=FORM)
def write(request: HttpRequest, cell: int) -> HttpResponse:
    member = own_row(request.scope.user_id)
    rows = StudyCell.objects.unscoped(OWN).filter(programme__in=lectures.binding(member) if member else [], essay=True)
    found = rows.filter(pk=cell).first() if member else None
    if found is None:
        raise Http404
    before = Essay.objects.unscoped(OWN).filter(cell=found, member=member).first()
    form = EssayForm(request.POST or None, initial={"title": before.title, "text": before.text} if before else {})
    if request.method == "POST" and carried_out(form, actions.hand_in, by=request.scope, cell=found):
        messages.success(request, "已交，支部和上级看得到；可以改，也可以撤回")
        _ask(request, Essay.objects.unscoped(OWN).get(cell=found, member=member))
        return redirect("essays-me")
    return htmx.page(
        request, "learning/essay_form.html", {"form": form, "cell": found}, status=422 if form.errors else 200
    )


def _ask(request: HttpRequest, one: Essay) -> None:
    """The writer alone hears first, and not whose text it is."""
    if likeness.near(one, Essay.objects.unscoped("the number of near texts, nothing of theirs")):
        messages.info(request, "这篇和同专题的另一篇有一半以上相同。引用的写明出处；不是引用的，改成自己的话再交")


@page("learning.mark", methods=("POST",))
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    member = own_row(request.scope.user_id)
    rows = Essay.objects.unscoped(OWN).filter(member=member, pk=number) if member else None
    one = rows.first() if rows is not None else None
    if one is None:
        raise Http404
    actions.take_back(by=request.scope, essay=one)
    messages.success(request, "已撤回")
    return redirect("essays-me")


def _matrix(one: StudyProgramme) -> tuple[list[str], list[tuple[str, list[tuple[str, list[StudyCell]]]]]]:
    """Audiences, and stages with the topics of each audience, by its word."""
    cells = list(one.cells.unscoped("of a programme found before"))
    across = list(dict.fromkeys(cell.audience for cell in cells))
    words = [next(cell.audience_word for cell in cells if cell.audience == each) for each in across]
    down = list(dict.fromkeys(cell.stage for cell in cells))
    table = [[[cell for cell in cells if (cell.stage, cell.audience) == (stage, each)] for each in across]
             for stage in down]  # fmt: skip
    return words, [(stage, list(zip(words, row, strict=True))) for stage, row in zip(down, table, strict=True)]
