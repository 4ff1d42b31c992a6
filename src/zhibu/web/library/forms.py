from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import day
from zhibu.web.library.models import Answer, Clause, Document, Follow
from zhibu.web.library.splitting import Piece, UnreadableError, pieces
from zhibu.web.organisations.fields import PlacesField, ScopedForm

LONGEST_TEXT = 200_000


class DocumentForm(forms.Form):
    title = forms.CharField(label="名称", max_length=120, error_messages={"required": "写上文件名称"})
    number = forms.CharField(label="文号", max_length=60, required=False)
    issuer = forms.CharField(label="制定机关", max_length=120, error_messages={"required": "写上制定机关"})
    issued_on = day("印发日期")
    since = day("施行日期")
    status = forms.ChoiceField(label="状态", choices=Document.Status.choices)
    replaced_by = forms.CharField(label="被哪个文件取代", max_length=120, required=False)
    ended_on = day("失效日期")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("status") == Document.Status.SUPERSEDED and not told.get("replaced_by"):
            self.add_error("replaced_by", "已被取代的，写上取代它的文件")
        if told.get("status") == Document.Status.IN_FORCE and (told.get("replaced_by") or told.get("ended_on")):
            self.add_error("status", "写了取代它的文件或者失效日期，状态就不是“现行”")
        first, last = told.get("since") or told.get("issued_on"), told.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", "失效日期早于施行日期，请核对")
        return told


class ClausesForm(forms.Form):
    text = forms.CharField(
        label="条文", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 16}),
        error_messages={"required": "把文件正文贴进来"},
    )  # fmt: skip

    def clean_text(self) -> tuple[Piece, ...]:
        try:
            return pieces(self.cleaned_data["text"])
        except UnreadableError as error:
            raise forms.ValidationError(str(error)) from error


class FollowForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=Follow.Kind.choices)
    happened_on = day("日期", "填写日期")
    text = forms.CharField(label="内容", max_length=300, error_messages={"required": "写一句做了什么"})
    heads = forms.IntegerField(label="人数", required=False, min_value=1, max_value=9999)


class AskForm(WeighedForm, ScopedForm):
    clauses = forms.ModelMultipleChoiceField(
        label="问哪几条", queryset=Clause.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一条"},
    )  # fmt: skip
    units = PlacesField("发给哪些单位", "至少写一个单位")
    due_on = day("答复期限", "填写答复期限")
    field_order = ("clauses", "units", "due_on", "minutes")

    def __init__(self, *args: Any, document: Document, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["clauses"].queryset = document.clauses.all()  # type: ignore[attr-defined]
        self.fields["clauses"].label_from_instance = _short  # type: ignore[attr-defined]


def _short(clause: Clause) -> str:
    text = clause.text.replace("\n", " ")
    return f"{clause.number}　{text[:40]}{'…' if len(text) > 40 else ''}"


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label="情况",
        choices=[choice for choice in Answer.State.choices if choice[0] != Answer.State.ASKED],
        widget=forms.RadioSelect,
        error_messages={"required": "选一种情况"},
    )
    sentence = forms.CharField(label="一句话", max_length=200, required=False)
    record = forms.CharField(label="活动记录编号", max_length=20, required=False)
