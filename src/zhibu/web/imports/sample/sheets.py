"""The three books as rows of cells, before they are spoiled and written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhibu.web.imports.sample.county import County, Unit
from zhibu.web.imports.sample.ledger import Activity
from zhibu.web.imports.sample.people import Person
from zhibu.web.imports.sample.spelling import Hand

ORGANISATIONS, MEMBERS, EVENTS = "organisations", "members", "events"
# heading by heading; the second form is what another county calls it
HEADINGS: dict[str, list[tuple[str, str, str]]] = {
    ORGANISATIONS: [
        ("serial", "序号", "序号"),
        ("name", "党组织名称", "组织名称"),
        ("kind", "党组织类别", "组织类别"),
        ("superior", "上级党组织", "上级党组织名称"),
        ("sector", "领域", "所属领域"),
        ("founded_on", "建立日期", "成立时间"),
        ("term_ends_on", "届满日期", "任期届满时间"),
        ("secretary", "书记姓名", "书记"),
        ("phone", "联系电话", "联系方式"),
        ("committee_size", "支委人数", "委员数"),
        ("groups", "党小组数", "党小组个数"),
        ("elected_on", "选举日期", "换届时间"),
        ("note", "备注", "备注"),
    ],
    MEMBERS: [
        ("serial", "序号", "编号"),
        ("name", "姓名", "党员姓名"),
        ("sex", "性别", "性别"),
        ("nation", "民族", "民族"),
        ("id_number", "公民身份号码", "身份证号"),
        ("born_on", "出生日期", "出生年月日"),
        ("education", "学历", "文化程度"),
        ("kind", "人员类别", "党员类别"),
        ("branch", "所在党支部", "所属党支部"),
        ("joined_on", "加入党组织日期", "入党时间"),
        ("full_on", "转为正式党员日期", "转正时间"),
        ("job", "工作岗位", "职业"),
        ("phone", "手机号码", "联系电话"),
        ("floating", "是否流动党员", "流动党员"),
        ("note", "备注", "备注"),
    ],
    EVENTS: [
        ("serial", "序号", "序号"),
        ("branch", "党支部", "支部名称"),
        ("held_on", "日期", "开展时间"),
        ("types", "活动类型", "会议类型"),
        ("topic", "主题", "议题"),
        ("expected", "应到人数", "应到"),
        ("present", "实到人数", "实到"),
        ("host", "主持人", "主持人"),
        ("recorder", "记录人", "记录人"),
        ("content", "内容摘要", "主要内容"),
        ("hours", "学时", "学时"),
        ("recorded_on", "录入日期", "填报时间"),
    ],
}
EXTRA = {"committee_size", "groups", "elected_on", "hours"}  # columns not every county has
NATIONS = ("汉族", "汉", "回族", "藏族", "彝族")


@dataclass(slots=True)
class Line:
    """One row to be written. `why` is set on a planted mistake; `frame` marks rows that are no data."""

    cells: dict[str, Any]
    why: str = ""
    frame: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # what a correct import must make of it


def organisation_lines(county: County, hand: Hand) -> list[Line]:
    return [Line(_unit(unit, hand)) for unit in county.units]


def _unit(unit: Unit, hand: Hand) -> dict[str, Any]:
    return {
        "name": hand.organisation(unit.name),
        "kind": hand.kind(unit.kind),
        "superior": unit.superior,
        "sector": unit.sector,
        "founded_on": hand.date(unit.founded_on),
        "term_ends_on": hand.date(unit.term_ends_on),
        "secretary": unit.secretary,
        "phone": hand.phone(unit.phone),
        "committee_size": "" if unit.committee_size is None else unit.committee_size,
        "groups": "" if unit.groups is None else unit.groups,
        "elected_on": hand.date(unit.elected_on),
    }


def member_lines(county: County, hand: Hand) -> list[Line]:
    return [
        Line(member_cells(person, hand), facts={"branch": person.branch, "full": person.full_on is not None})
        for person in county.members
    ]


def member_cells(person: Person, hand: Hand) -> dict[str, Any]:
    full = person.full_on is not None
    long_form = hand.neat or hand.dice.random() < 0.5
    return {
        "name": hand.person(person.name),
        "sex": person.sex,
        "nation": hand.dice.choice(NATIONS),
        "id_number": hand.number(person.id_number),
        "born_on": hand.date(person.born_on),
        "education": person.education,
        "kind": ("正式" if full else "预备") + ("党员" if long_form else ""),
        "branch": hand.organisation(person.branch),
        "joined_on": hand.date(person.joined_on),
        "full_on": hand.date(person.full_on),
        "job": person.job,
        "phone": hand.phone(person.phone),
        "floating": person.floating,
    }


def event_lines(activities: list[Activity], hand: Hand) -> list[Line]:
    return [Line(event_cells(one, hand), facts={"types": one.types}) for one in activities]


def event_cells(one: Activity, hand: Hand) -> dict[str, Any]:
    return {
        "branch": hand.organisation(one.branch),
        "held_on": hand.date(one.held_on),
        "types": hand.types(one.types),
        "topic": one.topic,
        "expected": hand.count(one.expected),
        "present": hand.count(one.present),
        "host": "书记",
        "recorder": "组织委员",
        "content": "学习文件，讨论本月重点工作，研究解决存在的问题。",
        "hours": one.hours,
        "recorded_on": hand.date(one.recorded_on),
    }
