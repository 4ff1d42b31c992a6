"""/publicity/rates/ 报送和采用, /participation/ 参与面, /exchange/ 经验互通."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from zhibu.web.campaigns.models import Campaign
from zhibu.web.core import asked, htmx, sheets
from zhibu.web.core.pages import page
from zhibu.web.core.paging import page_of
from zhibu.web.design.vocabulary import STATUSES
from zhibu.web.publicity import participation as parts
from zhibu.web.publicity import queries
from zhibu.web.publicity.views.tabs import tabs

RATES = ("党组织", "报送（期）", "采用（期）", "退回（期）", "采用率（%）", "最近报送", "另记活动（条）", "报送要求")
PARTS = ("党组织", "党员", "参加过活动的党员", "参与面（%）", "活动记录（条）")


@page("publicity.view")
def rates(request: HttpRequest) -> HttpResponse:
    """`?year=`"""
    year = _year(request)
    rows = queries.rates(request.scope, year)
    sent, adopted, share = queries.total(rows)
    context = {"rows": rows, "year": year, "before": year - 1, "sent": sent, "adopted": adopted, "share": share,
               "tabs": tabs(request.scope, "publicity-rates")}  # fmt: skip
    return htmx.page(request, "publicity/rates.html", context)


@page("publicity.view")
def rates_export(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    rows: list[list[sheets.Cell]] = [
        [one.place.name, one.sent, one.adopted, one.returned, _percent(one.share), one.last, one.noted,
         (one.duty.text or STATUSES[one.duty.status].word) if one.duty else ""]
        for one in queries.rates(request.scope, year)
    ]  # fmt: skip
    said = "采用率为采用的期数除以报送的期数，撤回的不计；报送要求为规则最近一期的结论"
    return _download(request, "信息报送和采用", f"{year}", said, RATES, rows)


@page("publicity.view")
def participation(request: HttpRequest) -> HttpResponse:
    """`?first=&last=&campaign=`"""
    first, last, campaign = _span(request)
    rows = parts.parts(request.scope, first, last, campaign)
    known = [one for one in rows if not one.unknown]
    members, active = sum(one.members for one in known), sum(one.active for one in known)
    context = {
        "page": page_of(request, rows), "first": first, "last": last, "campaign": campaign, "members": members,
        "active": active, "unknown": len(rows) - len(known), "share": active / members if members else None,
        "campaigns": _campaigns(request)[:50],
        "tabs": tabs(request.scope, "publicity-participation"),
    }  # fmt: skip
    return htmx.page(request, "publicity/participation.html", context)


@page("publicity.view")
def participation_export(request: HttpRequest) -> HttpResponse:
    first, last, campaign = _span(request)
    rows: list[list[sheets.Cell]] = [
        [one.place.name, one.members, None if one.unknown else one.active, _percent(one.share), one.records]
        for one in parts.parts(request.scope, first, last, campaign)
    ]
    about = f"{campaign.name}；" if campaign else ""
    said = f"{about}{first} 至 {last}；党员为今天在册人数，按到会名单数，一人只数一次，没有到会名单的空着"
    return _download(request, "活动参与面", f"{first}至{last}", said, PARTS, rows)


@page("publicity.exchange")
def exchange(request: HttpRequest) -> HttpResponse:
    """`?q=&page=`"""
    q = asked.text(request, "q")
    context = {"page": page_of(request, queries.exchanged(request.scope, q)), "q": q,
               "tabs": tabs(request.scope, "publicity-exchange")}  # fmt: skip
    return htmx.page(request, "publicity/exchange.html", context)


@page("publicity.exchange")
def exchanged(request: HttpRequest, number: int) -> HttpResponse:
    rows = queries.exchanged(request.scope)
    here = get_object_or_404(rows, pk=number)
    return htmx.page(request, "publicity/exchanged.html", {"here": here, "presented": queries.presented(here)})


def _year(request: HttpRequest) -> int:
    text = asked.text(request, "year", 4)
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100 else request.scope.on.year


def _span(request: HttpRequest) -> tuple[date, date, Campaign | None]:
    """The days asked for, or a campaign's till today, or this year's. The wrong way round, they are turned."""
    today, number = request.scope.on, asked.text(request, "campaign", 12)
    found = _campaigns(request).filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if found:
        return found.starts_on, max(found.starts_on, min(found.ends_on, today)), found
    first, last = asked.day(request, "first") or today.replace(month=1, day=1), asked.day(request, "last") or today
    return min(first, last), max(first, last), None


def _campaigns(request: HttpRequest) -> QuerySet[Campaign]:
    return parts.choices(request.scope)


def _percent(share: object) -> sheets.Cell:
    return round(float(share) * 100, 1) if share is not None else None  # type: ignore[arg-type]


def _download(
    request: HttpRequest, title: str, period: str, said: str, headings: tuple[str, ...], rows: list[list[sheets.Cell]]
) -> HttpResponse:
    unit = request.scope.unit
    sheet = sheets.Sheet(title, f"{unit}；{said}", headings, rows, (40, 12, 18, 12, 14, 14, 14, 14))
    return sheets.download(sheets.workbook(sheet), sheets.file_name(unit, title, period, request.scope.on))
