"""Books of other counties, with mistakes planted by the generator: the check finds exactly these."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from zhibu.web.imports.sample import books
from zhibu.web.imports.tests.helpers import reasons, walk

COUNTIES = ["青川县", "苍梧县", "临河区", "清水市", "桃源县"]
WORDS = {  # the mistake planted → what the reason must hold
    "上级党组织不存在": "不存在",
    "日期不存在": "不存在",
    "名称为空": "名称为空",
    "类别未知": "未知",
    "上级填成自己": "自己",
    "重复": "重复",
    "身份证校验码错误": "校验码",
    "身份证以数值存储,末位已丢失": "末位已丢失",
    "支部不存在": "不存在",
    "出生日期与身份证不一致": "不一致",
    "姓名为公式": "公式",
    "转正早于入党": "转正早于入党",
    "姓名为空": "姓名为空",
    "日期未到": "还没有到",
    "入党时未满18周岁": "未满18周岁",
    "身份证重复": "重复",
    "活动类型未知": "类型未知",
    "实到大于应到": "实到大于应到",
    "录入早于活动": "录入早于活动",
}


@pytest.mark.parametrize("seed", range(20))
def test_exactly_the_planted_mistakes_are_found(tmp_path: Path, seed: int) -> None:
    made = books(tmp_path, county=COUNTIES[seed % 5], year=2025, seed=seed, organisations=18, extra=bool(seed % 2))
    found = walk(*made.paths, today=date(2025, 12, 31))
    for kind, planted in made.expected["rejected"].items():
        assert reasons(found[kind]).keys() == {one["row"] for one in planted}, kind
        for one in planted:
            assert WORDS[one["why"]] in reasons(found[kind])[one["row"]]
        assert sum(row.accepted for row in found[kind]) == made.expected[kind]
    types = Counter(one for row in found["events"] if row.accepted for one in row.value.types)
    assert types == made.expected["types"]


def test_a_neat_book_has_nothing_to_say(tmp_path: Path) -> None:
    made = books(tmp_path, county="青川县", seed=7, organisations=18, bad=False, odd=False)
    found = walk(*made.paths, today=date(2025, 12, 31))
    assert not [row.findings for rows in found.values() for row in rows if row.findings]


def test_the_same_county_in_another_year_has_the_same_people(tmp_path: Path) -> None:
    until = date(2026, 11, 21)
    first = books(tmp_path / "a", year=2025, seed=3, organisations=18, until=until)
    second = books(tmp_path / "b", year=2026, seed=3, organisations=18, until=until)
    assert first.expected["branches"] == second.expected["branches"]
    last = max(row.value.held_on for row in walk(*second.paths, today=until)["events"] if row.accepted)
    assert date(2026, 11, 1) <= last <= until
