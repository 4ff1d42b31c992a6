"""Units and what is done there as a reader fills it in. Choices hold only what the scope reaches."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from zhibu.web.core.fields import PICK, day
from zhibu.web.core.scope import Scope
from zhibu.web.coverage import credit, queries
from zhibu.web.coverage.models import Assignment, Benchmark, Mode, Place, Station, Support, UnitKind
from zhibu.web.coverage.rates import KINDS
from zhibu.web.organisations import finding
from zhibu.web.organisations.fields import PlaceField, ScopedForm
from zhibu.web.organisations.models import Organisation

EMPTY = [PICK]
MOST = 10_000_000  # staff of one unit


class MaybeField(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def __init__(self, label: str):
        choices = [("", "不清楚"), ("yes", "是"), ("no", "否")]
        super().__init__(
            label=label, choices=choices, required=False, coerce=lambda word: word == "yes", empty_value=None
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


def text(label: str, longest: int, missing: str = "", rows: int = 0) -> forms.CharField:
    """With `missing`, the sentence for who left it empty, it must be given."""
    said = {"required": missing} if missing else {}
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    return forms.CharField(label=label, max_length=longest, required=bool(missing), error_messages=said, widget=widget)


def count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST)


class UnitsForm(ScopedForm):
    def __init__(self, *args: Any, scope: Scope, **kwargs: Any):
        super().__init__(*args, scope=scope, **kwargs)
        self.fill()

    def fill(self) -> None:
        """Give the fields their choices."""

    def committees(self, empty: str = "选一项") -> list[tuple[str, str]]:
        rows = queries.committees(self.scope).values_list("code", "short_name", "name")
        return [("", empty), *((code, short or name) for code, short, name in rows)]

    def organisation(self, name: str) -> Organisation | None:
        """The organisation chosen in this field, a code."""
        code = self.cleaned_data.get(name)
        return finding.reached(self.scope).get(code=code) if code else None


class UnitForm(UnitsForm):
    name = text("名称", 120, "填写单位全称")
    kind = forms.ChoiceField(
        label="类别", choices=[*EMPTY, *UnitKind.choices], error_messages={"required": "选一个类别"}
    )
    credit_code = text("统一社会信用代码", 40)
    trade = text("行业", 40)
    place = forms.ChoiceField(label="片区", required=False)
    authority = forms.ChoiceField(label="行业主管单位", required=False)
    employees, party_members, full_members = count("职工人数"), count("党员人数"), count("其中正式党员")
    above_scale = MaybeField("规模以上")
    operating = forms.BooleanField(label="正常经营", required=False, initial=True)
    founded_on, closed_on = day("成立日期"), day("注销日期")
    not_ripe = text("暂不具备组建条件的原因", 200)
    union, youth, women = MaybeField("有工会"), MaybeField("有团组织"), MaybeField("有妇联组织")
    premises = text("固定活动场所", 120)
    premises_sqm = count("场所面积（平方米）")
    premises_on = day("场所建成日期")
    school = MaybeField("有企业党校")

    def fill(self) -> None:
        places = [(str(one.pk), one.name) for one in queries.places(self.scope)]
        self.fields["place"].choices = [("", "没有登记"), *places]
        self.fields["authority"].choices = self.committees("没有登记")

    def clean_credit_code(self) -> str:
        code = credit.tidy(self.cleaned_data["credit_code"])
        if code and (fault := credit.fault(code)):
            raise forms.ValidationError(fault)
        return code

    def clean_place(self) -> Place | None:
        key = self.cleaned_data["place"]
        return queries.places(self.scope).filter(pk=key).first() if key else None

    def clean_authority(self) -> Organisation | None:
        return self.organisation("authority")


class EnterForm(UnitForm):
    committee = forms.ChoiceField(label="责任党委", required=False)
    starts_on = day("从哪天起负责", "填写日期")
    document = text("依据文件", 200)
    field_order = ("name", "kind", "committee", "starts_on", "document")

    def fill(self) -> None:
        super().fill()
        self.fields["committee"].choices = self.committees("还没有确定")

    def clean_committee(self) -> Organisation | None:
        return self.organisation("committee")


class GiveForm(UnitsForm):
    committee = forms.ChoiceField(label="责任党委", error_messages={"required": "选一个党委"})
    on = day("从哪天起", "填写日期")
    document = text("依据文件", 200, "写明文件名称和文号")

    def fill(self) -> None:
        self.fields["committee"].choices = self.committees()

    def clean_committee(self) -> Organisation | None:
        return self.organisation("committee")


class DayForm(forms.Form):
    on = day("到哪天为止", "填写日期")


class EndForm(DayForm):
    document = text("依据文件", 200, "写明文件名称和文号")


class CoverForm(UnitsForm):
    party = PlaceField("党组织", "填写党组织")
    mode = forms.ChoiceField(
        label="组建方式", choices=[*EMPTY, *Mode.choices], error_messages={"required": "选一种方式"}
    )
    on = day("从哪天起", "填写日期")
    document = text("批复文件", 200, "写明文件名称和文号")


class SendForm(UnitsForm):
    kind = forms.ChoiceField(
        label="指派", choices=[*EMPTY, *Assignment.Kind.choices], error_messages={"required": "选指导员或联络员"}
    )
    account = forms.ChoiceField(label="党建指导员账号", required=False)
    name = text("姓名", 40)
    starts_on = day("从哪天起", "填写日期")
    document = text("指派文件", 200)

    def fill(self) -> None:
        found = queries.instructors(self.scope)
        self.names = {str(user): name for user, name in found}
        self.fields["account"].choices = [("", "没有账号，下面写姓名"), *self.names.items()]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["name"] = self.names.get(told.get("account") or "") or told.get("name")
        if not told["name"]:
            self.add_error("name", "选一个账号，或写姓名")
        return told


class OfSent(forms.Form):
    """Its field `assignment` chooses one of the people sent to the unit; a single one is chosen already."""

    def __init__(self, *args: Any, people: Iterable[Assignment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        choices = [(key, f"{one.name}（{one.get_kind_display()}）") for key, one in self.people.items()]
        self.fields["assignment"].choices = choices if len(choices) == 1 else [*EMPTY, *choices]

    def clean_assignment(self) -> Assignment:
        return self.people[self.cleaned_data["assignment"]]


class VisitForm(OfSent, UnitsForm):
    assignment = forms.ChoiceField(label="谁去的", error_messages={"required": "选走访的人"})
    on = day("走访日期", "填写日期")
    government = text("帮助与政府沟通", 300, rows=2)
    building = text("帮助建组织、立制度", 300, rows=2)


class SupportForm(forms.Form):
    item = forms.ChoiceField(
        label="支持事项", choices=[*EMPTY, *Support.Item.choices], error_messages={"required": "选一项"}
    )
    on = day("日期", "填写日期")
    note = text("说明", 200, "写明支持了什么")


class StationForm(UnitsForm):
    committee = forms.ChoiceField(label="设在哪个党组织", error_messages={"required": "选一个党组织"})
    name = text("工作站名称", 60, "填写工作站名称")
    on = day("设立日期", "填写日期")

    def fill(self) -> None:
        self.fields["committee"].choices = self.committees()

    def clean_committee(self) -> Organisation | None:
        return self.organisation("committee")


class PlaceForm(UnitsForm):
    name = text("片区名称", 40, "填写乡镇、街道或园区的名称")
    committee = forms.ChoiceField(label="所属党组织", error_messages={"required": "选一个党组织"})
    park = forms.BooleanField(label="是园区", required=False)
    station = forms.ChoiceField(label="负责的工作站", required=False)
    neighbours = forms.MultipleChoiceField(label="相邻的片区", required=False, widget=forms.CheckboxSelectMultiple)

    def fill(self) -> None:
        self.fields["committee"].choices = self.committees()
        stations = [(str(one.pk), one.name) for one in queries.stations(self.scope)]
        self.fields["station"].choices = [("", "没有"), *stations]
        self.fields["neighbours"].choices = [(str(one.pk), one.name) for one in queries.places(self.scope)]

    def clean_committee(self) -> Organisation | None:
        return self.organisation("committee")

    def clean_station(self) -> Station | None:
        key = self.cleaned_data["station"]
        return queries.stations(self.scope).filter(pk=key).first() if key else None

    def clean_neighbours(self) -> list[Place]:
        return list(queries.places(self.scope).filter(pk__in=self.cleaned_data["neighbours"]))


class BenchmarkForm(UnitsForm):
    kind = forms.ChoiceField(label="类别", choices=[(kind.value, kind.label) for kind in KINDS])
    measure = forms.ChoiceField(label="指标", choices=Benchmark.Measure.choices)
    as_of = day("截至", "填写日期")
    percent = forms.DecimalField(
        label="全市平均", min_value=Decimal(0), max_value=Decimal(100), max_digits=5, decimal_places=2,
        error_messages={"required": "填写百分比，如 85.5", "invalid": "填写百分比，如 85.5"},
    )  # fmt: skip
    source = text("出处", 200, "写明哪份通报、哪一天")
