"""The size switch, and the page that shows each component."""

import datetime as dt

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .context import SIZE_COOKIE
from .vocabulary import SIZES, STATUSES

YEAR = 365 * 24 * 3600


@require_POST
def size(request):
    """Set the text size on this device, and on the account where it keeps one; back to where we were."""
    wanted = request.POST.get("size")
    response = HttpResponseRedirect(_back(request))
    if wanted not in SIZES:
        return response
    response.set_cookie(SIZE_COOKIE, wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and hasattr(user, "text_size"):
        user.text_size = wanted
        user.save(update_fields=["text_size"])
    return response


def _back(request):
    """The page we came from, on this host only."""
    for url in (request.POST.get("next"), request.headers.get("Referer")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return url
    return "/"


class SampleForm(forms.Form):
    """One field of each kind."""

    date = forms.DateField(label="活动日期", initial=dt.date(2026, 11, 21))
    place = forms.CharField(label="地点", max_length=40, help_text="可按上次填写")
    kind = forms.ChoiceField(label="活动类型", choices=[("", "选一种"), ("meeting", "支委会"), ("day", "主题党日")])
    way = forms.ChoiceField(
        label="开会方式", widget=forms.RadioSelect, choices=[("room", "现场"), ("video", "视频"), ("both", "两种都有")]
    )
    counts = forms.MultipleChoiceField(
        label="这次活动同时算作", widget=forms.CheckboxSelectMultiple, required=False,
        choices=[("day", "11 月主题党日"), ("class", "第四季度党课"), ("group", "11 月党小组会")],
    )
    minutes = forms.CharField(
        label="讲了什么、定了什么", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="点输入法的话筒说话，或从 Word 粘贴",
    )
    photo = forms.FileField(label="照片", required=False)
    agreed = forms.BooleanField(label="到会情况已核对", required=True)


def components(request):
    """Each component once, for developers and for looking at in a browser."""
    if not settings.DEBUG and not getattr(request.user, "is_staff", False):
        raise PermissionDenied
    wrong = SampleForm({"place": "社区党群服务中心二楼"})
    return render(request, "design/components.html", {
        "statuses": STATUSES.values(),
        "form": SampleForm(), "wrong": wrong,
        "page": Paginator(range(1, 432), 50).get_page(4),
        "today": dt.date(2026, 11, 21), "earlier": dt.date(2025, 3, 2),
        "steps_words": ["查清原因", "定措施", "落实", "一级验收", "销号"],
        "grid": SAMPLE_GRID, "areas": SAMPLE_AREAS, "items": SAMPLE_ITEMS,
        "nav": SAMPLE_NAV, "identity": {"name": "云河社区第一党支部·书记", "url": "#identity"},
        "breadcrumb": [("河东区委组织部", "#1"), ("云河街道", "#2"), ("云河社区第一党支部", "")],
        "help_contact": "云河街道党委 王某 0571-8888 0000",
    })


SAMPLE_NAV = [
    {"url": "/design/", "word": "本月任务", "icon": "list-check", "current": True},
    {"url": "/design/#write", "word": "记活动", "icon": "pencil", "current": False},
    {"url": "/design/#unit", "word": "本支部", "icon": "home", "current": False},
    {"url": "/design/#members", "word": "党员", "icon": "users", "current": False},
    {"url": "/design/#me", "word": "我的", "icon": "user", "current": False},
]
SAMPLE_ITEMS = ["支委会", "党员大会", "党小组", "党课", "主题党日", "党费", "组织生活会", "整改"]
SAMPLE_GRID = [
    ("云河社区第七党支部", 3, "done done late late todo na returned waiting".split()),
    ("盛源物业联合党支部", 2, "soon late done done late done extended done".split()),
    ("云河社区第二党支部", 1, "done done done todo late done todo returned".split()),
    ("云河社区第一党支部", 0, "done done done soon waiting done todo done".split()),
]
SAMPLE_AREAS = [
    ("云河街道", [(0, 64), (1, 62), (5, 64), (0, 64), (2, 9)]),
    ("河东镇", [(4, 118), (2, 118), (14, 118), (1, 118), (6, 21)]),
    ("沿江开发区", [(3, 40), (0, 40), (2, 40), (1, 38), (0, 0)]),
]
