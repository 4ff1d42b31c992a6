"""Why a record is taken back."""

from __future__ import annotations

from django import forms

from zhibu.web.records.fields import Line


class WithdrawForm(forms.Form):
    reason = Line(
        label="撤回原因",
        max_length=200,
        error_messages={"required": "填写撤回原因", "max_length": "撤回原因最多 200 字"},
        help_text="会和记录一起留存，上级党委看得到",
    )
