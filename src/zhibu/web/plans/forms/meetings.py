from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.members.models import Member
from zhibu.web.plans import words
from zhibu.web.plans.forms.plans import line, record_words, types_field
from zhibu.web.plans.models import MeetingNotice
from zhibu.web.records.fields import Clock, Day, Line
from zhibu.web.records.models import Record


class MeetingForm(forms.Form):
    on = Day(label="日期", error_messages={"required": "填写开会的日期", "invalid": "日期写成 2026-11-25 这样"})
    starts_at = Clock(label="开始", required=False, error_messages={"invalid": "开始时间写成 19:00 这样"})
    ends_at = Clock(label="结束", required=False, error_messages={"invalid": "结束时间写成 20:30 这样"})
    place = line("地点", 120)
    types = types_field()
    topic = line("主题", 200)
    host = line("主持人", 40)
    who = forms.ChoiceField(
        label="谁参加",
        choices=MeetingNotice.Who,
        widget=forms.RadioSelect,
        error_messages={"required": "选一项：谁参加"},
    )
    others = line("参加人员说明", 100)
    note = line("要带的、要准备的", 300)

    def __init__(self, *args: Any, branch: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["type"] = "date"
        self.fields["types"].choices = words.type_choices(branch)


class ChangeForm(MeetingForm):
    why = Line(label="改动原因", max_length=200, error_messages={"required": "写一句为什么改，如“与镇里的会冲突”"})


class WhyForm(forms.Form):
    why = Line(label="取消原因", max_length=200, error_messages={"required": "写一句为什么取消"})


class ToldForm(forms.Form):
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(), label="已经通知到的", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "名单变了，重新打开这页再勾"},
    )  # fmt: skip

    def __init__(self, *args: Any, rows: QuerySet[Member], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = rows
        self.fields["members"].label_from_instance = lambda one: one.name


class PrepareForm(forms.Form):
    record = forms.ModelChoiceField(Record.objects.none(), label="准备会的记录", required=False, empty_label="还没有")

    def __init__(self, *args: Any, rows: QuerySet[Record], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["record"].queryset = rows
        self.fields["record"].label_from_instance = record_words
