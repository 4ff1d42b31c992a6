"""What a writer fills in; the errors say what would be right."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import day, line
from zhibu.web.organisations.fields import PlacesField, ScopedForm
from zhibu.web.reports.models import Report

DATED = re.compile(r"(.+?)[；;，,\s]+(\d{4}-\d{2}-\d{2})")


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label="种类", choices=Report.Kind.choices, widget=forms.RadioSelect, error_messages={"required": "选一种"}
    )
    title = line("标题", 80, "写明标题，如：2026 年上半年党建工作总结")
    occasion = line("用在什么会上", 120)
    since = day("从哪天起")
    until = day("到哪天止", "写明到哪天止")


class TextForm(forms.Form):
    text = forms.CharField(label="文字", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 12}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReasonForm(forms.Form):
    reason = line("原因", 200, "写明原因，如：数字核对后重写")


class AskForm(WeighedForm):
    units = forms.ModelMultipleChoiceField(
        label="单位", queryset=None, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个单位", "invalid_choice": "选直接下级里还没有要求过的单位"},
    )  # fmt: skip
    due_on = day("哪天前定稿", "写明哪天前定稿")

    def __init__(self, *args: Any, units: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        field.queryset = units  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.name  # type: ignore[attr-defined]


class SpareForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label="单位", queryset=None, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个单位", "invalid_choice": "选还没有定稿的单位"},
    )  # fmt: skip
    reason = line("撤回原因", 150, "写明原因，如：并入年度总结")

    def __init__(self, *args: Any, units: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        field.queryset = units  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.organisation.name  # type: ignore[attr-defined]


class PackageForm(WeighedForm, ScopedForm):
    lines = forms.CharField(
        label="任务", max_length=6000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "写下任务，一行一项"},
        help_text="一行一项；要另定期限的，写在后面，如：每个机关支部联系一个社区；2027-06-30",
    )  # fmt: skip
    units = PlacesField("交给哪些单位", "写明交给哪些单位")
    due_on = day("期限", "写明期限")

    def clean_lines(self) -> list[tuple[str, date | None]]:
        told = list(dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["lines"].splitlines()))))
        if len(told) > 30:
            raise forms.ValidationError(f"有 {len(told)} 项，一次最多 30 项")
        return [_dated(one) for one in told]


def _dated(line: str) -> tuple[str, date | None]:
    """(what, by when) of 任务；2027-06-30."""
    found = DATED.fullmatch(line)
    title, due = (found[1], found[2]) if found else (line, "")
    if len(title) > 200:
        raise forms.ValidationError(f"“{title[:20]}…”有 {len(title)} 字，一项最多 200 字")
    try:
        return title, date.fromisoformat(due) if due else None
    except ValueError as error:
        raise forms.ValidationError(f"“{due}”没有这一天，写成 2027-06-30 这样") from error


def _amount(label: str, missing: str = "") -> forms.DecimalField:
    said = {"required": missing} if missing else None
    return forms.DecimalField(
        label=label, required=bool(missing), min_value=0, max_digits=12, decimal_places=2, error_messages=said
    )


class TargetForm(forms.Form):
    year = forms.IntegerField(label="年度", error_messages={"required": "写明年度，如：2026"})
    name = line("目标", 120, "写明目标，如：新建非公企业党组织")
    unit = line("单位", 10, "写明单位，如：个")
    first = _amount("全年目标", "写明数字，如：12")


class AgainForm(forms.Form):
    done = _amount("上半年完成", "写明数字，如：5")
    again = _amount("调整后的全年目标")
    why = line("为什么调整", 200)
