"""基础资料 (M374): what should be on file of an organisation, and how much of it the work already left behind.

Nothing is typed for it and nothing kept: every count is read from a register. The list is that of this product's
registers, not of a regulation; it says nothing about persons and gives no points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from zhibu.web.bodies.models import Profile
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.duties.models import Verdict
from zhibu.web.members.models import FilePaper
from zhibu.web.members.queries import on_roster
from zhibu.web.offices.models import BODY, Office, Tenure
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.records.models import Record

Counts = dict[int, tuple[int, int]]  # organisation → how many are there, of how many
WHERE = "organisation"


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the list. `needs`: the action that shows it; `counts` reads it for some organisations at once."""

    word: str
    says: str
    needs: str
    counts: Callable[[Scope, Collection[int]], Counts]
    url: str  # where it arises
    coded: bool = False  # the address takes the organisation's code
    branches: bool = False  # asked of branches alone


@dataclass(frozen=True, slots=True)
class Line:
    item: Item
    have: int
    of: int
    address: str

    @property
    def complete(self) -> bool:
        return self.have >= self.of

    @property
    def missing(self) -> int:
        return max(0, self.of - self.have)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The list of one organisation; only what the reader may see."""

    organisation: Organisation
    lines: list[Line]

    @property
    def complete(self) -> int:
        return sum(line.complete for line in self.lines)

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if not line.complete]


def sheets(scope: Scope, places: Collection[Organisation]) -> list[Sheet]:
    """Of these organisations, a query or two for each item however many they are."""
    ids = [place.pk for place in places]
    told = [(item, item.counts(scope.doing(item.needs), ids)) for item in ITEMS if scope.may(item.needs)]
    return [
        Sheet(place, [_line(item, place, counts) for item, counts in told if _asked(scope, item, place)])
        for place in places
    ]


def branches(scope: Scope, q: str = "") -> QuerySet[Organisation]:
    rows = Organisation.objects.within(scope).filter(kind__in=BRANCH_KINDS, dissolved_on=None).order_by("path")
    return rows.filter(Q(name__icontains=q) | Q(short_name__icontains=q) | Q(code__istartswith=q)) if q else rows


def _asked(scope: Scope, item: Item, place: Organisation) -> bool:
    return scope.may_at(item.needs, place.path) and (not item.branches or place.kind in BRANCH_KINDS)


def _line(item: Item, place: Organisation, counts: Counts) -> Line:
    have, of = counts.get(place.pk, (0, 1))
    return Line(item, have, of, reverse(item.url, args=[place.code] if item.coded else []))


def _duties(scope: Scope, ids: Collection[int]) -> Counts:
    """What was due this year and is concluded: done, late or not."""
    rows = Verdict.objects.within(scope).filter(organisation__in=ids, year=scope.on.year).order_by()
    rows = rows.filter(status__in=("met", "late", "missed"))
    return _counted(rows, ~Q(status="missed"))


def _minutes(scope: Scope, ids: Collection[int]) -> Counts:
    return _counted(_records(scope, ids), ~Q(content=""))


def _attendance(scope: Scope, ids: Collection[int]) -> Counts:
    return _counted(_records(scope, ids), Q(expected__isnull=False, present__isnull=False))


def _records(scope: Scope, ids: Collection[int]) -> QuerySet[Record]:
    rows = Record.objects.within(scope).filter(organisation__in=ids, withdrawn_at=None)
    return rows.filter(held_on__year=scope.on.year).order_by()


def _roster(scope: Scope, ids: Collection[int]) -> Counts:
    return _counted(
        on_roster(scope, None).filter(organisation__in=ids).order_by(), ~Q(education="") & ~Q(employment="")
    )


def _papers(scope: Scope, ids: Collection[int]) -> Counts:
    rows = on_roster(scope, None).filter(organisation__in=ids).order_by()
    checked = FilePaper.objects.within(scope).filter(member__organisation__in=ids).values("member")
    return _counted(rows, Q(pk__in=checked))


def _body(scope: Scope, ids: Collection[int]) -> Counts:
    """Seats of the leading body that are filled today."""
    offices = Office.objects.within(scope).filter(held(scope.on), organisation__in=ids, kind__in=BODY).order_by()
    seats = dict(offices.values_list(WHERE).annotate(number=Sum("seats")))
    tenures = Tenure.objects.within(scope).filter(held(scope.on), office__in=offices).order_by()
    filled = dict(tenures.values_list("office__organisation").annotate(number=Count("pk")))
    return {place: (filled.get(place, 0), number) for place, number in seats.items()}


def _term(scope: Scope, ids: Collection[int]) -> Counts:
    rows = Organisation.objects.within(scope).filter(pk__in=ids).exclude(term_ends_on=None)
    return dict.fromkeys(rows.values_list("pk", flat=True), (1, 1))


def _profile(scope: Scope, ids: Collection[int]) -> Counts:
    rows = Profile.objects.within(scope).filter(organisation__in=ids)
    return dict.fromkeys(rows.values_list(WHERE, flat=True), (1, 1))


def _counted(rows: QuerySet, there: Q) -> Counts:
    found = rows.values_list(WHERE).annotate(of=Count("pk"), have=Count("pk", filter=there))
    return {place: (have, of) for place, of, have in found}


ITEMS = (
    Item("组织生活", "今年到期的事项，办了几件", "branch.view", _duties, "organisation", coded=True),
    Item("会议记录", "今年的活动记录，写了内容的", "records.view", _minutes, "records"),
    Item("到会人数", "今年的活动记录，写了应到、实到的", "records.view", _attendance, "records"),
    Item("党员名册", "学历和工作岗位都有的党员", "members.view", _roster, "members", branches=True),
    Item("党员档案", "核对过档案的党员", "members.view", _papers, "papers", branches=True),
    Item("班子", "核定的职务，现在有人的", "offices.view", _body, "offices-of", coded=True),
    Item("届期", "登记了届满日期", "branch.view", _term, "organisation", coded=True),
    Item("单位概况", "本单位填写的概况", "organisations.view", _profile, "profile", coded=True),
)
