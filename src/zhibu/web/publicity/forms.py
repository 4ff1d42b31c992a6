from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from zhibu.web.core.fields import PICK, address, day
from zhibu.web.core.scope import Scope
from zhibu.web.publicity.models import Column, Level, News, Press, Recommended

LEVELS = [PICK, *Level.choices]  # none is likelier than another


def line(label: str, longest: int, missing: str = "", **more: Any) -> forms.CharField:
    """One line; with `missing`, the sentence for who left it empty, it must be given."""
    said = {"required": missing} if missing else {}
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=said, **more)


def prose(label: str, longest: int, missing: str = "", rows: int = 8) -> forms.CharField:
    return line(label, longest, missing, widget=forms.Textarea(attrs={"rows": rows}))


def whole(label: str, missing: str = "", least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=bool(missing), min_value=least, max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": missing, "invalid": "写整数，如 120"},
    )  # fmt: skip


def choice(label: str, choices: Any, missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, error_messages={"required": missing})


class NewsForm(forms.Form):
    kind = choice("类别", News.Kind.choices, "选工作动态或经验交流")
    title = line("标题", 120, "写一句标题，让人一眼看出什么事")
    text = prose("正文", 20_000, "写明做了什么、怎么做的、有什么结果")


class PapersForm(forms.Form):
    papers = forms.MultipleChoiceField(
        label="在会上交流的材料", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选上在会上交流的材料", "invalid_choice": "经验互通里没有这一期"},
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Iterable[News], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["papers"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.title}（{one.organisation.name}）") for one in offered
        ]


class AdoptForm(forms.Form):
    level = choice("采用级别", LEVELS, "选采用的级别")
    published_in = line("刊发在", 120, "写刊物、网站或内部信息的名称和期号")


class ReasonForm(forms.Form):
    reason = prose("原因", 200, "写一句哪里要改、怎样才对", rows=2)


class StoryForm(forms.Form):
    title = line("标题", 120, "写一句标题")
    lead = prose("线索", 500, "写一句在哪里、有什么值得写", rows=3)
    person = line("写到的人", 40)
    text = prose("稿件", 20_000, rows=10)
    film = address("宣传片链接")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        return told | {name: told.get(name) or "" for name in ("person", "text", "film")}


class EditForm(forms.Form):
    title = line("标题", 120, "写一句标题")
    text = prose("稿件", 20_000, "还没有稿件。写好或改好稿件，再存为已编辑", rows=14)


class PublishForm(forms.Form):
    published_on = day("刊发日期", "填写刊发日期")
    published_in = line("刊发在", 120, "写刊物、网站或栏目的名称")


class ConsentForm(forms.Form):
    consent_by = line("谁同意的", 40, "写同意的人的姓名，一般是本人")
    consent_on = day("同意日期", "填写哪天同意的")
    consent_for = line("同意用于", 200, "写明同意用在哪里，如“县党建网、支部学习”")


class RegisterForm(forms.Form):
    """Base of the five registers: who asks is known, for the fields that offer rows."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scope = scope


class ColumnForm(RegisterForm):
    name = line("专栏名称", 80, "写专栏的名称")
    outlet = line("刊发的媒体", 80, "写报刊、网站或栏目的名称")
    planned = whole("计划篇数", "写计划刊发多少篇，如 100", 1)
    starts_on = day("从哪天起", "填写从哪天起")
    ends_on = day("到哪天止")
    subjects = line("写哪些内容", 300)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if (last := told.get("ends_on")) and (first := told.get("starts_on")) and last < first:
            self.add_error("ends_on", f"止日不能早于 {first}")
        return told


class PressForm(RegisterForm):
    title = line("标题", 120, "写报道的标题")
    medium = choice("媒体类别", Press.Medium.choices, "选媒体类别")
    outlet = line("媒体名称", 80, "写媒体的名称")
    published_on = day("刊发日期", "填写刊发日期")
    tone = choice("性质", Press.Tone.choices, "选正面宣传或舆论监督")
    column = forms.ModelChoiceField(
        label="属于哪个专栏", queryset=Column.objects.none(), required=False, empty_label="不属于专栏",
        error_messages={"invalid_choice": "不是本组织的专栏"},
    )  # fmt: skip
    subject = line("内容", 60)
    link = address()

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any):
        super().__init__(*args, scope=scope, **kwargs)
        rows = Column.objects.within(scope).filter(organisation=scope.organisation_id, withdrawn_on=None)
        self.fields["column"].queryset = rows  # type: ignore[attr-defined]


class TourForm(RegisterForm):
    tour = line("报告会名称", 80, "写报告会的名称，同一轮巡回写同一个名称")
    held_on = day("日期", "填写日期，还没到的写安排的日期")
    place = line("地点", 120, "写在哪里讲")
    invited = whole("预计听众")
    audience = whole("实到听众")

    def clean_audience(self) -> int | None:
        told, held = self.cleaned_data["audience"], self.cleaned_data.get("held_on")
        if told is not None and held and held > self.scope.on:
            raise forms.ValidationError(f"{held} 还没有到，讲了以后再填实到听众")
        return told


class RecommendedForm(RegisterForm):
    experience = line("经验", 120, "写推荐的是什么经验")
    level = choice("推荐到", LEVELS, "选推荐到哪一级")
    to = line("推荐给", 120, "写推荐给哪个单位或刊物")
    recommended_on = day("推荐日期", "填写推荐日期")
    outcome = choice("结果", Recommended.Outcome.choices, "选结果，没有消息的选等回音")
    told_on = day("得知结果日期")
    evidence = line("凭据", 200)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("outcome") == Recommended.Outcome.ADOPTED and not told.get("evidence"):
            self.add_error("evidence", "写明在哪里采用的，如文号、期号")
        return told


class RecognisedForm(RegisterForm):
    meeting = line("会议", 120, "写会议或文件的名称")
    level = choice("级别", LEVELS, "选会议的级别")
    held_on = day("日期", "填写日期")
    speaker = line("发言的单位和职务", 120)
    praise = line("怎么肯定的", 200, "写一句上级怎么肯定的，照原话")
    evidence = line("凭据", 200, "写会议材料、通报的名称和文号，查得到的")
    link = address()
