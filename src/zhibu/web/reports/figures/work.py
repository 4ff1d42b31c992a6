"""Charges, enterprises and social organisations, concerns, experience, targets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse

from zhibu.web.concerns.models import Concern, PointVisit
from zhibu.web.coverage import rates
from zhibu.web.coverage.models import UnitKind
from zhibu.web.coverage.queries import working
from zhibu.web.publicity.models import News, Recognised, Recommended
from zhibu.web.reports.figures.asked import Asked, Figure, shown
from zhibu.web.reports.models import YearTarget
from zhibu.web.responsibilities.models import Charge

CASES = 12


def charges(asked: Asked) -> list[Figure]:
    url, source, on = reverse("charters"), "职责清单", asked.as_of
    rows = asked.rows(Charge).filter(given_on__lte=on)
    rows = rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
    done = Q(done_on__lte=on)
    late = rows.filter(due_on__lt=on).exclude(done).count()
    return [
        asked.figure("交办的职责", rows.count(), "项", source, url, "到这一天没有收回的"),
        asked.figure("已完成", rows.filter(done).count(), "项", source, url),
        asked.figure("过了期限没有完成", late, "项", source, url),
    ]


def cover(asked: Asked) -> list[Figure]:
    """The two rates on the last day, numerator and denominator beside each."""
    url, source = reverse("units-rates"), "覆盖率"
    there, then = asked.here.path, replace(asked.scope, on=asked.as_of)
    units = [one for one in working(then) if one.organisation.path.startswith(there)]
    found = []
    for kind in rates.KINDS:
        told, word = rates.of(kind, units), UnitKind(kind).label
        for words, one in (("组织覆盖率", told.organisation), ("工作覆盖率", told.work)):
            basis = f"{one.part:,} ÷ {one.whole:,} 个正常运营的单位"
            found.append(asked.figure(f"{word}{words}", one.value, "%", source, url, basis))
    return found


def service(asked: Asked) -> list[Figure]:
    days = (asked.since, asked.as_of)
    rows = asked.rows(Concern).filter(taken_on__range=days).exclude(state=Concern.State.WITHDRAWN)
    visits = asked.rows(PointVisit).filter(visited_on__range=days, withdrawn_on=None)
    found = rows.filter(source=Concern.Source.VISIT)
    solved = Q(outcome=Concern.Outcome.SOLVED)
    url, there = reverse("concerns"), reverse("visits")
    return [
        asked.figure("受理群众和基层反映的事", rows.count(), "件", "反映事项", url),
        asked.figure("其中已解决", rows.filter(solved).count(), "件", "反映事项", url, "到今天"),
        asked.figure("到联系点", visits.count(), "次", "到联系点", there),
        asked.figure("在联系点发现问题", found.count(), "个", "到联系点", there),
        asked.figure("其中已解决", found.filter(solved).count(), "个", "到联系点", there, "到今天"),
    ]


def models(asked: Asked) -> list[Figure]:
    days = (asked.since, asked.as_of)
    adopted = _adopted(asked).count()
    sent = asked.rows(News).filter(sent_on__range=days).exclude(state=News.State.WITHDRAWN).count()
    known = asked.rows(Recognised).filter(held_on__range=days, withdrawn_on=None).count()
    url = reverse("publicity")
    return [
        asked.figure("报送信息", sent, "篇", "信息报送", url),
        asked.figure("被采用", adopted, "篇", "信息报送", url, "按处理日期"),
        asked.figure("受到上级肯定", known, "次", "上级肯定", reverse("publicity-recognised")),
    ]


def cases(asked: Asked) -> list[Figure]:
    """Experience by its title, the latest first. No stories: who is in one may take the consent back, a kept report
    could not follow."""
    days = (asked.since, asked.as_of)
    told = [
        Figure(f"《{one.title}》", "", "", "信息报送", reverse("news", args=[one.pk]), one.answered_on,
               f"{one.organisation.short_name or one.organisation.name}，{one.get_level_display()}采用")
        for one in _adopted(asked).filter(kind=News.Kind.EXPERIENCE).select_related("organisation")[:CASES]
    ]  # fmt: skip
    taken = asked.rows(Recommended).filter(
        recommended_on__range=days, withdrawn_on=None, outcome=Recommended.Outcome.ADOPTED
    )
    url = reverse("publicity-recommended")
    told += [
        Figure(one.experience, "", "", "向上推荐", url, one.recommended_on, f"推荐到{one.get_level_display()}，已采用")
        for one in taken[:CASES]
    ]
    return told


def _adopted(asked: Asked) -> QuerySet[News]:
    rows = asked.rows(News).filter(state=News.State.ADOPTED, answered_on__range=(asked.since, asked.as_of))
    return rows.order_by("-answered_on", "-pk")


def targets(asked: Asked) -> list[Figure]:
    """Those of the organisation itself, in the year of the last day."""
    rows = YearTarget.objects.within(asked.scope).filter(organisation=asked.here, year=asked.until.year)
    url = reverse("report-targets")
    told = []
    for one in rows.filter(withdrawn_on=None).order_by("pk"):
        parts = [f"年初目标 {shown(_plain(one.first))}"]
        if one.done is not None:
            parts.append(f"上半年完成 {shown(_plain(one.done))}，下半年还要 {shown(_plain(one.left))}")
        if one.again_on:
            parts.append(f"调整：{one.why}")
        told.append(asked.figure(one.name, _plain(one.now), one.unit, "年度目标", url, "；".join(parts)))
    return told


def _plain(value: Decimal) -> Decimal | int:
    """12.00 as 12."""
    return int(value) if value == value.to_integral_value() else value.normalize()
