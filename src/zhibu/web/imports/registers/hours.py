"""校外学时 of an outside platform or school, by its list: hours alone. Points and time online have no column and are
left where they are (ux.md B1, B2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from zhibu.web.core.scope import Scope
from zhibu.web.imports.books.cells import squeeze
from zhibu.web.imports.books.check import Check
from zhibu.web.imports.books.columns import HOURS
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.table import Table
from zhibu.web.imports.registers.common import CHUNK, People, Places, chunks, day, one_of
from zhibu.web.learning.actions.outside import LONGEST
from zhibu.web.learning.models import OutsideHours
from zhibu.web.learning.words import CHANNELS, FORMS, choices
from zhibu.web.members.models import Member

if TYPE_CHECKING:
    from zhibu.web.imports.entering import Entering

NEEDS, EXPORT = "learning.keep", "learning.export"
MODELS = (OutsideHours,)
WHY = "of members judged within the scope of who imports"
USUAL_FORM, USUAL_CHANNEL = "form_collective", "channel_training"  # of a row that does not say


@dataclass(frozen=True, slots=True)
class HoursRow:
    """`name`, `branch_name`: what a page calls it. The other columns are those of OutsideHours."""

    name: str
    branch_name: str
    member: int
    what: str
    where: str
    form: str
    channel: str
    ended_on: date
    hours: Decimal

    @property
    def key(self) -> tuple[int, str, str, date]:
        return self.member, self.what, self.where, self.ended_on


def check(tables: Iterable[Table], check: Check, by: Scope) -> Iterator[list[Checked]]:
    places, people = Places(check, by, NEEDS), People(by.doing(NEEDS))
    claimed: dict[tuple[int, str, str, date], int] = {}
    for some in chunks(tables):
        found = [(fields, *places.find(fields, "党支部")) for fields in some]
        people.load(ref[1] for _, ref, _ in found if ref and ref[0] == "db")
        for fields, ref, branch_name in found:
            if ref and (member := people.find(fields, ref[1] if ref[0] == "db" else 0)):
                _row(fields, member, branch_name, check.today, claimed)
        yield [fields.row for fields in some]


def _row(
    fields: Fields, member: Member, branch_name: str, today: date, claimed: dict[tuple[int, str, str, date], int]
) -> None:
    what, where = fields.text("what", 80) or "", fields.text("where", 60) or ""
    if not what:
        fields.error("what", "课程名称没有填，写学了什么")
    if not where:
        fields.error("where", "平台没有填，写举办单位或平台的名称")
    form = one_of(fields, "form", _words(FORMS), USUAL_FORM)
    channel = one_of(fields, "channel", _words(CHANNELS), USUAL_CHANNEL)
    ended_on, hours = day(fields, "ended_on", today), _hours(fields)
    if not ended_on or not hours or not fields.row.accepted:
        return
    row = HoursRow(member.name, branch_name, member.pk, what, where, form, channel, ended_on, hours)
    if first := claimed.get(row.key):
        fields.row.error(f"与第 {first} 行是同一人同一天的同一门课，删去一行")
        return
    claimed[row.key] = fields.row.row
    fields.row.value = row


def _words(group: str) -> dict[str, str]:
    return {word: one for one, word in choices(group)}


def _hours(fields: Fields) -> Decimal | None:
    told = squeeze(fields.raw("hours")).removesuffix("学时").removesuffix("小时")
    try:
        found = Decimal(told)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not Decimal("0.5") <= found <= LONGEST or found != round(found, 1):
        fields.error("hours", f"学时要填 0.5 到 {LONGEST} 的数，最多一位小数；积分不能当学时")
        return None
    return found


def take(work: Entering, rows: list[HoursRow]) -> None:
    """What is there already stays as it is, with its own hours; a row that was voided may come in again."""
    stored = OutsideHours.objects.unscoped(WHY).filter(member__in={row.member for row in rows}, voided_on=None)
    known = {(one.member_id, one.what, one.where, one.ended_on) for one in stored}
    fresh = [
        OutsideHours(
            member_id=row.member, what=row.what, where=row.where, form=row.form, channel=row.channel,
            ended_on=row.ended_on, hours=row.hours, origin=OutsideHours.Origin.IMPORT,
        )
        for row in rows
        if row.key not in known
    ]  # fmt: skip
    OutsideHours.objects.unscoped(WHY).bulk_create(fresh, batch_size=CHUNK)
    work.note(OutsideHours, fresh)
    work.counts[HOURS]["new"] += len(fresh)
    work.counts[HOURS]["same"] += len(rows) - len(fresh)


def rows(scope: Scope) -> Iterator[dict[str, Any]]:
    """The hours that count, by branch, name and day."""
    told = OutsideHours.objects.within(scope).filter(member__in=Member.objects.within(scope), voided_on=None)
    told = told.select_related("member__organisation").order_by("member__organisation__path", "member__name", "pk")
    for one in told.iterator(CHUNK):
        yield {
            "name": one.member.name, "branch": one.member.organisation.name, "what": one.what, "where": one.where,
            "form": one.form_word, "channel": one.channel_word, "ended_on": one.ended_on, "hours": one.hours,
        }  # fmt: skip
