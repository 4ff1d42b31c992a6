"""Questions, papers and contests within reach; the result of an organisation; what a member may sit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from zhibu.web.core.scope import Scope, subtree
from zhibu.web.learning.hours import kind_of
from zhibu.web.learning.queries import above_and_here
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import BRANCH_KINDS, Organisation
from zhibu.web.quizzes.models import Paper, PaperItem, Question, QuizContest, QuizScore, Sitting
from zhibu.web.records.models import Record

FEWEST = 5  # takers below which a mean would tell of persons
FIGURES = {
    "n": Count("pk"), "right_sum": Sum("right"), "total_sum": Sum("total"),
    "passes": Count("pk", filter=Q(passed=True)),
}  # fmt: skip
WHY = "a superior's bank is there for those below"


def bank(scope: Scope) -> QuerySet[Question]:
    """Those kept within reach and those of superiors."""
    reach = scope.where(Question.scope_path) | Q(organisation__path__in=above_and_here(scope))
    return Question.objects.unscoped(WHY).filter(reach)


def questions(scope: Scope, topic: str = "", q: str = "") -> QuerySet[Question]:
    """As a page lists them, with how many papers ask each; retired ones last."""
    rows = bank(scope).select_related("organisation").annotate(asked=Count("items"))
    rows = rows.filter(topic=topic) if topic else rows
    rows = rows.filter(text__icontains=q) if q else rows
    return rows.order_by(F("retired_on").desc(nulls_first=True), "topic", "pk")


def topics(scope: Scope) -> list[tuple[str, int]]:
    """Topics that have questions in use, with how many."""
    rows = bank(scope).filter(retired_on=None).order_by()
    return sorted(rows.values_list("topic").annotate(Count("pk")))


def papers(scope: Scope) -> QuerySet[Paper]:
    """Those set within reach and those of superiors, whose results for one's own reach one may read."""
    reach = scope.where(Paper.scope_path) | Q(organisation__path__in=above_and_here(scope))
    rows = Paper.objects.unscoped("a superior's paper is sat below").filter(reach).select_related("organisation")
    return rows.annotate(count=Count("items")).order_by("-opens_on", "-pk")


def items(paper: Paper) -> list[PaperItem]:
    rows = PaperItem.objects.unscoped("of a paper found before").filter(paper=paper).select_related("question")
    return list(rows.order_by("position"))


def binding(member: Member) -> QuerySet[Paper]:
    """Papers of the member's branch and of all above it."""
    here = member.organisation.path
    rows = Paper.objects.unscoped("the reader's own").filter(
        organisation__path__in=[*tree.ancestor_paths(here), here], withdrawn_on=None
    )
    return rows.select_related("organisation").order_by("closes_on", "pk")


def sittings(member: Member) -> QuerySet[Sitting]:
    return Sitting.objects.unscoped("the reader's own").filter(member=member).select_related("paper")


@dataclass(frozen=True, slots=True)
class Result:
    """An organisation's result. `mean` and `passed` in percent; None: fewer than FEWEST takers, or none."""

    organisation: Organisation | None
    takers: int
    mean: int | None
    passed: int | None
    records: int  # study on record in the paper's year, beside it


def results(scope: Scope, paper: Paper) -> list[Result]:
    """By branch within reach that has takers. Three queries, whatever the number of branches."""
    places = Organisation.objects.within(scope).filter(subtree("path", paper.organisation.path)).order_by("path")
    rows = Sitting.objects.within(scope).filter(paper=paper, member__in=Member.objects.within(scope).values("pk"))
    found = {
        one["member__organisation"]: [one["n"], one["right_sum"], one["total_sum"], one["passes"]]
        for one in rows.order_by().values("member__organisation").annotate(**FIGURES)
    }
    studied = _study_records(scope, places, paper.opens_on.year)
    shown = places.filter(pk__in=list(found))
    return [_result(one, found[one.pk], studied.get(one.pk, 0)) for one in shown]


def _result(here: Organisation | None, figures: list[int], records: int) -> Result:
    takers, right, total, passed = figures
    if takers < FEWEST or not total:
        return Result(here, takers, None, None, records)
    return Result(here, takers, round(100 * right / total), round(100 * passed / takers), records)


def together(rows: list[Result], scope: Scope, paper: Paper) -> Result:
    """All of them. Where the few that are not shown could be reckoned from the difference, neither is their sum."""
    found = Sitting.objects.within(scope).filter(paper=paper, member__in=Member.objects.within(scope).values("pk"))
    told = found.aggregate(**FIGURES)
    hidden = sum(one.takers for one in rows if one.mean is None)
    figures = [told["n"], told["right_sum"] or 0, told["total_sum"] or 0, told["passes"]]
    whole = _result(None, figures, sum(one.records for one in rows))
    return Result(None, told["n"], None, None, whole.records) if 0 < hidden < FEWEST else whole


def silent(scope: Scope, paper: Paper, rows: list[Result]) -> int:
    """Branches within reach in which nobody sat the paper."""
    places = Organisation.objects.within(scope).filter(subtree("path", paper.organisation.path), dissolved_on=None)
    took = {one.organisation.pk for one in rows if one.organisation}
    return places.filter(kind__in=BRANCH_KINDS).exclude(pk__in=took).count()


def _study_records(scope: Scope, places: QuerySet[Organisation], year: int) -> dict[int, int]:
    """Study of the year on record, by organisation: what `learning/data/records.yaml` counts as study."""
    rows = Record.objects.within(scope).filter(
        organisation__in=places.order_by().values("pk"), withdrawn_at=None, held_on__year=year
    )
    found: dict[int, int] = {}
    for here, types, number in rows.order_by().values_list("organisation", "types").annotate(Count("pk")):
        if kind_of(types):
            found[here] = found.get(here, 0) + number
    return found


def contests(scope: Scope) -> QuerySet[QuizContest]:
    """Those held within reach, and those a team of one's own reach is in."""
    there = scope.where(QuizContest.scope_path) | scope.where("teams__organisation__path")
    rows = QuizContest.objects.unscoped("teams read the contest they are in").filter(there)
    return rows.select_related("organisation").distinct().order_by("-held_on", "-pk")


def board(contest: QuizContest) -> tuple[list[object], list[tuple[object, list[int], int]]]:
    """Rounds, and teams with their points by round and in all, most first."""
    why = "of a contest found before"
    rounds = list(contest.rounds.unscoped(why))
    teams = list(contest.teams.unscoped(why).select_related("organisation"))
    rows = QuizScore.objects.unscoped(why).filter(round__contest=contest, struck=False).order_by()
    points = {(one, two): sum_ for one, two, sum_ in rows.values_list("team", "round").annotate(Sum("points"))}
    table = [(team, [points.get((team.pk, each.pk), 0) for each in rounds]) for team in teams]
    return rounds, sorted(((team, row, sum(row)) for team, row in table), key=lambda one: -one[2])


def closed(paper: Paper, on: date) -> bool:
    """Results stand from the day after: while answers come in, two looks would tell what one person had."""
    return paper.closes_on < on
