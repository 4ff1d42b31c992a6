"""Charters, items, bodies and progress as a reader fills them in."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import PICK, day, suggest
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.organisations.models import Kind as Place
from zhibu.web.organisations.models import Organisation, Sector
from zhibu.web.responsibilities import naming
from zhibu.web.responsibilities.models import Charter, Holder, Item, Progress

MOST_DAYS = 3660


def _line(label: str, longest: int, missing: str = "", hint: str = "") -> forms.CharField:
    told = {"required": missing} if missing else {}
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=told, help_text=hint)


def _area(label: str, longest: int, missing: str, hint: str, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint,
        error_messages={"required": missing},
    )  # fmt: skip


class CharterForm(forms.Form):
    kind = forms.ChoiceField(
        label="类别", choices=[PICK, *Charter.Kind.choices], error_messages={"required": "选一个类别"}
    )
    title = _line("名称", 120, "填写清单名称", "如：县委党建工作领导小组成员单位职责")
    document = _line("依据文件", 200, "写明文件名称和文号", "职责是哪个文件定的")
    starts_on = day("从哪天起", "填写日期")
    ends_on = day("到哪天止")
    name_form = _line("统一名称", 120, hint="“名称和职能统一”的填：地名写○○，如：中共○○县直属机关工作委员会")
    place_kind = forms.ChoiceField(
        label="适用哪类党组织", choices=[("", "不限"), *Place.choices], required=False,
        help_text="选了以后，这类党组织里还没有交给的，也列进不统一的名单",
    )  # fmt: skip
    place_sector = forms.ChoiceField(label="适用哪个领域", choices=[("", "不限"), *Sector.choices], required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("kind") != Charter.Kind.FUNCTIONS:
            for name in ("name_form", "place_kind", "place_sector"):
                if told.get(name):
                    self.add_error(name, "只有“名称和职能统一”的清单填这一格，别的清空")
        elif told.get("name_form") and not told["name_form"].replace("○", "").strip():
            self.add_error("name_form", "除了○○，还要写名称里固定的字")
        return told


class ClockForm(forms.Form):
    """What items have besides their text."""

    heading = _line("归口单位", 60, hint="这几条归谁，交办时好认；各单位都一样的不填")
    clause = _line("条款", 60, hint="文件的第几条")
    due_on = day("期限")
    due_days = forms.IntegerField(
        label="或者几天内", required=False, min_value=1, max_value=MOST_DAYS,
        help_text="新设党组织从成立日期算，其他从交办日期算；长期职责两格都不填",
    )  # fmt: skip
    needs_proof = forms.BooleanField(label="办好时要附佐证（活动记录或者制度库里的文件）", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("due_on") and told.get("due_days"):
            self.add_error("due_days", "期限写日期，或者写几天内，只写一种")
        return told


class ItemsForm(ClockForm):
    texts = _area("职责", 12_000, "至少写一条职责", "一行一条，下面几格对这几条都一样")
    field_order = ("texts", "heading", "clause", "due_on", "due_days", "needs_proof")

    def clean_texts(self) -> list[str]:
        told = list(
            dict.fromkeys(filter(None, (" ".join(one.split()) for one in self.cleaned_data["texts"].splitlines())))
        )
        if long := next((one for one in told if len(one) > 300), None):
            raise forms.ValidationError(f"“{long[:20]}…”有 {len(long)} 字，一条最多 300 字")
        if not told:
            raise forms.ValidationError("至少写一条职责")
        return told


class ItemForm(ClockForm):
    text = _line("职责", 300, "写职责")
    field_order = ("text", "heading", "clause", "due_on", "due_days", "needs_proof")


class GiveForm(ScopedForm):
    kind = forms.ChoiceField(label="单位类别", choices=Holder.Kind.choices)
    bodies = _area(
        "交给哪些单位",
        24_000,
        "至少写一个单位",
        "一行一个：党组织写全称或代码；不是党组织的写名称，有党组织替它报的，逗号后面写那个党组织",
        4,
    )
    items = forms.ModelMultipleChoiceField(
        label="交哪几条", queryset=Item.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一条职责"},
    )  # fmt: skip
    given_on = day("交办日期", "填写交办日期")

    def __init__(self, *args: Any, items: Any, keeper: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        suggest(self.fields["bodies"], self.scope.action, keeper.code)
        self.fields["items"].queryset = items  # type: ignore[attr-defined]
        self.fields["items"].label_from_instance = _short  # type: ignore[attr-defined]

    def clean_bodies(self) -> list[naming.Named]:
        try:
            return naming.bodies(self.cleaned_data["bodies"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def _short(item: Item) -> str:
    text = f"{item.heading}：{item.text}" if item.heading else item.text
    return text if len(text) <= 60 else f"{text[:60]}…"


class HolderForm(ScopedForm):
    kind = forms.ChoiceField(label="类别", choices=Holder.Kind.choices)
    name = _line("名称", 120, hint="就是党组织本身的不填")
    place = PlaceField("党组织", help_text="它自己，或者替它报进展的党组织，写名称、简称或代码；没有的不填，由上级登记")
    gone_on = day("撤销日期")

    def __init__(self, *args: Any, scope: Scope, keeper: Organisation, **kwargs: Any):
        super().__init__(*args, scope=scope, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, PlaceField)
        place.at(scope, below=keeper)

    def clean_gone_on(self) -> Any:
        told = self.cleaned_data["gone_on"]
        if told and told > self.scope.on:
            raise forms.ValidationError("撤销日期还没有到")
        return told


class ReportForm(forms.Form):
    state = forms.ChoiceField(
        label="情况", choices=Progress.State.choices, widget=forms.RadioSelect,
        error_messages={"required": "选一种情况"},
    )  # fmt: skip
    happened_on = day("日期", "填写日期")
    sentence = _line("一句话", 200, "写一句做了什么，或者为什么还没有", "不写个人姓名，不写涉密内容")
    proof = _line("佐证", 120, hint="活动记录的编号，或者制度库里文件的文号、名称")


class WithdrawForm(forms.Form):
    reason = _line("收回原因", 200, "写明为什么收回")


class AskForm(WeighedForm):
    report_by = day("哪天前报", "填写日期")
    field_order = ("report_by", "minutes")
