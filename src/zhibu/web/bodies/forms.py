"""Profiles, hosted offices, subordinate units and groups as a reader fills them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from zhibu.web.bodies.models import Subunit
from zhibu.web.core.fields import PICK, day
from zhibu.web.members.models import Member
from zhibu.web.organisations.fields import PlaceField, ScopedForm

AREA = {"rows": 3}


def _text(label: str, missing: str, longest: int = 120) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, error_messages={"required": missing})


def _long(label: str, hint: str) -> forms.CharField:
    area = forms.Textarea(attrs=AREA)
    return forms.CharField(label=label, required=False, max_length=2000, widget=area, help_text=hint)


class ProfileForm(forms.Form):
    population = forms.IntegerField(label="服务人口", required=False, min_value=0, max_value=2_000_000_000)
    tasks = _long("主要业务", "这个单位管什么、办什么")
    projects = _long("重点项目", "今年的，一行一个")
    problems = _long("突出问题", "党建要帮着解决的")
    links = _long("服务链环节", "按职能建的党支部填，一行一个，写成“企业启动：名称核准”")

    def clean_links(self) -> list[tuple[str, str]]:
        found: dict[tuple[str, str], None] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["links"].splitlines())):
            chain, _, link = (part.strip() for part in line.replace(":", "：").partition("："))
            if not chain or not link:
                raise forms.ValidationError(f"“{line[:30]}”没有分清链和环节，写成“企业启动：名称核准”")
            if max(len(chain), len(link)) > 60:
                raise forms.ValidationError(f"“{line[:30]}…”太长，链和环节各不超过 60 字")
            found[chain, link] = None
        return list(found)


class PlacedForm(ScopedForm):
    organisation = PlaceField("党组织", "填写党组织")


class OfficeForm(PlacedForm):
    name = _text("机构名称", "写明机构名称，如：非公企业党工委办公室")
    host = _text("挂靠单位", "写明办公室设在哪个单位，如：市场监管局")
    needed = forms.IntegerField(
        label="应配人数", min_value=0, max_value=999, error_messages={"required": "填写应配人数"}
    )
    filled = forms.IntegerField(
        label="实配人数", min_value=0, max_value=999, error_messages={"required": "填写实配人数"}
    )
    rules = forms.CharField(label="工作制度", max_length=200, required=False, help_text="已定的制度名称")
    starts_on = day("设立日期", "填写设立日期")
    ends_on = day("结束日期")
    document = _text("文件", "写明设立文件的名称和文号", 200)


class SubunitForm(PlacedForm):
    name = _text("单位名称", "写明单位名称")
    covered_by = PlaceField("覆盖它的党组织", help_text="写名称、简称或代码；还没有党组织覆盖就空着，列入待覆盖")
    mode = forms.ChoiceField(label="组建方式", choices=[("", "还没有覆盖"), *Subunit.Mode.choices], required=False)
    gone_on = day("撤并日期")


class GroupForm(forms.Form):
    name = _text("党小组名称", "写明党小组名称，如：第一党小组")
    leader = forms.ChoiceField(label="组长", error_messages={"required": "选一名组长"})
    members = forms.MultipleChoiceField(label="党员", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, roster: Sequence[Member], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in roster}
        choices = [(key, one.name) for key, one in self.people.items()]
        self.fields["leader"].choices = [PICK, *choices]  # type: ignore[attr-defined]
        self.fields["members"].choices = choices  # type: ignore[attr-defined]

    def clean_leader(self) -> Member:
        return self.people[self.cleaned_data["leader"]]

    def clean_members(self) -> list[Member]:
        return [self.people[key] for key in self.cleaned_data["members"]]


class PutOffForm(forms.Form):
    until = day("缓到", "填写缓到哪天")
    reason = _text("理由", "写明缓办的理由，如：已报批，等批复", 200)
