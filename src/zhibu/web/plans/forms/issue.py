from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import day
from zhibu.web.plans.forms.plans import record_words
from zhibu.web.plans.models import CycleTheme, Discipline, Kept
from zhibu.web.records.fields import Line, Prose
from zhibu.web.records.models import Record

NO_WHY = "有偏差，写一句原因，如“25 日停电，改到 26 日”"
LONGEST = {"themes": 80, "lines": 200}


def lines(text: str, longest: int) -> list[str]:
    """One thing a line, each once. Raises ValidationError for a line that is too long."""
    found = list(dict.fromkeys(one.strip() for one in text.split("\n") if one.strip()))
    if long := [one for one in found if len(one) > longest]:
        raise forms.ValidationError(f"“{long[0][:12]}…”有 {len(long[0])} 字，一行最多 {longest} 字")
    return found


class CycleForm(WeighedForm):
    name = Line(label="名称", max_length=80, error_messages={"required": "填写名称，如“2027 年主题党日主题”"})
    document = Line(label="依据文件", max_length=200, error_messages={"required": "写明文件名称和文号"})
    starts_on = day("开始日期", "填写开始日期")
    ends_on = day("结束日期", "填写结束日期")
    alert_months = forms.IntegerField(
        label="结束前几个月起提示没做的", required=False, min_value=0, max_value=24,
        error_messages={"max_value": "最多 24 个月", "invalid": "写一个数，如 2"},
    )  # fmt: skip
    themes = Prose(label="规定主题", required=False, max_length=4000)
    field_order = ("name", "document", "starts_on", "ends_on", "themes", "alert_months", "minutes", "seen")

    def clean_themes(self) -> list[str]:
        return lines(self.cleaned_data["themes"], LONGEST["themes"])


class DisciplinesForm(forms.Form):
    source = Line(label="出处", max_length=200, error_messages={"required": "写明文件名称和文号"})
    lines = Prose(label="纪律", required=False, max_length=8000)

    def clean_lines(self) -> list[str]:
        return lines(self.cleaned_data["lines"], LONGEST["lines"])


class OwnThemeForm(forms.Form):
    name = Line(
        label="自选主题", max_length=80, error_messages={"required": "写自选主题的名称", "max_length": "最多 80 字"}
    )


class NoteForm(forms.Form):
    discipline = forms.ModelChoiceField(
        Discipline.objects.none(), label="哪一条没做到", empty_label=None, error_messages={"required": "选一条纪律"}
    )
    text = Line(label="情况", max_length=200, error_messages={"required": "写一句：看到了什么"})

    def __init__(self, *args: Any, rows: QuerySet[Discipline], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["discipline"].queryset = rows


class DayForm(forms.Form):
    """Of one record; a pair of fields for each rule in force: `kept-7` (yes, no, or not looked at), `note-7`."""

    served = forms.ModelMultipleChoiceField(
        CycleTheme.objects.none(), label="这次活动的主题", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "有主题不在目录里了，重新选"},
    )  # fmt: skip
    preparation = forms.ModelChoiceField(
        Record.objects.none(), label="准备会的记录", required=False, empty_label="没有"
    )
    explanation = Line(
        label="偏差说明", max_length=300, error_messages={"max_length": "说明最多 300 字", "required": NO_WHY}
    )

    def __init__(
        self, *args: Any, themes: QuerySet[CycleTheme], preparations: QuerySet[Record], rules: list[Discipline],
        deviates: bool = False, **kwargs: Any,
    ):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.fields["explanation"].required = deviates
        self.fields["served"].queryset = themes
        self.fields["preparation"].queryset = preparations
        self.fields["preparation"].label_from_instance = record_words
        for rule in rules:
            self.fields[f"kept-{rule.pk}"] = forms.ChoiceField(
                label=rule.text, required=False, choices=(("", "没有对照"), ("yes", "做到"), ("no", "没做到"))
            )
            self.fields[f"note-{rule.pk}"] = Line(label="没做到的情况", max_length=200, required=False)

    @property
    def marks(self) -> dict[int, tuple[bool, str]]:
        """Of the rules looked at, for the action."""
        told = self.cleaned_data
        return {
            rule.pk: (told[f"kept-{rule.pk}"] == "yes", told[f"note-{rule.pk}"])
            for rule in self.rules if told.get(f"kept-{rule.pk}")
        }  # fmt: skip

    @property
    def rows(self) -> list[tuple[Discipline, Any, Any]]:
        return [(rule, self[f"kept-{rule.pk}"], self[f"note-{rule.pk}"]) for rule in self.rules]


def initial_of(marks: list[Kept]) -> dict[str, str]:
    """What the branch said last time."""
    told = {}
    for one in marks:
        if not one.above:
            told[f"kept-{one.discipline_id}"] = "yes" if one.kept else "no"
            told[f"note-{one.discipline_id}"] = one.note
    return told
