"""From rows to what is owed: payers with their bases and decisions, the practice in force where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import overlapping
from zhibu.web.dues.models import Base, Practice, Relief
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.regulations import dues

ABOVE = "the practice of a superior holds for those below it"


@dataclass(frozen=True, slots=True)
class Practices:
    """path → its practices, latest first. Of an organisation counts the nearest one upward that has begun."""

    of_path: dict[str, list[Practice]]

    def row(self, path: str, month: date) -> Practice | None:
        for above in [path, *reversed(tree.ancestor_paths(path))]:
            for one in self.of_path.get(above, ()):
                if one.starts_on <= month:
                    return one
        return None

    def on(self, path: str, month: date) -> dues.Practice:
        """Without any the regulation of 2008 itself: from the month of the change, the month of the vote included."""
        row = self.row(path, month)
        return dues.Practice(row.mode, row.vote_month) if row else dues.Practice()


def practices(paths: Iterable[str]) -> Practices:
    """Those that may hold for organisations of these paths: their own and their superiors'."""
    wanted = {above for path in paths for above in (path, *tree.ancestor_paths(path))}
    found: dict[str, list[Practice]] = defaultdict(list)
    rows = Practice.objects.unscoped(ABOVE).select_related("organisation").order_by("-starts_on")
    for one in rows.filter(organisation__path__in=wanted) if len(wanted) < 500 else rows:
        found[one.organisation.path].append(one)
    return Practices(dict(found))


def roster(scope: Scope, here: Organisation, first: date, last: date) -> QuerySet[Member]:
    """Members of an organisation itself who were on its roster at some time between two days."""
    rows = Member.objects.within(scope).filter(organisation=here)
    there = overlapping(first, last, starts="arrived_on", ends="left_on")
    return rows.filter(there, joined_on__lte=last).order_by("initials", "name", "pk")


def payers(members: Iterable[Member]) -> dict[int, dues.Payer]:
    """Member key → what the engine needs to know. The members were read within a scope."""
    people = list(members)
    keys = [one.pk for one in people]
    bases, reliefs = defaultdict(list), defaultdict(list)
    why = "rows of members that were read within a scope"
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        for pk, *base in (
            Base.objects.unscoped(why).filter(member__in=some).values_list("member", "since", "kind", "amount")
        ):
            bases[pk].append(dues.Base(*base))
        decided = Relief.objects.unscoped(why).filter(member__in=some, state=Relief.State.APPROVED)
        for pk, *relief in decided.order_by("-decided_on", "-pk").values_list("member", "since", "until", "amount"):
            reliefs[pk].append(dues.Relief(*relief))
    return {one.pk: dues.Payer(one.joined_on, bases[one.pk], reliefs[one.pk], one.left_on) for one in people}


def one(member: Member) -> dues.Payer:
    return payers([member])[member.pk]


def since(payer: dues.Payer) -> date | None:
    """The month from which the ledger knows this member: that of the first base."""
    return min((base.since for base in payer.bases), default=None)


def unpaid(payer: dues.Payer, practice: dues.Practice, paid: set[date], today: date) -> list[date]:
    """The last months in a row, ended before today, that were owed and not paid."""
    begun = since(payer)
    if begun is None:
        return []
    ended = [month for month in dues.months(begun, today) if dues.next_month(month) <= today]
    return dues.in_a_row([(month, dues.of_month(payer, month, practice)) for month in ended[-24:]], paid)
