from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.core.fields import day
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation

MOST_UNITS = 500


class UnitsForm(forms.Form):
    """Codes, one a line, of organisations that exist within reach."""

    units = forms.CharField(
        label="单位", max_length=12_000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "写上党组织代码，一行一个"},
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_units(self) -> list[Organisation]:
        text = self.cleaned_data["units"]
        codes = list(dict.fromkeys(text.replace("，", " ").replace("、", " ").replace(",", " ").split()))
        if len(codes) > MOST_UNITS:
            raise forms.ValidationError(f"最多 {MOST_UNITS} 个单位，现在是 {len(codes)} 个")
        rows = Organisation.objects.within(self.scope).filter(code__in=codes, dissolved_on=None)
        found = {one.code: one for one in rows}
        if missing := [code for code in codes if code not in found]:
            raise forms.ValidationError(f"管理范围内没有这些代码：{'、'.join(missing[:5])}。代码在“组织”一页可以查到")
        return [found[code] for code in codes]


class ChangeForm(UnitsForm):
    ends_on = day("结束日期", "填写结束日期")
    document = forms.CharField(label="依据文件", max_length=200, error_messages={"required": "写明文件名称和文号"})
    field_order = ("ends_on", "document", "units")


class CampaignForm(ChangeForm):
    name = forms.CharField(label="名称", max_length=80, error_messages={"required": "填写活动名称"})
    starts_on = day("开始日期", "填写开始日期")
    field_order = ("name", "document", "starts_on", "ends_on", "units")


class StaffForm(UnitsForm):
    username = forms.CharField(label="账号", max_length=64, error_messages={"required": "填写账号"})
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "填写姓名"})
    field_order = ("username", "name", "units")


class RemarkForm(forms.Form):
    text = forms.CharField(
        label="意见", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写一句哪里要改，怎样才对"},
    )  # fmt: skip


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label="答复", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写一句情况"},
    )  # fmt: skip
