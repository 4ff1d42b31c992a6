"""Known mistakes, planted where the check must find them. `why` names the mistake, as in expected.json."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from zhibu.web.imports.sample import people
from zhibu.web.imports.sample.county import County
from zhibu.web.imports.sample.ledger import Activity
from zhibu.web.imports.sample.sheets import Line, event_cells, member_cells
from zhibu.web.imports.sample.spelling import Hand


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is written as a formula."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that is written as a number, though it is no number."""

    value: float


class Planter:
    def __init__(self, county: County, dice: random.Random, until: date):
        self.county, self.dice, self.until = county, dice, until
        self.hand = Hand(dice, neat=True)

    def _branch(self) -> str:
        return self.dice.choice(self.county.branches).name

    # --- organisations ------------------------------------------------------------------------------------------

    def organisations(self) -> list[Line]:
        root = self.county.units[0].name
        twin = self.dice.choice(self.county.branches)
        wrong = [
            ("上级党组织不存在", {"superior": f"中共{self.county.name}不存在镇委员会"}),
            ("日期不存在", {"founded_on": self.dice.choice(("1999.13.45", "2011.2.30", "20190431", "2016年6月31日"))}),
            ("名称为空", {"name": ""}),
            ("类别未知", {"kind": "俱乐部"}),
            ("上级填成自己", {"name": "云外村党支部", "superior": "云外村党支部"}),
        ]
        lines = [Line(self._unit(f"试填{n}村党支部", root) | cells, why) for n, (why, cells) in enumerate(wrong, 1)]
        return [*lines, Line(self._unit(twin.name, twin.superior), "重复")]

    def _unit(self, name: str, superior: str) -> dict[str, Any]:
        dates = {"founded_on": "2001.7.1", "term_ends_on": "2027.7.1"}
        return {"name": name, "kind": "党支部", "superior": superior, "sector": "村", "secretary": "试填", **dates}

    # --- members ------------------------------------------------------------------------------------------------

    def members(self) -> list[Line]:
        changes: list[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = [
            ("身份证校验码错误", lambda c: {"id_number": _spoil(c["id_number"])}),
            ("身份证以数值存储,末位已丢失", lambda c: {"id_number": Number(float(c["id_number"].replace("X", "0")))}),
            ("支部不存在", lambda c: {"branch": f"{self.county.name}没有的党支部"}),
            ("出生日期与身份证不一致", lambda c: {"born_on": "1971.2.3"}),
            ("姓名为公式", lambda c: {"name": Formula('=HYPERLINK("http://x")')}),
            ("转正早于入党", lambda c: {"joined_on": "2012.7.1", "full_on": "2011.7.1"}),
            ("姓名为空", lambda c: {"name": " \u3000"}),
            ("日期不存在", lambda c: {"joined_on": "2012.2.30"}),
            ("日期未到", lambda c: {"full_on": (self.until + timedelta(days=400)).isoformat()}),
            ("入党时未满18周岁", lambda c: {"joined_on": "1997.6.30", "full_on": "1998.7.1"}),
        ]
        lines = []
        for why, change in changes:
            cells = member_cells(self._person(), self.hand)
            lines.append(Line(cells | change(cells), why))
        return lines

    def _person(self) -> people.Person:
        born = date(1980, 1, self.dice.randrange(2, 29))
        person = people.person(self.dice, self._branch(), date(2020, 1, 1), retired=False)
        number = people.identity_number(self.dice, born, person.sex)
        return replace(person, born_on=born, id_number=number, joined_on=date(2010, 7, 1), full_on=date(2011, 7, 1))

    # --- events -------------------------------------------------------------------------------------------------

    def events(self, activities: list[Activity]) -> list[Line]:
        changes: list[tuple[str, dict[str, Any]]] = [
            ("日期不存在", {"held_on": f"{activities[0].held_on.year}.2.30"}),
            ("活动类型未知", {"types": self.dice.choice(("茶话会", "主题党日+联欢会", "拔河比赛"))}),
            ("实到大于应到", {"expected": 10, "present": 19}),
            ("录入早于活动", {"recorded_on": "2001.1.1"}),
            ("支部不存在", {"branch": "子虚村党支部"}),
            ("日期未到", {"held_on": (self.until + timedelta(days=400)).isoformat()}),
        ]
        return [
            Line(event_cells(self.dice.choice(activities), self.hand) | {"topic": f"试填{n}"} | cells, why)
            for n, (why, cells) in enumerate(changes)
        ]


def _spoil(number: str) -> str:
    return number[:17] + ("1" if number[17] != "1" else "2")


def plant(lines: list[Line], bad: list[Line], dice: random.Random) -> None:
    """Bad rows among the good ones, anywhere."""
    for line in bad:
        lines.insert(dice.randrange(1, len(lines) + 1), line)


def repeat(lines: list[Line], dice: random.Random, why: str) -> None:
    """A good row once more, later on: the second one is the mistake."""
    place = dice.randrange(len(lines) // 2)
    if lines[place].why:
        place = next(n for n, line in enumerate(lines) if not line.why)
    later = dice.randrange(place + 1, len(lines) + 1)
    lines.insert(later, Line(dict(lines[place].cells), why))
