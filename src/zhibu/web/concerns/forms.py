"""Concerns, steps, kinds and visits as a reader fills them in. What is written stays: so it names nobody outside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.audit import masking
from zhibu.web.concerns.models import Concern, ConcernKind, PointKind
from zhibu.web.core.fields import PICK, day
from zhibu.web.organisations.fields import AnywhereField, ScopedForm

PERSONAL = "这一格长期保存，不写电话和身份号码。怎么联系写在“联系方式”一格，办结后自动删除"
MOST_PROBLEMS = 20


class Impersonal(forms.CharField):
    """A text that is kept: refused when it holds a phone or an identity number."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if masking.text(text) != text:
            raise forms.ValidationError(PERSONAL)
        return text


def words(label: str, longest: int, missing: str = "", rows: int = 0) -> Impersonal:
    """`rows`: a box of that height; 0: one line. Without `missing` it may stay empty."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    told = {"required": missing} if missing else {}
    return Impersonal(label=label, max_length=longest, required=bool(missing), widget=widget, error_messages=told)


NO_DAY = "写哪天以前答复，不早于受理日期；选了有时限的类别可以不写"


class TakeForm(forms.Form):
    source = forms.ChoiceField(
        label="来源", choices=[PICK, *[one for one in Concern.Source.choices if one[0] != Concern.Source.VISIT]],
        error_messages={"required": "选群众反映，还是基层组织反映"},
    )  # fmt: skip
    what = words("事项", 200, "一句话写明反映什么事", rows=3)
    kind = forms.ModelChoiceField(
        label="类别", queryset=ConcernKind.objects.none(), required=False, empty_label="不分类别",
        error_messages={"invalid_choice": "这个类别已停用，选别的"},
    )  # fmt: skip
    taken_on = day("受理日期", "写哪天受理的")
    due_on = day("答复期限")
    contact = forms.CharField(label="联系方式", max_length=60, required=False)

    def __init__(self, *args: Any, kinds: QuerySet[ConcernKind], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]

    def clean(self) -> None:
        """With what else is missing, not after it: the action asks for the day too."""
        if not self.data.get("kind") and not self.data.get("due_on"):
            self.add_error("due_on", NO_DAY)


class AssignForm(ScopedForm):
    to = AnywhereField("交给哪个党组织", "写交给谁办")
    person = forms.CharField(label="承办人", max_length=40, required=False)
    text = words("要求", 300)


class HandleForm(forms.Form):
    outcome = forms.ChoiceField(
        label="结果", choices=[PICK, *Concern.Outcome.choices], error_messages={"required": "选解决了没有"}
    )
    text = words("怎么办的", 500, "写明做了什么；不能解决的写明原因", rows=3)
    on = day("办理日期", "写哪天办的")


class ReplyForm(forms.Form):
    text = words("怎么答复的", 500, "写明告诉了什么", rows=3)
    on = day("答复日期", "写哪天答复的")


class RedoForm(forms.Form):
    text = words("退回原因", 300, "写明还差什么", rows=2)
    due_on = day("新的答复期限", "写哪天以前再答复")


class RateForm(forms.Form):
    rating = forms.ChoiceField(
        label="反映人怎么评价", choices=[PICK, *Concern.Rating.choices],
        error_messages={"required": "选评价；没有评价的选“没有评价”"},
    )  # fmt: skip


class WithdrawForm(forms.Form):
    text = words("撤回原因", 200, "写明为什么撤回，如：重复登记")


class KindForm(forms.Form):
    name = forms.CharField(label="类别", max_length=40, error_messages={"required": "写类别名称，如：供水"})
    days = forms.IntegerField(
        label="几天内答复", min_value=1, max_value=366,
        error_messages={"required": "写自然日的天数，如：7", "min_value": "最少 1 天", "max_value": "最多 366 天"},
    )  # fmt: skip
    document = forms.CharField(label="依据文件", max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="为什么看", min_length=4, max_length=200,
        error_messages={"required": "写明做什么用，如：回电告知办理结果", "min_length": "写明做什么用，至少 4 个字"},
    )  # fmt: skip


class VisitForm(forms.Form):
    point_kind = forms.ChoiceField(
        label="联系点类别", choices=[PICK, *PointKind.choices], error_messages={"required": "选联系点类别"}
    )
    point = words("联系点", 80, "写联系点的名称")
    visited_on = day("哪天去的", "写哪天去的")
    people = forms.IntegerField(
        label="去了几人", min_value=1, max_value=999, initial=1,
        error_messages={"required": "写人数，如：2", "min_value": "至少 1 人", "max_value": "最多 999 人"},
    )  # fmt: skip
    note = words("做了什么", 200)
    problems = words("发现的问题", 4000, rows=4)
    due_on = day("问题的答复期限")

    def clean_problems(self) -> list[str]:
        lines = [" ".join(one.split()) for one in self.cleaned_data["problems"].splitlines() if one.strip()]
        if len(lines) > MOST_PROBLEMS:
            raise forms.ValidationError(f"一次最多 {MOST_PROBLEMS} 个，现在是 {len(lines)} 个，请分两次登记")
        if any(len(one) > 200 for one in lines):
            raise forms.ValidationError("每个问题最多 200 字，写短一些，或分成两行")
        return lines
