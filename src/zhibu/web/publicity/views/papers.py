"""/publicity/papers/<record>/ 交流材料 of a meeting of the own organisation, chosen from 经验互通."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked, htmx
from zhibu.web.core.pages import page
from zhibu.web.publicity import actions, queries
from zhibu.web.publicity.forms import PapersForm
from zhibu.web.publicity.models import MeetingPaper
from zhibu.web.records.models import Record

MOST = 50  # offered at once; the rest is found by its words


@page("publicity.exchange", methods=("GET", "HEAD", "POST"))
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """`?q=`"""
    scope, one, q = request.scope, _meeting(request, number), asked.text(request, "q")
    there = queries.papers(scope, one)
    others = queries.exchanged(scope, q).exclude(pk__in=there.values("news"))[:MOST]
    form = PapersForm(request.POST if request.method == "POST" else None, offered=others)
    if request.method == "POST" and carried_out(form, actions.present, by=scope, record=one):
        messages.success(request, "已选入，每篇的页上写明在这次会上交流过")
        return redirect("meeting-papers", one.number)
    context = {"one": one, "there": there, "form": form, "q": q, "any": bool(others)}
    return htmx.page(request, "publicity/papers.html", context, status=422 if form.errors else 200)


@page("publicity.exchange", methods=("POST",))
def drop(request: HttpRequest, number: str, paper: int) -> HttpResponse:
    one = _meeting(request, number)
    actions.drop(
        by=request.scope, paper=get_object_or_404(MeetingPaper.objects.within(request.scope), record=one, pk=paper)
    )
    messages.success(request, "已移出。材料还在经验互通里")
    return redirect("meeting-papers", one.number)


def _meeting(request: HttpRequest, number: str) -> Record:
    one = get_object_or_404(queries.meetings(request.scope), number=number)
    if not queries.exchanging(one):
        raise Http404
    return one
