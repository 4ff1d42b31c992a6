"""Who is affected when an account was in wrong hands for some time (PIPL 57): persons and fields.

Two lists. `certain`: what the audit lines of the account say was opened, exported or changed. `possible`: whoever the
posts of the account could see in the window; pages looked at leave no line, so these count as affected until the
opposite is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import batched

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhibu.web.access.models import Post, StandIn
from zhibu.web.access.queries import Identity, scope_of
from zhibu.web.accounts.models import User
from zhibu.web.audit.actions import action, write
from zhibu.web.audit.models import Line
from zhibu.web.audit.models.line import Outcome
from zhibu.web.core import sheets
from zhibu.web.core.scope import Grant, Scope, subtree
from zhibu.web.core.spans import overlapping
from zhibu.web.feedback.models import Feedback
from zhibu.web.imports.models import Created
from zhibu.web.members.models import Look, Member
from zhibu.web.personal.disclosures import kinds
from zhibu.web.personal.models import Request
from zhibu.web.personal.register import entries, fields

WHY = "who is affected by a breach: within the reach of who asks"
MEMBER = "members.member"
NUMBERS = {one.sealed: one.key for one in entries()[MEMBER].fields if one.sealed}
ROSTER = "members.export"
MOST = 20_000
LONGEST = timedelta(days=366)  # of a window
HEADINGS = ("党员编号", "姓名", "党组织", "受影响的内容", "怎么受影响", "确知还是可能")
WIDTHS = (10, 12, 28, 60, 40, 14)


@dataclass(slots=True)
class Person:
    member: int
    what: set[str] = field(default_factory=set)  # rows of the register, or words
    how: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Answer:
    """`scope`: who asks; members outside it are counted, not named."""

    user: User
    since: datetime
    until: datetime
    scope: Scope
    certain: dict[int, Person]
    lines: int

    @property
    def window(self) -> str:
        first, last = timezone.localtime(self.since), timezone.localtime(self.until)
        return f"{first:%Y-%m-%d %H:%M} 到 {last:%Y-%m-%d %H:%M}"

    @cached_property
    def possible(self) -> QuerySet[Member]:
        """Members the account could see and of whom no line tells."""
        return _could_see(self.user, self.since, self.until).exclude(pk__in=list(self.certain))

    def named(self, keys: Iterable[int]) -> dict[int, Member]:
        """Those in reach; a member whose data may not be processed is told by number alone."""
        rows = Member.objects.within(self.scope).filter(pk__in=list(keys))
        return {one.pk: one for one in rows.select_related("organisation")}

    @property
    def people(self) -> int:
        return len(self.certain) + self.possible.count()


def find(*, scope: Scope, user: User, since: datetime, until: datetime) -> Answer:
    """Reads only. `scope`: an area the post of who asks may look into (`affected.find`)."""
    lines = list(_lines(user, since, until))
    certain: dict[int, Person] = defaultdict(lambda: Person(0))
    for line in lines:
        for member, what in _told(line):
            person = certain[member]
            person.member = member
            person.what.update(what)
            person.how.add(f"{timezone.localtime(line.at):%m-%d %H:%M} {_word(line)}")
    return Answer(user, since, until, scope, dict(certain), len(lines))


def _lines(user: User, since: datetime, until: datetime) -> QuerySet[Line]:
    rows = Line.objects.unscoped(WHY).filter(user=user, at__gte=since, at__lte=until, outcome=Outcome.DONE)
    return rows.order_by("pk")


def _word(line: Line) -> str:
    return kinds()[line.action]["word"] if line.action in kinds() else line.sentence[:40]


def _told(line: Line) -> Iterator[tuple[int, set[str]]]:
    """(member, what of them) of one line."""
    new = line.new or {}
    if line.action == "members.unmask":
        if new.get("shown") and line.thing_id.isdigit():
            yield int(line.thing_id), {"members.member.name", NUMBERS[new["what"]]}
    elif line.action == "members.find":
        yield from ((int(pk), set(NUMBERS.values())) for pk in new.get("found") or ())
    elif line.action == "feedback.unmask":
        if new.get("shown"):
            yield from ((pk, set(kinds()[line.action]["fields"])) for pk in _sender(line.thing_id))
    elif line.thing == Look._meta.label_lower:
        given = set(kinds()[line.action]["fields"])
        yield from ((pk, given) for pk in _seen(line.thing_id))
    elif line.action == ROSTER:
        given = set(kinds()[line.action]["fields"])
        yield from ((pk, given) for pk in _roster(line))
    elif line.thing == MEMBER and line.thing_id.isdigit():
        yield int(line.thing_id), {_column(name) for name in {**(line.old or {}), **new}}
    elif line.thing == Request._meta.label_lower:
        yield from ((pk, {"personal.request.wanted_sealed"}) for pk in _asked(line.thing_id))
    elif line.action == "imports.apply":
        everything = {one.key for one in entries()[MEMBER].fields}
        yield from ((pk, everything) for pk in _imported(line.thing_id))


def _column(name: str) -> str:
    """The row of the register for a name in old and new; the name itself when there is none."""
    for one in (f"{MEMBER}.{name}", NUMBERS.get(name, "")):
        if one in fields():
            return one
    return name


def _seen(look: str) -> Iterable[int]:
    rows = Look.objects.filter(pk=int(look)) if look.isdigit() else Look.objects.none()
    return rows.exclude(seen=None).values_list("seen__member", flat=True)


def _roster(line: Line) -> Iterable[int]:
    """An export keeps its filter in words, not the names: everybody who was on the roster there that day."""
    day = timezone.localdate(line.at)
    rows = Member.objects.everything(WHY).filter(subtree(Member.scope_path, line.organisation_path))
    return rows.filter(overlapping(day, None, ends="left_on")).values_list("pk", flat=True)


def _asked(request: str) -> Iterable[int]:
    rows = Request.objects.unscoped(WHY).filter(pk=int(request)) if request.isdigit() else Request.objects.none()
    return [pk for pk in rows.values_list("member", flat=True) if pk]


def _sender(letter: str) -> Iterable[int]:
    rows = Feedback.objects.unscoped(WHY).filter(pk=int(letter)) if letter.isdigit() else Feedback.objects.none()
    return [pk for pk in rows.values_list("user__member", flat=True) if pk]


def _imported(batch: str) -> Iterator[int]:
    rows = Created.objects.filter(batch=int(batch), thing=MEMBER) if batch.isdigit() else Created.objects.none()
    for one in rows:
        yield from one.made
        if one.thing_id:
            yield one.thing_id


def _could_see(user: User, since: datetime, until: datetime) -> QuerySet[Member]:
    """On the roster where a post of the window, or one stood in for, opened it. Judged by the policy of today."""
    first, last = timezone.localdate(since), timezone.localdate(until)
    overlaps = overlapping(first, last)
    posts = Post.objects.unscoped(WHY).filter(overlaps, user=user).select_related("organisation", "user")
    lent = StandIn.objects.unscoped(WHY).filter(overlaps, user=user).select_related("post__organisation", "post__user")
    held = [*(Identity(post) for post in posts), *(Identity(one.post, one) for one in lent)]
    days = [first + timedelta(days=number) for number in range((min(last, first + LONGEST) - first).days + 1)]
    reach, here = _reach(held, days), overlapping(first, None, ends="left_on")
    rows = Member.objects.everything(WHY).filter(reach, here)
    return rows.order_by("organisation__path", "pk")


def _reach(held: list[Identity], days: list[date]) -> Q:
    """Where these posts opened the roster on any of the days: lines of supervision have dates of their own."""
    scopes = [scope_of(identity, day).doing("members.view") for identity in held for day in days]
    areas = tuple({area for scope in scopes for area in scope.areas})
    if not areas:
        return Q(pk__in=[])
    return replace(scopes[0], grants=(Grant("window", areas, frozenset({"members.view"})),)).where(Member.scope_path)


def rows(answer: Answer) -> Iterator[list[sheets.Cell]]:
    """One person a row, those who are certain first; persons out of the reach of who asks without a name."""
    shown = answer.named(answer.certain)
    for pk, person in sorted(answer.certain.items()):
        what = "、".join(sorted(words(person.what)))
        yield [pk, *_who(shown.get(pk)), what, "；".join(sorted(person.how)[:5]), "确知"]
    visible = "、".join(_on_pages())
    for some in batched(answer.possible.values_list("pk", flat=True).iterator(chunk_size=2000), 2000):
        shown = answer.named(some)
        for pk in some:
            yield [pk, *_who(shown.get(pk)), visible, "账号有权打开名册，页面浏览不留记录", "可能"]


def _who(member: Member | None) -> tuple[str, str]:
    if member is None:
        return "（不在本级范围内，或已限制处理）", ""
    return member.name, member.organisation.short_name or member.organisation.name


def words(keys: Iterable[str]) -> list[str]:
    return [fields()[key].word if key in fields() else key for key in keys]


def _on_pages() -> list[str]:
    """What a roster page shows."""
    return words(kinds()[ROSTER]["fields"])


@action("affected.find")
def take(*, by: Scope, user: User, since: datetime, until: datetime) -> Answer:
    """The answer, to be taken away: that is a line, for it is personal data itself."""
    answer = find(scope=by, user=user, since=since, until=until)
    write(
        by=by, action="affected.find", thing=user, organisation=None,
        sentence=f"导出受影响的人：账号 {user.name}，{answer.window}，{answer.people} 人",
        new={"people": answer.people, "certain": len(answer.certain), "window": answer.window},
    )  # fmt: skip
    return answer


def workbook(answer: Answer) -> bytes:
    found = [row for row, _ in zip(rows(answer), range(MOST), strict=False)]
    filters = f"账号：{answer.user.name}；{answer.window}；最多 {MOST} 行"
    return sheets.workbook(sheets.Sheet("受影响的人", filters, HEADINGS, found, WIDTHS))
