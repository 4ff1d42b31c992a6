"""What an office writes down of posts and people."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.burden.weighing import WeighedForm
from zhibu.web.core.fields import PICK, day
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.members.models import Member
from zhibu.web.offices.models import Career, Exchange, Office, Opinion, Reserve, Standard, Tenure
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.organisations.models import Organisation

FLAG = [("", "不清楚"), ("1", "是"), ("0", "否")]


def line(label: str, longest: int, missing: str = "") -> forms.CharField:
    """One line; with `missing` it must be given."""
    told = {"required": missing} if missing else {}
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=told)


def prose(label: str, longest: int, missing: str = "", rows: int = 5) -> forms.CharField:
    told = {"required": missing} if missing else {}
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, required=bool(missing), widget=area, error_messages=told)


def pick(label: str, choices: Any, missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[PICK, *choices], error_messages={"required": missing})


def flag(label: str) -> forms.TypedChoiceField:
    """Yes, no, or not known (None)."""
    return forms.TypedChoiceField(
        label=label, choices=FLAG, required=False, coerce=lambda word: word == "1", empty_value=None
    )


def document(label: str = "依据", missing: str = "写明文件名称和文号") -> forms.CharField:
    return line(label, 200, missing)


class PlaceForm(forms.Form):
    """A form about one organisation; knows who asks."""

    def __init__(self, *args: Any, scope: Scope, here: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.scope, self.here = scope, here


class PersonForm(PlaceForm):
    """Somebody of the roster, or a name."""

    member = forms.ChoiceField(label="从名册里选", required=False)
    name = line("姓名（不在名册里的）", 40)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Member.objects.within(self.scope.doing("members.view")).filter(organisation=self.here, left_on=None)
        self.people = {str(one.pk): one for one in rows.order_by("initials", "pk")}
        self.fields["member"].choices = [PICK, *((key, one.name) for key, one in self.people.items())]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["member"] = self.people.get(told.get("member", ""))
        if not told["member"] and not told.get("name") and "member" not in self.errors:
            self.add_error("name", "从名册里选一个人，或者填写姓名")
        return told


class OfficeForm(PlaceForm):
    kind = pick("类别", Office.Kind.choices, "选一个类别")
    title = line("职务名称", 40, "填写职务名称，如：书记、组织委员")
    seats = forms.IntegerField(label="核定职数", min_value=1, max_value=999, initial=1)
    document = document()
    starts_on = day("设立日期", "填写设立日期")


class TenureForm(PersonForm):
    office = forms.ChoiceField(label="职务", error_messages={"required": "选一个职务"})
    starts_on = day("任职日期", "填写任职日期")
    how = pick("产生方式", Tenure.How.choices, "选择选举还是任命")
    document = document("任职文件")
    full_time, head, principal = flag("专职"), flag("兼行政主要负责人"), flag("兼校长")
    field_order = ("office", "member", "name", "starts_on", "how", "document")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Office.objects.within(self.scope).filter(held(self.scope.on), organisation=self.here).order_by("pk")
        self.offices = {str(one.pk): one for one in rows}
        self.fields["office"].choices = [PICK, *((key, one.title) for key, one in self.offices.items())]

    def clean_office(self) -> Office:
        return self.offices[self.cleaned_data["office"]]


class LeaveForm(forms.Form):
    ends_on = day("最后一天", "填写日期")
    document = document("文件")


class ReserveForm(PersonForm):
    post = pick("培养方向", Reserve.Post.choices, "选培养方向")
    source = pick("来源", Reserve.Source.choices, "选来源")
    starts_on = day("列入日期", "填写列入日期")
    training = prose("培养情况", 1000)
    field_order = ("post", "member", "name", "source", "starts_on", "training")


class ReleaseForm(forms.Form):
    ends_on = day("调出日期", "填写调出日期")
    reason = line("调出原因", 200, "写明原因，如：已任村书记")


class ExchangeForm(PlaceForm):
    name = line("姓名", 40, "填写姓名")
    way = pick("方向", Exchange.Way.choices, "选方向")
    to = line("去向", 120, "填写去哪个单位、什么岗位")
    planned_on = day("计划日期", "填写计划日期")
    document = document("文件", "")


class DoneForm(forms.Form):
    done_on = day("完成日期", "填写完成日期")
    document = document("文件")


class CareerForm(PlaceForm):
    name = line("姓名", 40, "填写姓名")
    heading = pick("类别", Career.Heading.choices, "在选拔、退出、激励、保障里选一项")
    happened_on = day("日期", "填写日期")
    text = line("内容", 300, "写明内容，如：考核优秀，发放绩效报酬")
    document = document("文件", "")


class OpinionForm(WeighedForm, ScopedForm):
    organisation = PlaceField("征求谁的意见", "填写征求意见的党组织")
    kind = pick("事项类别", Opinion.Kind.choices, "选一个类别")
    matter = line("事项", 200, "写明事项，不写涉密内容")
    due_on = day("答复期限", "填写答复期限")
    field_order = ("organisation", "kind", "matter", "due_on", "minutes")


class ReplyForm(forms.Form):
    text = prose("书面意见", 2000, "写下书面意见；没有意见的，写“没有意见”", 6)
    participants = line("参加的人", 200)


class RecallForm(forms.Form):
    reason = line("撤回原因", 150, "写明为什么撤回，如：这件事不办了")


class CloseForm(forms.Form):
    outcome = line("采纳情况", 200, "写明意见怎样采纳，没有采纳的写明理由")


class TalkForm(forms.Form):
    held_on = day("谈话日期", "填写谈话日期")
    talker = line("谈话人", 40, "填写谈话人")
    notes = prose("谈话记录", 2000)


class StandardForm(forms.Form):
    key = pick("标准", Standard.Key.choices, "选一条标准")
    value = forms.DecimalField(label="数值", max_digits=5, decimal_places=1, required=False)
    document = document()
