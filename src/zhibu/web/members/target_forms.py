from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import PICK, day
from zhibu.web.members.life_forms import EDUCATION, one_of, text
from zhibu.web.members.models import AdmissionQuota, MemberStandard
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.regulations.words import words


class PlacedForm(ScopedForm):
    """Of a unit within reach."""

    organisation = PlaceField("党组织", "填写党组织")


class CheckForm(WeighedForm, PlacedForm):
    title = text("名称", 80, "填写名称，如：2026 年组织关系集中排查")
    on = day("开始日期", "填写开始日期")
    due_on = day("完成期限", "填写完成期限")
    document = text("依据文件", 200, "写明文件名称和文号")
    field_order = ("organisation", "title", "on", "due_on", "document", "minutes")


class StandardForm(PlacedForm):
    kind = one_of("种类", MemberStandard.Kind.choices, "选一个种类")
    title = text("名称", 60, "填写名称")
    on = day("施行日期", "填写施行日期")
    basis = text("依据", 200, "写明依据的文件或会议")
    text = text(
        "内容", 4000, "一行一条", help_text="一行一条，简洁明了、便于实践", widget=forms.Textarea(attrs={"rows": 8})
    )
    field_order = ("organisation", "kind", "title", "text", "on", "basis")


class QuotaForm(PlacedForm):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, error_messages={"required": "填写年度"})
    measure = one_of("指标", AdmissionQuota.Measure.choices, "选一个指标")
    percent = forms.DecimalField(
        label="不低于（%）", min_value=0, max_value=100, max_digits=5, decimal_places=2,
        error_messages={"required": "填写百分数，如 50"},
    )  # fmt: skip
    rural = forms.BooleanField(label="只算农村党员", required=False)
    basis = text("依据文件", 200, "写明文件名称和文号")


class LeaderForm(PlacedForm):
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, error_messages={"required": "填写年度"})
    event = one_of("活动类型", [], "选一种活动类型")
    members = forms.IntegerField(
        label="一般党员至少（次）", min_value=0, max_value=366, error_messages={"required": "填写次数，如 4"}
    )
    leaders = forms.IntegerField(
        label="党员领导干部至少（次）", min_value=1, max_value=366, error_messages={"required": "填写次数，如 6"}
    )
    basis = text("依据文件", 200, "写明文件名称和文号")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = [PICK, *words()["events"].items()]


class CandidateForm(forms.Form):
    """One line of the what-if; nothing of it is kept, and no name is asked for."""

    education = one_of("学历", [(word, word) for word in EDUCATION])
    born_on = day("出生日期")

    @property
    def given(self) -> bool:
        return bool(self.is_valid() and self.cleaned_data.get("born_on"))


class LineForm(forms.Form):
    """A member of a list in a check round."""

    state = forms.ChoiceField(label="情况", required=False)
    last_contact_on = day("最后联系日期")

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "没填"), *states]
