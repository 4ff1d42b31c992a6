"""/responsibilities/ 职责清单: the charters, the board of one, its items, giving them, asking how far they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.actions import Unfit
from zhibu.web.audit.forms import tried
from zhibu.web.burden.weighing import Weight, weigh
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.responsibilities import actions, queries, reporting
from zhibu.web.responsibilities.conformity import not_given
from zhibu.web.responsibilities.forms import AskForm, CharterForm, GiveForm, ItemForm, ItemsForm
from zhibu.web.responsibilities.models import Charter, Holder, Item

FORM = ("GET", "HEAD", "POST")
# The kind of body a charter is mostly given to.
USUAL = {Charter.Kind.GROUP: Holder.Kind.MEMBER, Charter.Kind.TRADE: Holder.Kind.TRADE}
USUAL |= {Charter.Kind.ALLIED: Holder.Kind.UNION}
HEADINGS = (
    "承担单位", "类别", "职责", "条款", "交办日期", "期限", "情况", "办好日期", "最近进展", "报告日期", "佐证", "谁报的"
)  # fmt: skip


@page("responsibilities.view")
def charters(request: HttpRequest) -> HttpResponse:
    """`?kind=&page=`"""
    kind = asked.choice(request, "kind", Charter.Kind.values)
    context = {
        "page": page_of(request, queries.charters(request.scope, kind)), "kind": kind, "kinds": Charter.Kind.choices,
        "may_keep": request.scope.may("responsibilities.keep"), "today": request.scope.on,
    }  # fmt: skip
    return htmx.page(request, "responsibilities/charters.html", context)


@page("responsibilities.keep", methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    form = CharterForm(request.POST or None, initial={"starts_on": request.scope.on})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: actions.keep(by=request.scope, charter=None, facts=form.cleaned_data))
        if made:
            messages.success(request, "已制定。接着写职责，再交给单位")
            return redirect("charter-items", made.pk)
    context = {"form": form, "word": "制定职责清单", "save": "制定"}
    return htmx.page(request, "responsibilities/charter_form.html", context, status=422 if form.errors else 200)


@page("responsibilities.keep", methods=FORM)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    one = _charter(request, number)
    form = CharterForm(request.POST or None, initial={name: getattr(one, name) for name in CharterForm.base_fields})
    if request.method == "POST" and form.is_valid():
        tried(form, lambda: actions.keep(by=request.scope, charter=one, facts=form.cleaned_data))
        if not form.errors:
            messages.success(request, "已修改")
            return redirect("charter", number)
    context = {"form": form, "one": one, "word": "修改职责清单", "save": "保存"}
    return htmx.page(request, "responsibilities/charter_form.html", context, status=422 if form.errors else 200)


@page("responsibilities.view")
def charter(request: HttpRequest, number: int) -> HttpResponse:
    one = _charter(request, number)
    return _board(request, one, AskForm())


def _board(request: HttpRequest, one: Charter, form: AskForm, weight: Weight | None = None) -> HttpResponse:
    scope = request.scope.doing("responsibilities.view")
    lines = queries.board(scope, one, scope.on)
    context = {
        "one": one, "lines": lines, "items": queries.items(scope, one), "form": form, "today": scope.on,
        "silent": sum(line.silent > 0 for line in lines), "late": sum(line.late > 0 for line in lines),
        "keeps": scope.may_at("responsibilities.keep", one.organisation.path),
        "over": one.ends_on is not None and one.ends_on < scope.on,
        "asking": one.report_by is not None and one.report_by >= scope.on,
        "may_export": scope.may("responsibilities.export"), "weight": weight,
    }  # fmt: skip
    return htmx.page(request, "responsibilities/charter.html", context, status=422 if form.errors else 200)


@page("responsibilities.keep", methods=FORM)
def items(request: HttpRequest, number: int) -> HttpResponse:
    """Write several at once."""
    one, form = _charter(request, number), ItemsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        texts = facts.pop("texts")
        made = tried(form, lambda: actions.add_items(by=request.scope, charter=one, texts=texts, facts=facts))
        if made:
            messages.success(request, f"已写入 {made} 条")
            return redirect("charter", number)
    context = {"form": form, "one": one, "there": queries.items(request.scope, one)}
    return htmx.page(request, "responsibilities/items.html", context, status=422 if form.errors else 200)


@page("responsibilities.keep", methods=FORM)
def item(request: HttpRequest, number: int) -> HttpResponse:
    one = _item(request, number)
    form = ItemForm(request.POST or None, initial={name: getattr(one, name) for name in ItemForm.base_fields})
    if request.method == "POST" and form.is_valid():
        tried(form, lambda: actions.change_item(by=request.scope, item=one, facts=form.cleaned_data))
        if not form.errors:
            messages.success(request, "已修改")
            return redirect("charter", one.charter_id)
    context = {"form": form, "one": one}
    return htmx.page(request, "responsibilities/item.html", context, status=422 if form.errors else 200)


@page("responsibilities.keep", methods=("POST",))
def drop(request: HttpRequest, number: int) -> HttpResponse:
    one = _item(request, number)
    try:
        actions.change_item(by=request.scope, item=one, facts=None)
    except Unfit as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "已删去")
    return redirect("charter", one.charter_id)


@page("responsibilities.keep", methods=FORM)
def give(request: HttpRequest, number: int) -> HttpResponse:
    one = _charter(request, number)
    found = queries.items(request.scope, one)
    has = queries.charges(request.scope).filter(item__charter=one, withdrawn_on=None).values_list("holder__place")
    usual = {
        "kind": USUAL.get(Charter.Kind(one.kind), Holder.Kind.PARTY), "given_on": max(one.starts_on, request.scope.on),
        "bodies": "\n".join(place.code for place in not_given(request.scope, one, {pk for (pk,) in has})),
    }  # fmt: skip
    start = usual | {"items": [each.pk for each in found]}
    form = GiveForm(request.POST or None, scope=request.scope, keeper=one.organisation, items=found, initial=start)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"items": [each.pk for each in form.cleaned_data["items"]]}
        made = tried(form, lambda: actions.give(by=request.scope, charter=one, **told))
        if made:
            messages.success(request, f"已交办 {made} 项")
            return redirect("charter", number)
    context = {"form": form, "one": one, "any": bool(found)}
    return htmx.page(request, "responsibilities/give.html", context, status=422 if form.errors else 200)


@page("responsibilities.keep", methods=("POST",))
def ask(request: HttpRequest, number: int) -> HttpResponse:
    scope, one, form, weight = request.scope, _charter(request, number), AskForm(request.POST), None
    if form.is_valid():
        weight = weigh(form, scope, queries.asked(scope, one), ends_on=form.cleaned_data["report_by"])
        if weight is None and tried(form, lambda: actions.ask(by=scope, charter=one, **form.facts)):
            messages.success(request, "已发出，显示在各单位的“本月任务”和“本单位的职责”")
            return redirect("charter", number)
    return _board(request, one, form, weight)


@page("responsibilities.export")
def export(request: HttpRequest, number: int) -> HttpResponse:
    """Every charge of the charter with its latest progress."""
    one, scope = _charter(request, number), request.scope
    found = queries.charges(scope).filter(item__charter=one).order_by("holder__kind", "holder", "item__position", "pk")
    rows = [line_of(row) for row in queries.rows(scope, found, scope.on)]
    content = reporting.export(by=scope, title=one.title, headings=HEADINGS, rows=rows)
    return sheets.download(content, sheets.file_name(one.organisation.name, one.title[:40], "", scope.on))


def line_of(row: queries.Row) -> tuple[sheets.Cell, ...]:
    one, last = row.charge, row.last
    proof = (last.record.number if last.record else str(last.paper or "")) if last else ""
    told: tuple[sheets.Cell, ...] = ("", None, "", "")
    if last:
        told = (last.sentence, last.reported_on, proof, "上级代为登记" if last.for_it else "本单位")
    return (
        str(one.holder), one.holder.get_kind_display(), one.item.text, one.item.clause, one.given_on, one.due_on,
        row.standing.text + ("，未报进展" if row.silent else ""), one.done_on, *told,
    )  # fmt: skip


def _charter(request: HttpRequest, number: int) -> Charter:
    return get_object_or_404(queries.charters(request.scope), pk=number)


def _item(request: HttpRequest, number: int) -> Item:
    rows = Item.objects.within(request.scope).filter(pk=number).select_related("charter__organisation")
    if (found := rows.first()) is None:
        raise Http404
    return found
