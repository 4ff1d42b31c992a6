"""Reads, scope first. A round is read where it was held, whoever has moved since."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from zhibu.web.appraisal import counting
from zhibu.web.appraisal.models import Appraisal, AppraisalLine, Grade
from zhibu.web.core.scope import Scope
from zhibu.web.members.models import Member, MemberKind
from zhibu.web.organisations.models import Kind, Organisation
from zhibu.web.records.models import Record

APPRAISE = (Kind.BRANCH, Kind.JOINT_BRANCH)  # whom the rule binds (packs/central/branch-life, ZB-20)
NONE, UNDER_WAY, DONE = 0, 1, 2
STATES = {"none": "还没有开始", "doing": "正在进行", "done": "已归档"}
Part = AppraisalLine.Part


def rounds(scope: Scope) -> QuerySet[Appraisal]:
    return Appraisal.objects.within(scope).select_related("organisation")


def lines(scope: Scope, appraisal: Appraisal) -> list[AppraisalLine]:
    """By the roll, never by grade."""
    rows = AppraisalLine.objects.within(scope).filter(appraisal=appraisal).select_related("member")
    return list(rows.order_by("member__initials", "member__name", "pk"))


def records(scope: Scope, appraisal: Appraisal) -> QuerySet[Record]:
    """Those that may be its meeting: of the branch, of this kind, since the year began."""
    rows = Record.objects.within(scope).filter(
        organisation=appraisal.organisation_id, withdrawn_at=None, held_on__gte=date(appraisal.year, 1, 1)
    )
    found = [one.pk for one in rows.only("types") if "appraisal" in one.types]
    return Record.objects.within(scope).filter(Q(pk__in=found) | Q(pk=appraisal.record_id)).order_by("-held_on", "-pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a round is: `step` is the next to do (a route's last word), None when archived."""

    step: str | None
    word: str


STEPS = (
    ("discuss", "自评、互评"), ("ballots", "投票和计票"), ("opinion", "提出意见"), ("told", "告知本人"),
    ("public", "支部内通报"), ("archive", "归档"),
)  # fmt: skip


def done(one: Appraisal, found: list[AppraisalLine]) -> dict[str, bool]:
    """Step → whether it is done. Self-appraisals may be done in groups on several days: done when everybody's is."""
    there = [row for row in found if row.part != Part.AWAY]
    graded = [row for row in found if row.part in AppraisalLine.GRADED]
    return {
        "discuss": bool(there) and all(row.self_on and row.mutual_on for row in there),
        "ballots": one.held_on is not None and all(row.counted for row in graded if row.part == Part.WHOLE),
        "opinion": one.decided_on is not None and all(row.grade for row in graded),
        "told": bool(graded) and all(row.told_on for row in graded),
        "public": one.told_from is not None,
        "archive": one.archived_on is not None,
    }


def standing(one: Appraisal, found: list[AppraisalLine]) -> Standing:
    """What comes next: the first step not done. The talk before the ballot holds nobody up once that was held."""
    told = done(one, found)
    if one.held_on:
        told["discuss"] = True
    for step, word in STEPS:
        if not told[step]:
            return Standing(step, word)
    return Standing(None, "已归档")


@dataclass(frozen=True, slots=True)
class Share:
    """优秀 among the full members of the roster; a hint, no bar. `most`: None when nothing limits it."""

    word: str
    excellent: int
    full: int
    most: int | None

    @property
    def over(self) -> bool:
        return self.most is not None and self.excellent > self.most


def share(one: Appraisal, found: list[AppraisalLine]) -> Share:
    full = sum(row.part != Part.VOTES and row.member.kind == MemberKind.FULL for row in found)
    excellent = sum(row.grade == Grade.EXCELLENT for row in found)
    return Share(one.word_excellent, excellent, full, counting.most(one.one_in, full))


def _live(scope: Scope, year: int) -> QuerySet[Appraisal]:
    return Appraisal.objects.within(scope).filter(year=year, cancelled_on=None)


def places(scope: Scope, year: int, state: str = "") -> QuerySet[Organisation]:
    """Branches of the reach with `standing` 0 none, 1 under way, 2 archived; those that have not begun come first."""
    here = _live(scope, year).filter(organisation=OuterRef("pk"))
    bound = Q(kind__in=APPRAISE, dissolved_on=None) & (Q(founded_on=None) | Q(founded_on__year__lte=year))
    stands = Case(
        When(Exists(here.exclude(archived_on=None)), then=Value(DONE)),
        When(Exists(here), then=Value(UNDER_WAY)),
        default=Value(NONE),
        output_field=IntegerField(),
    )
    rows = Organisation.objects.within(scope).annotate(standing=stands).filter(bound | Q(standing__gt=NONE))
    if state in STATES:
        rows = rows.filter(standing=list(STATES).index(state))
    return rows.order_by("standing", "path")


@dataclass(frozen=True, slots=True)
class Row:
    """A branch and its round, if there is one. `sums`: only of an archived one, grade → members; no names."""

    place: Organisation
    round: Appraisal | None
    state: str
    sums: list[int] | None

    @property
    def status(self) -> str:
        return {"none": "todo", "doing": "soon", "done": "done"}[self.state]

    @property
    def word(self) -> str:
        return STATES[self.state]

    @property
    def cells(self) -> list[tuple[str, int | None]]:
        return list(zip(Grade.labels, self.sums or [None] * len(Grade), strict=True))


def table(scope: Scope, shown: list[Organisation], year: int) -> list[Row]:
    of = {one.organisation_id: one for one in _live(scope, year).filter(organisation__in=shown)}
    return [_row(place, of.get(place.pk)) for place in shown]


def _row(place: Organisation, one: Appraisal | None) -> Row:
    if one is None:
        return Row(place, None, "none", None)
    if one.archived_on is None:
        return Row(place, one, "doing", None)
    return Row(place, one, "done", [int(one.totals.get(grade, 0)) for grade in Grade.values])


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a reach and a year: branches by state, members by grade of the archived rounds."""

    states: dict[str, int]
    grades: list[tuple[str, int]]
    graded: int


def sums(scope: Scope, year: int) -> Sums:
    stands = Counter(places(scope, year).values_list("standing", flat=True))
    told: Counter[str] = Counter()
    for totals in _live(scope, year).exclude(archived_on=None).values_list("totals", flat=True):
        told.update({name: int(totals.get(name, 0)) for name in (*Grade.values, "graded")})
    grades = [(one.label, told[one.value]) for one in Grade]
    return Sums({state: stands[number] for number, state in enumerate(STATES)}, grades, told["graded"])


def unfit(scope: Scope, year: int) -> list[AppraisalLine]:
    """Members judged unfit in archived rounds, where the post sees the restricted `appraisal.unfit`."""
    rows = AppraisalLine.objects.within(scope).filter(
        appraisal__year=year, appraisal__cancelled_on=None, appraisal__archived_on__isnull=False, grade=Grade.UNFIT
    )
    found = rows.select_related("member", "appraisal__organisation").order_by("appraisal__organisation__path", "pk")
    return [one for one in found if scope.sees("appraisal.unfit", one.appraisal.organisation.path)]


def mine(member: Member) -> QuerySet[AppraisalLine]:
    """A person's own results, of which they were told, wherever they were appraised."""
    rows = AppraisalLine.objects.everything("a person's own rows").filter(
        member=member, told_on__isnull=False, appraisal__cancelled_on=None
    )
    return rows.select_related("appraisal__organisation").order_by("-appraisal__year", "-pk")
