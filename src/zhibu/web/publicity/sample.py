"""Publicity of the sample county: made up, so that no page is empty there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from zhibu.web.core.scope import Scope
from zhibu.web.publicity import actions
from zhibu.web.publicity.models import Column, Press, Recognised, Recommended, TourStop

TITLES = ("议题前移，会上只议三件事（示例）", "老会计把账念给大家听（示例）", "一张联系卡连起六十户（示例）")


def fill(*, officer: Scope, town: Scope, branch: Scope, today: date) -> None:
    """`officer` of the county keeps the registers, `town` hands in, `branch` has a story and one that came back."""
    _news(officer, town, branch)
    _story(officer, branch, today)
    _registers(officer, today)


def _news(officer: Scope, town: Scope, branch: Scope) -> None:
    text = "做法：会前把议题贴出来。结果：会开得短，事办得成。（示例）"
    first, *_ = sent = [actions.send(by=town, kind="experience", title=title, text=text) for title in TITLES]
    actions.adopt(by=officer, news=first, level="county", published_in="县党建简报（示例）")
    actions.share(by=town, news=first, shared=True)
    actions.send_back(by=officer, news=sent[1], reason="写清几次会、多少人")
    actions.send(
        by=branch, kind="news", title="党员修好村口的路灯（示例）", text="三名党员用一个下午修好六盏灯。（示例）"
    )


def _story(officer: Scope, branch: Scope, today: date) -> None:
    facts = {
        "title": "三十年的账本（示例）",
        "lead": "会计每年把账念给大家听",
        "person": "赵某",
        "text": "",
        "film": "",
    }
    story = actions.change(by=branch, story=None, facts=facts)
    actions.edited(by=officer, story=story, title=facts["title"], text="他当会计三十年，每年念一次账。（示例）")
    actions.consent(by=branch, story=story, consent_by="赵某", consent_on=today, consent_for="县党建网（示例）")


def _registers(by: Scope, today: date) -> None:
    def keep(model: Any, **facts: Any) -> Any:
        return actions.keep(by=by, model=model, row=None, facts=facts)

    start = today.replace(month=1, day=1)
    column = keep(
        Column, name="身边的支部（示例）", outlet="青川日报（示例）", planned=100, starts_on=start, subjects="典型支部"
    )
    for number, title in enumerate(TITLES):
        keep(
            Press, title=title, medium="paper", outlet="青川日报（示例）", column=column, tone="positive",
            published_on=today - timedelta(days=10 * number + 3), subject="典型支部", link="",
        )  # fmt: skip
    keep(
        Press, title="路灯三个月没修好（示例）", medium="television", outlet="青川县台（示例）", tone="critical",
        published_on=today - timedelta(days=30), column=None, subject="", link="https://news.example.cn/7",
    )  # fmt: skip
    tour = "先进事迹报告会（示例）"
    keep(TourStop, tour=tour, held_on=today - timedelta(days=20), place="县礼堂", invited=200, audience=187)
    keep(TourStop, tour=tour, held_on=today + timedelta(days=9), place="镇文化站", invited=80)
    keep(
        Recommended, experience=TITLES[0], level="city", to="市委组织部（示例）",
        recommended_on=today - timedelta(days=25), outcome="waiting",
    )  # fmt: skip
    keep(
        Recognised, meeting="全市组织工作会议（示例）", level="city", held_on=today - timedelta(days=40),
        speaker="县委组织部负责人", praise="做法实在，可以推开", evidence="会议材料之五（示例）",
    )  # fmt: skip
