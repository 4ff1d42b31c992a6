"""What waits, what was decided, which organisations have repeated faults. Scope first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.core.waiting import Waiting, waiting
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record, Review
from zhibu.web.review.models import (
    Decision,
    Fault,
    FaultCall,
    Filing,
    RecordReview,
    ReviewSetting,
    Sample,
    Sampling,
    SamplingResult,
    Snooze,
)
from zhibu.web.review.offices import setting_of

DECIDED = (Decision.Kind.ACCEPT, Decision.Kind.RETURN)


def put_up(scope: Scope) -> QuerySet[RecordReview]:
    """Records that wait for a post that reviews them, the longest waiting first."""
    rows = RecordReview.objects.within(scope.doing("review.decide"))
    rows = rows.filter(record__review=Review.WAITING, record__withdrawn_at=None)
    return rows.select_related("record__organisation", "office").order_by("waiting_since", "pk")


def of_record(scope: Scope, number: str) -> RecordReview | None:
    rows = RecordReview.objects.within(scope.doing("review.view")).filter(record__number=number)
    return rows.select_related("record__organisation", "office").first()


def history(scope: Scope, record: Record) -> list[Decision]:
    return list(Decision.objects.within(scope.doing("review.view")).filter(record=record))


def inbox(scope: Scope) -> tuple[list[Waiting], list[Waiting]]:
    """(now, set aside until a later day) of everything that waits for this post."""
    until = Snooze.objects.unscoped("of the own office").filter(organisation=scope.organisation_id, until__gt=scope.on)
    aside = set(until.values_list("key", flat=True))
    found = waiting(scope)
    return [one for one in found if one.key not in aside], [one for one in found if one.key in aside]


def decided_today(scope: Scope) -> int:
    rows = Decision.objects.within(scope.doing("review.decide")).filter(by=scope.user_id or None, kind__in=DECIDED)
    return rows.filter(undone_at=None, at__date=scope.on).count()


def recent(scope: Scope) -> list[Decision]:
    """One's own decisions of the last day, to be undone perhaps; the latest first."""
    rows = Decision.objects.within(scope.doing("review.decide")).filter(kind__in=DECIDED, undone_at=None)
    rows = rows.filter(at__gt=clock.now() - timedelta(hours=24), by=scope.user_id or None)
    return list(rows.select_related("record__organisation").order_by("-at")[:20])


def own_setting(scope: Scope) -> ReviewSetting | None:
    return ReviewSetting.objects.unscoped("of the own committee").filter(organisation=scope.organisation_id).first()


def faults(scope: Scope) -> QuerySet[Fault]:
    rows = Fault.objects.within(scope.doing("review.view"))
    return rows.select_related("organisation", "record", "office", "call").order_by("-marked_on", "-pk")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation whose open faults are as many as its superior takes for repeated."""

    place: Organisation
    faults: list[Fault]

    @property
    def words(self) -> str:
        """不认真 2、不经常 1"""
        kinds = Counter(one.get_kind_display() for one in self.faults)
        return "、".join(f"{word} {count}" for word, count in kinds.most_common())


def candidates(scope: Scope) -> list[Candidate]:
    """Nothing is decided by it. The number and the days are those of the nearest superior with a setting."""
    found: dict[int, list[Fault]] = {}
    rows = Fault.objects.within(scope.doing("review.call")).filter(call=None, withdrawn_on=None)
    for one in rows.select_related("organisation", "record").order_by("organisation__path", "-marked_on"):
        found.setdefault(one.organisation_id, []).append(one)
    return [one for some in found.values() if (one := _candidate(some, scope.on))]


def _candidate(faults: list[Fault], on: date) -> Candidate | None:
    place = faults[0].organisation
    setting = setting_of(place.path)
    if setting is None or setting.marks is None or setting.mark_days is None:
        return None
    since = on - timedelta(days=setting.mark_days)
    lately = [one for one in faults if one.marked_on >= since]
    return Candidate(place, lately) if len(lately) >= setting.marks else None


def calls(scope: Scope) -> QuerySet[FaultCall]:
    return FaultCall.objects.within(scope.doing("review.view")).select_related("organisation", "office")


def samplings(scope: Scope) -> QuerySet[Sampling]:
    """Of the own committee."""
    rows = Sampling.objects.within(scope.doing("review.sample")).filter(organisation=scope.organisation_id)
    looked = Count("samples", filter=Q(samples__looked_on__isnull=False))
    return rows.annotate(drawn=Count("samples"), looked=looked).order_by("-drawn_on", "-pk")


def samples(sampling: Sampling) -> list[Sample]:
    """For a sampling already found within a scope."""
    rows = Sample.objects.unscoped("of the sampling in hand").filter(sampling=sampling)
    found = list(rows.select_related("record__organisation").order_by("record__organisation__path", "record__number"))
    for one in found:
        one.sampling = sampling
    return found


def own_samples(scope: Scope) -> QuerySet[Sample]:
    """Of the own committee's samplings."""
    rows = Sample.objects.unscoped("of the own samplings").filter(sampling__in=samplings(scope).values("pk"))
    return rows.select_related("sampling", "record__organisation")


@dataclass(frozen=True, slots=True)
class BranchLine:
    place: Organisation
    samples: list[Sample]
    words: str

    @property
    def looked(self) -> int:
        return sum(one.looked_on is not None for one in self.samples)

    @property
    def lacking(self) -> str:
        """Items not in order, with how many records; never a score."""
        items = Counter(item for one in self.samples for item in one.lacking)
        return "；".join(f"{item}（{count} 条）" for item, count in items.items())


def branches(sampling: Sampling, found: Iterable[Sample]) -> list[BranchLine]:
    results = SamplingResult.objects.unscoped("of the sampling in hand").filter(sampling=sampling)
    words = dict(results.values_list("organisation", "words"))
    rows: dict[int, list[Sample]] = {}
    for one in found:
        rows.setdefault(one.record.organisation_id, []).append(one)
    return [BranchLine(some[0].record.organisation, some, words.get(pk, "")) for pk, some in rows.items()]


def filings(scope: Scope) -> QuerySet[Filing]:
    rows = Filing.objects.within(scope.doing("filings.view"))
    return rows.select_related("organisation", "office", "record").order_by("-year", "organisation__path", "pk")
