from __future__ import annotations

import re

from django import forms

from zhibu.web.access.models import Role
from zhibu.web.core.fields import line
from zhibu.web.reminders.models import MUTABLE, ReminderRule
from zhibu.web.reminders.rules import workers

WRITTEN = "写成 7，1 这样的天数；到期以前不提醒就空着"


class Choices(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


def _time(label: str) -> forms.TimeField:
    said = {"required": f"填写{label}", "invalid": "写成 08:30 这样的时间"}
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}), error_messages=said)


class RuleForm(forms.Form):
    active = forms.BooleanField(label="提醒本级和下级", required=False)
    days = forms.CharField(label="到期前几天提醒", required=False, max_length=20)
    roles = Choices(label="提醒谁", error_messages={"required": "至少选一种身份"})
    first = _time("每天最早")
    last = _time("每天最晚")
    rest_days = forms.BooleanField(label="周末和节假日也提醒", required=False)
    sms = forms.BooleanField(label="同时发短信", required=False)
    mail = forms.BooleanField(label="同时发邮件", required=False)
    document = line("依据文件", 200)

    def __init__(self, *args: object, rule: ReminderRule, **kwargs: object) -> None:
        values = {name: getattr(rule, name) for name in self.base_fields}
        start = values | {"days": "，".join(map(str, rule.days))}
        super().__init__(*args, initial=start, **kwargs)  # type: ignore[arg-type]
        self.fields["roles"].choices = [(one, Role(one).label) for one in workers()]  # type: ignore[attr-defined]

    def clean_days(self) -> list[int]:
        parts = [one for one in re.split(r"[，、,\s]+", self.cleaned_data["days"]) if one]
        if not all(re.fullmatch(r"[0-9]{1,3}", one) for one in parts):
            raise forms.ValidationError(WRITTEN)
        return [int(one) for one in parts]


class WishForm(forms.Form):
    muted = Choices(label="不要的提醒", required=False, choices=[(one.value, one.label) for one in MUTABLE])
    sms = forms.BooleanField(label="接收短信", required=False)
    mail = forms.EmailField(
        label="邮箱", required=False, max_length=120,
        error_messages={"invalid": "写成 name@example.cn 这样的邮箱；不要邮件就空着"},
    )  # fmt: skip


class AskForm(forms.Form):
    keys = Choices(label="提醒哪些", error_messages={"required": "选一个要提醒的"})

    def __init__(self, *args: object, keys: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["keys"].choices = keys  # type: ignore[attr-defined]
        self.fields["keys"].initial = [key for key, _ in keys]


class TakeBackForm(forms.Form):
    reason = line("撤回原因", 150, "写一句为什么撤回，如：点错了单位")
