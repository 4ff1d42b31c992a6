from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.core.fields import day
from zhibu.web.organisations.models import Organisation

LONGEST = 2000


class SendForm(forms.Form):
    to = forms.ModelChoiceField(
        label="联系对象", queryset=Organisation.objects.none(), empty_label="选一项",
        error_messages={"required": "选一个联系对象", "invalid_choice": "不是本级的联系对象"},
    )  # fmt: skip
    subject = forms.CharField(label="事由", max_length=120, error_messages={"required": "一句话写明什么事"})
    text = forms.CharField(
        label="内容", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "写明要对方做什么、答复什么"},
    )  # fmt: skip
    due_on = day("答复期限")

    def __init__(self, *args: Any, to: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = to  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="答复或补充", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "写下答复"},
    )  # fmt: skip
