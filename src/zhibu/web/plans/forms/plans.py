from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.core.fields import day
from zhibu.web.plans import words
from zhibu.web.plans.models import CycleTheme
from zhibu.web.records.fields import Line, Prose
from zhibu.web.records.models import Record

MONTHS = [(number, f"{number} 月") for number in range(1, 13)]
BLANK = "blank"
NO_TYPE = "选一项：要开展什么活动"


def line(label: str, length: int) -> Line:
    too_long = {"max_length": f"{label}最多 {length} 字"}
    return Line(label=label, max_length=length, required=False, error_messages=too_long)


def types_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="活动类型", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NO_TYPE, "invalid_choice": "活动类型里没有“%(value)s”"},
    )  # fmt: skip


class BeginForm(forms.Form):
    year = forms.TypedChoiceField(label="年度", coerce=int, error_messages={"required": "选一个年度"})
    start = forms.ChoiceField(
        label="从哪里开始", widget=forms.RadioSelect, error_messages={"required": "选一项：从哪里开始"}
    )

    def __init__(self, *args: Any, today: date, kind: str, sector: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(one, f"{one} 年") for one in (today.year, today.year + 1)]
        fit = [(one["id"], one["title"]) for one in words.templates_for(kind, sector)]
        self.fields["start"].choices = [*fit, ("last", "抄上一年的计划"), (BLANK, "从空白开始")]


class PlanForm(forms.Form):
    fixed_day = forms.IntegerField(
        label="固定活动日", required=False, min_value=1, max_value=31,
        error_messages={"min_value": "写 1 到 31", "max_value": "写 1 到 31", "invalid": "写一个数，如 25"},
    )  # fmt: skip
    rule = line("学习制度", 500)
    method = line("学习方法", 500)
    checks = line("督查安排", 500)


class ItemForm(forms.Form):
    month = forms.TypedChoiceField(label="月份", coerce=int, choices=MONTHS, error_messages={"required": "选一个月份"})
    day = forms.IntegerField(
        label="几日", required=False, min_value=1, max_value=31,
        error_messages={"min_value": "写 1 到 31", "max_value": "写 1 到 31", "invalid": "写一个数，如 25"},
    )  # fmt: skip
    types = types_field()
    topic = line("主题", 200)
    theme = forms.ModelChoiceField(CycleTheme.objects.none(), label="主题目录", required=False, empty_label="不选")
    content = line("学习内容", 500)
    place = line("地点", 120)
    owner = line("负责人", 40)
    speaker = line("主讲人", 40)
    note = line("备注", 200)

    def __init__(self, *args: Any, branch: bool, themes: QuerySet[CycleTheme], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = words.type_choices(branch)
        self.fields["theme"].queryset = themes


class RotaForm(forms.Form):
    types = types_field()
    first = day("第一次的日期", "填写第一次的日期")
    every = forms.IntegerField(
        label="隔几天一次", min_value=1, max_value=92, initial=7,
        error_messages={"required": "写隔几天，如 7", "max_value": "最多隔 92 天", "min_value": "至少隔 1 天"},
    )  # fmt: skip
    times = forms.IntegerField(
        label="排几次", min_value=1, max_value=53,
        error_messages={"required": "写排几次，如 8", "max_value": "一次最多排 53 次", "min_value": "至少排 1 次"},
    )  # fmt: skip
    speakers = Prose(label="主讲人", required=False, max_length=2000)
    topic = line("主题", 200)
    content = line("学习内容", 500)
    place = line("地点", 120)

    def __init__(self, *args: Any, branch: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = words.type_choices(branch)

    def clean_speakers(self) -> list[str]:
        names = [one.strip() for one in self.cleaned_data["speakers"].replace("、", "\n").split("\n") if one.strip()]
        if long := [one for one in names if len(one) > 40]:
            raise forms.ValidationError(f"“{long[0][:12]}…”太长，一行写一个人")
        return names


class LinkForm(forms.Form):
    record = forms.ModelChoiceField(
        Record.objects.none(), label="活动记录", required=False, empty_label="不指定，按当月第一条同类记录算"
    )

    def __init__(self, *args: Any, rows: QuerySet[Record], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["record"].queryset = rows
        self.fields["record"].label_from_instance = record_words


class AnswerForm(forms.Form):
    text = Line(label="意见", max_length=300, required=False, error_messages={"max_length": "意见最多 300 字"})


def record_words(record: Record) -> str:
    """11-05 主题党日：学习条例"""
    return f"{record.held_on:%m-%d} {record.types_words}{f'：{record.topic}' if record.topic else ''}"
