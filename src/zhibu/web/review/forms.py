from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.core.fields import day
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.records import words
from zhibu.web.records.queries import records_of
from zhibu.web.review.models import SENTENCES, Fault, Filing
from zhibu.web.review.models.filing import KINDS
from zhibu.web.review.models.sampling import ITEMS


def prose(label: str, missing: str, longest: int = 300, rows: int = 3) -> forms.CharField:
    """Some sentences; with `missing`, what a reader is told who left it empty, they must be given."""
    return forms.CharField(
        label=label, max_length=longest, required=bool(missing), widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else {},
    )  # fmt: skip


class Lines(forms.CharField):
    """A list: one thing on a line, each once."""

    def __init__(self, label: str, most: int, missing: str = "", longest: int = 200):
        super().__init__(
            label=label, required=bool(missing), widget=forms.Textarea(attrs={"rows": 5}), max_length=most * longest,
            error_messages={"required": missing} if missing else {},
        )  # fmt: skip
        self.most, self.longest = most, longest

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = list(dict.fromkeys(filter(None, (" ".join(one.split()) for one in super().clean(value).splitlines()))))
        if len(lines) > self.most:
            raise forms.ValidationError(f"最多 {self.most} 行，现在是 {len(lines)} 行")
        if long := next((one for one in lines if len(one) > self.longest), ""):
            raise forms.ValidationError(f"一行最多 {self.longest} 字：“{long[:12]}……”有 {len(long)} 字")
        return lines


class ReturnForm(forms.Form):
    """`usual`: a sentence of the office's own list, instead of typing one; not asked for while there is none."""

    usual = forms.ChoiceField(label="常用意见", required=False)
    text = prose("缺什么、怎样补", "写一句缺什么、怎样补，或者选一句常用意见。没有原因不能退回")
    back_by = day("补充期限", "填写补充期限")

    def __init__(self, *args: Any, sentences: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["usual"].choices = [("", "不用常用意见"), *((one, one) for one in sentences)]
        if not sentences:
            del self.fields["usual"]
        elif self.data.get("usual"):
            self.fields["text"].required = False

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        parts = [told.pop("usual", ""), told.get("text", "")]
        told["text"] = "；".join(filter(None, (one.strip() for one in parts)))[:300]
        return told


class ResubmitForm(forms.Form):
    text = prose("补了什么，或者为什么不用改", "写一句补了什么，或者为什么不用改")


class SnoozeForm(forms.Form):
    until = day("到哪一天再办", "填写到哪一天再办")


class SettingForm(forms.Form):
    types = forms.MultipleChoiceField(
        label="每一条都要审核的活动", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "活动类型里没有“%(value)s”"},
    )  # fmt: skip
    share = forms.IntegerField(
        label="其他活动抽查的比例", min_value=0, max_value=100,
        error_messages={"required": "填写抽查比例，不抽查填 0", "min_value": "抽查比例是 0 到 100",
                        "max_value": "抽查比例是 0 到 100", "invalid": "抽查比例写成整数"},
    )  # fmt: skip
    new_seed = forms.BooleanField(label="换一个种子", required=False)
    sentences = Lines("常用意见", SENTENCES)
    marks = forms.IntegerField(label="几次算反复", required=False, min_value=1, max_value=99)
    mark_days = forms.IntegerField(label="多少天以内", required=False, min_value=1, max_value=1100)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [
            (kind, words.types_words([kind])) for kind in (*words.COMMON, "leaders_life_meeting")
        ]


class FaultForm(forms.Form):
    kind = forms.ChoiceField(
        label="哪一种", choices=Fault.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": "选一项：不经常、不认真、不严肃"},
    )  # fmt: skip
    text = prose("具体情况", "写一句具体情况")


class PlaceFaultForm(ScopedForm):
    """不经常 of an organisation: nothing was held that could be pointed to."""

    organisation = PlaceField("党组织", "写上党组织")
    text = prose("具体情况", "写一句具体情况")


class TextForm(forms.Form):
    """A sentence: an answer, a reason, a report, a result."""

    text = prose("写一句", "写一句", 500)


class CallForm(forms.Form):
    take = forms.ChoiceField(
        label="决定", choices=[("yes", "列入整改"), ("no", "不列入")], widget=forms.RadioSelect,
        error_messages={"required": "选一项：列入整改，或不列入"},
    )  # fmt: skip
    text = prose("整改要求，或不列入的理由", "列入的写要求，不列入的写理由")
    due_on = day("整改期限")


class SamplingForm(forms.Form):
    name = forms.CharField(label="名称", max_length=80, error_messages={"required": "填写名称，如：第三季度质量抽查"})
    starts_on = day("从哪天的活动", "填写开始日期")
    ends_on = day("到哪天的活动", "填写结束日期")
    each = forms.IntegerField(
        label="每个支部几条", min_value=1, max_value=10,
        error_messages={"required": "填写每个支部抽几条", "min_value": "至少 1 条", "max_value": "最多 10 条"},
    )  # fmt: skip
    items = Lines("看什么", ITEMS, "写上看什么，一行一项")


class LookForm(forms.Form):
    """One answer for each item of the checklist."""

    note = prose("看到的情况", "", 300, 2)

    def __init__(self, *args: Any, items: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = [f"item{number}" for number in range(len(items))]
        for name, item in zip(self.names, items, strict=True):
            self.fields[name] = forms.TypedChoiceField(
                label=item, choices=[("1", "做到"), ("0", "没做到")], coerce=int, widget=forms.RadioSelect,
                error_messages={"required": f"“{item}”选做到或没做到"},
            )  # fmt: skip
        self.order_fields([*self.names, "note"])

    @property
    def answers(self) -> list[int]:
        return [self.cleaned_data[name] for name in self.names]


class PlanForm(forms.Form):
    kind = forms.ChoiceField(label="活动", choices=[(one, words.types_words([one])) for one in KINDS])
    year = forms.IntegerField(
        label="年度",
        min_value=2000,
        max_value=2100,
        error_messages={"required": "填写年度", "invalid": "年度写成 2026"},
    )
    planned_on = day("计划召开日期", "填写计划召开日期")
    plan = prose("会前方案", "写上方案要点：主题、学习、征求意见、谈心谈话的安排", 4000, 8)


class ReportForm(forms.Form):
    record = forms.ModelChoiceField(
        label="会议的活动记录", queryset=None, to_field_name="number", empty_label="选一条",
        error_messages={"required": "选这次会议的活动记录。还没有记的，先记活动",
                        "invalid_choice": "选本组织的一条会议记录"},
    )  # fmt: skip
    report = prose("会后报告", "写上召开情况、查摆的问题、整改打算", 8000, 8)

    def __init__(self, *args: Any, scope: Scope, filing: Filing, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = records_of(scope, filing.organisation).filter(organisation=filing.organisation, withdrawn_at=None)
        rows = rows.filter(held_on__year__gte=filing.year, held_on__year__lte=filing.year + 1)
        fitting = [one.pk for one in rows[:500] if filing.kind in one.types]
        self.fields["record"].queryset = rows.filter(pk__in=fitting)
        self.fields["record"].label_from_instance = lambda one: f"{one.held_on} {one.topic or one.types_words}"


class FilingReviewForm(forms.Form):
    text = prose("意见", "")
    attends = forms.CharField(label="参加会议的上级", max_length=120, required=False)
