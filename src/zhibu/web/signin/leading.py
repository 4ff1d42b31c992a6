"""双重组织生活 (M030), 领导讲党课 (M031): who holds a leading post, how often he was at his home branch as an ordinary
member, apart from that what he did as a leader, and what he lectured there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from zhibu.web.access.models import Post, Role
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.members.models import Member
from zhibu.web.offices.models import BODY, Tenure
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Kind
from zhibu.web.records.models import Record
from zhibu.web.signin.models import Guest, Lecture, LectureCount, SitIn
from zhibu.web.signin.rates import Held, of_members

WHY = "who leads is no secret; the members themselves are read within reach"
LEADING = (Kind.COMMITTEE, Kind.WORK_COMMITTEE, Kind.ORGAN_COMMITTEE, Kind.PARTY_GROUP)


@dataclass(slots=True)
class Leader:
    """`home`: as an ordinary member of the own branch; `duties`: meetings elsewhere, as guest or sitting in."""

    member: Member
    posts: list[str]
    home: Held
    duties: int = 0
    lectures: list[Record] = field(default_factory=list)
    count: LectureCount | None = None

    @property
    def is_due(self) -> bool:
        """Not yet done: fewer than the number set; none at all where no number is."""
        return len(self.lectures) < (self.count.times if self.count else 1)


def leaders(scope: Scope) -> QuerySet[Member]:
    """Members within reach with an office of a leading body, or a leader's post, in the order of the tree."""
    rows = Member.objects.within(scope.doing("signin.leaders")).filter(left_on=None)
    leads = Q(pk__in=_tenures(scope).values("member")) | Q(user__in=_posts(scope).values("user"))
    return rows.filter(leads).select_related("organisation").order_by("organisation__path", "initials", "name", "pk")


def told(scope: Scope, people: Iterable[Member], year: int) -> list[Leader]:
    """The ledger of these members, in a fixed number of queries."""
    people = list(people)
    posts, taught, duties = _titles(scope, people), _taught(people, year), _duties(people, year)
    home, counts = of_members(people, year), _counts(people, year)
    return [
        Leader(
            one, posts[one.pk], home.get(one.pk, Held(Counter())), duties[one.pk], taught[one.pk], counts.get(one.pk)
        )
        for one in people
    ]


def lecturers_due(scope: Scope, year: int) -> list[Leader]:
    """The not-yet-done list."""
    return [one for one in told(scope, leaders(scope), year) if one.is_due]


def _tenures(scope: Scope) -> QuerySet[Tenure]:
    rows = Tenure.objects.unscoped(WHY).filter(held(scope.on), office__kind__in=BODY, member__isnull=False)
    return rows.filter(office__organisation__kind__in=LEADING)


def _posts(scope: Scope) -> QuerySet[Post]:
    return Post.objects.unscoped(WHY).filter(held(scope.on), role=Role.LEADER)


def _titles(scope: Scope, people: list[Member]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for one in _tenures(scope).filter(member__in=people).select_related("office__organisation").order_by("pk"):
        place = one.office.organisation
        found[one.member_id].append(f"{place.short_name or place.name}{one.office.title}")
    users = {one.user_id: one.pk for one in people if one.user_id}
    for post in _posts(scope).filter(user__in=users).select_related("organisation").order_by("pk"):
        found[users[post.user_id]].append(
            f"{post.organisation.short_name or post.organisation.name}{Role.LEADER.label}"
        )
    return found


def _duties(people: list[Member], year: int) -> Counter[int]:
    """Meetings of other organisations: as guest, or sitting in."""
    guests = Guest.objects.unscoped(WHY).filter(meeting__held_on__year=year, member__in=people)
    sitins = SitIn.objects.unscoped(WHY).filter(meeting__held_on__year=year, tenure__member__in=people, attended=True)
    return Counter(guests.values_list("member", flat=True)) + Counter(sitins.values_list("tenure__member", flat=True))


def _taught(people: list[Member], year: int) -> dict[int, list[Record]]:
    """In the home branch alone: a lecture elsewhere is another thing."""
    found: dict[int, list[Record]] = defaultdict(list)
    rows = Lecture.objects.unscoped(WHY).filter(member__in=people, record__organisation=F("member__organisation"))
    rows = rows.filter(record__held_on__year=year, record__withdrawn_at=None)
    for one in rows.select_related("record").order_by("record__held_on", "pk"):
        found[one.member_id].append(one.record)
    return found


def _counts(people: list[Member], year: int) -> dict[int, LectureCount]:
    """The number set by the nearest superior."""
    paths = {path for one in people for path in (one.organisation.path, *tree.ancestor_paths(one.organisation.path))}
    rows = LectureCount.objects.unscoped(WHY).filter(year=year, organisation__path__in=paths)
    nearest_last = sorted(rows.select_related("organisation"), key=lambda row: len(row.organisation.path))
    return {
        one.pk: row for row in nearest_last for one in people if one.organisation.path.startswith(row.organisation.path)
    }
