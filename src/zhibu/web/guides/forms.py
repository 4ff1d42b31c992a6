"""Lines of the directory, checks and counts as a reader fills them in."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.core.fields import day
from zhibu.web.guides import queries
from zhibu.web.guides.models import ServiceItem, ServicePoint, ServiceWindow, WindowStandard
from zhibu.web.organisations.models import Organisation


class EntryForm(forms.ModelForm):
    """Of any kind of line; `here` is the organisation it belongs to. It stores nothing: the action does."""

    def __init__(self, *args: Any, here: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.here = here
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3


class WindowForm(EntryForm):
    class Meta:
        model = ServiceWindow
        fields = ("name", "classes", "place", "hours", "phone")
        error_messages = {"name": {"required": "写窗口名称"}, "classes": {"required": "写办哪类事，如：民政、社保"},
                          "place": {"required": "写在哪里，如：镇便民大厅一楼 3 号"}}  # fmt: skip


class ItemForm(EntryForm):
    class Meta:
        model = ServiceItem
        fields = ("name", "level", "window", "who", "papers", "steps", "days", "basis")
        error_messages = {"name": {"required": "写事项名称"}, "steps": {"required": "一步一行写怎么办"},
                          "level": {"required": "选在哪一级办"}}  # fmt: skip

    def __init__(self, *args: Any, here: Organisation, **kwargs: Any):
        super().__init__(*args, here=here, **kwargs)
        self.fields["window"].queryset = queries.windows(here)  # type: ignore[attr-defined]


class PointForm(EntryForm):
    class Meta:
        model = ServicePoint
        fields = ("name", "kind", "place", "what", "hours", "phone")
        error_messages = {"name": {"required": "写服务点名称"}, "kind": {"required": "写哪种服务点，如：爱心超市"},
                          "place": {"required": "写在哪里"}, "what": {"required": "写提供什么"}}  # fmt: skip


class StandardForm(EntryForm):
    class Meta:
        model = WindowStandard
        fields = ("name", "document")
        labels = {"name": "规范"}
        error_messages = {"name": {"required": "一句话写一条规范，如：挂牌上岗"}}


class CheckForm(forms.Form):
    on = day("检查日期", "写哪天检查的")
    unmet = forms.ModelMultipleChoiceField(
        label="没有做到的", queryset=WindowStandard.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, here: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unmet"].queryset = queries.standards(here)  # type: ignore[attr-defined]

    def clean_unmet(self) -> list[WindowStandard]:
        return list(self.cleaned_data["unmet"])


def count(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=10_000_000,
        error_messages={"required": "写数字，没有就写 0", "min_value": "不小于 0", "invalid": "写数字，如：12"},
    )  # fmt: skip


class RateForm(forms.Form):
    month = day("月份", "选这个月里的任何一天")
    satisfied = count("满意（人次）")
    fair = count("基本满意（人次）")
    unsatisfied = count("不满意（人次）")


class CardsForm(forms.Form):
    as_of = day("截至", "写截至哪天")
    members = count("有联系卡的党员（人）")
    cards = count("联系卡（张）")
