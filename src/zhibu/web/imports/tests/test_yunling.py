"""The three books of 云岭县, given from outside: counts, branches and reasons exactly as its expected.json says."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from zhibu.web.imports.tests.helpers import DATA, YUNLING, reasons, walk

EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
# row → the words its reason must hold, by the mistake expected.json names
REJECTED = {
    "organisations": {33: ["上级党组织", "不存在"], 111: ["重复", "1999.13.45", "不存在"], 199: ["名称为空"]},
    "members": {
        579: ["党支部", "不存在"],
        697: ["数值", "末位已丢失"],
        1743: ["重复", "第 9 行"],
        1817: ["出生日期", "不一致"],
        1851: ["校验码"],
        1992: ["姓名为公式", "转正早于入党"],
        1996: ["未满18周岁"],
    },
    "events": {
        756: ["类型未知", "茶话会"],
        1628: ["录入早于活动"],
        2334: ["实到大于应到"],
        3280: ["2025.2.30", "不存在"],
    },
}
IDS = {
    "theme": "theme_day",
    "assembly": "general_meeting",
    "committee": "committee_meeting",
    "group": "group_meeting",
    "lecture": "party_lecture",
    "life": "life_meeting",
    "appraisal": "appraisal",
}


@pytest.fixture(scope="module")
def found():
    return walk(*YUNLING)


@pytest.mark.parametrize("kind", ["organisations", "members", "events"])
def test_every_row_counted_is_accepted_and_every_row_listed_rejected(found, kind: str) -> None:
    assert sum(row.accepted for row in found[kind]) == EXPECTED[kind]
    assert reasons(found[kind]).keys() == REJECTED[kind].keys()
    for row, words in REJECTED[kind].items():
        assert all(word in reasons(found[kind])[row] for word in words), (row, reasons(found[kind])[row])


def test_as_many_rejections_as_expected(found) -> None:
    assert sum(len(rows) for rows in REJECTED.values()) == len(EXPECTED["rejected"])


def test_members_of_every_branch(found) -> None:
    members, full = Counter(), Counter()
    for row in found["members"]:
        if row.accepted:
            members[row.value.branch_name] += 1
            full[row.value.branch_name] += row.value.given["kind"] == "full"
    assert {name: {"members": n, "full": full[name]} for name, n in members.items()} == EXPECTED["branches"]


def test_activities_of_every_type(found) -> None:
    types = Counter(one for row in found["events"] if row.accepted for one in row.value.types)
    assert types == {IDS[name]: count for name, count in EXPECTED["events_by_type"].items()}


def test_the_books_may_come_in_any_order(found) -> None:
    again = walk(*reversed(YUNLING))
    assert {kind: reasons(rows) for kind, rows in again.items()} == {
        kind: reasons(rows) for kind, rows in found.items()
    }
