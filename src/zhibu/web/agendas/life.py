"""民主生活会: what belongs to one meeting (M032): opinions, problems, tasks; what of it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhibu.web.agendas.models import LifeOpinion, LifeProblem
from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.core.scope import Scope
from zhibu.web.records.models import Record
from zhibu.web.review.models import Filing
from zhibu.web.tasks.models import Task
from zhibu.web.tasks.problems import note

Stage = Filing.Stage
BEFORE_PLAN = (Stage.PLAN_SENT, Stage.PLAN_BACK)
LEARNT = {"study", "discussion", "party_lecture"}
OURS = "只能办本组织的民主生活会"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that belongs to the meeting: there or missing, and in which words."""

    word: str
    there: bool
    says: str
    url: str = ""  # name of the page where it is done


def opinions(scope: Scope, filing: Filing) -> QuerySet[LifeOpinion]:
    return LifeOpinion.objects.within(scope).filter(filing=filing)


def problems(scope: Scope, filing: Filing) -> list[LifeProblem]:
    rows = LifeProblem.objects.within(scope).filter(filing=filing, problem__withdrawn_on=None)
    return list(rows.select_related("problem__order"))


def tasks_of(scope: Scope, found: Sequence[LifeProblem]) -> dict[int, list[Task]]:
    """Order → its tasks, of the problems of a meeting within reach."""
    orders = {one.problem.order_id for one in found if one.problem.order_id}
    told: dict[int, list[Task]] = {}
    rows = Task.objects.unscoped("of a meeting within reach").filter(order__in=orders).exclude(state="withdrawn")
    for one in rows.select_related("owner", "order").order_by("due_on", "pk"):
        told.setdefault(one.order_id, []).append(one)
    return told


def pieces(scope: Scope, filing: Filing) -> list[Piece]:
    """The package in order; what the meeting itself still lacks."""
    heard = [one for one in opinions(scope, filing) if one.withdrawn_on is None]
    asked, received = sum(one.asked for one in heard), sum(one.received for one in heard)
    found, done = problems(scope, filing), filing.stage == Stage.DONE
    given = sum(one.problem.order_id is not None for one in found)
    held = filing.record
    learnt, talks = _before(scope, filing, LEARNT), _before(scope, filing, {"talk"})
    return [
        Piece("会前方案", filing.stage not in BEFORE_PLAN, filing.get_stage_display(), "filing"),
        Piece("会前学习", bool(learnt), f"活动记录 {learnt} 次" if learnt else "会前三个月里没有学习的活动记录"),
        Piece("听取意见", bool(heard), f"{len(heard)} 次，征求 {asked} 人，收到 {received} 条"),
        Piece("谈心谈话", bool(talks), f"活动记录 {talks} 次" if talks else "会前三个月里没有谈心谈话的活动记录"),
        Piece("问题清单", bool(found), f"{len(found)} 条" if found else "还没有列"),
        Piece("会议记录", held is not None, f"{held.held_on} 召开" if held else "报告时从活动记录里选", "filing"),
        Piece("会后报告", bool(filing.report), "已写" if filing.report else "还没有写", "filing"),
        Piece("整改交办", bool(found) and given == len(found), f"{len(found)} 条问题，已交办 {given} 条"),
        Piece("备案", done, "已备案" if done else "上级还没有备案", "filing"),
    ]


def _before(scope: Scope, filing: Filing, kinds: set[str]) -> int:
    """Activities of these kinds in the ninety days up to the meeting."""
    last = filing.record.held_on if filing.record else min(filing.planned_on, scope.on)
    rows = Record.objects.within(scope).filter(
        organisation=filing.organisation, withdrawn_at=None, held_on__gt=date.fromordinal(last.toordinal() - 90),
        held_on__lte=last,
    )  # fmt: skip
    return sum(bool(kinds & set(types)) for types in rows.values_list("types", flat=True))


@action("filings.keep")
def hear(
    *, by: Scope, filing: Filing, way: str, collected_on: date, asked: int, received: int, text: str = ""
) -> LifeOpinion:
    """Note how opinions were asked for and what was said. Raises Unfit, NotAllowed."""
    here = _own(by, filing)
    if collected_on > by.on:
        raise Unfit("collected_on", f"今天是 {by.on}，还没有到这一天")
    if received and not text:
        raise Unfit("text", f"收到 {received} 条，写下是什么意见")
    made = LifeOpinion.objects.create(
        filing=here, way=way, collected_on=collected_on, asked=asked, received=received, text=text
    )
    _write(by, here, f"{here}听取意见：{made.get_way_display()}，收到 {received} 条", new={"asked": asked})
    return made


@action("filings.keep")
def take_back(*, by: Scope, opinion: LifeOpinion, reason: str) -> LifeOpinion:
    """Noted by mistake; it stays to be read. Raises NotAllowed."""
    rows = LifeOpinion.objects.within(by).filter(filing__organisation=by.organisation_id, withdrawn_on=None)
    here = reached(rows.select_related("filing__organisation"), opinion.pk, OURS)
    here.withdrawn_on, here.withdrawn_why = by.on, reason
    here.save(update_fields=["withdrawn_on", "withdrawn_why"])
    _write(by, here.filing, f"撤回{here.filing}听取的意见：{reason}", new={"reason": reason})
    return here


@action("filings.keep")
def list_problems(*, by: Scope, filing: Filing, found_on: date, lines: Sequence[str]) -> list[LifeProblem]:
    """The meeting's problems go on the body's own list of problems, from where each becomes a task. Raises Unfit."""
    here = _own(by, filing)
    known = {one.problem.text for one in problems(by, here)}
    fresh = [one for one in lines if one not in known]
    if not fresh:
        raise Unfit("lines", "这些问题已经在清单里")
    found = note(
        by=by.doing("tasks.issue"), source=str(here)[:80], found_on=found_on, section="民主生活会",
        found=[(here.organisation, one) for one in fresh], record=here.record,
    )  # fmt: skip
    made = [LifeProblem.objects.create(filing=here, problem=one) for one in found]
    _write(by, here, f"{here}列问题清单 {len(made)} 条", new={"lines": len(made)})
    return made


def _own(by: Scope, filing: Filing) -> Filing:
    rows = Filing.objects.within(by).filter(organisation=by.organisation_id)
    return reached(rows.select_related("organisation", "record"), filing.pk, OURS)


def _write(by: Scope, filing: Filing, sentence: str, **values: object) -> None:
    write(
        by=by, action="filings.keep", sentence=sentence, thing=filing, organisation=filing.organisation,
        happened_on=by.on, **values,
    )  # fmt: skip
