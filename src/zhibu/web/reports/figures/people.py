"""Organisations, members, training classes."""

from __future__ import annotations

from django.db.models import Q, Sum
from django.urls import reverse

from zhibu.web.learning.models import Trainee, TrainingClass
from zhibu.web.members import history
from zhibu.web.members.models import Member
from zhibu.web.organisations.models import BRANCH_KINDS, Kind, Organisation
from zhibu.web.reports.figures.asked import Asked, Figure

COMMITTEES = (Kind.COMMITTEE, Kind.WORK_COMMITTEE, Kind.ORGAN_COMMITTEE)
ROSTER = "党员名册"


def bodies(asked: Asked) -> list[Figure]:
    """Those that stood on the last day."""
    url, on = reverse("organisations"), asked.as_of
    stood = Q(dissolved_on=None) | Q(dissolved_on__gt=on)
    rows = Organisation.objects.below(asked.scope, asked.here.path).filter(stood).exclude(kind=Kind.GROUP)
    rows = rows.filter(Q(founded_on=None) | Q(founded_on__lte=on)).order_by()
    kinds = list(rows.values_list("kind", flat=True))
    counted = {
        "党组织": len(kinds), "其中党委（党工委）": sum(kind in COMMITTEES for kind in kinds),
        "其中党总支": kinds.count(Kind.GENERAL_BRANCH), "其中党支部": sum(kind in BRANCH_KINDS for kind in kinds),
    }  # fmt: skip
    new = rows.filter(founded_on__range=asked.span).count()
    return [
        *(asked.figure(words, many, "个", "组织", url) for words, many in counted.items() if many),
        asked.figure("这段时间新设立", new, "个", "组织", url, "按成立日期"),
    ]


def members(asked: Asked) -> list[Figure]:
    url, rows = reverse("members"), asked.rows(Member)
    then = f"{reverse('as-of')}?on={asked.as_of}"
    many = history.how_many_on(asked.scope, asked.as_of, asked.here)
    came = rows.filter(joined_on__range=asked.span).count()
    full = rows.filter(full_on__range=asked.span).count()
    return [
        asked.figure("党员", many, "名", "某日党员名册", then, "按登记的变动推算那一天在册的"),
        asked.figure("这段时间入党", came, "名", ROSTER, url, "按加入党组织日期，现在名册上的"),
        asked.figure("这段时间转正", full, "名", ROSTER, url, "按转为正式党员日期，现在名册上的"),
    ]


def study(asked: Asked) -> list[Figure]:
    """Classes that ended in the period, and who was there."""
    url, source = reverse("classes"), "培训班"
    rows = asked.rows(TrainingClass).filter(ends_on__range=(asked.since, asked.as_of), cancelled_on=None)
    keys = list(rows.values_list("pk", flat=True))
    there = Trainee.objects.within(asked.scope).filter(training_class__in=keys, attended=True).count()
    others = rows.aggregate(n=Sum("others"))["n"] or 0
    return [
        asked.figure("举办培训班", len(keys), "期", source, url, "在这段时间结束的，取消的不算"),
        asked.figure("参加培训", there + others, "人次", source, url, f"登记为参加的 {there}，名册以外的学员 {others}"),
    ]
