"""Selections, entries and marks a post or a judge may read; study programmes and essays."""

from __future__ import annotations

from django.db.models import Avg, Count, Q, QuerySet

from zhibu.web.core.scope import Scope
from zhibu.web.learning import queries
from zhibu.web.learning.models import Essay, LectureContest, LectureEntry, LectureJudge, StudyProgramme
from zhibu.web.members.models import Member
from zhibu.web.organisations import tree

FROM_ABOVE = "what a superior sets is there for those below"
JUDGED = "a judge reads the entries of the panel"


def contests(scope: Scope) -> QuerySet[LectureContest]:
    """Those kept within reach, and those of superiors, to which one's own lectures are sent."""
    reach = scope.where(LectureContest.scope_path) | Q(organisation__path__in=queries.above_and_here(scope))
    rows = LectureContest.objects.unscoped(FROM_ABOVE).filter(reach)
    return rows.select_related("organisation").order_by("-closes_on", "-pk")


def entries(scope: Scope, contest: LectureContest) -> QuerySet[LectureEntry]:
    """Of the reader's reach, or all where the reader keeps the contest; with the mean of the marks."""
    rows = LectureEntry.objects.unscoped(FROM_ABOVE).filter(contest=contest)
    if not scope.reaches(contest.organisation.path):
        rows = rows.filter(scope.where(LectureEntry.scope_path))
    rows = rows.select_related("organisation").annotate(mean=Avg("marks__total"), marked=Count("marks"))
    return rows.order_by("pk")


def best(scope: Scope) -> QuerySet[LectureEntry]:
    """精品党课库: those chosen by an organisation within reach or above, to be read by all below it."""
    reach = scope.where("contest__organisation__path") | Q(
        contest__organisation__path__in=queries.above_and_here(scope)
    )
    rows = LectureEntry.objects.unscoped(FROM_ABOVE).filter(reach, best=True)
    return rows.select_related("organisation", "contest").order_by("-entered_on", "-pk")


def panels(user_id: int) -> QuerySet[LectureJudge]:
    """Panels this person sits in, of selections that go on."""
    rows = LectureJudge.objects.unscoped(JUDGED).filter(user=user_id, contest__ended_on=None)
    return rows.select_related("contest__organisation")


def to_mark(judge: LectureJudge) -> QuerySet[LectureEntry]:
    rows = LectureEntry.objects.unscoped(JUDGED).filter(contest=judge.contest_id)
    return rows.select_related("organisation").order_by("pk")


def programmes(scope: Scope) -> QuerySet[StudyProgramme]:
    reach = scope.where(StudyProgramme.scope_path) | Q(organisation__path__in=queries.above_and_here(scope))
    rows = StudyProgramme.objects.unscoped(FROM_ABOVE).filter(reach)
    return rows.select_related("organisation").order_by("-added_on", "-pk")


def binding(member: Member) -> QuerySet[StudyProgramme]:
    """Programmes of the member's branch and above it that go on."""
    here = member.organisation.path
    rows = StudyProgramme.objects.unscoped("the reader's own").filter(
        organisation__path__in=[*tree.ancestor_paths(here), here], ended_on=None
    )
    return rows.select_related("organisation").order_by("-added_on", "-pk")


def essays(scope: Scope, programme: StudyProgramme) -> QuerySet[Essay]:
    rows = Essay.objects.within(scope).filter(cell__programme=programme, member__in=Member.objects.within(scope))
    return rows.select_related("member__organisation", "cell").order_by("cell", "pk")
