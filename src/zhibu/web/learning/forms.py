from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.core.fields import day
from zhibu.web.learning.models import Reading, Resource
from zhibu.web.learning.words import ABILITIES, AUDIENCES, CHANNELS, FORMS, Choices, choices


def words(label: str, missing: str) -> forms.ChoiceField:
    """One word of a list of `packs/words.yaml`; the choices are set when the form is made."""
    return forms.ChoiceField(label=label, error_messages={"required": missing, "invalid_choice": missing})


def hours(label: str = "学时") -> forms.DecimalField:
    wrong = "学时是 0.5 以上的数，最多一位小数，如 24 或 3.5"
    return forms.DecimalField(
        label=label, min_value=Decimal("0.5"), max_value=Decimal(2000), max_digits=6, decimal_places=1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value", "max_decimal_places"), wrong),
    )  # fmt: skip


def line(label: str, longest: int, missing: str = "") -> forms.CharField:
    said = {"required": missing} if missing else None
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=said)


def chosen(missing: str) -> Choices:
    return [("", missing)]


class WordsForm(forms.Form):
    """Fills the fields that are words: a county's list may have changed since the last request."""

    GROUPS = {"form": FORMS, "channel": CHANNELS, "audience": AUDIENCES, "abilities": ABILITIES}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, group in self.GROUPS.items():
            if name in self.fields:
                many = isinstance(self.fields[name], forms.MultipleChoiceField)
                self.fields[name].choices = choices(group) if many else [*chosen("选一项"), *choices(group)]  # type: ignore[attr-defined]


class ClassForm(WordsForm):
    name = line("名称", 80, "填写培训班名称，如：2026 年党支部书记示范培训班")
    audience = words("对象", "选这个班办给谁")
    form = words("形式", "选一种形式")
    channel = words("渠道", "选一种渠道")
    starts_on = day("开始日期", "填写开始日期")
    ends_on = day("结束日期", "填写结束日期")
    hours = hours()
    abilities = forms.MultipleChoiceField(
        label="提高哪些能力", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "从列出的里选"},
    )  # fmt: skip
    venue = line("地点", 120)
    document = line("依据文件", 200)
    others = forms.IntegerField(
        label="名册以外的学员", min_value=0, max_value=100_000, required=False,
        error_messages={"invalid": "填人数，如 12", "min_value": "填人数，如 12"},
    )  # fmt: skip
    record = line("活动记录编号", 20)

    def clean_others(self) -> int:
        return self.cleaned_data.get("others") or 0


class CancelForm(forms.Form):
    why = line("取消原因", 200, "写一句为什么取消")


class VoidForm(forms.Form):
    why = line("作废原因", 200, "写一句为什么作废")


class BookForm(forms.Form):
    resource = forms.ModelChoiceField(
        label="资源", queryset=Resource.objects.none(), empty_label="选一项",
        error_messages={"required": "选一项资源", "invalid_choice": "从目录里选"},
    )  # fmt: skip
    starts_on = day("从", "填写开始日期")
    ends_on = day("到", "填写结束日期")

    def __init__(self, *args: Any, rows: QuerySet[Resource], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["resource"].queryset = rows  # type: ignore[attr-defined]


class ResourceForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=Resource.Kind.choices, error_messages={"required": "选一个类别"})
    name = line("名称", 80, "填写名称；师资填姓名，课程填题目")
    about = line("说明", 200)
    place = line("地点", 120)
    capacity = forms.IntegerField(
        label="容纳人数", min_value=1, max_value=100_000, required=False,
        error_messages={"invalid": "填人数，如 80", "min_value": "填人数，如 80"},
    )  # fmt: skip
    closed = forms.BooleanField(label="停用", required=False)


class OutsideForm(WordsForm):
    what = line("学了什么", 80, "写课程或活动的名称")
    where = line("在哪里", 60, "写举办单位或平台的名称")
    form = words("形式", "选一种形式")
    channel = words("渠道", "选一种渠道")
    ended_on = day("完成日期", "填写完成日期")
    hours = hours()


class ReadingForm(WordsForm):
    title = line("篇目", 120, "填写书名或文件名")
    kind = forms.ChoiceField(label="类别", choices=Reading.Kind.choices, error_messages={"required": "选一个类别"})
    edition = line("版本、章节", 80)
    audience = words("谁要学", "选谁要学")
    new_until = day("作为新文件提示到")


class CornerForm(forms.Form):
    title = line("标题", 80, "填写标题")
    text = forms.CharField(
        label="内容",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "写上内容"},
    )
    author = line("作者", 40)


class TakeDownForm(forms.Form):
    why = line("撤下原因", 200, "写一句为什么撤下")


class SeatForm(forms.Form):
    name = line("姓名", 40, "填写姓名")
    post = line("职务", 60)
    starts_on = day("从哪天起", "填写从哪天起是中心组成员")


class PlanForm(forms.Form):
    topic = line("专题", 120, "填写学习专题")
    planned_on = day("计划日期", "填写计划日期")
    speakers = line("重点发言", 120)


class HeldForm(forms.Form):
    held_on = day("学习日期", "填写学习日期")
    place = line("地点", 120)
    speakers = line("重点发言", 120)
    summary = forms.CharField(
        label="学习情况", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
