"""News and stories a post may read, how much was handed in and adopted; scope first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from zhibu.web.core.scope import Scope
from zhibu.web.duties.models import Verdict
from zhibu.web.duties.status import Shown, shown
from zhibu.web.organisations.models import Organisation
from zhibu.web.publicity.models import Column, MeetingPaper, News, Press, Story
from zhibu.web.records.models import Record
from zhibu.web.regulations.queries import rules_by_name

EVENT = "information"


def news(scope: Scope, q: str = "", state: str = "") -> QuerySet[News]:
    """The latest first; those that wait before all others."""
    rows = News.objects.within(scope).select_related("organisation", "record")
    rows = rows.filter(state=state) if state else rows
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(organisation__name__icontains=q))
    return rows.order_by("-sent_on", "-pk")


def to_judge(scope: Scope) -> QuerySet[News]:
    """Handed in below and not answered, the oldest first."""
    return news(scope.doing("publicity.judge"), state=News.State.SENT).order_by("sent_on", "pk")


def exchanged(scope: Scope, q: str = "") -> QuerySet[News]:
    """What any organisation here offered to the others; whoever may look at the exchange reads it all."""
    if not scope.may("publicity.exchange"):
        return News.objects.unscoped("none of them").none()
    rows = News.objects.unscoped("offered to committees of all lines").filter(shared_on__isnull=False)
    rows = rows.filter(Q(title__icontains=q) | Q(organisation__name__icontains=q)) if q else rows
    return rows.select_related("organisation").order_by("-shared_on", "-pk")


# Meetings at which bodies of several lines or levels tell each other what they learned (packs/words.yaml; M042–M044).
EXCHANGING = ("liaison_conference", "secretaries_meeting", "work_conference")


def exchanging(record: Record) -> bool:
    return bool({*EXCHANGING} & {*record.types})


def meetings(scope: Scope) -> QuerySet[Record]:
    """Of the own organisation; which of them are such meetings, `exchanging` tells."""
    rows = Record.objects.within(scope).filter(organisation=scope.organisation_id, withdrawn_at=None)
    return rows.select_related("organisation")


def papers(scope: Scope, record: Record) -> QuerySet[MeetingPaper]:
    """What was presented at a meeting. Offered to all lines, so whoever may read the exchange reads the titles."""
    if not scope.may("publicity.exchange"):
        return MeetingPaper.objects.unscoped("none of them").none()
    rows = MeetingPaper.objects.unscoped("of a record in hand").filter(record=record, news__shared_on__isnull=False)
    return rows.select_related("news__organisation")


def presented(news: News) -> QuerySet[MeetingPaper]:
    """Where something of the exchange was presented: whose meeting, when."""
    rows = MeetingPaper.objects.unscoped("of what is offered to all lines").filter(news=news, record__withdrawn_at=None)
    return rows.select_related("organisation", "record").order_by("record__held_on")


def stories(scope: Scope, state: str = "") -> QuerySet[Story]:
    rows = Story.objects.within(scope).select_related("organisation").order_by("-found_on", "-pk")
    return rows.filter(state=state) if state else rows


@dataclass(frozen=True, slots=True)
class Rate:
    """Of one organisation in a year. `duty`: how the rule about handing in stands in its latest period there; it counts
    `noted` too, activity records of this kind that did not come from here."""

    place: Organisation
    sent: int
    adopted: int
    returned: int
    last: date | None
    duty: Shown | None
    noted: int = 0

    @property
    def share(self) -> Decimal | None:
        """Adopted of those handed in, 0–1; None where nothing was."""
        return Decimal(self.adopted) / self.sent if self.sent else None


def rates(scope: Scope, year: int) -> list[Rate]:
    """Organisations that handed in something or have the duty to, in the order of the tree."""
    told = News.objects.within(scope).filter(sent_on__year=year).exclude(state=News.State.WITHDRAWN).order_by()
    counted = told.values("organisation").annotate(
        sent=Count("pk"), adopted=Count("pk", Q(state="adopted")), returned=Count("pk", Q(state="returned")),
        last=Max("sent_on"),
    )  # fmt: skip
    counts = {row["organisation"]: row for row in counted}
    duties, noted = _duties(scope, year), _noted(scope, year)
    places = Organisation.objects.within(scope).filter(pk__in={*counts, *duties}, dissolved_on=None).order_by("path")
    nothing = {"sent": 0, "adopted": 0, "returned": 0, "last": None}
    return [
        Rate(one, row["sent"], row["adopted"], row["returned"], row["last"], duties.get(one.pk), noted.get(one.pk, 0))
        for one in places
        for row in (counts.get(one.pk, nothing),)
    ]


def _noted(scope: Scope, year: int) -> dict[int, int]:
    made_here = News.objects.unscoped("only which records they made").filter(record=OuterRef("pk"))
    rows = Record.objects.within(scope).filter(~Exists(made_here), held_on__year=year, withdrawn_at=None).order_by()
    rows = rows.annotate(kinds=Cast("types", TextField())).filter(kinds__contains=f'"{EVENT}"')
    return dict(rows.values("organisation").annotate(many=Count("pk")).values_list("organisation", "many"))


def _duties(scope: Scope, year: int) -> dict[int, Shown]:
    """Organisation → its verdict on the latest period that has begun, of the rules that ask for this event."""
    names = Q(pk__in=[])
    for (rulebook, rule), one in rules_by_name().items():
        if EVENT in one.types:
            names |= Q(rulebook=rulebook, rule=rule)
    rows = Verdict.objects.within(scope).filter(names, year=year, starts_on__lte=scope.on)
    return {one.organisation_id: shown(one, scope.on) for one in rows.order_by("starts_on", "ends_on", "pk")}


def total(rows: Iterable[Rate]) -> tuple[int, int, Decimal | None]:
    """(handed in, adopted, share)."""
    found = list(rows)
    sent, adopted = sum(one.sent for one in found), sum(one.adopted for one in found)
    return sent, adopted, Decimal(adopted) / sent if sent else None


def published(columns: Iterable[Column], scope: Scope) -> dict[int, int]:
    """Column → pieces published, those withdrawn left out."""
    rows = Press.objects.within(scope).filter(column__in=list(columns), withdrawn_on=None).order_by()
    return dict(rows.values("column").annotate(many=Count("pk")).values_list("column", "many"))
