"""The steps of a round as a reader fills them in: a few fields, and a row for each member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from zhibu.web.appraisal.models import Appraisal, AppraisalLine
from zhibu.web.core.fields import day, line
from zhibu.web.records.models import Record

Part = AppraisalLine.Part
MOST = 9999  # ballots


def _number(label: str, missing: str = "") -> forms.IntegerField:
    said = {"required": missing} if missing else {}
    return forms.IntegerField(
        label=label, min_value=0, max_value=MOST, required=bool(missing), error_messages=said,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control"}),
    )  # fmt: skip


def _choice(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)


def _text(label: str, longest: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control"})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class OpenForm(forms.Form):
    year = forms.TypedChoiceField(label="年度", coerce=int, error_messages={"required": "选一个年度"})
    roster_on = day("按哪一天的名册", "填写日期")

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(one, f"{one} 年") for one in (today.year, today.year - 1)]  # type: ignore[attr-defined]


class RowsForm(forms.Form):
    """Fields of the whole, then for each row those of `of`. `cleaned_data["told"]`: key of a row → name → value."""

    def __init__(self, *args: Any, appraisal: Appraisal, rows: Sequence[AppraisalLine], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.appraisal, self.rows = appraisal, rows
        self.whole = list(self.fields)
        for row in rows:
            for name, (field, now) in self.of(row).items():
                field.label = f"{row.member.name}：{field.label}"
                field.initial = now
                self.fields[f"{name}_{row.pk}"] = field

    def of(self, row: AppraisalLine) -> dict[str, tuple[forms.Field, Any]]:
        """name → (field, its value now) of a row; none: the row is not in this step."""
        raise NotImplementedError

    def headings(self) -> list[str]:
        first = next((self.of(row) for row in self.rows if self.of(row)), {})
        return [str(field.label) for field, _ in first.values()]

    def above(self) -> list[BoundField]:
        return [self[name] for name in self.whole]

    def table(self) -> list[tuple[AppraisalLine, list[tuple[str, BoundField]]]]:
        heads = self.headings()
        return [
            (row, [(head, self[f"{name}_{row.pk}"]) for head, name in zip(heads, self.of(row), strict=True)])
            for row in self.rows
            if self.of(row)
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        typed = {row.pk: {name: told.get(f"{name}_{row.pk}") for name in self.of(row)} for row in self.rows}
        return {name: told[name] for name in self.whole if name in told} | {
            "told": {key: values for key, values in typed.items() if values}
        }


class PartForm(RowsForm):
    def of(self, row: AppraisalLine) -> dict[str, tuple[forms.Field, Any]]:
        return {
            "part": (_choice("怎样参加", Part.choices), row.part),
            "why": (_text("不参加的原因，或在哪里评议", 100), row.why),
        }


class DiscussForm(RowsForm):
    on = day("日期", "填写日期")

    def of(self, row: AppraisalLine) -> dict[str, tuple[forms.Field, Any]]:
        if row.part == Part.AWAY:
            return {}
        return {"self": (_tick("自评"), bool(row.self_on)), "mutual": (_tick("互评"), bool(row.mutual_on))}


class BallotForm(RowsForm):
    held_on = day("投票日期", "填写日期")
    issued = _number("发出（张）", "填写发出多少张")
    returned = _number("收回（张）", "填写收回多少张")
    valid = _number("有效（张）", "填写有效多少张，没有废票的和收回的一样多")
    tellers = line("计票人、监票人", 100)

    def of(self, row: AppraisalLine) -> dict[str, tuple[forms.Field, Any]]:
        if row.part != Part.WHOLE:
            return {}
        return {grade: (_number(word), getattr(row, grade)) for grade, word in self.appraisal.grades.items()}


class OpinionForm(RowsForm):
    decided_by = forms.ChoiceField(
        label="由谁提出意见",
        choices=Appraisal.Body.choices,
        error_messages={"required": "选支部委员会或者支部党员大会"},
    )
    decided_on = day("日期", "填写日期")

    def of(self, row: AppraisalLine) -> dict[str, tuple[forms.Field, Any]]:
        if row.part not in AppraisalLine.GRADED:
            return {}
        grades = [("", "未定"), *self.appraisal.grades.items()]
        return {
            "grade": (_choice("等次", grades), row.grade),
            "opinion": (_text("意见，一句话（可不填）", 200), row.opinion),
        }


class ToldForm(RowsForm):
    on = day("告知日期", "填写日期")

    def of(self, row: AppraisalLine) -> dict[str, tuple[forms.Field, Any]]:
        if row.part not in AppraisalLine.GRADED:
            return {}
        return {"told": (_tick("已告知本人"), bool(row.told_on))}


class PublicForm(forms.Form):
    told_what = forms.ChoiceField(
        label="通报什么", choices=Appraisal.Told.choices, widget=forms.RadioSelect,
        error_messages={"required": "选一种"}, help_text="只在本支部内通报。上级看到的是人数",
    )  # fmt: skip
    told_from = day("从哪天起", "填写日期")
    told_where = line("怎样通报", 100, "写明在哪里通报，如：支部党员大会宣布")


class ReasonForm(forms.Form):
    reason = line("原因", 200, "写明原因")


class RecordForm(forms.Form):
    record = forms.ModelChoiceField(
        label="活动记录", queryset=Record.objects.none(), required=False, empty_label="不连",
        error_messages={"invalid_choice": "这条记录现在不能选，重新打开这页再选"},
    )  # fmt: skip

    def __init__(self, *args: Any, records: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["record"].queryset = records  # type: ignore[attr-defined]
        self.fields["record"].label_from_instance = _named  # type: ignore[attr-defined]


def _named(record: Record) -> str:
    return f"{record.held_on} {record.topic or record.number}"


class MethodForm(forms.Form):
    from_year = forms.IntegerField(
        label="从哪一年起", min_value=2000, max_value=2100, error_messages={"required": "填写年度，如 2026"}
    )
    word_excellent = line("第一等", 20, "至少写第一等和最后一等的名称")
    word_passed = line("第二等", 20)
    word_basic = line("第三等", 20)
    word_unfit = line("最后一等", 20, "至少写第一等和最后一等的名称")
    one_in = forms.IntegerField(
        label="第一等不超过几分之一", required=False, min_value=2, max_value=20,
        help_text="如三分之一填 3；文件没有规定的不填，就不提示",
    )  # fmt: skip
    basis = line("依据文件", 200, "写明文件名称和文号")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        words = [value for name, value in told.items() if name.startswith("word_") and value]
        if len(set(words)) < len(words):
            twice = next(word for word in words if words.count(word) > 1)
            raise forms.ValidationError(f"“{twice}”写了两次，各等次的名称要不一样")
        return {"from_year": told.pop("from_year", None), "facts": told}
