"""The sample county: a town that reviews theme days, a record that came back, faults, a sample, a plan filed."""

from __future__ import annotations

from datetime import date, timedelta

from zhibu.web.core.scope import Scope
from zhibu.web.organisations.models import Organisation
from zhibu.web.records.models import Record
from zhibu.web.review import actions, listening
from zhibu.web.review.actions import filing, sampling

WHY = "making the sample county"
SENTENCES = ["缺未到会人员的说明", "决定的事没有写谁办、哪天办", "补传签到表"]
ITEMS = ["决定的事写清了谁办、哪天办（示例）", "讨论有具体内容（示例）", "未到会的写明了原因（示例）"]


def fill(*, town: Scope, branch: Scope, group: Scope, today: date) -> None:
    """`town`: the committee above the branch of `branch`; `group`: a leading group whose superior is the county."""
    actions.keep(by=town, types=["theme_day"], share=0, sentences=SENTENCES, marks=2, mark_days=365)
    rows = (
        Record.objects.within(town).filter(withdrawn_at=None).select_related("organisation").order_by("-held_on", "pk")
    )
    found = [one for one in rows[:400] if "theme_day" in one.types]
    mine = [one for one in found if one.organisation_id == branch.organisation_id]
    others = list({one.organisation_id: one for one in found[::-1] if one not in mine}.values())[:6]
    for one in [*mine[:1], *others]:
        listening.put_up(one)
    if mine:
        actions.return_(
            by=town, record=mine[0], version=mine[0].version, text=SENTENCES[0], back_by=today + timedelta(days=3)
        )
    if others:
        actions.accept(by=town, record=others[0], version=others[0].version)
        _faults(town, others[-1])
        sampling.draw(
            by=town, name=f"{today.year} 年质量抽查（示例）", starts_on=today - timedelta(days=90), ends_on=today,
            each=1, items=ITEMS, seed="qingchuan",
        )  # fmt: skip
    filing.plan(
        by=group, kind="leaders_life_meeting", year=today.year, planned_on=today + timedelta(days=20),
        plan="主题：对照检查，边查边改（示例）\n学习：会前集中学习一次\n征求意见：向下属单位发函，谈心谈话覆盖班子成员",
    )  # fmt: skip


def _faults(town: Scope, record: Record) -> None:
    place = Organisation.objects.unscoped(WHY).get(pk=record.organisation_id)
    actions.mark(by=town, organisation=place, kind="careless", text="记录和上月的一字不差", record=record)
    actions.mark(by=town, organisation=place, kind="irregular", text="三季度没有开过支部党员大会")
