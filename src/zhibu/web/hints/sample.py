"""Questions of the sample county: minutes that were pasted, one answered; two meetings whose times do not fit, open."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from zhibu.web.core.scope import Scope
from zhibu.web.hints import actions, finding
from zhibu.web.hints.models import Hint
from zhibu.web.records import actions as records
from zhibu.web.records.queries import own_organisation, roster

WHY = "making the sample county"
MINUTES = (
    "会议由支部书记主持。先通报上月工作：村口到老井边的路面已经铺完，还差两侧的排水沟；自来水管网换了三百二十米，东沟两户因为门前堆料没有接上，"
    "由网格员联系，本周内清走。随后讨论冬季用电安全，大家说活动室的老线路负荷不够，电工建议先换总闸再加一路线，费用约一千八百元，从集体收入列支，"
    "当场表决同意。最后商量入冬前走访独居老人，七位老人分给五名党员，每周至少去一次，看取暖和用药，有事直接打书记电话。{more}"
)
MORE = ("走访情况下次会上逐户说。", "排水沟的料款等镇里批复后再付。")


def fill(*, branch: Scope, officer: Scope, today: date) -> None:
    """`branch`: whose secretary writes and answers; `officer`: who says what is long after and what is quoted."""
    actions.set_days(by=officer, days=90)
    actions.add_reference(
        by=officer, title="年初部署会讲话（示例）",
        text="要把支部建在一线，把会开短、把话讲实，议定的事情写清谁来办、哪天办完，下次会上先说上次的结果。",
    )  # fmt: skip
    for days, more in zip((40, 12), MORE, strict=True):
        _submit(branch, today - timedelta(days=days), MINUTES.format(more=more), time(15), time(16))
    finding.look_through()
    for hint in Hint.objects.within(branch.doing("hints.answer")).filter(kind=Hint.Kind.TEXT, answered_on=None)[:1]:
        actions.answer(
            by=branch, hint=hint, answer=Hint.Answer.OTHER, sentence="同一批事分两次会商量，后一次按前一次的格式写"
        )
    for start, end, words in ((time(19), time(20, 30), "商量春耕前清渠"), (time(20), time(21), "看安全用电的片子")):
        _submit(branch, today - timedelta(days=5), words, start, end)
    finding.look_through()


def _submit(by: Scope, on: date, content: str, start: time, end: time) -> None:
    own = own_organisation(by)
    told: dict[str, Any] = {
        "types": ["committee_meeting"], "held_on": on, "starts_at": start, "ends_at": end, "place": "村活动室",
        "content": content,
    }  # fmt: skip
    people = list(roster(by, own, on)[:3])
    sheet = {one.pk: "present" for one in people}
    records.submit(by=by, organisation=own, fields=told, attendance=sheet, key=f"hints-{on}-{start:%H%M}")
