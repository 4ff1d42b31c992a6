from __future__ import annotations

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import day
from zhibu.web.organisations.fields import PlacesField, ScopedForm


class UnitsForm(ScopedForm):
    units = PlacesField("单位", "写上单位，一行一个")


class ChangeForm(WeighedForm, UnitsForm):
    ends_on = day("结束日期", "填写结束日期")
    document = forms.CharField(label="依据文件", max_length=200, error_messages={"required": "写明文件名称和文号"})
    field_order = ("ends_on", "document", "units", "minutes", "seen")


class CampaignForm(ChangeForm):
    name = forms.CharField(label="名称", max_length=80, error_messages={"required": "填写活动名称"})
    starts_on = day("开始日期", "填写开始日期")
    field_order = ("name", "document", "starts_on", "ends_on", "units", "minutes", "seen")


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
