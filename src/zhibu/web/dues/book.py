"""党费台账 of a year: a member a line, a month a column."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhibu.web.audit.actions import action, reached, write
from zhibu.web.core import sheets
from zhibu.web.core.scope import Scope
from zhibu.web.dues import reckoning
from zhibu.web.dues.models import Payment
from zhibu.web.dues.queries import NOTHING, valid
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import dues

HEADINGS = ("姓名", *(f"{month}月" for month in range(1, 13)), "合计", "自愿多交", "说明")
STATES = {"free": "免", "unknown": "未核定", "not_yet": "", "left": ""}


@dataclass(frozen=True, slots=True)
class Row:
    member: Member
    cells: list[Decimal | str]  # of twelve months: paid, or 欠, 免, 未核定, nothing
    total: Decimal
    voluntary: Decimal
    months: list[date]

    @property
    def pairs(self) -> list[tuple[int, Decimal | str]]:
        return list(enumerate(self.cells, 1))


def rows(scope: Scope, here: Organisation, year: int) -> list[Row]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    members = list(reckoning.roster(scope, here, first, last))
    payers, practices = reckoning.payers(members), reckoning.practices([here.path])
    paid: dict[int, dict[date, Decimal]] = defaultdict(dict)
    more: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    found = valid(Payment.objects.unscoped("of members on the roster read above")).filter(member__in=members)
    for pk, month, on, amount in found.values_list("member", "month", "paid_on", "amount"):
        if month:
            paid[pk][month] = amount
        elif on.year == year:
            more[pk] += amount
    made = []
    for one in members:
        cells = [
            _cell(payers[one.pk], month, paid[one.pk], practices.on(here.path, month), scope.on)
            for month in dues.months(first, last)
        ]
        total = sum((cell for cell in cells if isinstance(cell, Decimal)), NOTHING)
        made.append(Row(one, cells, total, more[one.pk], sorted(paid[one.pk])))
    return made


def _cell(
    payer: dues.Payer, month: date, paid: dict[date, Decimal], practice: dues.Practice, today: date
) -> Decimal | str:
    if month in paid:
        return paid[month]
    begun = reckoning.since(payer)
    if month > today or (begun and month < begun.replace(day=1)):
        return ""
    owed = dues.of_month(payer, month, practice)
    return STATES.get(owed.state, "欠" if owed.amount and dues.next_month(month) <= today else "")


@action("dues.export")
def export(*, by: Scope, branch: Organisation, year: int) -> bytes:
    """The same as a workbook. Bases are not in it."""
    here = reached(Organisation.objects.within(by), branch.pk)
    found = rows(by, here, year)
    write(
        by=by, action="dues.export", sentence=f"导出党费台账 {here.name} {year} 年", thing=here, organisation=here,
        new={"rows": len(found)},
    )  # fmt: skip
    table = [[one.member.name, *one.cells, one.total, one.voluntary or "", ""] for one in found]
    columns = zip(*[one.cells for one in found], strict=True)
    sums = [sum((cell for cell in column if isinstance(cell, Decimal)), NOTHING) for column in columns] or [""] * 12
    table.append(
        ["合计", *sums, sum((one.total for one in found), NOTHING), sum((one.voluntary for one in found), NOTHING), ""]
    )
    told = f"单位：{here.name}；截至 {by.on.isoformat()}；单位为元；欠：已到期未交，免：经批准免交"
    return sheets.workbook(sheets.Sheet(f"{year}年党费台账", told, HEADINGS, table, (12, *(9,) * 12, 10, 10, 16)))
