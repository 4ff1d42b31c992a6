"""What the pages of dues show: the list of a month, the year's ledger, sums for superiors."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.dues import reckoning
from zhibu.web.dues.models import Base, HandIn, Payment, Relief, Use
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.regulations import dues

NOTHING = Decimal("0.00")
OF_ONE = "of a member found within reach, or the reader"
HINT = 3  # months in a row after which the list reminds; ours, the regulation names six


@dataclass(frozen=True, slots=True)
class Line:
    """A member on the list of a month."""

    member: Member
    owed: dues.Owed
    payment: Payment | None
    run: list[date]  # ended months in a row that were not paid

    @property
    def to_pay(self) -> bool:
        return self.payment is None and self.owed.state == "owed" and self.owed.amount > 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The list of a month: the figures add up with the lines."""

    month: date
    lines: list[Line]

    @property
    def paid(self) -> list[Line]:
        return [one for one in self.lines if one.payment]

    @property
    def open(self) -> list[Line]:
        return [one for one in self.lines if one.to_pay]

    @property
    def aside(self) -> list[Line]:
        """Freed, or without a base: neither paid nor to pay."""
        return [one for one in self.lines if not one.payment and not one.to_pay]

    @property
    def collected(self) -> Decimal:
        return sum((one.payment.amount for one in self.paid if one.payment), NOTHING)

    @property
    def outstanding(self) -> Decimal:
        return sum((one.owed.amount for one in self.open), NOTHING)

    @property
    def reminded(self) -> list[Line]:
        return [one for one in self.lines if len(one.run) >= HINT]


def yuan(total: Decimal | None) -> Decimal:
    """A sum of the database with its two places; nothing for none."""
    return (total or NOTHING).quantize(NOTHING)


def valid(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    return rows.filter(voided_on=None)


def listing(scope: Scope, here: Organisation, month: date) -> Listing:
    """Who owes and who has paid for the month of `month`, at one branch."""
    first = month.replace(day=1)
    last = dues.next_month(first)
    members = [one for one in reckoning.roster(scope, here, first, last) if one.joined_on < last]
    payers, practices = reckoning.payers(members), reckoning.practices([here.path])
    paid: dict[int, dict[date, Payment]] = defaultdict(dict)
    for payment in valid(Payment.objects.unscoped("of members on the roster read above")).filter(
        member__in=members, month__isnull=False
    ):
        paid[payment.member_id][payment.month] = payment
    practice = practices.on(here.path, first)
    lines = []
    for one in members:
        owed, own = dues.of_month(payers[one.pk], first, practice), paid[one.pk]
        if owed.state in ("not_yet", "left") and first not in own:
            continue
        run = reckoning.unpaid(payers[one.pk], practice, set(own), scope.on)
        lines.append(Line(one, owed, own.get(first), run))
    return Listing(first, lines)


def payments_of(member: Member) -> QuerySet[Payment]:
    """All of a member who was found within reach (or is the reader), the voided ones too."""
    return Payment.objects.unscoped(OF_ONE).filter(member=member).order_by("-paid_on", "-pk")


def bases_of(member: Member) -> QuerySet[Base]:
    return Base.objects.unscoped(OF_ONE).filter(member=member).order_by("-since")


def reliefs_of(member: Member) -> QuerySet[Relief]:
    return Relief.objects.unscoped(OF_ONE).filter(member=member).order_by("-since", "-pk")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a member, as their page and 我的党费 show it."""

    month: date
    owed: dues.Owed
    payment: Payment | None


def months_of(member: Member, year: int, upto: date) -> list[Month]:
    """The months of a year up to a day, latest first; before the ledger knew the member there are none."""
    payer = reckoning.one(member)
    begun = reckoning.since(payer)
    paid = {one.month: one for one in valid(payments_of(member)) if one.month and one.month.year == year}
    first = max(date(year, 1, 1), begun.replace(day=1)) if begun else None
    last = max([min(date(year, 12, 31), upto), *paid])
    practices = reckoning.practices([member.organisation.path])
    told = dues.months(first, last) if first else iter(sorted(paid))
    found = [
        Month(one, dues.of_month(payer, one, practices.on(member.organisation.path, one)), paid.get(one))
        for one in told
    ]
    return [one for one in reversed(found) if one.payment or one.owed.state != "not_yet"]


@dataclass(frozen=True, slots=True)
class Sums:
    """A branch in a month, without names: people, yuan."""

    place: Organisation
    people: int
    paid: int
    owed: Decimal
    collected: Decimal
    kept: Decimal  # collected and not yet handed in, of all months

    @property
    def rate(self) -> Decimal | None:
        return Decimal(self.paid) / self.people if self.people else None


def sums(scope: Scope, month: date, area: Organisation | None = None) -> list[Sums]:
    """Every branch within reach that has anybody who pays. Sums only."""
    first = month.replace(day=1)
    last = dues.next_month(first)
    places = list(Organisation.objects.within(scope).filter(kind__in=BRANCH_KINDS, dissolved_on=None).order_by("path"))
    places = [one for one in places if area is None or one.path.startswith(area.path)]
    members = Member.objects.within(scope).filter(
        overlapping(first, last, starts="arrived_on", ends="left_on"), organisation__in=places, joined_on__lt=last
    )
    known = list(members.only("pk", "organisation_id", "joined_on", "left_on"))
    payers, practices = reckoning.payers(known), reckoning.practices([one.path for one in places])
    standing = {one.pk: practices.on(one.path, first) for one in places}
    due: dict[int, list[Decimal]] = defaultdict(list)
    for one in known:
        owed = dues.of_month(payers[one.pk], first, standing[one.organisation_id])
        if owed.state == "owed" and owed.amount:
            due[one.organisation_id].append(owed.amount)
    rows = valid(Payment.objects.within(scope)).filter(organisation__in=places).order_by().values("organisation")
    of_month = Q(month=first)
    got = {
        row["organisation"]: row
        for row in rows.annotate(
            people=Count("member", filter=of_month), sum=Sum("amount", filter=of_month),
            kept=Sum("amount", filter=Q(hand_in=None)),
        )
    }  # fmt: skip
    found = []
    for place in places:
        row = got.get(place.pk, {"people": 0, "sum": None, "kept": None})
        if due[place.pk] or row["people"] or row["kept"]:
            owed = sum(due[place.pk], NOTHING)
            kept = (yuan(row["sum"]), yuan(row["kept"]))
            found.append(Sums(place, len(due[place.pk]), row["people"], owed, *kept))
    return found


def waiting(scope: Scope) -> QuerySet[Relief]:
    return reliefs(scope).filter(state=Relief.State.ASKED).order_by("studied_on", "pk")


def reliefs(scope: Scope) -> QuerySet[Relief]:
    """Of members whose data may be processed: rows of others tell nobody anything."""
    rows = Relief.objects.within(scope).filter(member__in=Member.objects.within(scope))
    return rows.select_related("member__organisation")


def payments(scope: Scope) -> QuerySet[Payment]:
    """The same of payments: for pages that name the member."""
    rows = Payment.objects.within(scope).filter(member__in=Member.objects.within(scope))
    return rows.select_related("member", "organisation")


def to_hand_in(scope: Scope, here: Organisation, upto: date | None = None) -> QuerySet[Payment]:
    """Collected and not yet handed in: all of it, the money is there whoever paid it; or only months up to one, and
    what was given voluntarily before its end."""
    rows = valid(Payment.objects.within(scope)).filter(organisation=here, hand_in=None)
    if upto:
        rows = rows.filter(Q(month__lte=upto) | Q(month=None, paid_on__lt=dues.next_month(upto)))
    return rows.select_related("member").order_by("month", "pk")


def named(scope: Scope, here: Organisation) -> set[int]:
    """Members whose names a page of this branch may show."""
    return set(Member.objects.within(scope).filter(organisation=here).values_list("pk", flat=True))


def hand_ins(scope: Scope, here: Organisation) -> QuerySet[HandIn]:
    return HandIn.objects.within(scope).filter(organisation=here).order_by("-handed_on", "-pk")


def uses(scope: Scope, here: Organisation, year: int) -> QuerySet[Use]:
    rows = Use.objects.within(scope).filter(organisation=here, used_on__year=year)
    return rows.order_by("-used_on", "-pk")
