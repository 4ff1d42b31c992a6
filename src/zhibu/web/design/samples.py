"""Sample words for the page of components."""

import datetime as dt

from django import forms


class SampleForm(forms.Form):
    """One field of each kind."""

    date = forms.DateField(label="活动日期", initial=dt.date(2026, 11, 21))
    place = forms.CharField(label="地点", max_length=40, help_text="可按上次填写")
    kind = forms.ChoiceField(label="活动类型", choices=[("", "选一种"), ("meeting", "支委会"), ("day", "主题党日")])
    way = forms.ChoiceField(
        label="开会方式", widget=forms.RadioSelect, choices=[("room", "现场"), ("video", "视频"), ("both", "两种都有")]
    )
    counts = forms.MultipleChoiceField(
        label="这次活动同时算作",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("day", "11 月主题党日"), ("class", "第四季度党课"), ("group", "11 月党小组会")],
    )
    minutes = forms.CharField(
        label="讲了什么、定了什么",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="点输入法的话筒说话，或从 Word 粘贴",
    )
    photo = forms.FileField(label="照片", required=False)
    agreed = forms.BooleanField(label="到会情况已核对", required=True)


NAV = [
    {"url": "/design/", "word": "本月任务", "icon": "checklist", "current": True},
    {"url": "/design/#write", "word": "记活动", "icon": "pencil-plus", "current": False},
    {"url": "/design/#unit", "word": "本支部", "icon": "home-stats", "current": False},
    {"url": "/design/#members", "word": "党员", "icon": "users", "current": False},
    {"url": "/design/#me", "word": "我的", "icon": "user", "current": False},
]
ITEMS = ["支委会", "党员大会", "党小组", "党课", "主题党日", "党费", "组织生活会", "整改"]
GRID = [
    ("云河社区第七党支部", 3, ["done", "done", "late", "late", "todo", "na", "returned", "waiting"]),
    ("盛源物业联合党支部", 2, ["soon", "late", "done", "done", "late", "done", "extended", "done"]),
    ("云河社区第二党支部", 1, ["done", "done", "done", "todo", "late", "done", "todo", "returned"]),
    ("云河社区第一党支部", 0, ["done", "done", "done", "soon", "waiting", "done", "todo", "done"]),
]
AREAS = [
    ("云河街道", [(0, 64), (1, 62), (5, 64), (0, 64), (2, 9)]),
    ("河东镇", [(4, 118), (2, 118), (14, 118), (1, 118), (6, 21)]),
    ("沿江开发区", [(3, 40), (0, 40), (2, 40), (1, 38), (0, 0)]),
]
