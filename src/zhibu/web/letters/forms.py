"""Templates, their blocks and clauses, issuing, signing and altering as a reader fills them in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import PICK, day, line
from zhibu.web.letters.models import LetterBlock, Tier
from zhibu.web.organisations.fields import PlaceField, PlacesField, ScopedForm
from zhibu.web.regulations.queries import rules_by_name
from zhibu.web.review.forms import prose
from zhibu.web.tasks.forms import LISTED, Group

NONE = ("", "不写")


def points(label: str = "分值") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=5, decimal_places=2,
        error_messages={
            "required": "写分数，如 5 或 2.5", "invalid": "写数，如 5 或 2.5", "min_value": "不能小于 0",
            "max_decimal_places": "最多两位小数，如 2.5", "max_digits": "最大 999.99",
            "max_whole_digits": "最大 999.99",
        },
    )  # fmt: skip


def _tier(label: str, *, missing: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[PICK if missing else NONE, *Tier.choices], required=bool(missing),
        error_messages={"required": missing},
    )  # fmt: skip


class TemplateForm(forms.Form):
    year = forms.IntegerField(
        label="年度", min_value=2000, max_value=2100,
        error_messages={
            "required": "写哪一年的，如 2027", "invalid": "写四位数的年份，如 2027", "min_value": "写 2000 以后的年份",
            "max_value": "写 2100 以前的年份",
        },
    )  # fmt: skip
    title = line("名称", 80, "写责任书的名称，如：机关党建工作目标责任书")
    year_by = day("年终自查报送期限", "写单位哪天以前报年终自查")
    half_by = day("半年自查报送期限")
    source = line("依据文件", 200)
    opening = prose("开头的话", "", 2000, 4)
    closing = prose("结尾的话", "", 2000, 3)


class BlockForm(forms.Form):
    kind = forms.ChoiceField(
        label="类别", choices=LetterBlock.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": "选类别", "invalid_choice": "从列出的里选"},
    )  # fmt: skip
    title = line("标题", 60, "写板块的标题，如：机关党建")
    first = _tier("第一责任人", missing="选这个板块由谁负第一责任")
    direct = _tier("直接责任人")


class ClauseForm(forms.Form):
    text = prose("内容", "写一条要做到什么", 500, 3)
    measure = line("可衡量的目标", 200, "写看什么算做到，如：全年四次，每季度一次")
    points = points()
    due_on = day("期限", "写哪天以前做到")
    tier = _tier("具体责任人")
    source = line("依据文件", 200)
    rules = forms.MultipleChoiceField(
        label="看哪些规则的结论", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "从列出的里选"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = [
            (f"{book}/{rule}", row.title) for (book, rule), row in rules_by_name().items() if row.status == "active"
        ]
        kept = (self.initial or {}).get("rules") or []
        gone = [(name, f"{name}（现在没有这条规则）") for name in kept if name not in dict(known)]
        self.fields["rules"].choices = known + gone  # type: ignore[attr-defined]


class IssueForm(ScopedForm, WeighedForm):
    """`groups`: to whom the own organisation may issue at once."""

    whom = forms.ChoiceField(
        label="下发给谁",
        widget=forms.RadioSelect,
        error_messages={"required": "选下发给谁", "invalid_choice": "从列出的里选"},
    )
    units = PlacesField("单位")
    sign_by = day("签订期限", "写哪天以前签好")

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.groups = {word: rows for word, _, rows in groups}
        self.fields["whom"].choices = [*((word, label) for word, label, _ in groups), (LISTED, "写名称")]  # type: ignore

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        whom = told.get("whom")
        if whom == LISTED and "units" in told and not told["units"]:
            self.add_error("units", "写单位的名称或代码，或者选上面的一项")
        elif whom in self.groups:
            told["units"] = list(self.groups[whom])
        return told


class SignForm(forms.Form):
    side = forms.CharField(required=False, max_length=5, widget=forms.HiddenInput)
    signer = line("签字人", 40, "写纸上是谁签的字")
    on = day("签字日期", "写纸上的日期")


class ReasonForm(forms.Form):
    text = prose("原因", "写明为什么，以后查得到", 300, 2)


class NoForm(forms.Form):
    """Nothing to fill in."""


class AmendForm(forms.Form):
    text = prose("内容", "写这一条现在的内容", 500, 3)
    measure = line("可衡量的目标", 200, "写看什么算做到")
    points = points()
    due_on = day("期限", "写哪天以前做到")
    dropped = forms.BooleanField(label="这一条不再要求", required=False)
    reason = prose("修改的原因", "写明为什么改，如：镇党委会议决定、机构改革", 300, 2)
    on = day("修改日期", "写从哪天起这样改")


class BreakForm(ScopedForm):
    title = line("任务", 200, "写一句要办成什么")
    unit = PlaceField("承办单位", "写哪个单位办，如本单位")
    person = line("承办人", 40, "写谁承办。没有落实到人的，不算分解")
    measure = line("可衡量的目标", 200, "写看什么算办成。没有标准的，不算分解")
    due_on = day("期限", "写哪天以前办成。没有期限的，不算分解")


def initial_of(row: Any, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}
