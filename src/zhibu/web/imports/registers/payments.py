"""党费交纳记录: what members paid by month, and voluntary sums. What is on the ledger already is never altered."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhibu.web.core.scope import Scope
from zhibu.web.dues import reckoning
from zhibu.web.dues.actions.collect import AHEAD, last_receipt
from zhibu.web.dues.models import Payment
from zhibu.web.imports.books.cells import missing, squeeze
from zhibu.web.imports.books.check import Check
from zhibu.web.imports.books.columns import PAYMENTS
from zhibu.web.imports.books.fields import Fields
from zhibu.web.imports.books.findings import Checked
from zhibu.web.imports.books.table import Table
from zhibu.web.imports.registers.common import CHUNK, People, Places, chunks, day, one_of, yuan
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import dues

if TYPE_CHECKING:
    from zhibu.web.imports.entering import Entering

NEEDS, EXPORT = "dues.collect", "dues.export"
MODELS = (Payment,)
WHY = "of members and branches judged within the scope of who imports"
SORTS = {label: value for value, label in Payment.Kind.choices} | {"自愿": "voluntary", "党费": "monthly"}
WAYS = {label: value for value, label in Payment.Way.choices}
_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})月?(?:[-./]?1日?)?", re.ASCII)
_RECEIPT = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff()（）〔〕号第\-_/.]{0,39}")
_NUMBERED = re.compile(r"[0-9]{4}-[0-9]{4,9}")


@dataclass(slots=True)
class PaymentRow:
    """`receipt` empty: the next of the branch's own. `there`: it is on the ledger already."""

    name: str
    branch_name: str
    branch: int
    member: int
    kind: str
    month: date | None
    paid_on: date
    amount: Decimal
    way: str
    receipt: str
    there: bool = False


def check(tables: Iterable[Table], check: Check, by: Scope) -> Iterator[list[Checked]]:
    judge = _Judge(check, by)
    for some in chunks(tables):
        yield judge.rows(some)


class _Judge:
    def __init__(self, check: Check, by: Scope):
        self._today, self._places, self._people = check.today, Places(check, by, NEEDS), People(by.doing(NEEDS))
        self._by = by
        self._practices: reckoning.Practices | None = None
        self._claimed: dict[object, int] = {}
        self._receipts: dict[str, int] = {}  # number → whose it is

    def rows(self, some: list[Fields]) -> list[Checked]:
        found = [(fields, *self._places.find(fields, "党支部")) for fields in some]
        self._people.load(ref[1] for _, ref, _ in found if ref and ref[0] == "db")
        told = []
        for fields, ref, branch_name in found:
            if not self._by.user_id:
                fields.row.error("交纳记录要写明经手人，由支部书记、副书记登录后导入")
                continue
            member = self._people.find(fields, ref[1] if ref[0] == "db" else 0) if ref else None
            if ref and member and (row := self._read(fields, member, ref[1], branch_name)):
                told.append((fields, row, member))
        self._against(told)
        return [fields.row for fields in some]

    def _read(self, fields: Fields, member: Member, branch: int, branch_name: str) -> PaymentRow | None:
        kind, way = one_of(fields, "sort", SORTS, "monthly"), one_of(fields, "way", WAYS, "cash")
        month = _month(fields) if kind == "monthly" else None
        paid_on, amount = day(fields, "paid_on", self._today), yuan(fields, "amount")
        if kind == "voluntary" and not missing(fields.raw("month")):
            fields.error("month", "自愿多交的不分月份，这一格空着")
        if not amount and fields.row.accepted:
            fields.error("amount", "金额没有填，填大于 0 的元数")
        receipt = squeeze(fields.raw("receipt")).lstrip("'")
        if receipt and not _RECEIPT.fullmatch(receipt):
            fields.error("receipt", "收据号最多 40 个字，只用数字、字母、汉字和横线；没有的空着，自动编号")
        place = self._places.known[branch]
        own = receipt.removeprefix(f"{place.code}-")
        if own != receipt and not _NUMBERED.fullmatch(own):
            fields.error("receipt", f"以“{place.code}-”开头的是本系统的编号，要写成 {place.code}-2026-0001 这样")
        if not fields.row.accepted or not paid_on or not amount:
            return None
        if month and (month.year - self._today.year) * 12 + month.month - self._today.month > AHEAD:
            fields.error("month", f"{month:%Y-%m} 还早，最多提前 {AHEAD} 个月")
            return None
        return PaymentRow(member.name, branch_name, branch, member.pk, kind, month, paid_on, amount, way, receipt)

    def _against(self, told: list[tuple[Fields, PaymentRow, Member]]) -> None:
        """What the ledger holds already, what was owed, and the other rows of the book."""
        members = {member.pk: member for _, _, member in told}
        stored = Payment.objects.unscoped(WHY).filter(member__in=members, voided_on=None)
        months = {(one.member_id, one.month): one for one in stored if one.month}
        given: Counter[object] = Counter(
            _voluntary(one.member_id, one.paid_on, one.amount) for one in stored if not one.month
        )
        numbers = {row.receipt for _, row, _ in told if row.receipt}
        taken = Payment.objects.unscoped(WHY).filter(receipt__in=numbers).values_list("receipt", "member")
        self._receipts.update(taken)
        payers = reckoning.payers(members.values())
        if self._practices is None:
            self._practices = reckoning.practices(one.path for one in self._places.known.values())
        for fields, row, member in told:
            key: object = (row.member, row.month)
            if row.month is None:
                key = _voluntary(row.member, row.paid_on, row.amount)
                row.there = given[key] > 0
                given[key] -= row.there
            elif first := self._claimed.get(key):
                fields.row.error(f"与第 {first} 行是同一人同一个月，删去一行")
                continue
            elif paid := months.get((row.member, row.month)):
                row.there = (paid.amount, paid.paid_on) == (row.amount, row.paid_on)
                if not row.there:
                    fields.error(
                        "month", f"{row.month:%Y-%m} 已在 {paid.paid_on} 收过，收据 {paid.receipt}；记错的先作废"
                    )
                    continue
            else:
                self._owed(fields, row, payers[member.pk])
            if row.receipt and self._receipts.setdefault(row.receipt, row.member) != row.member:
                fields.error("receipt", "这个收据号是别人的，核对收据")
            if fields.row.accepted:
                fields.row.value = row
                self._claimed[key] = fields.row.row

    def _owed(self, fields: Fields, row: PaymentRow, payer: dues.Payer) -> None:
        """Where the base of the month is known, the sum has to be the one owed; before that it is what was paid."""
        assert row.month and self._practices
        owed = dues.of_month(payer, row.month, self._practices.on(self._places.known[row.branch].path, row.month))
        if owed.state == "owed" and owed.amount and owed.amount != row.amount:
            fields.error("amount", "金额和按基数算出的应交数不符；多交的另写一行，种类填“自愿多交”")
        elif owed.state in ("not_yet", "left"):
            fields.error("month", f"{row.month:%Y-%m} 不用收：{owed.why}")


def _voluntary(member: int, paid_on: date, amount: Decimal) -> object:
    return member, paid_on, amount


def _month(fields: Fields) -> date | None:
    """The first of the month; a whole day in the cell means its month."""
    cell = fields.raw("month")
    if isinstance(cell, date):
        return date(cell.year, cell.month, 1)
    if isinstance(cell, float):
        cell = str(int(cell)) if cell.is_integer() else ""  # 2025.1 may be January or October
    found = _MONTH.fullmatch(squeeze(cell))
    if not found or not 1 <= int(found[2]) <= 12 or not 1921 <= int(found[1]) <= 2100:
        fields.error("month", "月份要写成 2026-11 或 2026年11月，按文本填写")
        return None
    return date(int(found[1]), int(found[2]), 1)


def take(work: Entering, rows: list[PaymentRow]) -> None:
    fresh = [row for row in rows if not row.there]
    _numbered(work, fresh)
    made = [
        Payment(
            organisation_id=row.branch, member_id=row.member, kind=row.kind, month=row.month, paid_on=row.paid_on,
            amount=row.amount, way=row.way, receipt=row.receipt, collected_by_id=work.by.user_id,
        )
        for row in fresh
    ]  # fmt: skip
    Payment.objects.unscoped(WHY).bulk_create(made, batch_size=CHUNK)
    work.note(Payment, made)
    work.counts[PAYMENTS]["new"] += len(made)
    work.counts[PAYMENTS]["same"] += len(rows) - len(made)


def _numbered(work: Entering, rows: list[PaymentRow]) -> None:
    """Receipt numbers as the page gives them: one for what a member paid on a day. The branch is held meanwhile."""
    wanted: dict[str, list[PaymentRow]] = defaultdict(list)
    places = Organisation.objects.unscoped(WHY).select_for_update(no_key=True).order_by("pk")
    codes = dict(places.filter(pk__in={row.branch for row in rows}).values_list("pk", "code"))
    for row in rows:
        if not row.receipt:
            wanted[f"{codes[row.branch]}-{row.paid_on.year}-"].append(row)
    for head, mine in wanted.items():
        last = last_receipt(head, (row.receipt for row in rows))
        given: dict[tuple[int, date], str] = {}
        for row in mine:
            row.receipt = given.setdefault((row.member, row.paid_on), f"{head}{last + len(given) + 1:04d}")


def rows(scope: Scope) -> Iterator[dict[str, Any]]:
    """The payments of the own branch that count, by day."""
    told = Payment.objects.within(scope).filter(member__in=Member.objects.within(scope), voided_on=None)
    told = told.select_related("member", "organisation").order_by("organisation__path", "paid_on", "pk")
    for one in told.iterator(CHUNK):
        yield {
            "name": one.member.name, "branch": one.organisation.name,
            "month": f"{one.month:%Y-%m}" if one.month else "", "sort": one.get_kind_display(), "amount": one.amount,
            "paid_on": one.paid_on, "way": one.get_way_display(), "receipt": one.receipt,
        }  # fmt: skip
