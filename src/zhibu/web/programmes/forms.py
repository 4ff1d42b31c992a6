from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.burden.models import Every
from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import day
from zhibu.web.organisations.models import Sector
from zhibu.web.programmes.models import Programme

LONGEST, MOST = 40, 20  # characters of a theme, themes of a programme


class Themes(forms.CharField):
    """One theme a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = (" ".join(line.split()) for line in super().to_python(value).splitlines())
        return list(dict.fromkeys(filter(None, lines)))

    def validate(self, value: Any) -> None:
        if long := next((line for line in value if len(line) > LONGEST), ""):
            raise forms.ValidationError(f"“{long[:20]}…”有 {len(long)} 字，一个主题最多 {LONGEST} 字")
        if len(value) > MOST:
            raise forms.ValidationError(f"有 {len(value)} 个主题，最多 {MOST} 个")

    def run_validators(self, value: Any) -> None:
        """Those of one text do not fit a list."""


class ChangeForm(forms.Form):
    name = forms.CharField(
        label="名称", max_length=60, error_messages={"required": "填写名称", "max_length": "名称最多 60 字"}
    )
    document = forms.CharField(label="依据文件", max_length=200, error_messages={"required": "写明文件名称和文号"})
    ends_on = day("结束日期")
    themes = Themes(label="主题", required=False, help_text="一行一个；不分主题就空着")
    text = forms.CharField(
        label="记录的格式", required=False, max_length=2000, widget=forms.Textarea,
        help_text="支部记活动时可以插入，比如：学习政策、岗位要求、党员怎么带头、结果",
    )  # fmt: skip


class ProgrammeForm(WeighedForm, ChangeForm):
    kind = forms.ChoiceField(
        label="种类", choices=Programme.Kind.choices, widget=forms.RadioSelect, error_messages={"required": "选一项"}
    )
    starts_on = day("开始日期", "填写开始日期")
    sectors = forms.MultipleChoiceField(
        label="只要这些领域", required=False, choices=Sector.choices, widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选，就是下级所有支部",
    )  # fmt: skip
    every = forms.ChoiceField(
        label="多久办一次", choices=Every.choices, initial=Every.ONCE, required=False,
        help_text="只为算负担；定了以后可以再估",
    )  # fmt: skip
    field_order = ("kind", "name", "document", "starts_on", "ends_on", "sectors", "themes", "text", "every", "minutes")

    def clean_every(self) -> str:
        return self.cleaned_data["every"] or Every.ONCE


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回原因", max_length=200, error_messages={"required": "填写撤回原因"})
