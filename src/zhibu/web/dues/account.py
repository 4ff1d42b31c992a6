"""党费收缴情况通报 (DF-19): what a branch tells its members about a year. Figures only, no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from zhibu.web.core.scope import Scope
from zhibu.web.dues.models import HandIn, Payment, Use
from zhibu.web.dues.queries import NOTHING, uses, valid, yuan
from zhibu.web.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Account:
    year: int
    months: list[tuple[date, int, Decimal]]  # month, people, yuan
    voluntary: tuple[int, Decimal]
    handed_in: Decimal
    uses: list[Use]

    @property
    def collected(self) -> Decimal:
        return sum((amount for _, _, amount in self.months), NOTHING)

    @property
    def used(self) -> Decimal:
        return sum((one.amount for one in self.uses), NOTHING)


def account(scope: Scope, here: Organisation, year: int) -> Account:
    """Dues for the months of a year, voluntary sums, hand-ins and uses of that year."""
    rows = valid(Payment.objects.within(scope)).filter(organisation=here).order_by()
    months = rows.filter(month__year=year).values("month").annotate(people=Count("pk"), sum=Sum("amount"))
    more = rows.filter(month=None, paid_on__year=year).aggregate(people=Count("pk"), sum=Sum("amount"))
    handed = HandIn.objects.within(scope).filter(organisation=here, handed_on__year=year)
    handed = handed.exclude(state=HandIn.State.RETURNED).aggregate(sum=Sum("amount"))
    return Account(
        year=year,
        months=[(row["month"], row["people"], yuan(row["sum"])) for row in months.order_by("month")],
        voluntary=(more["people"], yuan(more["sum"])),
        handed_in=yuan(handed["sum"]),
        uses=list(uses(scope, here, year)),
    )
