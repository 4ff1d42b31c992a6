"""What the page 我的 shows: one's own row, what the branch does, and who can see one's data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zhibu.web.access.queries import Identity, watchers
from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.rows import Row, row_of
from zhibu.web.members.models import Look, Member
from zhibu.web.records.models import Attendance, Record
from zhibu.web.records.words import types_words
from zhibu.web.regulations.queries import rules_by_name

LATELY, SOON = 5, 5


@dataclass(frozen=True, slots=True)
class Activity:
    record: Record
    what: str
    state: str  # the reader's own attendance; empty when not noted


def own_row(user_id: int) -> Member | None:
    """The reader's own row. It may stand outside the reach of the present post, and is theirs all the same."""
    own = Member.objects.everything("a person's own row, also one withheld from all others").filter(user_id=user_id)
    return own.select_related("organisation").first()


def lately(scope: Scope, member: Member) -> list[Activity]:
    """The branch's last activities and whether the reader was there, for nobody else to see."""
    rows = Record.objects.within(scope.doing("records.view")).filter(
        organisation=member.organisation, withdrawn_at=None
    )
    records = list(rows.order_by("-held_on", "-pk")[:LATELY])
    there = Attendance.objects.filter(record__in=records, member=member)
    states = {one.record_id: one.get_state_display() for one in there}
    return [Activity(record, types_words(record.types), states.get(record.pk, "")) for record in records]


def coming(scope: Scope, member: Member) -> list[Row]:
    """What the branch has to hold next."""
    open_ones = Verdict.objects.within(scope.doing("records.view")).filter(
        organisation=member.organisation, status="open", deadline__gte=scope.on
    )
    rules = rules_by_name()
    rows = [row_of(one, rules.get((one.rulebook, one.rule)), scope.on) for one in open_ones.order_by("ends_on", "pk")]
    return [row for row in rows if not row.standing][:SOON]


def who_can_see(scope: Scope, member: Member) -> list[Identity]:
    """Posts of today that open the roster of the reader's branch, and the colleagues who stand in for them."""
    return watchers("members.view", member.organisation, scope.on)


def who_looked(member: Member) -> QuerySet[Look]:
    """Who opened or exported the reader's whole numbers, and why; the last 50."""
    return Look.objects.filter(seen__member=member).select_related("user").order_by("-at", "-pk")[:50]
