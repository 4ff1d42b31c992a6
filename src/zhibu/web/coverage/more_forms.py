"""Forms of what is said about units, people sent, parks and goals; the register's own are in `forms`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from zhibu.web.core.fields import day
from zhibu.web.coverage.forms import EMPTY, OfSent, text
from zhibu.web.coverage.models import Unit
from zhibu.web.records.models import Record


def year(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=2000, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "填写年度，如 2026", "invalid": "填写年度，如 2026"},
    )  # fmt: skip


class WaiveForm(forms.Form):
    rule = forms.ChoiceField(label="缓办哪一项", error_messages={"required": "选一项"})
    ends_on = day("缓办到", "填写缓办到哪一天")
    reason = text("原因", 200, "写明为什么缓办")
    document = text("依据（会议或文件）", 200)

    def __init__(self, *args: Any, rules: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = rules if len(rules) == 1 else [*EMPTY, *rules]


class ReviewForm(OfSent):
    assignment = forms.ChoiceField(label="评议谁", error_messages={"required": "选评议的人"})
    year = year("年度")
    on = day("评议日期", "填写评议日期")
    body = text("谁评议的", 80, "写明在哪次会议上、由谁评议")
    result = text("评议意见", 300, "写评议意见，用文字，不打分", rows=3)


class GoalForm(forms.Form):
    title = text("目标", 80, "写明围绕哪项生产经营目标")
    measure = text("做到什么程度", 200)
    unit = forms.ChoiceField(label="哪个单位", required=False)
    starts_on = day("开始日期", "填写开始日期")
    due_on = day("完成期限")

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.units = {str(one.pk): one for one in units}
        self.fields["unit"].choices = [("", "没有登记的单位"), *((key, one.name) for key, one in self.units.items())]

    def clean_unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data["unit"])


class ServeForm(forms.Form):
    record = forms.ChoiceField(label="哪次活动", error_messages={"required": "选一次活动"})
    effect = text("效果", 200)

    def __init__(self, *args: Any, records: Iterable[Record], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.records = {str(one.pk): one for one in records}
        choices = [(key, f"{one.held_on} {one.topic or one.types_words}") for key, one in self.records.items()]
        self.fields["record"].choices = [*EMPTY, *choices]

    def clean_record(self) -> Record:
        return self.records[self.cleaned_data["record"]]


class CloseForm(forms.Form):
    on = day("结束日期", "填写结束日期")
    result = text("结果", 300, "写明结果，没有做到也照实写", rows=3)


class WeightForm(forms.Form):
    year = year("从哪年起")
    percent = forms.DecimalField(
        label="党建工作权重（%）", min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2,
        error_messages={"required": "照文件填百分数，如 30", "invalid": "填百分数，如 30"},
    )  # fmt: skip
    document = text("依据文件", 200, "写明文件名称和文号")


class DutyForm(forms.Form):
    name = text("姓名", 40, "填写姓名")
    post = text("职务", 60)
    duty = text("党建职责", 200, "写明负责什么")
    on = day("从哪天起", "填写日期")
