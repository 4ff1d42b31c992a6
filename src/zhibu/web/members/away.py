"""流动党员: who is away, where, and when the branch last spoke with them. Hints name their clause; people decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Prefetch, Q, QuerySet

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope, subtree
from zhibu.web.members import configuration, history
from zhibu.web.members.identity import months_later
from zhibu.web.members.models import AwayContact, Floating, Member
from zhibu.web.organisations.models import Organisation

HALF_YEAR = 6  # months: 教育管理工作条例 24 (lost contact), 34 (abroad); text


@action("members.away")
def go(
    *, by: Scope, member: Member, on: date, place: str, abroad: bool = False, organisation_there: str = "",
    contact: str = "", certificate: str = "", document: str = "",
) -> Floating:  # fmt: skip
    """Registered as away from a day. Raises Unfit: is away already."""
    here = _reached(by, member, on)
    if _open(here):
        raise Unfit("on", f"{here.name} 已登记外出，先登记返回")
    line = Floating.objects.create(
        member=here, since=on, place=place, abroad=abroad, organisation_there=organisation_there, contact=contact,
        certificate=certificate,
    )  # fmt: skip
    _set(here, floating=True)
    _tell(by, "登记外出流动党员 1 人", line, here, on, document)
    return line


@action("members.away")
def return_(*, by: Scope, member: Member, on: date, document: str = "") -> Member:
    """Back home. Raises Unfit: is not registered as away, or a day before leaving."""
    here = _reached(by, member, on)
    line = _open(here)
    if line and on < line.since:
        raise Unfit("on", f"{line.since} 才外出，返回日期不能更早")
    if line is None and not here.floating:
        raise Unfit("on", f"{here.name} 没有登记外出")
    if line:
        line.back_on = on
        line.save(update_fields=["back_on"])
    _set(here, floating=False)
    _tell(by, "流动党员返回 1 人", line or here, here, on, document)
    return here


@action("members.away")
def note_contact(*, by: Scope, member: Member, on: date, how: str, by_name: str, document: str = "") -> AwayContact:
    """The branch and the member spoke on a day."""
    here = _reached(by, member, on)
    line = AwayContact.objects.create(member=here, on=on, how=AwayContact.How(how), by_name=by_name)
    _tell(by, "与流动党员联系 1 次", line, here, on, document)
    return line


@dataclass(frozen=True, slots=True)
class Away:
    """A member who is away, as the register shows one. `line` is None where the roster says 流动 and no more."""

    member: Member
    line: Floating | None
    last: date | None
    hints: tuple[str, ...]


def register(scope: Scope, area: Organisation | None = None) -> list[Away]:
    """Everybody who is away now, those with the oldest contact first."""
    open_ = Prefetch("floating_rows", Floating.objects.within(scope).filter(back_on=None), "open_rows")
    rows = Member.objects.within(scope).filter(Q(left_on=None) | Q(left_on__gte=scope.on), floating=True)
    rows = rows.filter(subtree("organisation__path", area.path)) if area else rows
    rows = rows.select_related("organisation").prefetch_related(open_)
    found = dict(_last(scope, rows))
    told = [_shown(one, found.get(one.pk), scope.on) for one in rows.order_by("organisation__path", "name", "pk")]
    return sorted(told, key=lambda one: one.last or date.min)


def hints(line: Floating | None, last: date | None, on: date) -> tuple[str, ...]:
    """What to look into. `contact_days` is a setting; without it only the regulations speak."""
    if line is None:
        return ("登记外出日期和地点",)
    since, found = last or line.since, []
    half_year = months_later(since, HALF_YEAR)
    if line.abroad and half_year <= on:
        found.append("在国（境）外的，每半年至少联系一次（教育管理工作条例第三十四条）")
    elif half_year <= on:
        found.append("满 6 个月没有联系：核实是否失去联系（教育管理工作条例第二十四条），由组织决定")
    days = configuration.contact_days()
    if days is not None and not found and (on - since).days > days:
        found.append(f"超过 {days} 天没有联系")
    if not line.abroad and months_later(line.since, HALF_YEAR) <= on:
        found.append("外出满 6 个月，地点固定的应转组织关系（教育管理工作条例第二十五条）")
    return tuple(found)


def at_home(member: Member) -> bool:
    """No time away is open; the mark on the roster alone tells no place."""
    return _open(member) is None


def of(member: Member) -> QuerySet[Floating]:
    return Floating.objects.unscoped(history.WHY).filter(member=member).order_by("-since")


def contacts(member: Member) -> QuerySet[AwayContact]:
    return AwayContact.objects.unscoped(history.WHY).filter(member=member).order_by("-on", "-pk")


def _shown(member: Member, last: date | None, on: date) -> Away:
    line = next(iter(member.open_rows), None)  # type: ignore[attr-defined]
    return Away(member, line, last, hints(line, last, on))


def _last(scope: Scope, rows: QuerySet[Member]) -> QuerySet:
    spoken = AwayContact.objects.within(scope).filter(member__in=rows.order_by().values("pk")).order_by()
    return spoken.values("member").annotate(last=Max("on")).values_list("member", "last")


def _reached(by: Scope, member: Member, on: date) -> Member:
    here = reached(Member.objects.within(by).select_related("organisation"), member.pk)
    if on > by.on:
        raise Unfit("on", f"{on} 还没有到，填写已经发生的日期")
    return here


def _open(member: Member) -> Floating | None:
    return Floating.objects.unscoped(history.WHY).filter(member=member, back_on=None).first()


def _set(member: Member, *, floating: bool) -> None:
    member.floating = floating
    member.save(update_fields=["floating"])


def _tell(
    by: Scope, sentence: str, thing: Floating | AwayContact | Member, member: Member, on: date, document: str
) -> None:
    write(
        by=by, action="members.away", sentence=f"{member.organisation.name} {sentence}", thing=thing,
        organisation=member.organisation, new={"member": member.pk, "document": document}, happened_on=on,
    )  # fmt: skip
