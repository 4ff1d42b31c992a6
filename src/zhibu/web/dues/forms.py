from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from zhibu.web.core.fields import PICK, day
from zhibu.web.dues.models import Every, PayerKind, Payment, Practice, Purpose

WAYS = Payment.Way.choices
MONTH = "写成年-月，如 2026-11"


def month(label: str, missing: str = "") -> forms.Field:
    return MonthField(
        label=label, required=bool(missing), widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"}),
        error_messages={"required": missing, "invalid": MONTH},
    )  # fmt: skip


class MonthField(forms.Field):
    """`2026-11` → its first day. Years 2009 (the first table) to 2100."""

    def to_python(self, value: Any) -> date | None:
        if value in (None, ""):
            return None
        if (found := read_month(str(value))) is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def read_month(text: str) -> date | None:
    year, _, number = text.strip().partition("-")
    if not (year.isascii() and year.isdigit() and number[:2].isascii() and number[:2].isdigit() and len(number) <= 5):
        return None
    return date(int(year), int(number[:2]), 1) if 2009 <= int(year) <= 2100 and 1 <= int(number[:2]) <= 12 else None


def yuan(label: str, missing: str = "", **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=12, decimal_places=2, min_value=Decimal(0), required=bool(missing),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": missing, "invalid": "写金额的数字，如 42.00"}, **more,
    )  # fmt: skip


def text(label: str, longest: int, missing: str = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=bool(missing), error_messages={"required": missing}, **more
    )


class CollectForm(forms.Form):
    members = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": "先勾选已交的人，再点“收下”", "invalid_choice": "名单变了，重新打开再收"},
    )
    paid_on = day("交纳日期", "填写交纳日期")
    way = forms.ChoiceField(label="方式", choices=WAYS)

    def __init__(self, *args: Any, keys: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [(key, key) for key in keys]


class PayForm(forms.Form):
    first = month("从哪个月", "写明从哪个月起")
    last = month("到哪个月", "写明到哪个月止")
    paid_on = day("交纳日期", "填写交纳日期")
    way = forms.ChoiceField(label="方式", choices=WAYS)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and not 0 <= (last.year - first.year) * 12 + last.month - first.month < 24:
            self.add_error("last", "止月不早于起月，一次最多 24 个月")
        return told


class GiveForm(forms.Form):
    amount = yuan("自愿交纳（元）", "写明自愿交纳多少元")
    paid_on = day("交纳日期", "填写交纳日期")
    way = forms.ChoiceField(label="方式", choices=WAYS)


class BaseForm(forms.Form):
    kind = forms.ChoiceField(
        label="交纳类别", choices=[PICK, *PayerKind.choices], error_messages={"required": "选一种交纳类别"}
    )
    amount = yuan("交纳基数或选定的数（元）")
    since = day("从哪天起", "填写从哪天起")


class ReliefForm(forms.Form):
    since = month("从哪个月", "写明从哪个月起")
    until = month("到哪个月", "写明到哪个月止")
    amount = yuan("减为每月（元）", "免交写 0")
    reason = text("理由", 200, "写明理由")
    studied_on = day("支部研究日期", "填写支部研究日期")


class DecideForm(forms.Form):
    answer = forms.ChoiceField(
        label="决定", choices=[("yes", "批准"), ("no", "不批准")], error_messages={"required": "选批准或不批准"}
    )
    decided_on = day("决定日期", "填写决定日期")
    document = text("依据（会议或文件）", 200, "写明在哪次会议上决定，或文件号")


class VoidForm(forms.Form):
    why = text("作废原因", 100, "写明为什么作废，如：勾错人")


class HandInForm(forms.Form):
    handed_on = day("上缴日期", "填写上缴日期")
    amount = yuan("实际上缴（元）", "写明实际上缴多少元")
    voucher = text("凭证号", 60)
    note = text("差额说明", 200)
    upto = MonthField(required=False, widget=forms.HiddenInput, error_messages={"invalid": MONTH})


class ReceiveForm(forms.Form):
    on = day("核收或退回日期", "填写日期")
    received = yuan("点收（元）", "写明点收了多少元")
    receipt = text("收据号", 60)
    answer = text("差额说明", 200)


class SendBackForm(forms.Form):
    on = day("退回日期", "填写日期")
    answer = text("退回原因", 200, "写明为什么退回、要支部改什么")


class PassUpForm(forms.Form):
    on = day("转交日期", "填写转交日期")
    receipt = text("上级收据号", 60, "填写上级收据号")


class UseForm(forms.Form):
    used_on = day("使用日期", "填写使用日期")
    purpose = forms.ChoiceField(
        label="用途", choices=[PICK, *Purpose.choices],
        error_messages={"required": "选一种用途", "invalid_choice": "党费只能用于列出的五项（党费规定第十九条）"},
    )  # fmt: skip
    amount = yuan("金额（元）", "写明金额")
    what = text("说明", 200, "写明用在什么上")
    decided_on = day("研究决定日期", "填写研究决定日期")
    decided_by = text("集体决定的会议", 80, "写明在哪次会议上决定")


class PracticeForm(forms.Form):
    starts_on = month("从哪个月起", "写明从哪个月起")
    mode = forms.ChoiceField(label="基数何时变", choices=Practice.Mode.choices)
    vote_month = forms.BooleanField(label="预备党员通过的当月就交", required=False)
    branch_relieves = forms.BooleanField(label="离退休党员的减免由支部决定", required=False)
    hand_in_every = forms.ChoiceField(label="多久上缴一次", choices=[("", "没有规定"), *Every.choices], required=False)
    hand_in_day = forms.IntegerField(
        label="次月几日前上缴", min_value=1, max_value=28, required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "写 1 到 28 的日子"),
    )  # fmt: skip
    basis = text("依据", 200, "写明依据的文件；没有补充规定的，写 2008 年规定")


class PasteForm(forms.Form):
    kind = forms.ChoiceField(label="粘贴的是", choices=[("bases", "交纳基数"), ("payments", "已交的党费")])
    rows = forms.CharField(
        label="从表格复制的行", max_length=60_000, strip=False, widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "从 Excel 或 WPS 复制几行，粘贴在这里"},
    )  # fmt: skip
