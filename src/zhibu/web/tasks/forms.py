"""Orders, steps and problems as a reader fills them in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import day, line
from zhibu.web.organisations import finding
from zhibu.web.organisations.fields import PlacesField, ScopedForm
from zhibu.web.regulations.words import choices
from zhibu.web.review.forms import prose
from zhibu.web.review.models import Fault
from zhibu.web.tasks.models import Order

OWN, LISTED, CHILDREN, BRANCHES = "own", "listed", "children", "branches"
MOST_LINES = 100
Group = tuple[str, str, QuerySet]  # word, label, the organisations it stands for


class IssueForm(ScopedForm, WeighedForm):
    """`groups`: to whom the own organisation may give at once (`origin.groups`); `alone`: to nobody
    but itself."""

    kind = forms.ChoiceField(label="类别", choices=Order.Kind.choices, widget=forms.RadioSelect)
    title = line("任务", 200, "写一句要办成什么，如：12 月 10 日前修好三组水泵房")
    whom = forms.ChoiceField(
        label="交给谁",
        widget=forms.RadioSelect,
        error_messages={"required": "选交给谁", "invalid_choice": "从列出的里选"},
    )
    units = PlacesField("承办单位")  # needed where `whom` says that names are written, which `clean` sees to
    due_on = day("期限", "写哪天以前办成")
    decided_on = day("定下的日期", "写哪天定的")
    measure = line("办成的标准", 200)
    person = line("承办人", 40)
    text = prose("原文或说明", "", 2000, 4)
    signer = line("批示人", 40)
    document = line("依据文件", 200)
    section = line("板块", 60)
    weight = forms.ChoiceField(label="主次", choices=Order.Weight.choices, required=False)
    urgent = forms.BooleanField(label="急办", required=False)
    abilities = forms.MultipleChoiceField(
        label="提高哪些能力", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "从列出的里选"},
    )  # fmt: skip
    record = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    part = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    problems = forms.CharField(required=False, max_length=6000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, groups: Sequence[Group], alone: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.groups = {word: rows for word, _, rows in groups}
        labels = [(word, label) for word, label, _ in groups]
        self.fields["whom"].choices = labels if alone else [*labels, (LISTED, "写名称")]  # type: ignore[attr-defined]
        self.fields["minutes"].required = False
        for name in ("minutes", "units"):
            self.fields[name].wanted = True  # type: ignore[attr-defined]
        if alone:
            self.fields["whom"].widget = forms.HiddenInput()
            for name in ("units", "minutes", "seen"):
                del self.fields[name]
        self.fields["abilities"].choices = choices("abilities")  # type: ignore[attr-defined]

    def clean_weight(self) -> str:
        return self.cleaned_data["weight"] or Order.Weight.PLAIN

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        whom = told.get("whom")
        if whom == LISTED and "units" in told and not told["units"]:
            self.add_error("units", "写承办单位的名称或代码，或者选上面的一项")
        elif whom in self.groups:
            told["units"] = list(self.groups[whom])
        asked = "minutes" in self.fields and "minutes" not in self.errors
        if whom != OWN and asked and told.get("minutes") is None:
            self.add_error("minutes", self.fields["minutes"].error_messages["required"])
        return told


class PersonForm(forms.Form):
    person = line("承办人", 40, "写谁承办，如：组织委员李某")


class TellForm(forms.Form):
    text = prose("进展", "写一句办到哪一步了", 500, 2)


class ReportForm(forms.Form):
    text = prose("办理结果", "写明怎么办的、办成了什么", 1000, 4)
    on = day("办成的日期", "写哪天办成的")
    record = line("活动记录编号", 20)


class AskForm(forms.Form):
    due_on = day("申请延到", "写延到哪一天")
    text = prose("原因", "写明为什么要延期", 300, 2)


class AcceptForm(forms.Form):
    text = line("验收意见", 300)


class ReturnForm(forms.Form):
    text = prose("退回原因", "写明还差什么。没有原因不能退回", 300, 2)
    due_on = day("新的期限", "写哪天以前补办")


class GrantForm(forms.Form):
    due_on = day("同意延到", "写同意延到哪一天")
    text = line("说明", 300)


class RefuseForm(forms.Form):
    text = prose("不同意的原因", "写明为什么不能延期", 300, 2)


class WithdrawForm(forms.Form):
    text = prose("撤回原因", "写明为什么撤回，如：与另一件重复", 300, 2)


class UndoForm(forms.Form):
    """Nothing to fill in."""


class ProblemsForm(ScopedForm):
    source = line("哪次督查、观摩", 80, "写从哪里发现的，如：县委第二次督查")
    found_on = day("发现日期", "写哪天发现的")
    section = line("板块", 60)
    record = line("会议的活动记录编号", 20)
    lines = prose("问题", "至少写一条：单位，问题", 30_000, 8)

    def clean(self) -> dict[str, Any]:
        """`lines` becomes `found`: (organisation, what) of each line."""
        told = super().clean() or {}
        lines = [line.strip() for line in told.pop("lines", "").splitlines() if line.strip()]
        parts = [re.split(r"[，,：:\t]", line, maxsplit=1) for line in lines]
        if refusal := _unfit(parts):
            self.add_error("lines", refusal)
            return told
        rows = finding.reached(self.scope)
        known = finding.all_named(rows, [unit.strip() for unit, _ in parts])
        if missing := next((unit for unit, place in known.items() if place is None), ""):
            self.add_error("lines", finding.refusal(rows, missing))
        told["found"] = [(known[unit.strip()], text.strip()) for unit, text in parts]
        return told


def _unfit(parts: Sequence[Sequence[str]]) -> str:
    if len(parts) > MOST_LINES:
        return f"一次最多 {MOST_LINES} 条，现在是 {len(parts)} 条，分几次登记"
    if short := next((one[0] for one in parts if len(one) < 2 or not one[1].strip() or not one[0].strip()), ""):
        return f"“{short[:20]}”一行要写成：单位，问题"
    if long := next((one[1] for one in parts if len(one[1].strip()) > 300), ""):
        return f"一条问题最多 300 字：“{long[:12]}……”有 {len(long)} 字"
    return ""


class FaultsForm(forms.Form):
    faults = forms.ModelMultipleChoiceField(
        label="列入哪些", queryset=None, widget=forms.CheckboxSelectMultiple, error_messages={"required": "至少选一条"}
    )

    def __init__(self, *args: Any, faults: QuerySet[Fault], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["faults"]
        field.queryset, field.label_from_instance = faults, _fault

    def clean_faults(self) -> list[int]:
        return [one.pk for one in self.cleaned_data["faults"]]


def _fault(one: Fault) -> str:
    return f"{one.marked_on} {one.organisation}　{one.get_kind_display()}：{one.text[:60]}"
