from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from zhibu.web.accounts.forms import PhoneForm
from zhibu.web.core.fields import day, suggest
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Way
from zhibu.web.records.words import COMMON, types_words
from zhibu.web.signin import sitting

NO_TYPE = "选一项：这次会议算作什么"
MOVED = "名单变了，重新打开这页"
NEXT_DAY = timedelta(days=1)


def _clock(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"invalid": f"{label}写成 19:00 这样"},
    )  # fmt: skip


class MeetingForm(forms.Form):
    title = forms.CharField(
        label="会议名称", max_length=80, error_messages={"required": "填写会议名称，如：11 月主题党日"}
    )
    held_on = day("日期", "填写会议日期")
    types = forms.MultipleChoiceField(
        label="算作", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(one, types_words([one])) for one in COMMON], error_messages={"required": NO_TYPE},
    )  # fmt: skip
    category = forms.ChoiceField(label="会议类别", required=False)
    opens = _clock("开放签到")
    closes = _clock("结束签到")

    def __init__(self, *args: Any, place: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.groups = sitting.categories(place)
        self.fields["category"].choices = [("", "不是下面这几类"), *self.groups]
        self.fields["types"].required = not self.groups
        if not self.groups:
            del self.fields["category"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not found.get("types") and not found.get("category") and "types" not in self.errors:
            self.add_error("types", NO_TYPE)
        if bool(found.get("opens")) != bool(found.get("closes")) and not {"opens", "closes"} & self.errors.keys():
            self.add_error("closes", "开放和结束两个时间都填；不用二维码的都不填")
        return found

    def told(self) -> dict[str, Any]:
        """What the actions take."""
        found = self.cleaned_data
        opens, closes = (_moment(found["held_on"], found.get(name)) for name in ("opens", "closes"))
        if opens and closes and closes <= opens:
            closes += NEXT_DAY
        given = {name: found.get(name) or "" for name in ("title", "category")}
        return given | {"held_on": found["held_on"], "types": found["types"], "opens_at": opens, "closes_at": closes}


def _moment(on: Any, at: time | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(on, at)) if at else None


class LecturersForm(forms.Form):
    members = forms.TypedMultipleChoiceField(
        label="讲党课的人", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "勾选到会的人", "invalid_choice": MOVED},
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people


class TickForm(LecturersForm):
    way = forms.ChoiceField(
        label="凭什么记", choices=[(Way.HOST, Way.HOST.label), (Way.PAPER, Way.PAPER.label)],
        error_messages={"required": "选一项：主持人代记，还是照纸质签到表"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["members"].required, self.fields["members"].label = True, "党员"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=200, error_messages={"required": "写一句为什么撤下，如：扫错了会议"}
    )


class GuestForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "填写来宾姓名"})
    branch = forms.CharField(label="所在党组织", max_length=120, error_messages={"required": "填写来宾所在的党组织"})

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if scope.may("organisations.view"):
            suggest(self.fields["branch"], "organisations.view")


class RequireForm(ScopedForm):
    organisation = PlaceField("党组织", "填写党组织")
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100, error_messages={"required": "填写年度"})
    times = forms.IntegerField(
        label="每人至少（次）", min_value=1, max_value=366, error_messages={"required": "填写次数，如 1"}
    )
    basis = forms.CharField(label="依据文件", max_length=200, error_messages={"required": "写明文件名称和文号"})


class NumberForm(PhoneForm):
    """The phone number on the roster."""
