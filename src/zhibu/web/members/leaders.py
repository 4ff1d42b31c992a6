"""领导标准高于一般党员 (M266): for a kind of activity how often members take part in a year, and leading cadres more
often than they. What somebody did is read from the attendance on record; nothing is typed, nobody is ranked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from zhibu.web.access.models import Post, Role
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.core.spans import held
from zhibu.web.members.models import LeaderItem, Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Attendance
from zhibu.web.regulations.words import event_word, words

ABOVE = "items hold for those below the organisation that set them"


@action("standards.keep")
def set_(
    *, by: Scope, organisation: Organisation, year: int, event: str, members: int, leaders: int, basis: str
) -> LeaderItem:
    """For an organisation and those below it; set again, it takes the place of the old one. Raises Unfit."""
    place = reached(Organisation.objects.within(by), organisation.pk)
    if event not in words()["events"]:
        raise Unfit("event", "选一种活动类型")
    if leaders <= members:
        raise Unfit("leaders", f"领导干部的标准要高于一般党员：一般党员 {members} 次，领导干部至少 {members + 1} 次")
    keys = {"organisation": place, "year": year, "event": event}
    row = LeaderItem.objects.within(by).filter(**keys).first() or LeaderItem(**keys)
    old = {"members": row.members, "leaders": row.leaders} if row.pk else {}
    row.members, row.leaders, row.basis = members, leaders, basis
    row.save()
    write(
        by=by, action="standards.keep", thing=row, organisation=place, old=old,
        sentence=f"{year} 年{event_word(event)}：一般党员 {members} 次，党员领导干部 {leaders} 次",
        new={"members": members, "leaders": leaders, "basis": basis}, happened_on=by.on,
    )  # fmt: skip
    return row


def items(scope: Scope, year: int) -> QuerySet[LeaderItem]:
    rows = LeaderItem.objects.within(scope).filter(year=year).select_related("organisation")
    return rows.order_by("organisation__path", "event")


@dataclass(frozen=True, slots=True)
class Held:
    """One item of one leader: what is asked of them, of members, and how often they were there this year."""

    item: LeaderItem
    done: int

    @property
    def word(self) -> str:
        return self.item.word

    @property
    def left(self) -> int:
        return max(0, self.item.leaders - self.done)


@dataclass(frozen=True, slots=True)
class Leader:
    member: Member
    items: list[Held]


def leaders(scope: Scope, year: int) -> list[Leader]:
    """Members within reach who hold a leader's post today, in the order of the tree."""
    posts = Post.objects.unscoped("who is a leading cadre is no secret; their rows are read within reach")
    users = posts.filter(held(scope.on), role=Role.LEADER).values("user")
    rows = Member.objects.within(scope.doing("members.view")).filter(left_on=None, user__in=users)
    return _told(list(rows.select_related("organisation").order_by("organisation__path", "name", "pk")), year)


def of(member: Member, year: int) -> Leader:
    """One leader's own page."""
    return _told([member], year)[0]


def is_leader(scope: Scope) -> bool:
    rows = Post.objects.unscoped("the reader's own posts").filter(held(scope.on), role=Role.LEADER, user=scope.user_id)
    return rows.exists()


def _told(people: list[Member], year: int) -> list[Leader]:
    paths = {path for one in people for path in (one.organisation.path, *tree.ancestor_paths(one.organisation.path))}
    rows = LeaderItem.objects.unscoped(ABOVE).filter(year=year, organisation__path__in=paths)
    standing, done = list(rows.select_related("organisation").order_by("event")), _done(people, year)
    return [Leader(one, [Held(item, done[one.pk][item.event]) for item in _nearest(one, standing)]) for one in people]


def _nearest(member: Member, rows: Iterable[LeaderItem]) -> list[LeaderItem]:
    """Of each kind of activity the item of the nearest superior that has one."""
    path, found = member.organisation.path, {}
    for one in sorted(rows, key=lambda row: len(row.organisation.path)):
        if path.startswith(one.organisation.path):
            found[one.event] = one
    return [found[event] for event in sorted(found)]


def _done(people: Collection[Member], year: int) -> dict[int, Counter[str]]:
    """Member → kind of activity → how often they were there this year."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Attendance.objects.filter(member__in=people, state=Attendance.State.PRESENT)
    rows = rows.filter(record__held_on__year=year, record__withdrawn_at=None)
    for pk, types in rows.values_list("member", "record__types"):
        found[pk].update(types)
    return found
