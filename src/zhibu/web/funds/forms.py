from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from zhibu.web.core import clock
from zhibu.web.core.fields import PICK, day
from zhibu.web.funds.models import ConditionItem, FundKind, Income, Premises, Purpose


def yuan(label: str, missing: str = "", **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=14, decimal_places=2, min_value=Decimal(0), required=bool(missing),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": missing, "invalid": "写金额的数字，如 42000.00"}, **more,
    )  # fmt: skip


def text(label: str, longest: int, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=bool(missing), error_messages={"required": missing}
    )


def year(label: str = "年度") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=2000, max_value=2100, initial=lambda: clock.today().year,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}), error_messages={"required": "填写年度，如 2026"},
    )  # fmt: skip


class RateForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=FundKind.choices)
    permille = forms.DecimalField(
        label="比例（‰）", max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100),
        error_messages={"required": "写千分之几，如 5"},
    )  # fmt: skip
    year = year("从哪年起")
    basis = text("依据", 200, "写明依据的文件名称和文号")


class FundForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=FundKind.choices)
    year = year()
    wages = yuan("工资总额（元）", "写明工资总额")
    carried_over = yuan("上年结转（元）")
    amount = yuan("已提取或拨付（元）")
    arrived_on = day("到账日期")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        return told | {name: told.get(name) or Decimal(0) for name in ("carried_over", "amount")}


class BudgetForm(forms.Form):
    year = year()
    line = text("预算科目", 80, "写明预算里的哪一项")
    amount = yuan("金额（元）", "写明金额")
    basis = text("预算文件", 200)


class SpendForm(forms.Form):
    spent_on = day("支出日期", "填写支出日期")
    purpose = forms.ChoiceField(label="用途", choices=Purpose.choices)
    amount = yuan("金额（元）", "写明金额")
    what = text("说明", 200, "写明用在什么上")


class IncomeForm(forms.Form):
    year = year()
    source = forms.ChoiceField(label="来源", choices=Income.Source.choices)
    amount = yuan("金额（元）", "写明金额")
    note = text("说明", 200)


class PremisesForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=Premises.Kind.choices)
    where = text("名称和地点", 120, "写明叫什么、在哪里")
    area = forms.DecimalField(
        label="面积（平方米）", max_digits=8, decimal_places=2, min_value=Decimal(0), required=False
    )
    since = day("从哪天起")
    state = forms.ChoiceField(label="状态", choices=Premises.State.choices)


class ItemForm(forms.Form):
    name = text("项目", 60, "写明看什么，如：社区干部月报酬、办公用房面积")
    measure = text("单位", 20, "写明单位，如：元、平方米")
    standard = yuan("标准（达到多少算到位）", "照文件填标准")
    weight = yuan("权重", "照文件填权重")
    document = text("依据文件", 200)


class ReleaseForm(forms.Form):
    document = text("依据文件", 200)


class ValueForm(forms.Form):
    item = forms.ChoiceField(label="项目", error_messages={"required": "选一个项目"})
    value = yuan("现在的数", "填写现在的数")
    as_of = day("截至", "填写截至哪一天")
    source = text("出处", 200)

    def __init__(self, *args: Any, items: Iterable[ConditionItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {str(one.pk): one for one in items}
        choices = [(key, f"{one.name}（{one.measure}）") for key, one in self.items.items()]
        self.fields["item"].choices = [PICK, *choices]

    def clean_item(self) -> ConditionItem:
        return self.items[self.cleaned_data["item"]]


class RemoveForm(forms.Form):
    why = text("为什么删去", 100, "写明为什么删去")


FORMS: dict[str, tuple[str, type[forms.Form]]] = {
    "fund": ("提取或拨付", FundForm), "budget": ("预算", BudgetForm), "spend": ("支出", SpendForm),
    "income": ("收入", IncomeForm), "premises": ("阵地", PremisesForm),
}  # fmt: skip
