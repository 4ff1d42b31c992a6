"""A report is begun, written, kept, withdrawn; subordinates are asked for theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zhibu.web.audit.actions import Unfit, action, reached, write
from zhibu.web.burden import actions as burden
from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.reports import queries
from zhibu.web.reports.models import Report, ReportFigure, ReportText
from zhibu.web.reports.parts import part

Kind = Report.Kind
LONGEST_YEARS = 10


@action("reports.keep")
def begin(*, by: Scope, kind: str, title: str, until: date, since: date | None = None, occasion: str = "") -> Report:
    """A draft of the own organisation. A conference report without `since` begins after the conference before, by the
    activity record. Raises Unfit."""
    own = reached(Organisation.objects.within(by), by.organisation_id)
    first = since or _since(by, kind, until)
    _fits(by, first, until)
    made = Report.objects.create(
        organisation=own, kind=kind, title=title, occasion=occasion, since=first, until=until, made_on=by.on,
        last=queries.report_before(by, kind, first) if kind == Kind.CONFERENCE else None,
    )  # fmt: skip
    _write(by, made, f"起草{made.get_kind_display()}：{title}", new={"kind": kind, "since": first, "until": until})
    return made


@action("reports.keep")
def say(*, by: Scope, report: Report, key: str, text: str, version: int = 0) -> ReportText:
    """The words of one part. `version`: of the text one began from, 0 for none. Raises Unfit, NotAllowed."""
    here = _draft(by, report)
    if part(here, key) is None:
        raise Unfit("text", "这份报告没有这一段")
    rows = ReportText.objects.within(by).filter(report=here, part=key)
    kept = rows.select_for_update(of=("self",)).first() or ReportText(report=here, part=key, version=0)
    if kept.version != version:
        raise Unfit("text", f"别人先改过这一段，现在是：{kept.text[:200]}")
    kept.text, kept.version = text, version + 1
    kept.save()
    _write(by, here, f"写报告 {here.title}：{part(here, key).heading}", new={"part": key, "version": kept.version})
    return kept


@action("reports.keep")
def keep(*, by: Scope, report: Report) -> Report:
    """定稿: the figures of this moment are written down; nothing changes from here on. Raises NotAllowed, Unfit."""
    here = _draft(by, report)
    if here.until > by.on:
        raise Unfit("report", f"时间到 {here.until} 为止，这一天还没有过，数字还会变")
    for one in queries.shown(by, here):
        for told in (*one.figures, *one.cases):
            ReportFigure.objects.create(
                report=here, part=one.part.key, words=told.words[:120], value=told.value, unit=told.unit,
                basis=told.basis[:300], source=told.source, url=told.url, as_of=told.as_of,
            )  # fmt: skip
    here.kept_on, here.kept_by = by.on, by.title[:160]
    here.save(update_fields=["kept_on", "kept_by"])
    _write(by, here, f"报告定稿：{here.title}", new={"kept_on": by.on})
    return here


@action("reports.keep")
def withdraw(*, by: Scope, report: Report, reason: str) -> Report:
    """A draft is given up, a kept one declared void; it stays to be read. Raises NotAllowed, Unfit."""
    here = _own(by, report)
    if here.withdrawn_on:
        raise Unfit("reason", f"{here.withdrawn_on} 已经作废")
    here.withdrawn_on, here.withdrawn_why = by.on, reason
    here.save(update_fields=["withdrawn_on", "withdrawn_why"])
    _write(by, here, f"报告作废：{here.title}，{reason}", new={"reason": reason})
    return here


@action("reports.keep")
def ask(*, by: Scope, report: Report, units: Iterable[Organisation], due_on: date, minutes: int = 0) -> list[Report]:
    """A draft of the same days for each unit below, with its own figures, to be written there. `minutes`: what writing
    costs a unit, as the asker has weighed it. Raises Unfit."""
    here, chosen = _draft(by, report), {one.pk for one in units}
    rows = list(queries.to_ask(by, here).filter(pk__in=chosen))
    if not rows or len(rows) < len(chosen):
        raise Unfit("units", "选直接下级里还没有要求过的单位")
    if due_on < by.on:
        raise Unfit("due_on", f"今天是 {by.on}，定稿期限不能更早")
    made = [_for_unit(by, here, one, due_on) for one in rows]
    if minutes:
        burden.charge(
            by=by, thing=here, part=f"{made[0].pk}", kind="报告", title=f"起草{here.get_kind_display()}",
            units=len(made), minutes=minutes, starts_on=by.on, ends_on=due_on,
            to={"units": [one.organisation_id for one in made]},
        )  # fmt: skip
    new = {"units": [one.organisation.code for one in made], "due_on": due_on, "minutes": minutes}
    _write(by, here, f"请 {len(made)} 个单位写{here.get_kind_display()}，{due_on} 前定稿", new=new)
    return made


@action("reports.keep")
def spare(*, by: Scope, report: Report, units: Iterable[Report], reason: str) -> list[Report]:
    """Subordinates asked by the own report need not write theirs any more; what is kept stays. Raises Unfit."""
    here, chosen = _own(by, report), {one.pk for one in units}
    rows = list(queries.units(by, here).filter(pk__in=chosen, kept_on=None, withdrawn_on=None))
    if not rows or len(rows) < len(chosen):
        raise Unfit("units", "选还没有定稿的单位")
    for one in rows:
        one.withdrawn_on, one.withdrawn_why = by.on, f"上级撤回：{reason}"[:200]
        one.save(update_fields=["withdrawn_on", "withdrawn_why"])
    burden.spare(by=by, thing=here, units=[one.organisation_id for one in rows])
    new = {"units": [one.organisation.code for one in rows], "reason": reason}
    _write(by, here, f"撤回请 {len(rows)} 个单位写的{here.get_kind_display()}", new=new)
    return rows


def _for_unit(by: Scope, report: Report, unit: Organisation, due_on: date) -> Report:
    title = f"{unit.short_name or unit.name}{report.get_kind_display()}"[:80]
    return Report.objects.create(
        organisation=unit, kind=report.kind, title=title, occasion=report.occasion, since=report.since,
        until=report.until, asked_by=report, due_on=due_on, made_on=by.on,
    )  # fmt: skip


def _since(by: Scope, kind: str, until: date) -> date:
    if kind != Kind.CONFERENCE:
        raise Unfit("since", "写明从哪天起")
    if (meeting := queries.conference_before(by, until)) is None:
        raise Unfit("since", "活动记录里没有上一次党建工作会议，写明从哪天起")
    return queries.day_after(meeting.held_on)


def _fits(by: Scope, since: date, until: date) -> None:
    if until < since:
        raise Unfit("until", f"从 {since} 起，结束日期不能更早")
    if until.year - since.year > LONGEST_YEARS:
        raise Unfit("since", f"一份报告最多 {LONGEST_YEARS} 年")
    if until.year > by.on.year:
        raise Unfit("until", f"今年是 {by.on.year} 年，结束日期不能在明年以后")


def _own(by: Scope, report: Report) -> Report:
    rows = Report.objects.within(by).filter(organisation=by.organisation_id).select_related("organisation")
    return reached(rows.select_for_update(of=("self",)), report.pk, "只能写本组织的报告")


def _draft(by: Scope, report: Report) -> Report:
    here = _own(by, report)
    return reached(Report.objects.within(by).filter(kept_on=None, withdrawn_on=None).select_related("organisation"),
                   here.pk, "已经定稿或作废，不能再改")  # fmt: skip


def _write(by: Scope, report: Report, sentence: str, **values: object) -> None:
    write(
        by=by, action="reports.keep", sentence=sentence, thing=report, organisation=report.organisation,
        happened_on=by.on, **values,
    )  # fmt: skip
