"""How people really fill in a book: spellings of dates and kinds, stray spaces, full-width digits."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

KINDS = {
    "党委": ("党委", "基层党委", "委员会"),
    "党工委": ("党工委", "工委"),
    "机关党委": ("机关党委",),
    "党总支": ("党总支", "总支", "党总支部"),
    "党支部": ("党支部", "支部", "党 支 部"),
    "联合党支部": ("联合党支部", "联合支部"),
}
TYPES = {
    "general_meeting": ("支部党员大会", "党员大会", "支部大会"),
    "committee_meeting": ("支部委员会会议", "支部委员会", "支委会"),
    "group_meeting": ("党小组会", "党小组会议"),
    "party_lecture": ("党课", "上党课", "专题党课"),
    "theme_day": ("主题党日", "主题党日活动", "党员固定活动日"),
    "life_meeting": ("组织生活会",),
    "appraisal": ("民主评议党员", "民主评议"),
    "study": ("集体学习", "理论学习"),
    "discussion": ("专题研讨", "交流研讨"),
    "preparation": ("活动日准备会", "活动日前支部会议"),
    "talk": ("谈心谈话",),
    "clean_education": ("廉政警示教育", "党风廉政宣传教育"),
    "secretary_training": ("书记培训",),
    "member_report": ("向党员大会报告工作",),
    "duty_report": ("书记述职", "述职"),
    "duty_review": ("述职评议",),
    "information": ("信息报送", "党建信息"),
    "secretary_lecture": ("书记讲党课",),
    "training": ("集中培训",),
    "visit": ("现场检查指导",),
    "supervision": ("督查",),
    "supervision_summary": ("督查汇总",),
    "study_inspection": ("学习督查",),
}
_JOINTS = ("暨", "+", "、", "＋")
_WIDE = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")


class Hand:
    """One clerk's hand. `neat` writes everything the plain way."""

    def __init__(self, dice: random.Random, neat: bool):
        self.dice, self.neat = dice, neat

    def _now_and_then(self, share: float) -> bool:
        return not self.neat and self.dice.random() < share

    def date(self, day: date | None) -> Any:
        if day is None:
            return ""
        if self.neat:
            return day.isoformat()
        year, month, number = day.year, day.month, day.day
        return self.dice.choice(
            (
                f"{year}.{month}.{number}",
                f"{year}年{month}月{number}日",
                f"{year}/{month}/{number}",
                f"{year}{month:02d}{number:02d}",
                f"{year}-{month:02d}-{number:02d}",
                day,
            )
        )

    def organisation(self, name: str) -> str:
        return f" {name}\u3000" if self._now_and_then(0.08) else name

    def person(self, name: str) -> str:
        return f"{name[0]}\u3000{name[1]}" if len(name) == 2 and self._now_and_then(0.7) else name

    def number(self, number: str) -> str:
        if self._now_and_then(0.03):
            return number.translate(_WIDE)
        if self._now_and_then(0.03):
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        return number.lower() if self._now_and_then(0.3) else number

    def phone(self, phone: str) -> Any:
        return int(phone) if phone.isdigit() and self._now_and_then(0.5) else phone

    def kind(self, kind: str) -> str:
        return kind if self.neat else self.dice.choice(KINDS[kind])

    def types(self, types: tuple[str, ...]) -> str:
        joint = "暨" if self.neat else self.dice.choice(_JOINTS)
        return joint.join(TYPES[one][0] if self.neat else self.dice.choice(TYPES[one]) for one in types)

    def count(self, count: int) -> Any:
        return f"{count}人" if self._now_and_then(0.03) else count
