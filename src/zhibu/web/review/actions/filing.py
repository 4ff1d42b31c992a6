"""方案 before, 报告 after; the superior reviews both. Each step is done once, by whoever came first."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.audit.actions import NotAllowed, Unfit, action, reached, write
from zhibu.web.core import clock
from zhibu.web.core.scope import Scope
from zhibu.web.organisations import tree
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.review.actions.decide import UNDOABLE, said, signature
from zhibu.web.review.models import Filing, FilingStep
from zhibu.web.review.models.filing import KINDS

Stage = Filing.Stage
BACK = {Stage.PLAN_SENT: Stage.PLAN_BACK, Stage.REPORT_SENT: Stage.REPORT_BACK}
ONWARD = {Stage.PLAN_SENT: Stage.PLAN_OK, Stage.REPORT_SENT: Stage.DONE}
TURNED = "别人已经办了这一步，下面是现在的情况"


@action("filings.keep")
def plan(*, by: Scope, kind: str, year: int, planned_on: date, plan: str) -> Filing:
    """Send the plan, for the first time or after it came back. Raises Unfit: no superior, a plan that waits already."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    above = tree.superior(own)
    if kind not in KINDS or above is None:
        raise Unfit("kind", "这项活动不报上级备案")
    if not 2000 <= year <= by.on.year + 1:
        raise Unfit("year", f"年度是 {by.on.year} 或前后一年")
    told = {"planned_on": planned_on, "plan": plan.strip(), "office": above, "sent_at": clock.now()}
    rows = Filing.objects.unscoped("of the own organisation")
    sent = told | {"stage": Stage.PLAN_SENT}
    here, fresh = rows.get_or_create(organisation=own, kind=kind, year=year, defaults=sent)
    if not fresh and here.stage != Stage.PLAN_BACK:
        raise Unfit("year", f"{here} 的方案已经报过：{here.get_stage_display()}")
    if not fresh:
        _turn(here, Stage.PLAN_BACK, **sent)
    was = "" if fresh else Stage.PLAN_BACK
    return _step(by, here, "filings.keep", "报方案", "", was)


@action("filings.keep")
def report(*, by: Scope, filing: Filing, record: Record, report: str) -> Filing:
    """Send the report with the record of the meeting. Raises Unfit, NotAllowed."""
    here = _own(by, filing)
    if here.stage not in (Stage.PLAN_OK, Stage.REPORT_BACK):
        raise NotAllowed(f"现在不能报告：{here.get_stage_display()}")
    rows = Record.objects.within(by).filter(organisation=here.organisation, withdrawn_at=None)
    meeting = rows.filter(pk=record.pk).first()
    if meeting is None or here.kind not in meeting.types:
        raise Unfit("record", f"选本组织的一条{str(here).split('年度')[-1]}记录；还没有记的，先记活动")
    _turn(here, here.stage, stage=Stage.REPORT_SENT, record=meeting, report=report.strip(), sent_at=clock.now())
    return _step(by, here, "filings.keep", "报会后报告", meeting.number, here.stage)


@action("filings.keep")
def recall(*, by: Scope, filing: Filing, text: str) -> Filing:
    """Take back what waits, with the reason, to mend it. Raises NotAllowed, Unfit."""
    here = _own(by, filing)
    if not here.waits:
        raise NotAllowed("上级已经审核，不能撤回")
    _turn(here, here.stage, stage=BACK[Stage(here.stage)])
    return _step(by, here, "filings.keep", "撤回", said(text, "写明为什么撤回"), here.stage)


@action("filings.review")
def accept(*, by: Scope, filing: Filing, text: str = "", attends: str = "") -> Filing:
    """The plan or the report is reviewed and in order. `attends`: who of the superior takes part in the meeting."""
    here = _below(by, filing)
    more = {"attends": attends.strip()[:120]} if here.stage == Stage.PLAN_SENT else {}
    word = "方案通过审核" if here.stage == Stage.PLAN_SENT else "报告通过审核，备案"
    _turn(here, here.stage, stage=ONWARD[Stage(here.stage)], **more)
    return _step(by, here, "filings.review", word, text, here.stage)


@action("filings.review")
def give_back(*, by: Scope, filing: Filing, text: str) -> Filing:
    """Back to be mended, with what is missing. Raises NotAllowed, Unfit."""
    here = _below(by, filing)
    why = said(text, "写一句缺什么、怎样补。没有原因不能退回")
    _turn(here, here.stage, stage=BACK[Stage(here.stage)])
    return _step(by, here, "filings.review", "退回补充", why, here.stage)


@action("filings.review")
def undo(*, by: Scope, filing: Filing) -> Filing:
    """The superior's last step is taken back within a day, while the unit has not gone on. Raises NotAllowed."""
    here = reached(Filing.objects.within(by).select_related("organisation", "office"), filing.pk)
    last = here.steps.unscoped("of the filing in hand").last()
    sent = last.was if last else ""
    if sent not in BACK or here.stage not in (BACK[Stage(sent)], ONWARD[Stage(sent)]) or last.what == "撤回":
        raise NotAllowed("没有可以撤销的审核，或者单位已经接着办了")
    if clock.now() - last.at > UNDOABLE:
        raise NotAllowed("审核已超过 24 小时，不能撤销")
    _turn(here, here.stage, stage=sent)
    return _step(by, here, "filings.review", "撤销审核", "", "")


def overdue(filing: Filing, on: date) -> bool:
    """The planned day passed a fortnight ago and no report came: a hint for both sides, no rule."""
    return filing.stage == Stage.PLAN_OK and filing.planned_on + timedelta(days=14) < on


def _own(by: Scope, filing: Filing) -> Filing:
    rows = Filing.objects.within(by).filter(organisation=by.organisation_id)
    return reached(rows.select_related("organisation", "office"), filing.pk, "只能办本组织的备案")


def _below(by: Scope, filing: Filing) -> Filing:
    here = reached(Filing.objects.within(by).select_related("organisation", "office"), filing.pk)
    if not here.waits:
        raise NotAllowed(TURNED)
    return here


def _turn(here: Filing, was: str, **told: object) -> None:
    """Of two who act at once exactly one gets through."""
    rows = Filing.objects.unscoped("found within the scope").filter(pk=here.pk, stage=was)
    if not rows.update(**told):
        raise NotAllowed(TURNED)


def _step(by: Scope, here: Filing, name: str, what: str, text: str, was: str) -> Filing:
    side = here.office if name == "filings.review" else here.organisation
    FilingStep.objects.create(
        filing=here, what=what, text=text.strip()[:300], was=was, at=clock.now(), by_id=by.user_id or None,
        title=signature(by, side),
    )  # fmt: skip
    sentence = f"{here}：{what}{f'，{text}' if text else ''}"[:300]
    write(by=by, action=name, sentence=sentence, thing=here, organisation=here.organisation, happened_on=by.on)
    return Filing.objects.within(by).select_related("organisation", "office").get(pk=here.pk)
