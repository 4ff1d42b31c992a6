"""/procedures/shelf/: every procedure step by step; an office issues its own and withdraws it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.engine.errors import EngineError
from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.procedures import library, publishing, words
from zhibu.web.procedures.forms import ReasonForm, TextForm
from zhibu.web.procedures.models import Issued
from zhibu.web.procedures.track import newest
from zhibu.web.procedures.worked import CASES
from zhibu.web.regulations.words import LEVELS


@page("procedures.view")
def procedures(request: HttpRequest) -> HttpResponse:
    """What is published for the reader's organisation, and what was."""
    scope = request.scope
    here = own(request)
    books, trouble = library.binding(here.path)
    rows = [(newest(found, scope.on), len(found)) for found in books.values()]
    context = {
        "rows": sorted(rows, key=lambda one: (list(LEVELS).index(one[0].level), one[0].title)),
        "levels": LEVELS,
        "trouble": trouble,
        "mine": list(Issued.objects.filter(owner=here).order_by("withdrawn_at", "-issued_at")),
        "may_issue": issues(request, here),
        "today": scope.on,
    }
    return htmx.page(request, "procedures/shelf.html", context)


@page("procedures.view")
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """One procedure as it binds the reader's organisation; `?version=` for another version."""
    here = own(request)
    versions = library.binding(here.path)[0].get(key, ())
    if not versions:
        raise Http404
    book = next(
        (one for one in versions if one.version == request.GET.get("version")), newest(versions, request.scope.on)
    )
    issued = Issued.objects.filter(key=key, withdrawn_at=None).select_related("owner")
    context = {
        "book": book,
        "level": LEVELS.get(book.level, book.level),
        "versions": [one for one in versions if one.version != book.version],
        "stages": _stages(book),
        "values": [one for one in book.values if one.at_start],
        "texts": [one for one in issued if one.owner is None or here.path.startswith(one.owner.path)],
        "own": here.pk,
        "may_issue": issues(request, here),
        "form": ReasonForm(),
    }
    return htmx.page(request, "procedures/procedure.html", context)


@page("procedures.issue", methods=("GET", "HEAD", "POST"))
def issue(request: HttpRequest) -> HttpResponse:
    """Paste a text → every mistake with its line → look at it → issue."""
    here = own(request)
    if here.kind in BRANCH_KINDS:
        raise Http404
    form = TextForm(request.POST if request.method == "POST" else None, initial={"text": _start(request, here)})
    book, worked = None, []
    if form.is_valid():
        text, cases = form.cleaned_data["text"], form.cleaned_data["cases"]
        try:
            publishing.checked(here, text)
            book = newest(publishing.tried(here, text), request.scope.on)
            worked = publishing.passed(here, text, cases) if cases.strip() else []
        except EngineError as error:
            for fault in error.faults:
                form.add_error("cases" if fault.place.file == CASES else "text", said(fault))
        else:
            if "issue" in request.POST:
                row = tried(form, lambda: publishing.issue(by=request.scope, organisation=here, **form.cleaned_data))
                if row:
                    messages.success(request, f"已发布《{row.title}》，{row.since} 起施行")
                    return redirect("procedure", row.key)
    context = {
        "here": here, "form": form, "book": book, "worked": worked,
        "stages": _stages(book) if book and not form.errors else (),
    }  # fmt: skip
    return htmx.page(request, "procedures/issue.html", context, status=422 if form.errors else 200)


@page("procedures.issue", methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    row = get_object_or_404(Issued.objects, pk=number, owner=request.scope.organisation_id, withdrawn_at=None)
    form = ReasonForm(request.POST)
    if form.is_valid() and tried(form, lambda: publishing.withdraw(by=request.scope, issued=row, **form.cleaned_data)):
        messages.success(request, f"已停用《{row.title}》{row.version}")
    else:
        messages.error(request, "；".join(word for words in form.errors.values() for word in words))
    return redirect("procedures")


def own(request: HttpRequest) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), pk=request.scope.organisation_id)


def issues(request: HttpRequest, here: Organisation) -> bool:
    return bool(request.scope.may_at("procedures.issue", here.path)) and here.kind not in BRANCH_KINDS


def said(fault) -> str:
    return f"第 {fault.place.line} 行：{fault.wrong}" + (f"。{fault.right}" if fault.right else "")


def _stages(book) -> list[tuple[str, list[words.StepWords]]]:
    """Stage → its steps in words, in the order of the file."""
    found: list[tuple[str, list[words.StepWords]]] = []
    for step in book.steps:
        title = book.stages.get(step.stage, "")
        if not found or found[-1][0] != title:
            found.append((title, []))
        found[-1][1].append(words.step_words(book, step))
    return found


def _start(request: HttpRequest, here: Organisation) -> str:
    """The text of a published version to begin from (`?from=`)."""
    number = request.GET.get("from", "")
    rows = Issued.objects.filter(pk=int(number)) if number.isdecimal() and len(number) < 10 else Issued.objects.none()
    row = rows.select_related("owner").first()
    return row.text if row and (row.owner is None or here.path.startswith(row.owner.path)) else ""
