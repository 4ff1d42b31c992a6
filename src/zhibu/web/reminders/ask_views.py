"""提醒一下: the check page for one organisation, and for all that the 督办台 lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from zhibu.web.audit.forms import carried_out
from zhibu.web.core import asked as query
from zhibu.web.core import htmx
from zhibu.web.core.pages import page
from zhibu.web.organisations import finding
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.reminders.actions import asking, asking_many
from zhibu.web.reminders.forms import AskForm, TakeBackForm
from zhibu.web.reminders.models import Asked

FORM = ("GET", "HEAD", "POST")


@page("reminders.ask", methods=FORM)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """The check page: what will be asked, who hears it, what was asked within the week."""
    if (here := asking.below(request.scope, code)) is None:
        raise Http404
    late = asking.late_of(request.scope, here)
    new = [one for one in late if one.asked is None]
    form = AskForm(_sent(request), keys=[(one.key, one.row.title) for one in new])
    if request.method == "POST" and carried_out(form, asking.ask, by=request.scope, organisation=here):
        messages.success(request, f"已提醒{here.short_name or here.name}。7 天以后还没办，可以再提醒")
        return redirect("late")
    context = {
        "form": form, "here": here, "new": new, "before": [one for one in late if one.asked],
        "hearers": asking.hearers(here, request.scope.on),
    }  # fmt: skip
    return htmx.page(request, "reminders/ask.html", context, status=422 if form.errors else 200)


@page("reminders.ask", methods=FORM)
def many(request: HttpRequest) -> HttpResponse:
    """`?area=&k=rulebook/rule`, as the 督办台 is filtered."""
    scope, area, item = request.scope, _area(request), query.text(request, "k", 130)
    found = asking_many.places(scope, area, item)
    new = [one for one in found if one.askable][: asking_many.MOST]
    form = AskForm(_sent(request), keys=[(one.organisation.code, one.words) for one in new])
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in new if one.organisation.code in form.cleaned_data["keys"]]
        done, refused = asking_many.ask_each(scope, chosen)
        messages.success(request, f"已提醒 {len(done)} 个党组织")
        for place, why in refused:
            messages.warning(request, f"{place.organisation.name}没有提醒：{why}")
        return redirect("late")
    context = {
        "form": form, "new": new, "area": area or finding.own(scope), "most": asking_many.MOST,
        "before": [one for one in found if not one.new], "here": request.get_full_path(),
        "unheard": [one for one in found if one.new and not one.hearers],
        "title": next((row.title for (book, rule), row in rules_by_name().items() if f"{book}/{rule}" == item), ""),
    }  # fmt: skip
    return htmx.page(request, "reminders/ask_many.html", context, status=422 if form.errors else 200)


@page("reminders.ask", methods=FORM)
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Of the day itself, with the reason."""
    found = get_object_or_404(Asked.objects.within(request.scope).select_related("organisation"), pk=number)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and carried_out(form, asking.take_back, by=request.scope, asked=found):
        messages.success(request, "已撤回，不再列在他们的提醒里")
        return redirect("reminders-told")
    context = {"form": form, "one": found}
    return htmx.page(request, "reminders/take_back.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> QueryDict | None:
    """An empty POST is a form with nothing ticked."""
    return request.POST if request.method == "POST" else None


def _area(request: HttpRequest) -> Organisation | None:
    """None: everything below. One's own organisation too: what is asked lies below it."""
    if not (code := query.text(request, "area", 20)):
        return None
    own = finding.own(request.scope)
    if own and own.code == code:
        return own
    if (found := asking.below(request.scope, code)) is None:
        raise Http404
    return found
