"""The size switch, and the page that shows each component."""

import datetime as dt

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zhibu.web.core import asked
from zhibu.web.core.pages import open_to_all, refuse
from zhibu.web.design import samples
from zhibu.web.design.sizes import COOKIE
from zhibu.web.design.vocabulary import SIZES, STATUSES

YEAR = 365 * 24 * 3600


@open_to_all
@require_POST
def size(request):
    """Set the text size on this device, and on the account where it keeps one; back to where we were."""
    wanted = request.POST.get("size")
    response = HttpResponseRedirect(_back(request))
    if wanted not in SIZES:
        return response
    response.set_cookie(COOKIE, wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and hasattr(user, "text_size"):
        user.text_size = wanted
        user.save(update_fields=["text_size"])
    return response


def _back(request):
    """The page we came from, on this host only."""
    wanted = (request.POST.get("next", ""), request.headers.get("Referer", ""))
    return next(filter(None, (asked.onward(request, url) for url in wanted)), "/")


@open_to_all  # while DEBUG is on; else for officers
def components(request):
    """Each component once, for developers and for looking at in a browser."""
    if not _may_see(request.scope):
        return refuse(request)
    wrong = samples.SampleForm({"place": "社区党群服务中心二楼"})
    return render(
        request,
        "design/components.html",
        {
            "statuses": STATUSES.values(),
            "form": samples.SampleForm(),
            "wrong": wrong,
            "page": Paginator(range(1, 432), 50).get_page(4),
            "today": dt.date(2026, 11, 21),
            "earlier": dt.date(2025, 3, 2),
            "steps_words": ["查清原因", "定措施", "落实", "一级验收", "销号"],
            "grid": samples.GRID,
            "areas": samples.AREAS,
            "items": samples.ITEMS,
            "nav": samples.NAV,
            "nav_place": request.GET.get("nav", "bottom"),
            "identity": {"name": "云河社区第一党支部·书记", "url": "#identity"},
            "breadcrumb": [("河东区委组织部", "#1"), ("云河街道", "#2"), ("云河社区第一党支部", "")],
            "help_contact": "云河街道党委 王某 0571-8888 0000",
        },
    )


def _may_see(scope):
    return settings.DEBUG or getattr(scope, "role", "") in ("officer", "committee_officer")
