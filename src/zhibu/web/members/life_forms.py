"""What happens to a member, as an office fills it in. The words of the fields are those of the tables."""

from __future__ import annotations

from typing import Any

from django import forms

from zhibu.web.core.fields import PICK, day
from zhibu.web.members import configuration
from zhibu.web.members.models import (
    AwayContact,
    Care,
    Employment,
    Excused,
    LeftKind,
    MemberKind,
    MemberRole,
)
from zhibu.web.organisations.fields import AnywhereField, PlaceField, ScopedForm

EDUCATION = ("小学", "初中", "高中", "中专", "大专", "本科", "研究生")
PAPER = "文件名称和文号，没有可不填"


def text(label: str, longest: int, missing: str = "", **more: Any) -> forms.CharField:
    """Required where `missing` says what to fill in."""
    said = {"required": missing} if missing else None
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=said, **more)


def one_of(label: str, choices: Any, missing: str = "") -> forms.ChoiceField:
    said = {"required": missing} if missing else None
    first = [PICK]
    return forms.ChoiceField(label=label, choices=[*first, *choices], required=bool(missing), error_messages=said)


class NewMemberForm(ScopedForm):
    """Born and sex are read out of the number: nothing is typed twice."""

    organisation = PlaceField("党支部", "填写党支部")
    way = one_of("怎么来的", [("admit", "接收为预备党员"), ("arrive", "从外系统转入")], "选一项")
    name = text("姓名", 40, "填写姓名")
    id_number = text("公民身份号码", 20, "填写 18 位公民身份号码")
    phone = text("手机号码", 20)
    education = one_of("学历", [(word, word) for word in EDUCATION])
    employment = one_of("工作岗位", Employment.choices)
    on = day("接收或转入日期", "填写日期：接收的填支部党员大会通过的日期，转入的填收到介绍信的日期")
    document = text("依据文件", 200, help_text="批复文号，或介绍信编号")
    kind = one_of("转入时的类别", MemberKind.choices)
    origin = text("转出的党组织", 100, help_text="从外系统转入的填写")
    joined_on = day("加入党组织日期")
    full_on = day("转为正式党员日期")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("way") == "arrive":
            words = {"kind": "选转入时的类别", "origin": "填写转出的党组织", "joined_on": "填写加入党组织日期"}
            for name, word in words.items():
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, f"从外系统转入的，{word}")
        return told


class FullForm(forms.Form):
    on = day("转正日期", "填写支部党员大会通过的转正日期")
    document = text("批复文件", 200, help_text=PAPER)


class ExtendForm(forms.Form):
    until = day("延长到", "填写延长到哪一天")
    on = day("通过日期", "填写支部党员大会通过的日期")
    document = text("批复文件", 200, help_text=PAPER)


class WorkForm(forms.Form):
    employment = one_of("新的工作岗位", Employment.choices, "选一个工作岗位")
    on = day("变动日期", "填写变动日期")
    document = text("依据文件", 200, help_text=PAPER)


class LeaveForm(forms.Form):
    kind = one_of("原因", [one for one in LeftKind.choices if one[0] != LeftKind.OUTSIDE], "选一个原因")
    on = day("离开日期", "填写离开日期：这一天仍在册")
    document = text("依据文件", 200, help_text="组织处置填批复文号")


class SendForm(ScopedForm):
    to = AnywhereField("接收支部", help_text="接收的支部也用本系统的，写全称或代码")
    outside = text("外系统党组织", 100, help_text="接收的党组织不用本系统的，填全称")
    letter = text("介绍信编号", 60, "填写介绍信编号")
    on = day("转出日期", "填写开具介绍信的日期")
    valid_until = day("有效期到")


class CloseForm(forms.Form):
    """`answer`: the receipt, or the reason."""

    on = day("办理日期", "填写办理日期")
    answer = text("回执编号", 200)


class ReasonForm(forms.Form):
    on = day("办理日期", "填写办理日期")
    answer = text("原因", 200, "写明原因，如：材料不全，缺入党志愿书")


class AwayForm(forms.Form):
    on = day("外出日期", "填写外出日期")
    place = text("外出地点", 60, "填写外出地点，写到县或市", help_text="写到县或市，不写住址")
    abroad = forms.BooleanField(label="在国（境）外", required=False)
    organisation_there = text("流入地党组织", 100)
    contact = text("支部联系人", 40)
    certificate = text("流动党员活动证编号", 40)


class DayForm(forms.Form):
    on = day("日期", "填写日期")


class ContactForm(forms.Form):
    on = day("联系日期", "填写联系日期")
    how = one_of("方式", AwayContact.How.choices, "选一种方式")
    by_name = text("联系的人", 40, "填写联系的人")


class NeedForm(forms.Form):
    need = one_of("困难类型", Care.Need.choices, "选一种困难类型")
    on = day("从", "填写日期")


class HelpForm(forms.Form):
    on = day("帮扶日期", "填写帮扶日期")
    what = text("帮扶内容", 100, "写明做了什么，如：送医上门", help_text="不写病情、收入等细节")
    by_name = text("帮扶人", 40, "填写帮扶人")


class ExcuseForm(forms.Form):
    why = one_of("原因", Excused.Why.choices, "选一个原因")
    on = day("从", "填写开始日期")
    until = day("到")
    document = text("依据文件", 200, help_text=PAPER)


class PapersForm(forms.Form):
    papers = forms.MultipleChoiceField(label="档案里有", required=False, widget=forms.CheckboxSelectMultiple)
    place = text("存放处", 60, "填写档案存放处，如：镇党委组织办")
    on = day("核对日期", "填写核对日期")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        said = [(one.key, f"{one.word}（待核对）" if one.draft else one.word) for one in configuration.papers()]
        self.fields["papers"].choices = said


class RoleForm(forms.Form):
    kind = one_of("方式", MemberRole.Kind.choices, "选一种方式")
    what = text("内容", 120, "写明岗位、队伍、承诺或服务")
    on = day("从", "填写开始日期")
    until = day("到")
