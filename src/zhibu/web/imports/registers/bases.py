"""党费基数: from a day on a member pays as this kind, by this base. No finding and no line of the log tells a sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhibu.web.core.scope import Scope
from zhibu.web.dues.models import Base, PayerKind
from zhibu.web.imports.books.check import Check
from zhibu.web.imports.books.columns import BASES
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.table import Table
from zhibu.web.imports.registers.common import CHUNK, People, Places, chunks, day, one_of, yuan
from zhibu.web.members.models import Member
from zhibu.web.regulations import dues

if TYPE_CHECKING:
    from zhibu.web.imports.entering import Entering

NEEDS, EXPORT = "dues.rate", "dues.export"
MODELS = (Base,)
WHY = "of members judged within the scope of who imports"
KINDS = {label: value for value, label in PayerKind.choices}


@dataclass(slots=True)
class BaseRow:
    name: str
    branch_name: str
    member: int
    since: date
    kind: str
    amount: Decimal | None


def check(tables: Iterable[Table], check: Check, by: Scope) -> Iterator[list[Checked]]:
    places, people = Places(check, by, NEEDS), People(by.doing(NEEDS))
    claimed: dict[tuple[int, date], int] = {}
    for some in chunks(tables):
        found = [(fields, *places.find(fields, "党支部")) for fields in some]
        people.load(ref[1] for _, ref, _ in found if ref and ref[0] == "db")
        for fields, ref, branch_name in found:
            if ref and (member := people.find(fields, ref[1] if ref[0] == "db" else 0)):
                _row(fields, member, branch_name, check.today, claimed)
        yield [fields.row for fields in some]


def _row(fields: Fields, member: Member, branch_name: str, today: date, claimed: dict[tuple[int, date], int]) -> None:
    since = day(fields, "since", today)
    kind, amount = one_of(fields, "payer_kind", KINDS), yuan(fields, "base")
    if not since or not kind or not fields.row.accepted:
        return
    try:
        rate = dues.table(since).rates[kind]
        rate.amount(amount)
    except LookupError:
        fields.error("since", f"{since} 还没有这种交纳类别的标准，核对日期")
        return
    except dues.NotInRange:
        fields.error("base", "按这种交纳类别，要填交纳基数；选定金额的，要在标准规定的范围内")
        return
    if first := claimed.get((member.pk, since)):
        fields.row.error(f"与第 {first} 行是同一人同一天的基数，删去一行")
        return
    claimed[member.pk, since] = fields.row.row
    told = amount if rate.needs_base else None
    fields.row.value = BaseRow(member.name, branch_name, member.pk, since, kind, told)


def take(work: Entering, rows: list[BaseRow]) -> None:
    stored = Base.objects.unscoped(WHY).filter(member__in={row.member for row in rows})
    known = {(one.member_id, one.since): one for one in stored}
    fresh = [
        Base(member_id=row.member, since=row.since, kind=row.kind, amount=row.amount)
        for row in rows
        if (row.member, row.since) not in known
    ]
    Base.objects.unscoped(WHY).bulk_create(fresh, batch_size=CHUNK)
    work.note(Base, fresh)
    changed = [
        (known[row.member, row.since], {"kind": row.kind, "amount": row.amount})
        for row in rows
        if (row.member, row.since) in known
    ]
    work.counts[BASES]["new"] += len(fresh)
    work.change(Base, changed, work.counts[BASES], None)


def rows(scope: Scope) -> Iterator[dict[str, Any]]:
    """The bases of the members of the own branch, by name and day."""
    told = Base.objects.within(scope).filter(member__in=Member.objects.within(scope))
    told = told.select_related("member__organisation").order_by("member__organisation__path", "member__name", "since")
    for one in told.iterator(CHUNK):
        yield {
            "name": one.member.name, "branch": one.member.organisation.name, "payer_kind": one.get_kind_display(),
            "base": one.amount, "since": one.since,
        }  # fmt: skip
