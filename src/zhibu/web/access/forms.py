"""Posts, stand-ins and lines as a reader fills them in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from zhibu.web.access.models import Role
from zhibu.web.access.queries import may_appoint
from zhibu.web.core.fields import PICK, day
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.fields import PlaceField, PlacesField, ScopedForm
from zhibu.web.organisations.models import Supervision

WHO = "填写账号"
MOST_POINTS = 200


def _text(label: str, longest: int, missing: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, error_messages={"required": missing})


class PersonForm(forms.Form):
    """Account and name, both: a slip of one digit must not appoint a stranger."""

    username = _text("账号", 64, WHO)
    name = _text("姓名", 40, "填写姓名")


class AppointForm(PersonForm, ScopedForm):
    organisation = PlaceField("党组织", "填写党组织")
    role = forms.ChoiceField(label="职务", error_messages={"required": "选一个职务"})
    starts_on = day("任职日期", "填写任职日期")
    ends_on = day("离任日期")
    document = _text("任职文件", 200, "写明文件名称和文号")
    points = PlacesField("分配的点", most=MOST_POINTS)
    field_order = ("organisation", "role", "username", "name", "starts_on", "ends_on", "document", "points")

    def __init__(self, *args: Any, scope: Scope, roles: Collection[str], **kwargs: Any):
        super().__init__(*args, scope=scope, **kwargs)
        self.fields["role"].choices = [PICK] + [(word, name) for word, name in Role.choices if word in roles]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        place, role = told.get("organisation"), told.get("role")
        if place and role and role not in may_appoint(self.scope, place):
            self.add_error("role", f"这个职务在{place.name}不由现在的身份任命")
        return told


class EndForm(forms.Form):
    ends_on = day("离任日期", "填写离任日期")
    document = _text("免职文件", 200, "写明文件名称和文号")


class HandOverForm(PersonForm):
    on = day("交接日期", "填写交接日期")
    document = _text("任免文件", 200, "写明文件名称和文号")


class StandInForm(PersonForm):
    starts_on = day("开始日期", "填写开始日期")
    ends_on = day("结束日期", "填写结束日期")
    reason = _text("事由", 200, "写明事由，如：外出培训")


class LineForm(ScopedForm):
    kind = forms.ChoiceField(
        label="关系", choices=[PICK, *Supervision.Kind.choices], error_messages={"required": "选一种关系"}
    )
    superior = PlaceField("上级", "填写上级党组织")
    starts_on = day("开始日期", "填写开始日期")
    document = _text("文件", 200, "写明文件名称和文号")


class PlaceForm(ScopedForm):
    code = PlaceField("下级单位", "填写下级单位")


class TerminalsForm(forms.Form):
    networks = forms.CharField(
        label="网段", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一个，如 10.2.3.0/24、10.2.3.4、2001:db8:1::/48。全部删去就不限制",
    )  # fmt: skip
    reason = _text("理由", 200, "写明理由，如：机房搬迁")
