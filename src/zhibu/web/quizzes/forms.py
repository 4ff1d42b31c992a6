from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import day, line
from zhibu.web.organisations.fields import PlacesField, ScopedForm
from zhibu.web.quizzes.models import Question, QuizRound, QuizTeam
from zhibu.web.quizzes.paste import LETTERS, read_answer


def number(label: str, least: int, most: int, required: bool = False) -> forms.IntegerField:
    wrong = f"填 {least} 到 {most} 的整数"
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )  # fmt: skip


def lines(label: str, missing: str, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, required=bool(missing), widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )  # fmt: skip


class QuestionForm(forms.Form):
    topic = line("专题", 40, "填写专题，如：党章")
    kind = forms.ChoiceField(label="题型", choices=Question.Kind.choices, error_messages={"required": "选一种题型"})
    text = forms.CharField(
        label="题干", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": "填写题干"}
    )
    options = lines("选项", "", 5)
    answer = line("答案", 20, "写答案的字母，如 B 或 AC；判断题写“对”或“错”")
    explanation = line("解析", 500)
    source = line("出处", 200, "写明文件名称和条款，如：《中国共产党章程》第三条")

    def clean_options(self) -> list[str]:
        return [" ".join(one.split())[:200] for one in self.cleaned_data["options"].splitlines() if one.strip()][:8]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "answer" in told and "kind" in told:
            told["answer"] = read_answer(told["answer"], told["kind"])
        return told


def started(one: Question) -> dict[str, Any]:
    """A question as the form shows it."""
    judged = one.kind == Question.Kind.JUDGEMENT
    answer = one.right[0] if judged and one.right else "".join(LETTERS[each] for each in one.answer)
    names = ("topic", "kind", "text", "explanation", "source")
    return {name: getattr(one, name) for name in names} | {"options": "\n".join(one.options), "answer": answer}


class PasteForm(forms.Form):
    rows = forms.CharField(
        label="从 Excel 复制的行", max_length=400_000, strip=False, widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "粘贴从 Excel 复制的行，第一行是列名"},
    )  # fmt: skip


class PaperForm(WeighedForm):
    title = line("名称", 80, "填写名称")
    document = line("依据文件", 200)
    opens_on = day("开始日期", "填写开始日期")
    closes_on = day("截止日期", "填写截止日期")
    pass_percent = number("及格线", 1, 100, required=True)
    topics = forms.MultipleChoiceField(
        label="专题", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选一个以上专题", "invalid_choice": "从列出的专题里选"},
    )  # fmt: skip
    single, multiple, judgement = number("单选", 0, 200), number("多选", 0, 200), number("判断", 0, 200)

    def __init__(self, *args: Any, topics: list[tuple[str, int]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = [(one, f"{one}（{count} 题）") for one, count in topics]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["wanted"] = {kind: told.pop(kind, None) or 0 for kind in Question.Kind.values}
        return told


class WithdrawForm(forms.Form):
    why = line("撤回原因", 200, "写一句为什么撤回")


class ContestForm(WeighedForm, ScopedForm):
    title = line("名称", 80, "填写名称")
    document = line("依据文件", 200)
    held_on = day("竞赛日期", "填写竞赛日期")
    rounds = lines("轮次", "写上轮次，一行一个，如：必答题", 4)
    teams = PlacesField("代表队", "写上代表队的单位，一行一个", most=60)

    def clean_rounds(self) -> list[str]:
        told = [" ".join(one.split())[:40] for one in self.cleaned_data["rounds"].splitlines() if one.strip()]
        if not 1 <= len(told) <= 10:
            raise forms.ValidationError("写 1 到 10 轮，一行一个")
        return told


class ScoreForm(forms.Form):
    round = forms.ModelChoiceField(
        label="轮次", queryset=QuizRound.objects.none(), empty_label=None, error_messages={"required": "选轮次"}
    )
    team = forms.ModelChoiceField(
        label="代表队",
        queryset=QuizTeam.objects.none(),
        empty_label="选代表队",
        error_messages={"required": "选代表队"},
    )
    points = number("得分", -100, 100, required=True)
    question = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rounds: Any, teams: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset, self.fields["team"].queryset = rounds, teams  # type: ignore[attr-defined]
