"""应建应派, 覆盖率, 待理顺, 指派和走访: the pages that look at all units within reach."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.coverage import due as lists
from zhibu.web.coverage import export, grounds, queries, reviews, visiting, waiving
from zhibu.web.coverage import gaps as found
from zhibu.web.coverage import rates as counted
from zhibu.web.coverage.forms import BenchmarkForm
from zhibu.web.coverage.models import Benchmark, UnitKind
from zhibu.web.organisations.models import Organisation


@page("coverage.view")
def due(request: HttpRequest) -> HttpResponse:
    """`?rule=&place=&page=` 应建应派."""
    scope = request.scope
    key, place = _asked(request)
    judged = lists.judged(scope, place)
    context = {
        "judged": judged, "key": key, "place": place, "places": queries.places(scope), "unit": request.scope.unit,
        "page": page_of(request, lists.waiting(scope, key, place)), "filters": _filters(request, judged, key, place),
        "may_export": scope.may("coverage.export"), "waivers": waiving.titled(waiving.standing(scope)),
    }  # fmt: skip
    return htmx.page(request, "coverage/due.html", context, "rows")


@page("coverage.export")
def due_download(request: HttpRequest) -> HttpResponse:
    scope, unit = request.scope, request.scope.unit
    key, place = _asked(request)
    filters = _filters(request, lists.judged(scope, place), key, place)
    content = export.must_build(by=scope, key=key, place=place, unit=unit, filters=filters)
    return sheets.download(content, sheets.file_name(unit, "应建应派名单", "", scope.on))


def _asked(request: HttpRequest) -> tuple[str, int | None]:
    place = query.text(request, "place", 12)
    return query.text(request, "rule", 130), int(place) if place.isascii() and place.isdigit() else None


def _filters(request: HttpRequest, judged: list[lists.Judged], key: str, place: int | None) -> str:
    rule = next((one.title for one in judged if one.key == key), "全部")
    name = next((one.name for one in queries.places(request.scope) if one.pk == place), "全部")
    return f"事项：{rule}；片区：{name}；截至 {request.scope.on.isoformat()}"


@page("coverage.view")
def rates(request: HttpRequest) -> HttpResponse:
    """`?kind=&by=committee|authority` 覆盖率."""
    return _rates(request)


@page("coverage.keep", methods=("POST",))
def benchmark(request: HttpRequest) -> HttpResponse:
    scope, form = request.scope, BenchmarkForm(request.POST, scope=request.scope)
    own = Organisation.objects.within(scope).filter(pk=scope.organisation_id).first()
    if form.is_valid() and own:
        told = dict(form.cleaned_data)
        if tried(form, lambda: grounds.benchmark(by=scope, committee=own, **told)):
            messages.success(request, "已登记对照值")
            return redirect("units-rates")
    return _rates(request, form)


def _rates(request: HttpRequest, form: BenchmarkForm | None = None) -> HttpResponse:
    scope = request.scope.doing("coverage.view")
    kind = query.choice(request, "kind", [one.value for one in counted.KINDS]) or UnitKind.NPE.value
    by = query.choice(request, "by", ("authority",)) or "committee"
    group = counted.by_authority if by == "authority" else counted.by_committee
    start = {"as_of": scope.on}
    context = {
        "rates": counted.rates(scope), "rows": group(scope, kind), "kind": kind, "by": by,
        "means": counted.means(scope),
        "kinds": [(one.value, one.label) for one in counted.KINDS], "unit": request.scope.unit,
        "own": Benchmark.objects.within(scope).filter(organisation=scope.organisation_id).order_by("-as_of", "kind"),
        "form": form or (BenchmarkForm(scope=scope, initial=start) if scope.may("coverage.keep") else None),
        "wrong": form is not None,
    }  # fmt: skip
    return htmx.page(request, "coverage/rates.html", context, status=422 if form else 200)


@page("coverage.view")
def gaps(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    context = {
        "orphans": found.orphans(scope), "mismatches": found.mismatches(scope), "groups": found.suggestions(scope),
        "crowded": found.crowded(scope), "most": found.JOINT_MOST, "may_move": scope.may("organisations.move"),
    }  # fmt: skip
    return htmx.page(request, "coverage/gaps.html", context)


@page("coverage.view")
def visits(request: HttpRequest) -> HttpResponse:
    """`?days=` 指派和走访: who has not been there for more days than that."""
    scope, typed = request.scope, query.text(request, "days", 4)
    days = int(typed) if typed.isascii() and typed.isdigit() else visiting.usual_days()
    days = None if typed == "0" else days
    context = {
        "days": days, "page": page_of(request, visiting.overdue(scope, days)), "alone": visiting.alone(scope),
        "not_ripe": visiting.not_ripe(scope), "unit": request.scope.unit, "year": scope.on.year,
        "unreviewed": reviews.unreviewed(scope, scope.on.year)[:200],
    }  # fmt: skip
    return htmx.page(request, "coverage/visits.html", context, "rows")
