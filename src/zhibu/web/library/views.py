"""制度库: documents, what rests on them, what they led to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.library import actions, queries, sources
from zhibu.web.library.forms import ClausesForm, DocumentForm, FollowForm
from zhibu.web.library.models import Document


@page("library.view")
def library(request: HttpRequest) -> HttpResponse:
    """`?q=&status=&page=`"""
    q, status = query.text(request, "q"), query.choice(request, "status", Document.Status.values)
    context = {
        "q": q,
        "status": status,
        "statuses": Document.Status.choices,
        "page": page_of(request, queries.documents(request.scope, q, status)),
        "bases": [one for one in sources.bases() if not status and (not q or q in one.title or q in one.number)],
        "refused": sources.no_work(),
        "may_keep": request.scope.may("library.keep"),
        "may_ask": request.scope.may("library.ask"),
        "may_answer": request.scope.may("library.answer"),
    }
    return htmx.page(request, "library/library.html", context)


@page("library.view")
def export(request: HttpRequest) -> HttpResponse:
    rows: list[list[sheets.Cell]] = [
        [
            one.title, one.number, one.issuer, one.issued_on, one.since, one.get_status_display(), one.replaced_by,
            one.ended_on, one.clause_count, one.organisation.name,
        ]
        for one in queries.documents(request.scope)
    ]  # fmt: skip
    rows += [
        [
            one.title,
            one.number,
            one.issuer,
            one.issued,
            None,
            one.status,
            "",
            None,
            len(one.citations),
            "规则和程序的依据",
        ]
        for one in sources.bases()
    ]
    headings = [
        "名称",
        "文号",
        "制定机关",
        "印发日期",
        "施行日期",
        "状态",
        "被取代",
        "失效日期",
        "条款（引用）数",
        "收存",
    ]
    sheet = sheets.Sheet("制度库", "全部", headings, rows, [40, 18, 24, 12, 12, 12, 24, 12, 12, 24])
    name = sheets.file_name(request.scope.unit, "制度库", "", request.scope.on)
    return sheets.download(sheets.workbook(sheet), name)


@page("library.view")
def basis(request: HttpRequest) -> HttpResponse:
    """`?title=`: a document named as source by published rules or procedures, and what cites which clause."""
    if (found := sources.basis_of(query.text(request, "title", 120))) is None:
        raise Http404
    return htmx.page(request, "library/basis.html", {"one": found})


@page("library.view")
def document(request: HttpRequest, number: int) -> HttpResponse:
    return _document(request, _found(request, number))


@page("library.keep", methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    return _keep(request, None)


@page("library.keep", methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest, number: int) -> HttpResponse:
    return _keep(request, _kept(request, number))


@page("library.keep", methods=("GET", "HEAD", "POST"))
def clauses(request: HttpRequest, number: int) -> HttpResponse:
    """Paste, look at what was found, then put it in place."""
    kept, form, found = _kept(request, number), ClausesForm(request.POST or None), ()
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data["text"]
        if "save" in request.POST:
            try:
                count = actions.put_clauses(by=request.scope, document=kept, pieces=found)
            except Unfit as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                messages.success(request, f"已写入 {count} 条")
                return redirect("document", kept.pk)
    context = {"one": kept, "form": form, "found": found}
    return htmx.page(request, "library/clauses.html", context, status=422 if form.errors else 200)


@page("library.keep", methods=("POST",))
def follow(request: HttpRequest, number: int) -> HttpResponse:
    kept, form = _kept(request, number), FollowForm(request.POST)
    if form.is_valid():
        try:
            actions.follow(by=request.scope, document=kept, **form.cleaned_data)
        except Unfit as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已记下")
            return redirect("document", kept.pk)
    return _document(request, kept, form)


def _found(request: HttpRequest, number: int) -> Document:
    if (found := queries.document(request.scope, number)) is None:
        raise Http404
    return found


def _kept(request: HttpRequest, number: int) -> Document:
    """One the post may change: kept in its reach."""
    return get_object_or_404(Document.objects.within(request.scope).select_related("organisation"), pk=number)


def _keep(request: HttpRequest, kept: Document | None) -> HttpResponse:
    initial = {name: getattr(kept, name) for name in actions.FIELDS} if kept else None
    form = DocumentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = actions.keep(by=request.scope, document=kept, facts=form.cleaned_data)
        messages.success(request, "已保存")
        return redirect("document", saved.pk)
    context = {"one": kept, "form": form}
    return htmx.page(request, "library/edit.html", context, status=422 if form.errors else 200)


def _document(request: HttpRequest, one: Document, form: FollowForm | None = None) -> HttpResponse:
    scope = request.scope
    keeps = scope.may_at("library.keep", one.organisation.path)
    context = {
        "one": one,
        "clauses": queries.clauses_cited(one),
        "citing": queries.citing(one),
        "follows": queries.follows(one),
        "keeps": keeps,
        "may_ask": scope.may("library.ask"),
        "form": form or (FollowForm(initial={"happened_on": scope.on}) if keeps else None),
    }
    return htmx.page(request, "library/document.html", context, status=422 if form and form.errors else 200)
