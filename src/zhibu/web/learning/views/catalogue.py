"""/learning/readings/ 学习目录, the reader's own list, and the study corner of a branch."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out, tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.learning import actions, queries, readings
from zhibu.web.learning.forms import CornerForm, ReadingForm, TakeDownForm
from zhibu.web.learning.models import CornerPost, Reading
from zhibu.web.library.queries import document
from zhibu.web.members.about_me import own_row
from zhibu.web.organisations.models import Organisation

FORM = ("GET", "HEAD", "POST")


@page("learning.read")
def catalogue(request: HttpRequest) -> HttpResponse:
    """`?kind=&page=`"""
    scope, kind = request.scope, query.choice(request, "kind", Reading.Kind.values)
    shown, keeps = page_of(request, readings.listed(scope, kind)), scope.doing("learning.catalogue")
    context = {
        "page": shown, "kind": kind, "kinds": Reading.Kind.choices, "may_keep": scope.may("learning.catalogue"),
        "rows": [(one, readings.is_new(one, scope.on), keeps.reaches(one.organisation.path)) for one in shown],
        "lately": readings.issued_lately(scope)[:5] if scope.may("learning.catalogue") else (),
        "counts": scope.may("learning.view"),
    }  # fmt: skip
    return htmx.page(request, "learning/catalogue.html", context, "rows")


@page("learning.read")
def reading(request: HttpRequest, number: int) -> HttpResponse:
    """One text of the list: its clauses when it is a document of the library, else where it stands."""
    scope = request.scope
    one = get_object_or_404(readings.listed(scope), pk=number)
    kept = document(scope, one.document_id) if one.document_id else None
    reader = own_row(scope.user_id)
    own = [each for each in readings.own(reader, scope.on) if each.reading.pk == one.pk] if reader else []
    context = {
        "one": one, "document": kept, "clauses": kept.clauses.all() if kept else (), "own": own[0] if own else None,
        "counts": scope.may("learning.view"),
    }  # fmt: skip
    return htmx.page(request, "learning/reading.html", context)


@page("learning.catalogue", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """`?document=`: a document of the library to put on the list."""
    asked = request.GET.get("document", "")
    found = document(request.scope, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    start = {"title": found.title, "kind": Reading.Kind.NEW, "edition": found.number} if found else {}
    form = ReadingForm(request.POST or None, initial=start)
    good = request.method == "POST" and form.is_valid()
    if good and tried(form, lambda: actions.put(by=request.scope, document=found, **form.cleaned_data)):
        messages.success(request, "已列入目录，下级也看得到")
        return redirect("readings")
    context: dict[str, object] = {"form": form, "document": found}
    return htmx.page(request, "learning/reading_form.html", context, status=422 if form.errors else 200)


@page("learning.catalogue", methods=("POST",))
def drop(request: HttpRequest, number: int) -> HttpResponse:
    rows = Reading.objects.within(request.scope).filter(pk=number, ended_on=None)
    one = get_object_or_404(rows)
    actions.drop(by=request.scope, reading=one)
    messages.success(request, f"已移出 {one.title}")
    return redirect("readings")


@page("me.view")
def mine(request: HttpRequest) -> HttpResponse:
    one = own_row(request.scope.user_id)
    context = {"one": one, "rows": readings.own(one, request.scope.on) if one else []}
    return htmx.page(request, "learning/readings_mine.html", context)


@page("learning.mark", methods=("POST",))
def mark(request: HttpRequest, number: int) -> HttpResponse:
    one = own_row(request.scope.user_id)
    found = readings.binding(one).filter(pk=number).first() if one else None
    if found is None:
        raise Http404
    told = actions.mark(by=request.scope, reading=found)
    messages.success(request, "已标记" if told else "已取消标记")
    return redirect("readings-me")


@page("learning.read")
def corner_of(request: HttpRequest) -> HttpResponse:
    """The own branch's corner."""
    here = queries.here(request.scope)
    if here is None:
        raise Http404
    return redirect("corner", here.code)


@page("learning.read")
def corner(request: HttpRequest, code: str) -> HttpResponse:
    """`?page=`"""
    return _corner(request, _place(request, code))


@page("learning.corner", methods=FORM)
def post(request: HttpRequest) -> HttpResponse:
    form, here = CornerForm(request.POST or None), queries.here(request.scope)
    if here is None:
        raise Http404
    if request.method == "POST" and carried_out(form, actions.post, by=request.scope):
        messages.success(request, "已发到学习园地")
        return redirect("corner", here.code)
    return htmx.page(
        request, "learning/corner_form.html", {"form": form, "here": here}, status=422 if form.errors else 200
    )


@page("learning.corner", methods=("POST",))
def take_down(request: HttpRequest, number: int) -> HttpResponse:
    rows = CornerPost.objects.within(request.scope).filter(pk=number, withdrawn_on=None).select_related("organisation")
    one = get_object_or_404(rows)
    form = TakeDownForm(request.POST)
    if carried_out(form, actions.take_down, by=request.scope, post=one):
        messages.success(request, "已撤下")
        return redirect("corner", one.organisation.code)
    return _corner(request, one.organisation, form)


def _place(request: HttpRequest, code: str) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), code=code)


def _corner(request: HttpRequest, here: Organisation, form: TakeDownForm | None = None) -> HttpResponse:
    scope = request.scope
    new = Reading.objects.unscoped(readings.WHY).filter(
        organisation__path__in=[here.path, *queries.above_and_here(scope)], new_until__gte=scope.on, ended_on=None
    )
    context = {
        "here": here, "page": page_of(request, readings.corner(scope, here.pk), 20), "new": new, "form": form,
        "writes": scope.may("learning.corner") and here.pk == scope.organisation_id,
        "takes_down": scope.may_at("learning.corner", here.path),
    }  # fmt: skip
    return htmx.page(request, "learning/corner.html", context, status=422 if form else 200)
