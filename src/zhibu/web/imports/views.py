"""P28 the import centre: upload → what was found → put in → take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from zhibu.web.core import clock
from zhibu.web.core.htmx import page as render
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.sheets import download, file_name
from zhibu.web.imports import actions, background, checking, exporting, limits, queries, red, registers, store
from zhibu.web.imports.blank import blank_book
from zhibu.web.imports.books.columns import TITLES
from zhibu.web.imports.forms import UploadForm
from zhibu.web.imports.models import Batch

State = Batch.State
POST = ("POST",)
QUICK_BYTES = 600_000  # about 5,000 rows; more is judged in the background


@page("imports.view")
def imports(request: HttpRequest) -> HttpResponse:
    rows = page_of(request, queries.batches(request.scope))
    for batch in rows:
        batch.good, batch.bad, batch.left = queries.good_rows(batch), queries.bad_rows(batch), queries.hours_left(batch)
    return render(request, "imports/imports.html", {"page": rows, **_books(request)}, "rows")


@page("imports.check", methods=("GET", "HEAD", "POST"), uploads="books")
def new(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid() and (batch := _receive(request, form)):
        if sum(file.size for file in form.cleaned_data["files"]) > QUICK_BYTES:
            _start("check", batch)
        else:
            _judge(request, batch)
        return redirect("import", batch.pk)
    status = 422 if form.is_bound else 200
    return render(request, "imports/new.html", {"form": form, "limits": limits, **_books(request)}, status=status)


def _books(request: HttpRequest) -> dict[str, Any]:
    """The templates a post may fill in, and the registers it may take out in the same columns."""
    kinds = registers.kinds(request.scope)
    taken = {kind: title for kind, title in kinds.items() if kind in registers.OF}
    return {"kinds": kinds, "taken": {kind: title for kind, title in taken.items() if _may_take(request, kind)}}


def _may_take(request: HttpRequest, kind: str) -> bool:
    return bool(request.scope.may(registers.OF[kind].EXPORT))


def _judge(request: HttpRequest, batch: Batch) -> None:
    try:
        actions.judge(by=request.scope, batch=batch)
    except actions.CannotDo as error:
        actions.failed(batch, str(error))


def _receive(request: HttpRequest, form: UploadForm) -> Batch | None:
    try:
        return actions.receive(by=request.scope, files=form.cleaned_data["files"])
    except actions.CannotDo as error:
        form.add_error("files", str(error))
        return None


@page("imports.view")
def one(request: HttpRequest, number: int) -> HttpResponse:
    batch = _batch(request, number)
    working = queries.working(batch)
    done, _ = store.progress(batch) if working else (0, 0)
    context = {
        "batch": batch,
        "working": working,
        "stopped": batch.state in (State.CHECKING, State.APPLYING) and not working,
        "done": done,
        "kinds": queries.kinds(batch),
        "kept": batch.report.get("kept", []),
        "good": queries.good_rows(batch),
        "bad": queries.bad_rows(batch),
        "hours": queries.hours_left(batch),
        "steps": _steps(batch),
        "findings": page_of(request, queries.Findings(batch)),
        "books": list(zip(batch.books.all(), batch.report.get("books", []), strict=False)),
        "apply_word": f"导入 {queries.good_rows(batch):,} 行",
        "may_apply": request.scope.may("imports.apply"),
        "may_undo": request.scope.may("imports.undo"),
    }
    return render(request, "imports/import.html", context, "progress" if working else "")


@page("imports.apply", methods=POST)
def apply(request: HttpRequest, number: int) -> HttpResponse:
    batch = _batch(request, number)
    if queries.working(batch):
        messages.info(request, "正在导入，不用再点")
    elif queries.in_background(batch) and batch.state in (State.CHECKED, State.APPLYING):
        Batch.objects.within(request.scope).filter(pk=number).update(state=State.APPLYING, error="")
        _start("apply", batch)
    else:
        _do(request, actions.apply, batch, f"已导入 {queries.good_rows(batch)} 行，{limits.UNDO_HOURS} 小时内可以撤销")
    return redirect("import", number)


@page("imports.undo", methods=POST)
def undo(request: HttpRequest, number: int) -> HttpResponse:
    batch = _batch(request, number)
    _do(request, actions.undo, batch, "已撤销")
    return redirect("import", number)


@page("imports.view")
def file(request: HttpRequest, number: int, book: int, form: str) -> HttpResponse:
    """The user's own file with its findings marked; `bad` holds only the rows to put right."""
    batch = _batch(request, number)
    opened = checking.open_batch(batch) if batch.folder else []
    if form not in ("marked", "bad") or book >= len(opened) or not opened[book].tables:
        raise Http404
    if not queries.shown(request.scope, batch, opened[book].kinds):
        raise Http404
    lines = (line for line in store.findings(batch) if line["book"] == book)
    content = red.marked(opened[book], lines) if form == "marked" else red.only_bad(opened[book], lines)
    stem = opened[book].name.rsplit(".", 1)[0]
    return download(content, file_name(stem, "标红" if form == "marked" else "只含问题行", "", clock.today()))


@page("imports.view")
def template(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in TITLES:
        raise Http404
    return download(blank_book(kind, request.scope), f"{TITLES[kind]}.xlsx")


@page("imports.view")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """What a register holds, in the columns of its book: to be put right and sent again."""
    if kind not in registers.OF or not _may_take(request, kind):
        raise Http404
    content = exporting.export(by=request.scope, kind=kind)
    return download(content, file_name(exporting.unit(request.scope), TITLES[kind], "", clock.today()))


def _batch(request: HttpRequest, number: int) -> Batch:
    return get_object_or_404(queries.batches(request.scope), pk=number)


def _start(what: str, batch: Batch) -> None:
    store.tell_progress(batch.folder, 0)
    background.start(what, batch.pk)


def _do(request: HttpRequest, action: Any, batch: Batch, done: str) -> None:
    try:
        action(by=request.scope, batch=batch)
    except actions.CannotDo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


def _steps(batch: Batch) -> list[dict[str, str]]:
    """The four steps of ux.md P28."""
    reached = {
        State.CHECKING: 1,
        State.CHECKED: 2,
        State.FAILED: 1,
        State.APPLYING: 3,
        State.APPLIED: 4,
        State.UNDONE: 4,
    }
    now = reached[State(batch.state)]
    words = ("上传", "校对", "核对结果", "导入")
    states = ["done" if place < now else "now" if place == now else "todo" for place in range(4)]
    url = reverse("import-new")
    return [{"name": word, "state": state, "url": url if not place else ""} for place, (word, state) in
            enumerate(zip(words, states, strict=True))]  # fmt: skip
