"""/offices/ 职务与班子: the registers and their workbooks, one organisation, standards, the batch of reminders."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import asked as query
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.offices import cadres, queries, reserves, terms
from zhibu.web.offices.forms import StandardForm
from zhibu.web.offices.models import Career, Exchange, Reserve, Standard
from zhibu.web.offices.registers import REGISTERS
from zhibu.web.offices.standards import set_standard, standard
from zhibu.web.offices.tables import Table, export
from zhibu.web.organisations.models import Organisation

FORM = ("GET", "HEAD", "POST")
LISTS = REGISTERS | {"structure": cadres.structure, "lasting": cadres.lasting}
KEPT = {"reserves": reserves.reserves, "ratio": reserves.ratio}  # need reserves.view
WORDS = {
    "offices": "职务", "vacancies": "空缺", "work-committees": "工委班子", "terms": "届期", "dual": "兼任",
    "structure": "队伍结构", "lasting": "任职年限", "exchanges": "交流计划", "careers": "村干部履历",
    "inactive": "书记履职",
}  # fmt: skip


@page("offices.view")
def register(request: HttpRequest, word: str) -> HttpResponse:
    """`?org=code&page=`"""
    area = _area(request)
    extra = {"may_remind": request.scope.may("terms.remind")} if word == "terms" else {}
    return _register(request, word, LISTS[word](request.scope, area), area, extra)


@page("offices.export")
def sheet(request: HttpRequest, word: str) -> HttpResponse:
    area = _area(request)
    return _sheet(request, LISTS[word](request.scope, area), area)


@page("reserves.view")
def reserve_register(request: HttpRequest, word: str) -> HttpResponse:
    area = _area(request)
    return _register(request, word, KEPT[word](request.scope, area), area, {})


@page("offices.export")
def reserve_sheet(request: HttpRequest, word: str) -> HttpResponse:
    area = _area(request)
    return _sheet(request, KEPT[word](request.scope.doing("reserves.view"), area), area)


@page("offices.view")
def place(request: HttpRequest, code: str) -> HttpResponse:
    scope, here = request.scope, place_of(request, code)
    own = {"organisation": here}
    keeps_reserves = scope.may_at("reserves.view", here.path)
    context = {
        "here": here,
        "seats": [one for one in queries.seats(scope, here) if one.office.organisation_id == here.pk],
        "ended": queries.ended_with(scope, here),
        "left": [] if here.dissolved_on else queries.left_lately(scope, here),
        "due": terms.due_of(scope, here),
        "states": terms.STATES,
        "exchanges": Exchange.objects.within(scope).filter(**own).order_by("planned_on", "pk"),
        "careers": Career.objects.within(scope).filter(**own).order_by("name", "happened_on", "pk"),
        "reserves": _reserves(request, here) if keeps_reserves else (),
        "shows_reserves": keeps_reserves,
        "keeps": scope.may_at("offices.keep", here.path),
        "keeps_reserves": scope.may_at("reserves.keep", here.path),
        "may_appoint": scope.may_at("posts.appoint", here.path),
    }
    return htmx.page(request, "offices/place.html", context)


@page("offices.set", methods=FORM)
def standards(request: HttpRequest) -> HttpResponse:
    """What the post's own organisation decides for itself and all below."""
    scope = request.scope
    here = get_object_or_404(Organisation.objects.within(scope), pk=scope.organisation_id)
    form = StandardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        tried(form, lambda: set_standard(by=scope, organisation=here, **told))
        if not form.errors:
            messages.success(
                request, f"已{'取消' if told['value'] is None else '规定'}：{Standard.Key(told['key']).label}"
            )
            return redirect("offices-standards")
    rows = [(key.label, standard(here.path, key)) for key in Standard.Key]
    context = {"here": here, "form": form, "rows": rows}
    return htmx.page(request, "offices/standards.html", context, status=422 if form.errors else 200)


@page("terms.remind", methods=("POST",))
def remind(request: HttpRequest) -> HttpResponse:
    made = terms.remind(by=request.scope, year=request.scope.on.year)
    messages.success(
        request, f"已提醒 {len(made)} 个党组织，提醒显示在各自的“本支部”" if made else "今年届满的都提醒过了"
    )
    return redirect("offices-terms")


def place_of(request: HttpRequest, code: str) -> Organisation:
    return get_object_or_404(Organisation.objects.within(request.scope), code=code)


def _area(request: HttpRequest) -> Organisation | None:
    code = query.text(request, "org", 30)
    return place_of(request, code) if code else None


def _unit(request: HttpRequest, area: Organisation | None) -> str:
    return area.short_name or area.name if area else request.scope.unit


def _reserves(request: HttpRequest, here: Organisation) -> list[Reserve]:
    rows = Reserve.objects.within(request.scope.doing("reserves.view"))
    return list(rows.filter(organisation=here, ends_on=None).order_by("post", "pk"))


def _register(
    request: HttpRequest, word: str, table: Table, area: Organisation | None, extra: dict[str, object]
) -> HttpResponse:
    scope = request.scope
    lists = [(f"offices-{name}", said) for name, said in WORDS.items()]
    if scope.may("reserves.view"):
        lists += [("offices-reserves", "后备人选"), ("offices-ratio", "后备比例")]
    context = {
        "table": table, "page": page_of(request, table.rows), "area": area, "unit": _unit(request, area),
        "lists": lists, "here": f"offices-{word}", "sheet": f"offices-{word}-sheet", "year": scope.on.year,
        "may_export": scope.may("offices.export"), "may_set": scope.may("offices.set"), **extra,
    }  # fmt: skip
    return htmx.page(request, "offices/register.html", context)


def _sheet(request: HttpRequest, table: Table, area: Organisation | None) -> HttpResponse:
    unit = _unit(request, area)
    content = export(by=request.scope, table=table, unit=unit, area=area)
    return sheets.download(content, sheets.file_name(unit, table.title, "", request.scope.on))
