"""/publicity/press|columns|tours|recommended|recognised/: one set of views for five registers (`registers.py`)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.publicity import actions
from zhibu.web.publicity.forms import ReasonForm, RegisterForm
from zhibu.web.publicity.models import Kept
from zhibu.web.publicity.registers import REGISTERS, Register, counted
from zhibu.web.publicity.views.tabs import tabs

FORM = ("GET", "HEAD", "POST")


@page("publicity.view")
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    """`?q=&page=`"""
    scope, register, q = request.scope, REGISTERS[kind], asked.text(request, "q")
    shown = page_of(request, register.rows(scope, q))
    keeps = scope.doing("publicity.keep")
    rows = [
        (one, list(zip(register.columns, register.cells(one), strict=True)),
         one.organisation_id == scope.organisation_id and keeps.reaches(one.organisation.path))
        for one in counted(register, list(shown), scope)
    ]  # fmt: skip
    context = {"register": register, "page": shown, "rows": rows, "q": q, "may_keep": scope.may("publicity.keep"),
               "tabs": tabs(scope, f"publicity-{kind}")}  # fmt: skip
    return htmx.page(request, "publicity/register.html", context | _addresses(kind))


@page("publicity.view")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """What the page shows."""
    scope, register, q = request.scope, REGISTERS[kind], asked.text(request, "q")
    lines = counted(register, list(register.rows(scope, q)), scope)
    rows: list[list[sheets.Cell]] = [[one.organisation.name, *register.cells(one)] for one in lines]
    unit = scope.unit
    about = f"单位：{unit}；{'查找：' + q if q else '全部'}"
    sheet = sheets.Sheet(register.word, about, ["党组织", *register.columns], rows, [30, 36, 20, 14, 20, 20, 20, 30])
    return sheets.download(sheets.workbook(sheet), sheets.file_name(unit, register.word, "", scope.on))


@page("publicity.keep", methods=FORM)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    return _form(request, REGISTERS[kind], None)


@page("publicity.keep", methods=FORM)
def edit(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    return _form(request, REGISTERS[kind], _own(request, REGISTERS[kind], number))


@page("publicity.keep", methods=("POST",))
def strike(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    register = REGISTERS[kind]
    row, reason = _own(request, register, number), ReasonForm(request.POST)
    if carried_out(reason, actions.strike, by=request.scope, row=row):
        messages.success(request, f"已撤回这条{register.word}")
        return redirect(f"publicity-{kind}")
    return _page(request, register, row, _started(request, register, row), reason)


def _form(request: HttpRequest, register: Register, row: Kept | None) -> HttpResponse:
    form = _started(request, register, row, bound=request.method == "POST")
    if form.is_bound and form.is_valid() and tried(form, lambda: _keep(request, register, row, form)):
        messages.success(request, f"已{'更正' if row else '登记'}{register.word}")
        return redirect(f"publicity-{register.kind}")
    return _page(request, register, row, form)


def _started(request: HttpRequest, register: Register, row: Kept | None, bound: bool = False) -> RegisterForm:
    fields = register.form.base_fields
    initial = {name: getattr(row, name) for name in fields} if row else {}
    return register.form(request.POST if bound else None, scope=request.scope, initial=initial)


def _keep(request: HttpRequest, register: Register, row: Kept | None, form: RegisterForm) -> Kept:
    return actions.keep(by=request.scope, model=register.model, row=row, facts=form.cleaned_data)


def _page(
    request: HttpRequest, register: Register, row: Kept | None, form: RegisterForm, reason: ReasonForm | None = None
) -> HttpResponse:
    wrong = form.errors or (reason and reason.errors)
    context = {"register": register, "row": row, "form": form, "reason": reason or ReasonForm()}
    context |= _addresses(register.kind)
    return htmx.page(request, "publicity/register_form.html", context, status=422 if wrong else 200)


def _own(request: HttpRequest, register: Register, number: int) -> Kept:
    rows = register.rows(request.scope).filter(organisation=request.scope.organisation_id)
    return get_object_or_404(rows, pk=number)


def _addresses(kind: str) -> dict[str, dict[str, str]]:
    """Names of the register's routes, for `{% url %}`."""
    told = {word: f"publicity-{kind}-{word}" for word in ("export", "new", "edit", "strike")}
    return {"routes": told | {"list": f"publicity-{kind}"}}
