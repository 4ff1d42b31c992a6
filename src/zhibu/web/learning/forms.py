from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import address, day, line
from zhibu.web.learning.models import Reading, Resource
from zhibu.web.learning.words import ABILITIES, AUDIENCES, CHANNELS, FORMS, Choices, choices


def words(label: str, missing: str) -> forms.ChoiceField:
    """One word of a list of `packs/words.yaml`; the choices are set when the form is made."""
    return forms.ChoiceField(label=label, error_messages={"required": missing, "invalid_choice": missing})


def hours(label: str = "学时") -> forms.DecimalField:
    wrong = "学时是 0.5 以上的数，最多一位小数，如 24 或 3.5"
    return forms.DecimalField(
        label=label, min_value=Decimal("0.5"), max_value=Decimal(2000), max_digits=6, decimal_places=1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value", "max_decimal_places"), wrong),
    )  # fmt: skip


def chosen(missing: str) -> Choices:
    return [("", missing)]


class WordsForm(forms.Form):
    """Fills the fields that are words: a county's list may have changed since the last request."""

    GROUPS = {"form": FORMS, "channel": CHANNELS, "audience": AUDIENCES, "abilities": ABILITIES}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, group in self.GROUPS.items():
            if name in self.fields:
                many = isinstance(self.fields[name], forms.MultipleChoiceField)
                self.fields[name].choices = choices(group) if many else [*chosen("选一项"), *choices(group)]  # type: ignore[attr-defined]


class ClassForm(WordsForm):
    name = line("名称", 80, "填写培训班名称，如：2026 年党支部书记示范培训班")
    audience = words("对象", "选这个班办给谁")
    form = words("形式", "选一种形式")
    channel = words("渠道", "选一种渠道")
    starts_on = day("开始日期", "填写开始日期")
    ends_on = day("结束日期", "填写结束日期")
    hours = hours()
    abilities = forms.MultipleChoiceField(
        label="提高哪些能力", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "从列出的里选"},
    )  # fmt: skip
    venue = line("地点", 120)
    document = line("依据文件", 200)
    others = forms.IntegerField(
        label="名册以外的学员", min_value=0, max_value=100_000, required=False,
        error_messages={"invalid": "填人数，如 12", "min_value": "填人数，如 12"},
    )  # fmt: skip
    record = line("活动记录编号", 20)

    def clean_others(self) -> int:
        return self.cleaned_data.get("others") or 0


class CancelForm(forms.Form):
    why = line("取消原因", 200, "写一句为什么取消")


class VoidForm(forms.Form):
    why = line("作废原因", 200, "写一句为什么作废")


class BookForm(forms.Form):
    resource = forms.ModelChoiceField(
        label="资源", queryset=Resource.objects.none(), empty_label="选一项",
        error_messages={"required": "选一项资源", "invalid_choice": "从目录里选"},
    )  # fmt: skip
    starts_on = day("从", "填写开始日期")
    ends_on = day("到", "填写结束日期")

    def __init__(self, *args: Any, rows: QuerySet[Resource], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["resource"].queryset = rows  # type: ignore[attr-defined]


class ResourceForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=Resource.Kind.choices, error_messages={"required": "选一个类别"})
    name = line("名称", 80, "填写名称；师资填姓名，课程填题目")
    about = line("说明", 200)
    place = line("地点", 120)
    capacity = forms.IntegerField(
        label="容纳人数", min_value=1, max_value=100_000, required=False,
        error_messages={"invalid": "填人数，如 80", "min_value": "填人数，如 80"},
    )  # fmt: skip
    closed = forms.BooleanField(label="停用", required=False)


class OutsideForm(WordsForm):
    what = line("学了什么", 80, "写课程或活动的名称")
    where = line("在哪里", 60, "写举办单位或平台的名称")
    form = words("形式", "选一种形式")
    channel = words("渠道", "选一种渠道")
    ended_on = day("完成日期", "填写完成日期")
    hours = hours()


class ReadingForm(WordsForm):
    title = line("篇目", 120, "填写书名或文件名")
    kind = forms.ChoiceField(label="类别", choices=Reading.Kind.choices, error_messages={"required": "选一个类别"})
    edition = line("版本、章节", 80)
    audience = words("谁要学", "选谁要学")
    link = address("原文链接")
    new_until = day("作为新文件提示到")


class CornerForm(forms.Form):
    title = line("标题", 80, "填写标题")
    text = forms.CharField(
        label="内容",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "写上内容"},
    )
    author = line("作者", 40)


class TakeDownForm(forms.Form):
    why = line("撤下原因", 200, "写一句为什么撤下")


class SeatForm(forms.Form):
    name = line("姓名", 40, "填写姓名")
    post = line("职务", 60)
    starts_on = day("从哪天起", "填写从哪天起是中心组成员")


class PlanForm(forms.Form):
    topic = line("专题", 120, "填写学习专题")
    planned_on = day("计划日期", "填写计划日期")
    speakers = line("重点发言", 120)


class HeldForm(forms.Form):
    held_on = day("学习日期", "填写学习日期")
    place = line("地点", 120)
    speakers = line("重点发言", 120)
    summary = forms.CharField(
        label="学习情况", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


class ScenarioForm(forms.Form):
    title = line("名称", 80, "填写名称，如：换届选举情景模拟")
    procedure = forms.ChoiceField(
        label="程序", error_messages={"required": "选一个程序", "invalid_choice": "从列出的程序里选"}
    )
    story = forms.CharField(
        label="情景", max_length=3000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "写一段情景：什么支部、什么事、难在哪里"},
    )  # fmt: skip
    roles = forms.CharField(
        label="角色", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "写上角色，一行一个，如：主持人"},
    )  # fmt: skip
    notes = forms.CharField(label="要点", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    closed = forms.BooleanField(label="停用", required=False)

    def __init__(self, *args: Any, procedures: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = [*chosen("选一个程序"), *procedures]  # type: ignore[attr-defined]


class OrganForm(forms.Form):
    goal = line("目标", 300, "写明目标")
    standard = line("做到什么算达标", 300, "写明做到什么算达标，验收时照着看")
    methods = line("方法", 300)
    head = line("负总责的一把手", 60, "写明谁负总责：姓名和职务")
    body = line("领导机构", 80, "写明成立了什么领导机构，如：学习型机关创建领导小组")
    department = line("责任部门", 80, "写明责任部门")
    person = line("责任人", 40, "写明责任人")
    document = line("依据文件", 200)
    starts_on = day("开始日期", "填写开始日期")
    due_on = day("创建期限", "填写创建期限")
    steps = forms.CharField(
        label="步骤", max_length=3000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "一行一个步骤，后面写期限，如：制定学习计划 2026-12-31"},
    )  # fmt: skip

    def clean_steps(self) -> list[tuple[str, date]]:
        found = []
        for at, row in enumerate(filter(None, map(str.strip, self.cleaned_data["steps"].splitlines())), 1):
            what, _, told = row.rpartition(" ")
            try:
                found.append((what.strip()[:120], date.fromisoformat(told)))
            except ValueError as wrong:
                raise forms.ValidationError(f"第 {at} 行末尾写期限，如：制定学习计划 2026-12-31") from wrong
            if not what.strip():
                raise forms.ValidationError(f"第 {at} 行没有写步骤")
        return found[:30]


class FinishForm(forms.Form):
    done_on = day("完成日期", "填写完成日期")
    result = line("做了什么", 300, "写一句做了什么")


class DecideForm(forms.Form):
    opinion = line("验收意见", 300, "写一句意见；退回的，写明还缺什么")


class LectureContestForm(WeighedForm):
    title = line("名称", 80, "填写名称")
    document = line("依据文件", 200, "写明开展评选的文件名称和文号")
    closes_on = day("报送截止", "填写报送截止日期")
    items = forms.CharField(
        label="评审项目", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "一行一个项目，末尾写最多几分，如：内容准确 40"},
    )  # fmt: skip

    def clean_items(self) -> list[tuple[str, int]]:
        found = []
        for at, row in enumerate(filter(None, map(str.strip, self.cleaned_data["items"].splitlines())), 1):
            what, _, told = row.rpartition(" ")
            if not what.strip() or not (told.isascii() and told.isdigit()) or not 1 <= int(told) <= 100:
                raise forms.ValidationError(f"第 {at} 行末尾写最多几分，1 到 100，如：内容准确 40")
            found.append((what.strip()[:40], int(told)))
        return found[:10]


class JudgeForm(forms.Form):
    username = line("账号", 64, "填写评委的账号")
    name = line("姓名", 40, "填写评委的姓名")


class EntryForm(forms.Form):
    title = line("题目", 120, "填写党课题目")
    speaker = line("主讲人", 40, "填写主讲人")
    text = forms.CharField(label="讲稿", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 10}))


class MarkForm(forms.Form):
    """A number for each item of the contest."""

    remark = line("评语", 200)

    def __init__(self, *args: Any, items: list[list[Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for at, (what, most) in enumerate(items):
            wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"打 0 到 {most} 分")
            self.fields[f"item{at}"] = forms.IntegerField(
                label=what, min_value=0, max_value=most, help_text=f"最多 {most} 分", error_messages=wrong
            )
        self.order_fields([*(f"item{at}" for at in range(len(items))), "remark"])

    @property
    def points(self) -> list[int]:
        return [value for name, value in self.cleaned_data.items() if name.startswith("item")]


class ProgrammeForm(WeighedForm):
    title = line("名称", 80, "填写名称")
    document = line("依据文件", 200)
    cells = forms.CharField(
        label="安排", max_length=6000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "一行一个专题：阶段，层次，专题，形式，完成时间，是否收文章"},
    )  # fmt: skip

    def clean_cells(self) -> list[dict[str, Any]]:
        forms_, audiences = _ids(FORMS), _ids(AUDIENCES)
        found = []
        for at, row in enumerate(filter(None, map(str.strip, self.cleaned_data["cells"].splitlines())), 1):
            parts = [one.strip() for one in re.split(r"[，,\t]", row)]
            if len(parts) < 5 or not parts[0] or not parts[2]:
                raise forms.ValidationError(f"第 {at} 行要有五项：阶段，层次，专题，形式，完成时间")
            if parts[1] not in audiences:
                raise forms.ValidationError(f"第 {at} 行的层次写其中一种：{'、'.join(audiences)}")
            if parts[3] not in forms_:
                raise forms.ValidationError(f"第 {at} 行的形式写其中一种：{'、'.join(forms_)}")
            found.append({"stage": parts[0][:40], "audience": audiences[parts[1]], "topic": parts[2][:80]})
            found[-1] |= {"form": forms_[parts[3]], "due_on": _date(at, parts[4]), "essay": "收文章" in parts[5:]}
        return found[:100]


def _ids(group: str) -> dict[str, str]:
    return {word: one for one, word in choices(group)}


def _date(at: int, told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError as wrong:
        raise forms.ValidationError(f"第 {at} 行的完成时间写成 2026-12-31") from wrong


class EssayForm(forms.Form):
    title = line("题目", 80, "填写题目")
    text = forms.CharField(
        label="正文",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "写上正文"},
    )
