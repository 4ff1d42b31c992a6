from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.hints.actions import LONGEST, MOST_DAYS
from zhibu.web.hints.models import Hint
from zhibu.web.records.cleaning import line, plain

# What an answer of each kind means; a sentence alone is always right.
CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    Hint.Kind.TEXT: (("joint", "同一场联合活动"), ("quote", "引用上级文件"), ("mend", "写错了，我来改")),
    Hint.Kind.PHOTO: (("joint", "同一场联合活动"), ("mend", "传错了，我来改")),
    Hint.Kind.TWICE: (("joint", "同一场活动，记了两条"), ("mend", "写错了，我来改")),
    Hint.Kind.LATE: (("mend", "日期写错了，我来改"),),
}


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label="答复", widget=forms.RadioSelect,
        error_messages={"required": "选一项；都不是，就选“另写一句话”", "invalid_choice": "选列出的一项"},
    )  # fmt: skip
    sentence = forms.CharField(
        label="一句话", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "有 %(show_value)s 字，最多 %(limit_value)s 字"},
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, **more: Any):
        super().__init__(*args, **more)
        self.fields["answer"].choices = (*CHOICES[kind], ("other", "另写一句话"))

    def clean_sentence(self) -> str:
        return line(self.cleaned_data["sentence"])[:200]


class DaysForm(forms.Form):
    days = forms.IntegerField(
        label="活动后超过多少天录入，问一句", required=False, min_value=1, max_value=MOST_DAYS,
        error_messages={
            "invalid": "天数写成 30 这样的整数",
            "min_value": "天数最少 1", "max_value": f"天数最多 {MOST_DAYS}",
        },
    )  # fmt: skip


class ReferenceForm(forms.Form):
    title = forms.CharField(label="名称", max_length=120, error_messages={"required": "写上文件或讲话的名称"})
    text = forms.CharField(
        label="正文", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "required": "把大家都会引用的正文贴进来",
            "max_length": "有 %(show_value)s 字，最多 %(limit_value)s 字；分成几篇添加",
        },
    )  # fmt: skip

    def clean_title(self) -> str:
        return line(self.cleaned_data["title"])

    def clean_text(self) -> str:
        return plain(self.cleaned_data["text"])
