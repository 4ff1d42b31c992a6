"""/personal/… for officers and administrators: what was given away, terms, the self-check, who is affected."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.accounts.fresh import fresh
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.personal import affected, configuration, disclosures, retention, selfcheck
from zhibu.web.personal.forms import AffectedForm, CheckForm, DisclosureForm


@page("disclosures.view")
def given(request: HttpRequest) -> HttpResponse:
    """`?since=&until=&page=`"""
    since, until = query.day(request, "since"), query.day(request, "until")
    found = page_of(request, disclosures.lines(request.scope, since, until))
    context = {
        "page": found, "rows": list(disclosures.read(found)), "since": since, "until": until,
        "may_note": request.scope.may("disclosures.note"), "may_export": request.scope.may("disclosures.export"),
    }  # fmt: skip
    return htmx.page(request, "personal/disclosures.html", context)


@page("disclosures.export")
def given_export(request: HttpRequest) -> HttpResponse:
    content = disclosures.export(by=request.scope, since=query.day(request, "since"), until=query.day(request, "until"))
    unit = request.scope.unit
    return sheets.download(content, sheets.file_name(unit, "个人信息提供登记", "", request.scope.on))


@page("disclosures.note", methods=("GET", "HEAD", "POST"))
def given_note(request: HttpRequest) -> HttpResponse:
    form = DisclosureForm(request.POST or None, initial={"on": request.scope.on})
    if request.method == "POST" and form.is_valid():
        disclosures.note(by=request.scope, **form.cleaned_data)
        messages.success(request, "已登记")
        return redirect("disclosures")
    return htmx.page(request, "personal/disclosure_new.html", {"form": form}, status=422 if form.errors else 200)


@page("retention.view")
def terms(request: HttpRequest) -> HttpResponse:
    due = {one.term.key: one for one in retention.due()}
    rows = [(term, due.get(term.key)) for term in configuration.terms()]
    return htmx.page(request, "personal/terms.html", {"rows": rows, "last": retention.last()})


@page("selfcheck.view")
def check(request: HttpRequest) -> HttpResponse:
    lines = list(selfcheck.lines())
    context = {
        "lines": lines,
        "good": sum(line.good for line in lines),
        "may_answer": request.scope.may("selfcheck.answer"),
        "unit": request.scope.unit,
    }
    return htmx.page(request, "personal/selfcheck.html", context)


@page("selfcheck.answer", methods=("GET", "HEAD", "POST"))
def check_answer(request: HttpRequest, item: str) -> HttpResponse:
    found = selfcheck.items().get(item)
    if found is None or not found.asks:
        raise Http404
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        selfcheck.answer(by=request.scope, item=found, **form.cleaned_data)
        messages.success(request, "已记下")
        return redirect("selfcheck")
    former = selfcheck.SelfCheckAnswer.objects.filter(item=item).select_related("user").order_by("-pk")[:20]
    context = {"form": form, "item": found, "former": former}
    return htmx.page(request, "personal/selfcheck_answer.html", context, status=422 if form.errors else 200)


@page("affected.find", methods=("GET", "HEAD", "POST"))
def breach(request: HttpRequest) -> HttpResponse:
    """The form; a POST shows the first persons, or with `take` gives the workbook and writes the line."""
    form = AffectedForm(request.POST or None, scope=request.scope)
    context = {"form": form, "answer": None}
    if request.method == "POST" and form.is_valid():
        user, (since, until) = form.cleaned_data["account"], form.window
        if "take" in request.POST:
            return _take(request, form)
        answer = affected.find(scope=request.scope, user=user, since=since, until=until)
        shown = [row for row, _ in zip(affected.rows(answer), range(50), strict=False)]
        context |= {"answer": answer, "rows": shown, "possible": answer.possible.count(), "headings": affected.HEADINGS}
    return htmx.page(request, "personal/affected.html", context, status=422 if form.errors else 200)


@fresh
def _take(request: HttpRequest, form: AffectedForm) -> HttpResponse:
    """Names leave: the person shows again who they are."""
    since, until = form.window
    answer = affected.take(by=request.scope, user=form.cleaned_data["account"], since=since, until=until)
    return sheets.download(affected.workbook(answer), sheets.file_name("", "受影响的人", "", request.scope.on))
