"""Hours of study of persons in a year, from classes, from records with hours and from what was held elsewhere.

A sum is a sum: it is put beside what the rules ask and never into an order, a colour or a share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from zhibu.web.core.scope import Scope
from zhibu.web.learning.models import OutsideHours, Trainee
from zhibu.web.learning.words import CHANNELS, FORMS, channel_word, choices, form_word
from zhibu.web.members.models import Employment, Member
from zhibu.web.records.models import Attendance
from zhibu.web.records.words import types_words
from zhibu.web.regulations.study import Asked

NOTHING = Decimal(0)
WHY = "hours of members the caller may see"


@dataclass(frozen=True, slots=True)
class Line:
    """Something a member learned at. `source`: 培训班, 活动记录, 登记 or 导入; `pk` of what was entered elsewhere."""

    on: date
    what: str
    form: str
    channel: str
    hours: Decimal
    source: str
    pk: int = 0

    @property
    def form_word(self) -> str:
        return form_word(self.form)

    @property
    def channel_word(self) -> str:
        return channel_word(self.channel)


@dataclass(frozen=True, slots=True)
class Study:
    """One member's year."""

    member: Member
    lines: Sequence[Line]

    @property
    def total(self) -> Decimal:
        return sum((one.hours for one in self.lines), NOTHING)

    @property
    def by_form(self) -> list[tuple[str, Decimal]]:
        """Every form, those without hours too."""
        return [(word, self._of("form", key)) for key, word in choices(FORMS)]

    @property
    def by_channel(self) -> list[tuple[str, Decimal]]:
        return [(word, self._of("channel", key)) for key, word in choices(CHANNELS)]

    def _of(self, name: str, key: str) -> Decimal:
        return sum((one.hours for one in self.lines if getattr(one, name) == key), NOTHING)


def studies(members: Iterable[Member], year: int) -> list[Study]:
    """In the order given. Three queries."""
    people = list(members)
    found: dict[int, list[Line]] = defaultdict(list)
    for lines in (_classes, _records, _outside):
        for member, line in lines([one.pk for one in people], year):
            found[member].append(line)
    return [Study(one, sorted(found[one.pk], key=lambda line: line.on)) for one in people]


def _classes(members: Collection[int], year: int) -> Iterator[tuple[int, Line]]:
    rows = Trainee.objects.unscoped(WHY).filter(
        member__in=members, attended=True, training_class__ends_on__year=year, training_class__cancelled_on=None
    )
    for one in rows.select_related("training_class").order_by("training_class__ends_on", "pk"):
        held = one.training_class
        yield one.member_id, Line(held.ends_on, held.name, held.form, held.channel, one.hours or NOTHING, "培训班")


def _records(members: Collection[int], year: int) -> Iterator[tuple[int, Line]]:
    """Attendance at activities with hours. One that was a class here counts there, once."""
    rows = Attendance.objects.filter(
        member__in=members, state=Attendance.State.PRESENT, record__withdrawn_at=None, record__hours__gt=0,
        record__held_on__year=year,
    )  # fmt: skip
    rows = rows.filter(~Exists(_as_class()))
    for one in rows.select_related("record").order_by("record__held_on", "pk"):
        kind = kind_of(one.record.types)
        if kind:
            what = one.record.topic or types_words(one.record.types)
            yield one.member_id, Line(one.record.held_on, what, **kind, hours=one.record.hours, source="活动记录")


def _outside(members: Collection[int], year: int) -> Iterator[tuple[int, Line]]:
    rows = OutsideHours.objects.unscoped(WHY).filter(member__in=members, ended_on__year=year, voided_on=None)
    for one in rows.order_by("ended_on", "pk"):
        what = f"{one.what}（{one.where}）"
        yield (
            one.member_id,
            Line(one.ended_on, what, one.form, one.channel, one.hours, one.get_origin_display(), one.pk),
        )


def _as_class() -> QuerySet[Trainee]:
    """To an attendance: the same member's place in the class that this record is."""
    came = Trainee.objects.unscoped(WHY).filter(attended=True, training_class__cancelled_on=None)
    return came.filter(member=OuterRef("member"), training_class__record=OuterRef("record"))


@cache
def kinds() -> dict[str, dict[str, str]]:
    """Type of activity → form and channel."""
    return yaml.safe_load((Path(__file__).parent / "data/records.yaml").read_text(encoding="utf-8"))


def kind_of(types: Iterable[str]) -> dict[str, str] | None:
    """The form and channel of a record's first type that is study; None when none is."""
    return next((kinds()[word] for word in types if word in kinds()), None)


def facts(member: Member) -> dict[str, Any]:
    """The columns that rules on persons ask of, with the meaning of `pipeline/facts.py`."""
    return {
        "is_secretary": member.branch_post == "书记", "is_committee_member": bool(member.branch_post),
        "frail": member.frail, "member_kind": member.kind, "retired": member.employment == Employment.RETIRED,
        "floating": member.floating, "employment": member.employment or None, "is_leader": False,
    }  # fmt: skip


def asked_of(member: Member, rules: Sequence[Asked]) -> list[Asked]:
    known = facts(member)
    return [one for one in rules if one.of(known)]


@dataclass(frozen=True, slots=True)
class Channel:
    """学习台账 by channel: how often something was learned and for how many hours of persons, no names."""

    word: str
    times: int
    hours: Decimal


def by_channel(scope: Scope, year: int) -> list[Channel]:
    """Of the members within reach, in the order of the words. Summed by the database: three queries."""
    people = Member.objects.within(scope).order_by().values("pk")
    found: dict[str, tuple[int, Decimal]] = {key: (0, NOTHING) for key, _ in choices(CHANNELS)}
    for channel, times, hours in _summed(people, year):
        before = found.get(channel, (0, NOTHING))
        found[channel] = (before[0] + times, before[1] + (hours or NOTHING))
    return [Channel(channel_word(key), *told) for key, told in found.items()]


def _summed(people: QuerySet, year: int) -> Iterator[tuple[str, int, Decimal]]:
    came = Trainee.objects.unscoped(WHY).filter(attended=True, training_class__cancelled_on=None)
    went = came.filter(member__in=people, training_class__ends_on__year=year).order_by()
    yield from went.values_list("training_class__channel").annotate(Count("pk"), Sum("hours"))
    rows = OutsideHours.objects.unscoped(WHY).filter(member__in=people, ended_on__year=year, voided_on=None).order_by()
    yield from rows.values_list("channel").annotate(Count("pk"), Sum("hours"))
    there = Attendance.objects.filter(
        ~Exists(_as_class()), member__in=people, state=Attendance.State.PRESENT, record__withdrawn_at=None,
        record__hours__gt=0, record__held_on__year=year,
    )  # fmt: skip
    for types, times, hours in (
        there.order_by().values_list("record__types").annotate(Count("pk"), Sum("record__hours"))
    ):
        if kind := kind_of(types):
            yield kind["channel"], times, hours
