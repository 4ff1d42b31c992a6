"""/me/data/ 我的资料副本 and /me/requests/ 我的请求. For everybody who signs in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.accounts.fresh import fresh
from zhibu.web.audit.actions import NotAllowed
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.members.about_me import own_row
from zhibu.web.personal import asking, copies, queries
from zhibu.web.personal.forms import AskForm

KINDS = {"json": "application/json; charset=utf-8", "xlsx": sheets.XLSX}


@page("me.copy", methods=("GET", "HEAD", "POST"))
def data(request: HttpRequest) -> HttpResponse:
    """What there is; a POST takes it away (`kind=json|xlsx`), with a line."""
    scope = request.scope
    member = own_row(scope.user_id)
    if request.method == "POST":
        return _take(request)
    parts = [(part.title, len(part.rows), part.headings) for part in copies.of(request.user, member)]
    return htmx.page(request, "personal/data.html", {"parts": parts, "member": member})


@fresh
def _take(request: HttpRequest) -> HttpResponse:
    """Whole numbers leave: the person shows again who they are (accounts.fresh)."""
    kind, scope = request.POST.get("kind", ""), request.scope
    if kind not in KINDS:
        raise Http404
    content = copies.take(by=scope, kind=kind)
    return sheets.download(content, sheets.file_name("", "我的资料副本", "", scope.on, kind), KINDS[kind])


@page("me.ask", methods=("GET", "HEAD", "POST"))
def requests(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    form = AskForm(request.POST or None, with_values=own_row(scope.user_id) is not None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            asked = asking.ask(by=scope, kind=given["kind"], text=given["text"], wanted=form.wanted)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已提交，{asked.due_on.isoformat()} 前答复，结果在这一页看")
            return redirect("my-requests")
    context = {"form": form, "own": [(one, queries.wanted(one)) for one in queries.own(scope)[:50]], "today": scope.on}
    return htmx.page(request, "personal/my_requests.html", context, status=422 if form.errors else 200)


@page("me.ask", methods=("POST",))
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(queries.own(request.scope), pk=number)
    try:
        asking.take_back(by=request.scope, request=found)
        messages.success(request, "已撤回")
    except NotAllowed as error:
        messages.warning(request, str(error))
    return redirect("my-requests")
