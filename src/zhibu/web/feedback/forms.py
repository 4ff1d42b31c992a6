from __future__ import annotations

from typing import Any

from django import forms

LONGEST = 2000


class FeedbackForm(forms.Form):
    text = forms.CharField(
        label="意见或建议", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "写下意见或建议", "max_length": "最多 2000 字，现在多了一些"},
    )  # fmt: skip
    name = forms.CharField(label="姓名", max_length=40, required=False)
    contact = forms.CharField(label="联系方式", max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("contact") and not found.get("name"):
            self.add_error("name", "填了联系方式，也写上姓名；不想留姓名，就把联系方式清空")
        return found


class AnswerForm(forms.Form):
    subject = forms.CharField(
        label="公开的题目", max_length=120, error_messages={"required": "用一句话写明提的是什么，不带姓名"}
    )
    answer = forms.CharField(
        label="答复", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "写下答复"},
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="为什么看", min_length=4, max_length=200,
        error_messages={"required": "写明做什么用，如：回电告知办理结果", "min_length": "写明做什么用，至少 4 个字"},
    )  # fmt: skip
