"""What a leading body fills in."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.agendas import queries
from zhibu.web.agendas.models import LifeOpinion
from zhibu.web.core.fields import day, line
from zhibu.web.regulations.words import event_word


def _count(label: str, missing: str, least: int = 0, most: int = 1_000_000) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages={"required": missing})


class ItemForm(forms.Form):
    kind = forms.ChoiceField(label="活动类型", help_text="开了会照常记活动，这里按记录算")
    title = line("议题", 80, "写明议题，如：常委会听取党建工作汇报")
    every = _count("几个月一次", "写明几个月一次，如：3", 1, 60)
    starts_on = day("从哪天起", "写明从哪天起")
    document = line("依据文件", 200)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one, event_word(one)) for one in queries.kinds()]  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    tenure = forms.ModelChoiceField(
        label="分管负责人", queryset=None, empty_label="选一项",
        error_messages={"required": "选一个人", "invalid_choice": "选本组织在任的人"},
    )  # fmt: skip
    starts_on = day("从哪天起", "写明从哪天起")
    document = line("依据文件", 200)

    def __init__(self, *args: Any, tenures: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["tenure"]
        field.queryset = tenures  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.name}（{one.office.title}）"  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    way = forms.ChoiceField(label="方式", choices=LifeOpinion.Way.choices, error_messages={"required": "选一种方式"})
    collected_on = day("日期", "写明日期")
    asked = _count("征求了多少人", "写明人数，如：20")
    received = _count("收到多少条", "写明条数，没有收到写 0")
    text = forms.CharField(
        label="意见", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一条，只写意见，不写是谁提的",
    )  # fmt: skip


class ProblemsForm(forms.Form):
    found_on = day("日期", "写明日期")
    lines = forms.CharField(
        label="问题", max_length=6000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "写下问题，一行一条"}, help_text="一行一条",
    )  # fmt: skip

    def clean_lines(self) -> list[str]:
        found = list(dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["lines"].splitlines()))))
        if long := next((one for one in found if len(one) > 300), ""):
            raise forms.ValidationError(f"“{long[:20]}…”有 {len(long)} 字，一条最多 300 字")
        if len(found) > 50:
            raise forms.ValidationError(f"有 {len(found)} 条，一次最多 50 条")
        return found


class WhyForm(forms.Form):
    reason = line("撤回原因", 200, "写明为什么撤回，如：重复登记")
