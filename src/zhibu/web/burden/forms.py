"""What an office estimates, what a branch answers, a county form as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from zhibu.web.burden.models import MOST, BurdenAnswer
from zhibu.web.organisations.fields import PlacesField, ScopedForm
from zhibu.web.regulations.form_checks import Checked, Refused, checked

LONGEST, LONGEST_ANSWER = 40_000, 200  # characters
SHOWN = 20
EXAMPLE = """\
form: income-2026
title: 村集体经济情况表
issuer: 写下发的单位
basis: 写文件名称和文号
why: 写为什么平台里已有的数不够
until: 2026-12-31
of: organisation
every: quarter
minutes: 10
fields:
  - {id: name, label: 支部名称, from: organisation.name}
  - {id: income, label: 村集体经营性收入（万元）}
"""


class EstimatesForm(forms.Form):
    """Minutes for each key in turn: `minutes_0` … An empty box says nothing."""

    note = forms.CharField(label="怎么估的", required=False, max_length=120)

    def __init__(self, keys: Iterable[str], known: dict[str, int], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.keys = list(keys)
        for number, key in enumerate(self.keys):
            self.fields[f"minutes_{number}"] = forms.IntegerField(
                label="分钟", required=False, min_value=1, max_value=MOST, initial=known.get(key),
                error_messages={
                    "invalid": "写整数分钟，如 20", "min_value": "最少 1 分钟", "max_value": f"最多 {MOST} 分钟",
                },
            )  # fmt: skip

    @property
    def told(self) -> dict[str, int]:
        typed = ((key, self.cleaned_data.get(f"minutes_{number}")) for number, key in enumerate(self.keys))
        return {key: value for key, value in typed if value}


class AnswerForm(forms.Form):
    key = forms.CharField(max_length=160, widget=forms.HiddenInput)
    says = forms.ChoiceField(choices=[("", "撤回"), *BurdenAnswer.Says.choices], required=False)
    month = forms.CharField(max_length=7, required=False, widget=forms.HiddenInput)


class CountyFormForm(ScopedForm):
    """The text and whom it goes to; the checker's words stand at their lines."""

    text = forms.CharField(
        label="表（YAML）", max_length=LONGEST, strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "draft-text", "wrap": "off"}),
        error_messages={"required": "表是空的，照上面的样子写", "max_length": f"最多 {LONGEST:,} 字"},
    )  # fmt: skip
    units = PlacesField("发给", "写上发给哪些单位，一行一个")
    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    found: Checked

    def __init__(self, *args: Any, beside: Iterable[str] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.beside = list(beside)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")
        try:
            self.found = checked(text, self.beside)
        except Refused as refusal:
            lines = text.split("\n")
            raise forms.ValidationError([_said(lines, *one) for one in refusal.mistakes[:SHOWN]]) from refusal
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data | {"minutes": self.found.minutes} if "text" in data else data


class FillForm(forms.Form):
    """A box for each field of a county form that is not held: `field_1` …"""

    def __init__(self, fields: Iterable[Sequence[str]], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.given = list(fields)
        for at, (label, source) in enumerate(self.given):
            if not source:
                missing = f"写上{label}；没有的写 0 或者“无”"
                self.fields[f"field_{at}"] = forms.CharField(
                    label=label, max_length=LONGEST_ANSWER, error_messages={"required": missing}
                )

    @property
    def values(self) -> list[str]:
        """One for each field of the county form, empty where the fact is held."""
        return [self.cleaned_data.get(f"field_{at}", "") for at in range(len(self.given))]


def _said(lines: list[str], number: int, said: str) -> str:
    """With the line itself, for a text area shows no numbers."""
    text = lines[number - 1].strip()[:40] if 0 < number <= len(lines) else ""
    return f"第 {number} 行{f'（{text}）' if text else ''}：{said}"


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="收回原因", max_length=200, error_messages={"required": "写一句为什么收回"})
