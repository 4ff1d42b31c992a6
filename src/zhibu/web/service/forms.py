"""Commitments, registrations, hours, calls and teams as a reader fills them in."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import PICK, day
from zhibu.web.organisations.fields import AnywhereField, ScopedForm
from zhibu.web.service import queries
from zhibu.web.service.models import Call, CallPost

MOST_POSTS = 20
POSTS = "一行一个岗位，写名称和人数，如：巡查 6"
POST = re.compile(r"^(.{1,40}?)[\s，,、:：]*(\d{1,3})\s*人?$")


def words(label: str, longest: int, missing: str = "", rows: int = 0) -> forms.CharField:
    """`rows`: a box of that height; 0: one line. Without `missing` it may stay empty."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    told = {"required": missing} if missing else {}
    return forms.CharField(label=label, max_length=longest, required=bool(missing), widget=widget, error_messages=told)


def hours(label: str = "几小时") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0.1, max_value=24, max_digits=4, decimal_places=1,  # type: ignore[arg-type]
        error_messages={"required": "写小时数，如：2.5", "min_value": "最少 0.1 小时", "max_value": "一天最多 24 小时",
                        "max_decimal_places": "写到一位小数，如：2.5"},
    )  # fmt: skip


class OwnCommitForm(forms.Form):
    text = words("承诺", 200, "一句话写明承诺做什么", rows=2)
    due_on = day("完成期限", "写哪天以前做到")
    public = forms.BooleanField(label="在本党组织公开", required=False, initial=True)


class CommitForm(OwnCommitForm):
    member = forms.ModelChoiceField(label="谁的承诺", queryset=None, required=False, empty_label="本党组织的承诺")
    field_order = ("member", "text", "due_on", "public")

    def __init__(self, *args: Any, scope: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = queries.roster(scope)  # type: ignore[attr-defined]


class FulfilForm(forms.Form):
    text = words("怎么做到的", 200, "一句话写明做到了什么", rows=2)
    on = day("做到的日期", "写哪天做到的")


class ReasonForm(forms.Form):
    reason = words("原因", 200, "写明原因")


class OwnRegisterForm(ScopedForm):
    community = AnywhereField("居住地社区党组织", "写社区党组织的全称或代码", help_text="写全称或代码，问社区就知道")


class RegisterForm(OwnRegisterForm):
    member = forms.ModelChoiceField(
        label="谁去报到", queryset=None, empty_label="选一项", error_messages={"required": "选一名党员"}
    )
    field_order = ("member", "community")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = queries.roster(self.scope)  # type: ignore[attr-defined]


class HoursForm(forms.Form):
    on = day("哪天", "写哪天")
    what = words("做了什么", 100, "写明做了什么，如：楼道清洁")
    hours = hours()


class CallForm(WeighedForm):
    kind = forms.ChoiceField(label="类别", choices=[PICK, *Call.Kind.choices], error_messages={"required": "选类别"})
    title = words("名称", 60, "写一个短名称，如：河堤巡查")
    task = words("做什么", 300, "写明要做什么", rows=3)
    place = words("在哪里", 100, "写明在哪里集合或上岗")
    starts_on = day("从哪天", "写从哪天开始")
    ends_on = day("到哪天", "写到哪天为止")
    posts = words("岗位和人数", 1200, POSTS, rows=4)
    posts.help_text = POSTS
    field_order = ("kind", "title", "task", "place", "starts_on", "ends_on", "posts", "minutes")

    def clean_posts(self) -> list[tuple[str, int]]:
        lines = [line.strip() for line in self.cleaned_data["posts"].splitlines() if line.strip()]
        if len(lines) > MOST_POSTS:
            raise forms.ValidationError(f"最多 {MOST_POSTS} 个岗位，现在是 {len(lines)} 个")
        found = [POST.match(line) for line in lines]
        for line, match in zip(lines, found, strict=True):
            if match is None or int(match[2]) == 0:
                raise forms.ValidationError(f"“{line[:20]}”没有写人数，写成：巡查 6")
        return [(match[1].strip(), int(match[2])) for match in found if match]


class SignUpForm(forms.Form):
    post = forms.ModelChoiceField(label="岗位", queryset=None, required=False, empty_label="听从安排")

    def __init__(self, *args: Any, posts: QuerySet[CallPost], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]


class AssignForm(SignUpForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["post"].required = True
        self.fields["post"].empty_label = "选一项"  # type: ignore[attr-defined]
        self.fields["post"].error_messages["required"] = "选一个岗位"


class TimeForm(forms.Form):
    at = forms.TimeField(
        label="时间", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "写时间，如：08:30", "invalid": "写时间，如：08:30"},
    )  # fmt: skip


class CloseForm(forms.Form):
    report = words("总结", 500, "写明做成了什么", rows=3)
    served = forms.IntegerField(
        label="服务了多少人次", required=False, min_value=0, max_value=10_000_000,
        error_messages={"invalid": "写数字，如：120", "min_value": "不小于 0"},
    )  # fmt: skip


class TeamForm(forms.Form):
    name = words("名称", 60, "写服务队名称")
    purpose = words("做什么", 200, "写明服务什么", rows=2)
    founded_on = day("成立日期", "写哪天成立的")


class JoinForm(forms.Form):
    member = forms.ModelChoiceField(
        label="党员", queryset=None, empty_label="选一项", error_messages={"required": "选一名党员"}
    )
    since = day("从哪天", "写从哪天起")

    def __init__(self, *args: Any, members: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members  # type: ignore[attr-defined]


class SendForm(forms.Form):
    task = words("任务", 200, "写明去做什么", rows=2)
    place = words("在哪里", 100, "写明去哪里")
    on = day("哪天", "写哪天去")
    call = forms.ModelChoiceField(label="哪次招募的", queryset=None, required=False, empty_label="不是招募的")

    def __init__(self, *args: Any, calls: QuerySet[Call], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = calls  # type: ignore[attr-defined]


class LogForm(forms.Form):
    people = forms.IntegerField(
        label="到了几人", min_value=1, max_value=9999,
        error_messages={"required": "写人数，如：6", "min_value": "至少 1 人", "max_value": "最多 9999 人"},
    )  # fmt: skip
    hours = hours("每人几小时")
    result = words("做成了什么", 300, "写明做成了什么", rows=2)
