"""社区工作条件指数 (M253): how far a community reaches what an office has laid down, every step shown.

An item is reached by `min(1, value ÷ standard)`; the index is the mean of the items by their weights, in percent. It is
told only when every item has a value: a missing one is neither nothing nor all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db.models import QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.funds.models import ConditionItem, ConditionValue
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation, Sector

ABOVE = "items of a superior hold for the communities below it"
TENTH = Decimal("0.1")
State = ConditionItem.State


@action("conditions.set")
def draft(
    *, by: Scope, organisation: Organisation, name: str, measure: str, standard: Decimal, weight: Decimal,
    document: str = "",
) -> ConditionItem:  # fmt: skip
    """A new item, a draft until it is released. Raises Unfit."""
    here = reached(Organisation.objects.within(by), organisation.pk)
    if standard <= 0 or weight <= 0:
        raise Unfit("standard" if standard <= 0 else "weight", "标准和权重都要大于 0")
    rows = ConditionItem.objects.within(by).filter(organisation=here, name=name).exclude(state=State.ENDED)
    if rows.exists():
        raise Unfit("name", f"已经有“{name}”，要改先停用它")
    made = ConditionItem.objects.create(
        organisation=here, name=name, measure=measure, standard=standard, weight=weight, document=document
    )
    _tell(
        by, made, f"起草社区条件项目 {name}", {"standard": str(standard), "weight": str(weight), "document": document}
    )
    return made


@action("conditions.set")
def release(*, by: Scope, item: ConditionItem, document: str = "") -> ConditionItem:
    """The draft counts from now on. Raises Unfit without a document."""
    here = _item(by, item)
    if here.state != State.DRAFT:
        raise Unfit("document", f"这一项{here.get_state_display()}")
    here.document = document or here.document
    if not here.document:
        raise Unfit("document", "写明标准和权重依据的文件名称、文号")
    here.state = State.ACTIVE
    here.save(update_fields=["state", "document"])
    _tell(by, here, f"启用社区条件项目 {here.name}", {"state": "active", "document": here.document})
    return here


@action("conditions.set")
def retire(*, by: Scope, item: ConditionItem) -> ConditionItem:
    """Counts no more; its values stay. Raises Unfit."""
    here = _item(by, item)
    if here.state == State.ENDED:
        raise Unfit("document", "这一项已经停用")
    here.state = State.ENDED
    here.save(update_fields=["state"])
    _tell(by, here, f"停用社区条件项目 {here.name}", {"state": "ended"})
    return here


@action("conditions.keep")
def note(
    *, by: Scope, community: Organisation, item: ConditionItem, as_of: date, value: Decimal, source: str = ""
) -> ConditionValue:
    """What a community has on a day; of the same day the later one counts. Raises Unfit."""
    here = reached(Organisation.objects.within(by), community.pk)
    if item.pk not in {one.pk for one in items(here.path)}:
        raise Unfit("item", "这一项现在不用，重新打开再填")
    if value < 0 or as_of > by.on:
        raise Unfit("value" if value < 0 else "as_of", "数值不小于 0，日期不晚于今天")
    keys = {"organisation": here, "item": item, "as_of": as_of}
    row = ConditionValue.objects.within(by).filter(**keys).first() or ConditionValue(**keys)
    old = {"value": str(row.value)} if row.pk else {}
    row.value, row.source = value, source
    row.save()
    write(
        by=by, action="conditions.keep", sentence=f"登记 {here.name} 的{item.name} {value} {item.measure}", thing=row,
        organisation=here, old=old, new={"value": str(value), "source": source}, happened_on=as_of,
    )  # fmt: skip
    return row


def _item(by: Scope, item: ConditionItem) -> ConditionItem:
    return reached(ConditionItem.objects.within(by).select_related("organisation"), item.pk)


def _tell(by: Scope, item: ConditionItem, sentence: str, new: dict[str, object]) -> None:
    write(
        by=by, action="conditions.set", sentence=sentence, thing=item, organisation=item.organisation, new=new,
        happened_on=by.on,
    )  # fmt: skip


def items(path: str, rows: Iterable[ConditionItem] | None = None) -> list[ConditionItem]:
    """What counts at an organisation: its own items in use, else the nearest superior's that has any."""
    steps = [path, *reversed(tree.ancestor_paths(path))]
    if rows is None:
        rows = ConditionItem.objects.unscoped(ABOVE).filter(organisation__path__in=steps)
        rows = rows.select_related("organisation").order_by("pk")
    found = [one for one in rows if one.state == State.ACTIVE]
    return next((had for step in steps if (had := [one for one in found if one.organisation.path == step])), [])


@dataclass(frozen=True, slots=True)
class Part:
    """One item at one community. `degree`: 0 to 1, None without a value."""

    item: ConditionItem
    value: ConditionValue | None

    @property
    def degree(self) -> Decimal | None:
        return None if self.value is None else min(Decimal(1), self.value.value / self.item.standard)

    @property
    def sum(self) -> str:
        """The arithmetic in words."""
        if self.value is None or self.degree is None:
            return "没有登记"
        more = "，超过的按 1 算" if self.value.value > self.item.standard else ""
        reached_ = self.degree.quantize(Decimal("0.001"), ROUND_DOWN).normalize()
        return f"{self.value.value:f} ÷ {self.item.standard:f} = {reached_:f}{more}；× 权重 {self.item.weight:f}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A community with its parts, in the order of the items."""

    place: Organisation
    parts: list[Part]

    @property
    def told(self) -> int:
        return sum(one.value is not None for one in self.parts)

    @property
    def index(self) -> Decimal | None:
        """In percent with one place, cut: 100 means that everything is reached. None unless every item has a value."""
        if not self.parts or self.told < len(self.parts):
            return None
        weights = sum((one.item.weight for one in self.parts), Decimal(0))
        total = sum((one.item.weight * (one.degree or 0) for one in self.parts), Decimal(0))
        return (100 * total / weights).quantize(TENTH, ROUND_DOWN)


def communities(scope: Scope) -> list[Organisation]:
    """The uppermost organisations of each community within reach."""
    rows = Organisation.objects.within(scope).filter(sector=Sector.COMMUNITY, dissolved_on=None).order_by("path")
    found: list[Organisation] = []
    for one in rows:
        if not (found and one.path.startswith(found[-1].path)):
            found.append(one)
    return found


def conditions(scope: Scope, places: list[Organisation] | None = None) -> list[Condition]:
    """Every community with the latest values up to today, in the order of the tree: no ranking."""
    places = communities(scope) if places is None else places
    above = {step for one in places for step in (one.path, *tree.ancestor_paths(one.path))}
    rows = list(ConditionItem.objects.unscoped(ABOVE).filter(organisation__path__in=above, state=State.ACTIVE)
                .select_related("organisation").order_by("pk"))  # fmt: skip
    latest: dict[tuple[int, int], ConditionValue] = {}
    for one in values(scope).filter(organisation__in=places, as_of__lte=scope.on).order_by("as_of", "pk"):
        latest[one.organisation_id, one.item_id] = one
    return [Condition(here, [Part(one, latest.get((here.pk, one.pk))) for one in items(here.path, rows)])
            for here in places]  # fmt: skip


def values(scope: Scope) -> QuerySet[ConditionValue]:
    return ConditionValue.objects.within(scope).select_related("item")


@action("funds.export")
def export(*, by: Scope, unit: str) -> bytes:
    """The table with every part, as a workbook."""
    found = conditions(by)
    place = Organisation.objects.within(by).filter(pk=by.organisation_id).first()
    write(
        by=by, action="funds.export", sentence=f"导出社区工作条件 {unit} {len(found)} 个",
        thing=place or ConditionItem(), organisation=place, new={"rows": len(found)},
    )  # fmt: skip
    headings = ("社区", "指数", "项目", "数值", "单位", "标准", "权重", "截至", "算法", "依据")
    rows: list[list[sheets.Cell]] = [
        [one.place.name, "" if one.index is None else one.index, part.item.name,
         part.value.value if part.value else "", part.item.measure, part.item.standard, part.item.weight,
         part.value.as_of.isoformat() if part.value else "", part.sum, part.item.document]
        for one in found for part in one.parts
    ]  # fmt: skip
    about = f"单位：{unit}；截至 {by.on.isoformat()}；指数=Σ(权重×min(1, 数值÷标准))÷Σ权重×100，缺一项就不算"
    return sheets.workbook(
        sheets.Sheet(f"{unit}社区工作条件", about, headings, rows, (28, 8, 20, 10, 8, 10, 8, 12, 34, 30))
    )
