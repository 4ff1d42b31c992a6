"""质量抽查: draw, look through one by one, say the result of each branch in words."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import tried
from zhibu.web.core import htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.review import queries
from zhibu.web.review.actions import sampling as actions
from zhibu.web.review.forms import LookForm, SamplingForm, TextForm
from zhibu.web.review.models import Sample, Sampling

FORM = ("GET", "HEAD", "POST")
HEADINGS = ["党组织", "抽到几条", "看过几条", "没做到的", "结果"]


@page("review.sample")
def samplings(request: HttpRequest) -> HttpResponse:
    return htmx.page(request, "review/samplings.html", {"page": page_of(request, queries.samplings(request.scope))})


@page("review.sample", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    last = queries.samplings(scope).first()
    start = {"each": 1, "ends_on": scope.on, "items": "\n".join(last.items) if last else ""}
    form = SamplingForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and (made := tried(form, lambda: _draw(scope, form))):
        messages.success(request, "已抽取，逐条看")
        return redirect("sampling", made.pk)
    return htmx.page(request, "review/sampling_new.html", {"form": form}, status=422 if form.errors else 200)


def _draw(scope: Scope, form: SamplingForm) -> Sampling:
    return actions.draw(by=scope, **form.cleaned_data)


@page("review.sample")
def sampling(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, _found(request, number))


@page("review.sample")
def export(request: HttpRequest, number: int) -> HttpResponse:
    one = _found(request, number)
    rows: list[list[sheets.Cell]] = [
        [line.place.name, len(line.samples), line.looked, line.lacking, line.words]
        for line in queries.branches(one, queries.samples(one))
    ]
    filters = f"{one.starts_on} 至 {one.ends_on}，每个支部 {one.each} 条，种子 {one.seed}；看：{'；'.join(one.items)}"
    sheet = sheets.Sheet(one.name, filters, HEADINGS, rows, [36, 10, 10, 50, 50])
    name = sheets.file_name(request.scope.unit, "质量抽查", one.name[:30], request.scope.on)
    return sheets.download(sheets.workbook(sheet), name)


@page("review.sample", methods=("POST",))
def conclude(request: HttpRequest, number: int) -> HttpResponse:
    """`place`: the code of one branch."""
    one, form, scope = _found(request, number), TextForm(request.POST), request.scope
    code = request.POST.get("place", "").replace("\x00", "")[:20]
    drawn = {sample.record.organisation_id for sample in queries.samples(one)}
    place = get_object_or_404(Organisation.objects.within(scope.doing("review.view")), code=code, pk__in=drawn)
    words = {"organisation": place, "sampling": one}
    if form.is_valid() and tried(form, lambda: actions.conclude(by=scope, words=form.cleaned_data["text"], **words)):
        messages.success(request, f"{place.short_name or place.name}的结果已存")
        return redirect("sampling", number)
    return _show(request, one, form, code)


@page("review.sample", methods=FORM)
def look(request: HttpRequest, number: int) -> HttpResponse:
    """One drawn record; after it, the next that nobody has looked at."""
    one = get_object_or_404(queries.own_samples(request.scope), pk=number)
    start = {f"item{place}": answer for place, answer in enumerate(one.answers)} | {"note": one.note}
    form = LookForm(request.POST or None, items=one.sampling.items, initial=start)
    if request.method == "POST" and form.is_valid():
        told = {"answers": form.answers, "note": form.cleaned_data["note"]}
        if tried(form, lambda: actions.look(by=request.scope, sample=one, **told)):
            return _onward(request, one)
    context = {"form": form, "one": one, "items": [form[name] for name in form.names]}
    return htmx.page(request, "review/look.html", context, status=422 if form.errors else 200)


def _onward(request: HttpRequest, one: Sample) -> HttpResponse:
    left = queries.own_samples(request.scope).filter(sampling=one.sampling_id, looked_on=None)
    following = left.order_by("record__organisation__path", "record__number").first()
    messages.success(request, f"{one.record.number} 已看过" if following else "都看过了，给每个支部写一句结果")
    return redirect("sample", following.pk) if following else redirect("sampling", one.sampling_id)


def _found(request: HttpRequest, number: int) -> Sampling:
    return get_object_or_404(queries.samplings(request.scope), pk=number)


def _show(request: HttpRequest, one: Sampling, form: TextForm | None = None, code: str = "") -> HttpResponse:
    found = queries.samples(one)
    context = {
        "one": one,
        "lines": queries.branches(one, found),
        "drawn": len(found),
        "looked": sum(sample.looked_on is not None for sample in found),
        "following": next((sample for sample in found if sample.looked_on is None), None),
        "form": form,
        "code": code,
    }
    return htmx.page(request, "review/sampling.html", context, status=422 if form else 200)
